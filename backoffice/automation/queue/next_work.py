"""How does a done item go on to the next bot? As a record of the next form's list, in the unit in which it is done.

By what is released on that day: the DX office has seen the link. What the next bot cannot take now waits, is told to
those on duty, and is tried again by the worker; what breaks a rule of the next form waits in its imports' quarantine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.automation import queries
from backoffice.automation.alarms.duty import on_duty
from backoffice.automation.events import ItemHandedOn
from backoffice.automation.models import Night, TargetSystem, WorkItem
from backoffice.automation.queue.list_models import ListTarget
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.taken import taking
from backoffice.automation.taken.models import ItemReading
from backoffice.automation.workflow import FINISHED, NOTHING_THERE
from backoffice.form_designs.shelf import newest_definitions
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Actor, Origin, Permission, within
from backoffice.inbox import alerting
from backoffice.inbox.alerting import About
from backoffice.recordings import queries as recordings
from backoffice.recordings.events import BotReleased
from backoffice.recordings.linking import READ, RECEIPT, REFERENCE
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.service import problems_in
from backoffice.records import queries as lists
from backoffice.records import service as records
from backoffice.records.events import QuarantineMended
from backoffice.records.matching import typed_of
from backoffice.records.models import Record
from backoffice.records.outlook import check_row
from backoffice.records.pages import said
from backoffice.records.workflow import RecordState, Source
from backoffice.web.translations import _, speaking
from backoffice.work import Office, Work
from forms.definition import FormDefinition, FormField
from forms.field_types import NUMBERS, FieldType, Value

HOUSE = Actor.house(Origin.WORKER)
SUBJECT = "next_work"
"""As an alert calls the system whose done items wait to be brought on."""
AT_ONCE, SHOWN = 50, 50
NO_BOT, CLOSED, NOT_TAKEN, NO_TARGET, CIRCLE = "no_bot", "closed", "not_taken", "no_target", "circle"
REASONS: Mapping[str, str] = {
    NO_BOT: _("次の仕事のロボットに、いま使える公開中の版がありません。"),
    CLOSED: _("次の仕事の様式は、受付を終了しています。"),
    NOT_TAKEN: _("次の仕事の部署が、ほかの部署の仕事を受け継がないことにしました。"),
    NO_TARGET: _("次の仕事の対象システムがまだありません。"),
    CIRCLE: _("次の仕事の台帳は、もう入力の済んだ対象システムに入る設定です。輪になるため渡しません。"),
}
WAITING = _("登録できた案件を、次の仕事に渡せずにいます。わけを確かめてください。渡せるようになると、自動で渡します。")


@dataclass(frozen=True)
class _Link:
    """What is released: the bot before, the one that goes on with its form, and what that is told."""

    before: RecordedBot
    definition: FormDefinition
    bot: RecordedBot
    mapping: Mapping[str, str]


def hand_on_if_done(work: Work, item_id: int) -> None:
    """Bring an item on to the next bot if it is done."""
    hand_on(work, work.session.get_one(WorkItem, item_id))


def hand_on(work: Work, item: WorkItem) -> None:
    """Bring an item that is done on to the next bot, if what is released says so. Done twice it changes nothing."""
    if item.state not in FINISHED or item.outcome == NOTHING_THERE or _is_handed_on(work.session, item.id):
        return
    link = _link_of(work, item)
    if link is None:
        return
    kept = HandOn(item_id=item.id, bot_id=link.bot.id, at=work.now)
    work.session.add(kept)
    work.session.flush()
    _bring(work, kept, item, link)


def follow_release(work: Work, event: BotReleased) -> None:
    """Bring on what was registered while the version was tried: until today nobody had approved what follows."""
    version = work.session.get_one(BotVersion, event.bot_version_id)
    if version.next_bot_id is None:
        return
    tried = select(WorkItem).join(Night, Night.id == WorkItem.night_id).where(Night.version_id == version.id)
    for item in work.session.scalars(tried.where(WorkItem.state.in_(FINISHED)).order_by(WorkItem.id)):
        hand_on(work, item)


def follow_mending(work: Work, event: QuarantineMended) -> None:
    """Let what was put aside go on once somebody has mended it."""
    kept = work.session.scalars(select(HandOn).where(HandOn.import_id == event.import_id)).one_or_none()
    if kept is not None and kept.record_id is None:
        record = work.session.get_one(Record, event.record_id)
        kept.record_id = record.id
        _settle(work, record)


def list_waiting(session: Session, actor: Actor) -> Sequence[HandOn]:
    """Give the first of what waits to be brought on, the longest waiting first, with item and next form."""
    mine = within(actor, Permission.ITEM_READ, WorkItem.department_id)
    wanted = select(HandOn).join(HandOn.item).where(HandOn.waits(), mine).order_by(HandOn.id).limit(SHOWN)
    beside = (
        joinedload(HandOn.item).joinedload(WorkItem.target),
        joinedload(HandOn.bot).joinedload(RecordedBot.design),
    )
    return session.scalars(wanted.options(*beside)).all()


def tick(office: Office, at_once: int = AT_ONCE) -> int:
    """Try again some of what waits to be brought on, each in a unit of its own; tell those on duty of what stays.

    Some at random: else what waits for months would stand before everything behind it.
    """
    with office.look(HOUSE) as work:
        some = select(HandOn.id).where(HandOn.waits()).order_by(func.random()).limit(at_once)
        ids = work.session.scalars(some).all()
        told = alerting.is_any_told(work.session, SUBJECT)
    brought = sum(_try_again(office, each) for each in ids)
    if ids or told:
        _tell(office)
    return brought


def _try_again(office: Office, hand_on_id: int) -> bool:
    with office.unit(HOUSE) as work:
        kept = work.session.scalars(
            select(HandOn).where(HandOn.id == hand_on_id, HandOn.waits()).with_for_update(of=HandOn)
        ).one_or_none()
        if kept is None:
            return False
        item = work.session.get_one(WorkItem, kept.item_id)
        link = _link_of(work, item)
        if link is None:  # by now nothing is released that says what follows
            kept.reason = NO_BOT
            return False
        kept.bot_id = link.bot.id
        return _bring(work, kept, item, link)


def _tell(office: Office) -> None:
    with office.unit(HOUSE) as work:
        waiting = (
            select(WorkItem.target_id).join(HandOn, HandOn.item_id == WorkItem.id).where(HandOn.waits()).distinct()
        )
        ids = set(work.session.scalars(waiting))
        wanted = select(TargetSystem).options(joinedload(TargetSystem.department)).order_by(TargetSystem.id)
        for target in work.session.scalars(wanted.with_for_update(of=TargetSystem)):
            if target.id in ids:
                alerting.tell(work, About(SUBJECT, target.id, target.name), WAITING, on_duty(work, target))
            else:
                alerting.end(work, SUBJECT, target.id)


def _is_handed_on(session: Session, item_id: int) -> bool:
    return session.scalar(select(HandOn.id).where(HandOn.item_id == item_id)) is not None


def _link_of(work: Work, item: WorkItem) -> _Link | None:
    procedure = work.session.scalar(select(TargetSystem.procedure).where(TargetSystem.id == item.target_id))
    version = recordings.released(work.session, procedure or "")
    if version is None or version.next_bot_id is None:
        return None
    found = recordings.find_version(work.session, version.id)
    if found.next_bot is None:
        raise LookupError(version.id)
    definition = newest_definitions(work.session, [found.bot.design.code])[found.bot.design.code]
    return _Link(found.bot, definition, found.next_bot, found.next_mapping or {})


def _bring(work: Work, kept: HandOn, item: WorkItem, link: _Link) -> bool:
    """Enter the record of the next form and settle it, or say why not; False where it waits."""
    same = link.bot.department_id == link.before.department_id
    department_id = item.department_id if same else link.bot.department_id
    kept.reason = _why_not(work, item, link, department_id, same=same)
    if kept.reason:
        return False
    design = link.bot.design
    after = newest_definitions(work.session, [design.code])[design.code]
    typed = typed_of(after, *_row(work.session, item, link))
    checked = check_row(after, typed)
    if checked.refusing:
        aside = taking.ReadyRow((f"{item.id}-{kept.id}",), typed, checked)
        kept.import_id = taking.put_aside(work, item.reference, design, after, [aside], department_id).id
        work.record(ItemHandedOn(item.id, kept.bot_id, 0))
        return True
    record = records.enter(work, design, after, checked.values, Source.BOT, department_id)
    kept.record_id = record.id
    work.record(ItemHandedOn(item.id, kept.bot_id, record.id))
    _settle(work, record)
    return True


def _settle(work: Work, record: Record) -> None:
    """Nobody need look at what a released bot has proved, unless the list asks for an approval of its own."""
    if record.department_id not in lists.routed_departments(work.session, record.design_id):
        work.session.refresh(record, ["design"])
        records.move(work, record, record.version, RecordState.DONE)


def _why_not(work: Work, item: WorkItem, link: _Link, department_id: int, *, same: bool) -> str:
    released = recordings.newest_released(work.session, link.bot.id)
    if released is None or problems_in(work, recordings.find_version(work.session, released.id)):
        return NO_BOT
    if link.bot.design.state != DesignState.IN_USE:
        return CLOSED
    if not same and not link.bot.takes_over:
        return NOT_TAKEN
    fed = select(ListTarget.target_id).where(
        ListTarget.design_id == link.bot.design_id, ListTarget.department_id == department_id
    )
    own = queries.target_of_procedure(work.session, link.bot.design.code)
    target_id = work.session.scalar(fed) or (own.id if own else None)
    if target_id is None:
        return NO_TARGET
    return CIRCLE if target_id in _came_through(work.session, item) else ""


def _came_through(session: Session, item: WorkItem) -> set[int]:
    """Give the systems into which the same matter was keyed.

    A link that is released closes no circle, but a list may feed a system before it: without an end, a night each.
    """
    found = {item.target_id}
    record_id = item.record_id
    while record_id is not None:
        came_from = select(WorkItem).join(HandOn, HandOn.item_id == WorkItem.id).where(HandOn.record_id == record_id)
        before = session.scalars(came_from).one_or_none()
        record_id = before.record_id if before else None
        found |= {before.target_id} if before else set()
    return found


def _row(session: Session, item: WorkItem, link: _Link) -> tuple[list[str], list[str]]:
    """Write what the next form is told as the cells of a file: options by their labels, days in ISO 8601."""
    taken = {
        READ + each.name: each.taken
        for each in session.scalars(select(ItemReading).where(ItemReading.item_id == item.id))
        if isinstance(each.taken, str)
    }
    numbers = {REFERENCE: item.reference, RECEIPT: item.receipt}
    with speaking("ja"):
        answers = {each.key: _cell(each, item.values.get(each.key)) for each in link.definition.questions}
    known = {**answers, **taken, **numbers}
    keys = list(link.mapping)
    return keys, [known.get(link.mapping[key], "") for key in keys]


def _cell(question: FormField, value: Value) -> str:
    if value is None or value == "":
        return ""
    if question.type is FieldType.CHECKBOX:
        return "○" if value else "×"
    plain = question.type in NUMBERS or question.type is FieldType.DATE
    return str(value) if plain else said(question, value)
