"""How does a record of a list become an item of the night? Once it is settled, by what its department has matched."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.automation.events import ListTargetNamed
from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.automation.queue.list_models import ListTarget
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.queue.queueing import Whence, queue_values, withdraw
from backoffice.errors import Invalid, NotPermitted
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Actor, Permission, within
from backoffice.records.events import RecordReopened, RecordSettled
from backoffice.records.models import Record
from backoffice.web.answers_in import label_of
from backoffice.web.translations import _
from backoffice.work import Work
from forms.definition import FormDefinition

LINKED_TO_KEYS = _("システムの欄と台帳の欄の対応を確かめてください。")


def queue_settled_record(work: Work, event: RecordSettled) -> None:
    """Queue a settled record under its number where its list feeds a system. Raises Invalid once it is keyed.

    What another bot handed on goes to the system of its own form where the list feeds none.
    """
    record = work.session.get_one(Record, event.record_id)
    came = work.session.scalars(select(HandOn).where(HandOn.record_id == record.id)).one_or_none()
    fed = target_named(work.session, record.design_id, record.department_id)
    own = _own_target(work.session, record) if fed is None and came is not None else None
    if fed is not None:
        values = {to: record.values.get(key) for to, key in fed.mapping.items()}
        whence = Whence(record_id=record.id, due_days=fed.due_days, before_id=came.item_id if came else None)
        queue_values(work, record.number, values, fed.target, record.department_id, whence)
    elif own is not None and came is not None:
        whence = Whence(record_id=record.id, before_id=came.item_id)
        queue_values(work, record.number, record.values, own, record.department_id, whence)


def withdraw_reopened_record(work: Work, event: RecordReopened) -> None:
    """Take the item of a reopened record out of the queue. Raises Invalid once it is, or may be, keyed."""
    withdraw(work, work.session.scalars(select(WorkItem).where(WorkItem.record_id == event.record_id)).one_or_none())


def name_target(
    work: Work,
    design: FormDesign,
    definition: FormDefinition,
    target_id: int,
    mapping: Mapping[str, str],
    due_days: int | None = None,
) -> None:
    """Let what is settled in the list of the person's department go into a system; 0 for none.

    It is to be keyed within `due_days` from then on; None: as the system says.

    Raises Invalid, with the field of the system, where a question that it must be told is not matched, or with an
    answer of another type.
    """
    department_id = work.actor.department_id
    if department_id is None:
        raise NotPermitted(_("所属のない職員は設定できません。"))
    named = target_named(work.session, design.id, department_id)
    target = next((each for each in targets_to_choose(work.session, work.actor) if each.id == target_id), None)
    if target is None and target_id:
        raise Invalid(LINKED_TO_KEYS, {"target": _("対象システムを選んでください。")})
    if named is not None:
        work.session.delete(named)
        work.session.flush()
    if target is not None:
        kept = {to: key for to, key in mapping.items() if key}
        _must_match(told(work.session, target), definition, kept)
        work.session.add(
            ListTarget(
                design_id=design.id,
                department_id=department_id,
                target_id=target.id,
                mapping=kept,
                due_days=due_days,
            )
        )
    work.record(ListTargetNamed(design.id, target_id))


def target_named(session: Session, design_id: int, department_id: int | None) -> ListTarget | None:
    statement = select(ListTarget).where(ListTarget.design_id == design_id, ListTarget.department_id == department_id)
    return session.scalars(statement.options(joinedload(ListTarget.target))).one_or_none()


def _own_target(session: Session, record: Record) -> TargetSystem | None:
    code = select(FormDesign.code).where(FormDesign.id == record.design_id).scalar_subquery()
    return session.scalars(select(TargetSystem).where(TargetSystem.procedure == code)).one_or_none()


def targets_to_choose(session: Session, actor: Actor) -> Sequence[TargetSystem]:
    """Give the systems of the person's departments."""
    mine = within(actor, Permission.FORM_BUILD, TargetSystem.department_id)
    return session.scalars(select(TargetSystem).where(mine).order_by(TargetSystem.name, TargetSystem.id)).all()


def told(session: Session, target: TargetSystem) -> FormDefinition:
    """Give what a system is told: the questions of the form whose records it takes."""
    return newest_definitions(session, [target.procedure])[target.procedure]


def _must_match(wanted: FormDefinition, asked: FormDefinition, mapping: Mapping[str, str]) -> None:
    known = {question.key: question for question in asked.questions}
    wrong: dict[str, str] = {}
    for question in wanted.questions:
        found = known.get(mapping.get(question.key, ""))
        if found is None and (question.required or question.key in mapping):
            wrong[question.key] = _("台帳の欄を選んでください。")
        elif found is not None and found.type is not question.type:
            wrong[question.key] = _("欄の種類が違います。同じ種類の欄を選んでください。")
    if wrong:
        raise Invalid(LINKED_TO_KEYS, wrong)


def matched(wanted: FormDefinition, asked: FormDefinition) -> dict[str, str]:
    """Propose which question goes where, for a person to look over: the same question, else the one of that label.

    A question is proposed once at most, and only for an answer of its type.
    """
    found: dict[str, str] = {}
    for question in wanted.questions:
        alike = [one for one in asked.questions if one.type is question.type and one.key not in found.values()]
        same = [one for one in alike if one.label == question.label]
        if len(same) > 1:
            same = [one for one in same if one.key == question.key]
        if same and question.computed is None:
            found[question.key] = same[0].key
    return found


def questions_of(session: Session, target: TargetSystem) -> list[tuple[str, str, bool]]:
    """Give the key and the label of what a system is told, and whether it must be."""
    definition = told(session, target)
    return [(one.key, label_of(one), one.required) for one in definition.questions if one.computed is None]
