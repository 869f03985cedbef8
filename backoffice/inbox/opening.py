"""How does a case come to be? Drafted, kept as often as one likes, and sent on its way; withdrawn while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backoffice.db.numbering import next_number
from backoffice.drawing.queries import route_drawn, version_in_force
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Department, Staff
from backoffice.inbox.desks import person_desk
from backoffice.inbox.events import CaseAmended, CaseBegun, CaseDiscarded, CaseDrafted, CaseEnded, CaseWithdrawn
from backoffice.inbox.kinds import KINDS, LEVELS, RETENTION, CaseKind
from backoffice.inbox.models import Case, CaseTimer, Task, TrayEntry
from backoffice.inbox.moving import add_entry, apply_progress, clear_tray, involve, lock_case, route_of
from backoffice.inbox.workflow import WAITING, CaseState, TaskState
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms.field_types import Value
from forms.my_number import holds_my_number
from workflows.routes import DRAFTER, start

TITLE_LIMIT = 200
SAID_ELSEWHERE = _("この案件の内容は、案件のもとになった記録のページで直します。")


@dataclass(frozen=True)
class Matter:
    """What a drafter says of a case, whole or half."""

    title: str
    answers: Mapping[str, Value]
    retention_years: int
    decision_level: str
    coordinating_department_id: int | None = None
    subject: tuple[str, int] | None = None


@dataclass(frozen=True)
class Owner:
    """Whose a case is that another feature opens, the house itself among them: who answers for it, and where."""

    staff_id: int
    department_id: int


def draft(work: Work, kind: CaseKind, matter: Matter, owner: Owner | None = None) -> Case:
    """Begin a draft in the drafter's own department, or the owner's, and give it its number.

    Raises NotPermitted, Invalid.
    """
    actor = work.actor
    if owner is None:
        if actor.staff_id is None or actor.department_id is None:
            raise NotPermitted(_("所属のない職員は起案できません。"))
        owner = Owner(actor.staff_id, actor.department_id)
    department = work.session.scalars(select(Department).where(Department.id == owner.department_id)).one()
    case = Case(
        number=next_number(work.session, f"{department.short_name}伺", work.office.services.today()),
        kind=str(kind.kind),
        department_id=department.id,
        drafter_id=owner.staff_id,
        responsible_id=owner.staff_id,
        title="",
        form_code=kind.form_code,
        form_version=1,
        answers={"schema": 1, "values": {}},
        state=CaseState.DRAFT,
        steps_now=[],
        retention_years=kind.retention_years,
        decision_level=kind.decision_level,
        begun_at=work.now,
    )
    if matter.subject is not None:
        case.subject_kind, case.subject_id = matter.subject
    _write_down(work, case, matter)
    work.session.add(case)
    work.session.flush()
    work.session.refresh(case)  # a counted row is never changed unread, not even what was left empty
    involve(work, case, owner.staff_id, "drafter")
    work.record(CaseDrafted(case.id))
    return case


def keep(work: Work, case: Case, matter: Matter) -> None:
    """Keep a draft as it is, whole or not. Raises Overtaken once it is on its way."""
    _must_be_own_draft(work, case)
    _write_down(work, case, matter)


def must_be_as_seen(work: Work, case: Case, seen: int) -> None:
    """Lock the case and raise Overtaken, saying who wrote it, where it is not any more what the person saw."""
    lock_case(work, case.id)
    if case.version == seen:
        return
    if case.changed_by_id is not None and case.changed_by_id == work.actor.staff_id:
        raise Overtaken(_("別の画面で、あなたが先にこの案件を変更しました。"))
    name = work.session.scalar(select(Staff.name).where(Staff.id == case.changed_by_id))
    if name is None:
        raise Overtaken(_("この案件は先に変更されました。"))
    raise Overtaken(_("%(name)sさんがこの案件を先に変更しました。"), name=name)


def mend(work: Work, case: Case, matter: Matter) -> None:
    """Mend a case that was sent back to whoever answers for it. Raises Overtaken unless it waits there.

    What a case says of another feature's record comes with that record: raises NotPermitted for words of its own, which
    those who decide would take for what the record says.
    """
    if case.subject_kind and matter.subject != (case.subject_kind, case.subject_id):
        raise NotPermitted(SAID_ELSEWHERE)
    case = lock_case(work, case.id)
    if not may_mend(work, case):
        raise Overtaken(_("この案件は今あなたの修正を待っていません。"))
    _write_down(work, case, matter)
    case.moves += 1  # who sent it back cannot take that back any more: what they and others saw stands there no longer
    add_entry(work, case, "amended")
    work.record(CaseAmended(case.id))


def may_mend(work: Work, case: Case) -> bool:
    """Say whether a step that asks the drafter waits in the tray of the person themselves, who answers for the case.

    In any other step, even one that is theirs by name, what others have approved is not written anew.
    """
    if case.state != CaseState.RUNNING or case.responsible_id != work.actor.staff_id:
        return False
    here = (
        select(Task.step_id)
        .join(TrayEntry, TrayEntry.task_id == Task.id)
        .where(
            Task.case_id == case.id,
            Task.state.in_(WAITING),
            TrayEntry.desk == person_desk(case.responsible_id),
        )
    )
    steps = route_of(case).steps
    return any(steps[step_id].assignment.person == DRAFTER for step_id in work.session.scalars(here))


def discard(work: Work, case: Case) -> None:
    """Throw a draft away; its number stays used."""
    _must_be_own_draft(work, case)
    case.state, case.outcome, case.ended_at = CaseState.ENDED, "withdrawn", work.now
    add_entry(work, case, "discarded")
    work.record(CaseDiscarded(case.id))


def begin(work: Work, case: Case, form_version: int) -> Case:
    """Send a draft on its way, on the route that is in force today. Raises Invalid where none is."""
    _must_be_own_draft(work, case)
    if not case.title:
        raise Invalid(_("入力を確認してください"), {"title": _("件名を入れてください。")})
    if KINDS[case.kind].coordinated and case.coordinating_department_id is None:
        raise Invalid(_("入力を確認してください"), {"coordinating": _("協議する部署を選んでください。")})
    version = version_in_force(work.session, case.kind, work.today)
    if version is None:
        raise Invalid(_("この種別の決裁ルートがまだ有効になっていません。DX戦略部に連絡してください。"))
    case.route_version_id, case.state, case.form_version = version.id, CaseState.RUNNING, form_version
    case.begun_at = work.now
    add_entry(work, case, "begun")
    work.record(CaseBegun(case.id, version.id))
    work.session.flush()
    route = route_drawn(version.bpmn)
    apply_progress(work, case, route, start(route, case.answers["values"]))
    return case


def withdraw(work: Work, case_id: int, reason: str) -> Case:
    """Take a running case off its way for good. Raises NotPermitted for others than its drafter and who took over."""
    case = lock_case(work, case_id)
    if not may_withdraw(work, case):
        raise NotPermitted(_("取り下げられるのは、起案した人か引き継いだ人だけです。"))
    if case.state != CaseState.RUNNING:
        raise Overtaken(_("この案件はもう回議中ではありません。"))
    reason = reason_given(reason, "withdraw_reason")
    waiting = work.session.scalars(select(Task).where(Task.case_id == case.id, Task.state.in_(WAITING))).all()
    case.moves += 1
    for task in waiting:
        task.state, task.closed_in_move = TaskState.CANCELLED, case.moves
        task.claimed_by_id = task.claimed_at = None
    clear_tray(work, [task.id for task in waiting])
    timers = select(CaseTimer).where(CaseTimer.case_id == case.id, CaseTimer.closed_in_move.is_(None))
    for timer in work.session.scalars(timers):
        timer.closed_in_move = case.moves
    case.state, case.outcome, case.ended_at, case.steps_now = CaseState.ENDED, "withdrawn", work.now, []
    case.unattended_at = None
    add_entry(work, case, "withdrawn", words=reason)
    work.record(CaseWithdrawn(case.id))
    work.record(CaseEnded(case.id, case.kind, case.outcome))
    return case


def may_withdraw(work: Work, case: Case) -> bool:
    return case.state == CaseState.RUNNING and work.actor.staff_id in (case.drafter_id, case.responsible_id)


def take_effect(work: Work, case: Case) -> None:
    """Let the effects of an end begin, its minute being over; doing it twice does it once."""
    if case.state != CaseState.ENDING or case.effect_at is None or case.effect_at > work.now:
        return
    case.state = CaseState.ENDED
    work.record(CaseEnded(case.id, case.kind, case.outcome))


def _must_be_own_draft(work: Work, case: Case) -> None:
    if case.state != CaseState.DRAFT:
        raise Overtaken(_("この案件はもう下書きではありません。"))
    if work.actor.staff_id != case.responsible_id and not work.actor.is_house:
        raise NotPermitted(_("下書きを直せるのは、起案した人だけです。"))


def _write_down(work: Work, case: Case, matter: Matter) -> None:
    wrong: dict[str, str] = {}
    title = " ".join(matter.title.split())
    if len(title) > TITLE_LIMIT:
        wrong["title"] = _("件名は200文字までです。")
    if holds_my_number(title):
        wrong["title"] = _("件名に個人番号を入れないでください。")
    if matter.retention_years not in RETENTION:
        wrong["retention"] = _("保存年限を選んでください。")
    if matter.decision_level not in LEVELS:
        wrong["level"] = _("専決区分を選んでください。")
    wanted = matter.coordinating_department_id
    if wanted is not None and work.session.get(Department, wanted) is None:
        wrong["coordinating"] = _("協議する部署を選んでください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    case.title, case.answers = title, {"schema": 1, "values": dict(matter.answers)}
    case.retention_years, case.decision_level = matter.retention_years, matter.decision_level
    case.coordinating_department_id = wanted
