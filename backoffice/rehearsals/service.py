"""What do people do with rehearsals? Ask for one, stop it, look which of the waiting records would not fit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from backoffice.automation import queries as automation
from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.automation.service import UNDER_WAY, is_paused
from backoffice.automation.systems.credentials import is_locked
from backoffice.automation.workflow import ItemState, RunKind
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Permission, within
from backoffice.jobs import JobName
from backoffice.recordings.models import BotVersion
from backoffice.recordings.service import definition_of, must_teach, problems_in, recording_of
from backoffice.recordings.workflow import MAY_BE_REHEARSED
from backoffice.records.models import Record
from backoffice.rehearsals import keeping, queries
from backoffice.rehearsals.checking import Fault, Finding, faults_of, wanted_by
from backoffice.rehearsals.events import RehearsalAsked
from backoffice.rehearsals.models import LETTERS_SCHEMA, Rehearsal, RehearsedRow
from backoffice.rehearsals.queries import Candidate
from backoffice.rehearsals.workflow import ROWS_AT_MOST, RehearsalState, WhyEnded
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition
from forms.field_types import Value
from rpa_bots.recording.rehearsing import Takes
from rpa_bots.recording.tape.steps import Change

AT_ONCE = 1_000
CHECKED_AT_MOST = 20_000
SHOWN_AT_MOST = 200
STANDING = ("state", "alive_at", "version")


def ask(work: Work, version: BotVersion, numbers: Sequence[str]) -> Rehearsal:
    """Ask for a rehearsal with the records of these numbers. Raises NotPermitted, Invalid saying what is missing."""
    must_teach(work.actor, version.bot.department)
    target = automation.target_of_procedure(work.session, version.bot.design.code)
    missing = why_not(work, version, target)
    if missing or target is None:
        raise Invalid(missing or "")
    chosen = _chosen(work, version, target, numbers)
    _end_the_silent(work, target)
    if queries.open_of(work.session, target.id) is not None:
        raise Invalid(_("このロボットの練習はもう動いています。終わってから、もう一度練習してください。"))
    rehearsal = Rehearsal(
        version_id=version.id,
        target_id=target.id,
        state=RehearsalState.WAITING,
        asked_by_id=work.actor.staff_id,
        asked_at=work.now,
        rows=_rows(work, version, chosen),
    )
    work.session.add(rehearsal)
    work.session.flush()
    work.ask(JobName.REHEARSE, rehearsal.id)
    work.record(RehearsalAsked(rehearsal.id, version.id, len(chosen)))
    return rehearsal


def why_not(  # noqa: PLR0911 -- one line a reason
    work: Work, version: BotVersion, target: TargetSystem | None
) -> str | None:
    """Say why a version cannot be rehearsed now, and who does what about it; None where it can."""
    if version.state not in MAY_BE_REHEARSED:
        return _("練習できるのは、下書き、回議中、公開中の版です。")
    if problems := problems_in(work, version):
        return " ".join(translate(message, **about) for message, about in problems)
    if target is None:
        return _(
            "この様式の対象システムがまだありません。RPA運用担当が「夜間の入力」の「対象システム」に加えると練習できます。"
        )
    if target.credential is None:
        return _("対象システムのアカウントとパスワードがまだありません。RPA運用担当が登録すると練習できます。")
    if is_locked(target.credential, work.now):
        return _("対象システムがサインインを断ったため、RPA運用担当の新しいパスワードの登録を待っています。")
    if is_paused(work.office):
        return _("復元のあとのため、夜間の入力と練習は休止しています。")
    under_way = automation.open_night(work.session, target.id)
    if under_way is None:
        return None
    if under_way.kind != RunKind.NIGHT:
        return UNDER_WAY[RunKind(under_way.kind)]
    return _("いま夜間の入力がこの対象システムを使っています。終わってから練習してください。")


def _chosen(work: Work, version: BotVersion, target: TargetSystem, numbers: Sequence[str]) -> list[Candidate]:
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise Invalid(_("練習に使う記録を選んでください。"), {"numbers": _("記録を選んでください。")})
    if len(wanted) > ROWS_AT_MOST:
        raise Invalid(_("一度に練習できるのは5件までです。"), {"numbers": _("5件までにしてください。")})
    found = queries.candidates_named(work.session, work.actor, target, version.bot.design_id, wanted)
    if unknown := [number for number in wanted if number not in found]:
        message = _("入力待ちの記録に、この番号はありません: %(numbers)s")
        raise Invalid(message, {"numbers": _("番号を確かめてください。")}, numbers="、".join(unknown))
    return [found[number] for number in wanted]


def _end_the_silent(work: Work, target: TargetSystem) -> None:
    before = queries.open_of(work.session, target.id)
    if before is not None and queries.is_silent(before, work.now):
        keeping.end(work, before.id, WhyEnded.BROKEN_OFF)
        work.session.flush()


def _rows(work: Work, version: BotVersion, chosen: Sequence[Candidate]) -> list[RehearsedRow]:
    """The letters are looked at before any browser: a page in Shift_JIS corrupts them without a word."""
    wanted = wanted_by(recording_of(version), definition_of(work, version), {})
    rows: list[RehearsedRow] = []
    for each in chosen:
        found = faults_of(wanted, _values(work, each), judges_unseen=True)
        letters = {one.key: one.detail for one in found if one.fault is Fault.LETTERS}
        stored = {"schema": LETTERS_SCHEMA, "columns": letters}
        rows.append(RehearsedRow(number=each.number, item_id=each.item_id, record_id=each.record_id, letters=stored))
    return rows


def _values(work: Work, candidate: Candidate) -> Mapping[str, Value]:
    if candidate.item_id is not None:
        return work.session.get_one(WorkItem, candidate.item_id).values
    values: Mapping[str, Value] = work.session.get_one(Record, candidate.record_id).values
    return values


def stop(work: Work, rehearsal: Rehearsal) -> None:
    """Let a rehearsal end after the step at hand; one that waits, at once. Raises Overtaken where it has ended."""
    work.session.refresh(rehearsal, STANDING, with_for_update=True)  # its worker writes there at every step
    if rehearsal.state == RehearsalState.ENDED:
        raise Overtaken(_("この練習はもう終わっています。"))
    if rehearsal.state == RehearsalState.WAITING:
        keeping.end(work, rehearsal.id, WhyEnded.STOPPED)
    elif queries.is_silent(rehearsal, work.now):
        keeping.end(work, rehearsal.id, WhyEnded.BROKEN_OFF)
    else:
        rehearsal.state = RehearsalState.STOPPING


@dataclass(frozen=True)
class Unfit:
    """A waiting record of which something does not fit."""

    candidate: Candidate
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Checked:
    """What a dry run over the waiting records found. `knows`: whether a rehearsal has seen the system's fields."""

    definition: FormDefinition
    """What the form asks."""
    count: int
    unfit: Sequence[Unfit]
    knows: bool

    @property
    def left_off(self) -> bool:
        return self.count == CHECKED_AT_MOST


def check_queue(work: Work, version: BotVersion) -> Checked:
    """Look, without a browser, which waiting records would not fit. Raises NotPermitted."""
    must_teach(work.actor, version.bot.department)
    definition, seen = definition_of(work, version), seen_fields(work, version)
    wanted, count = wanted_by(recording_of(version), definition, seen), 0
    unfit: list[Unfit] = []
    for candidate, values in islice(_waiting(work, version), CHECKED_AT_MOST):
        count += 1
        if found := faults_of(wanted, values, judges_unseen=not seen):
            unfit.append(Unfit(candidate, found))
    return Checked(definition, count, unfit, bool(seen))


def _waiting(work: Work, version: BotVersion) -> Iterator[tuple[Candidate, Mapping[str, Value]]]:
    """Give what waits for a night in its order, then what is deferred, then what is entered in the list."""
    session, actor = work.session, work.actor
    target = automation.target_of_procedure(session, version.bot.design.code)
    if target is not None:
        mine = within(actor, Permission.ITEM_READ, WorkItem.department_id)
        items = select(WorkItem.reference, WorkItem.id, WorkItem.record).where(
            WorkItem.target_id == target.id, WorkItem.state == ItemState.WAITING, mine
        )
        in_turn = items.order_by(WorkItem.not_before.is_not(None), WorkItem.priority, WorkItem.due_on, WorkItem.id)
        for number, item_id, record in session.execute(in_turn).yield_per(AT_ONCE):
            yield Candidate(number, item_id=item_id), record["values"]
    records = select(Record.number, Record.id, Record.values).where(
        queries.waiting_in_the_list(actor, version.bot.design_id)
    )
    for number, record_id, values in session.execute(records.order_by(Record.id)).yield_per(AT_ONCE):
        yield Candidate(number, record_id=record_id), values


def seen_fields(work: Work, version: BotVersion) -> dict[str, Takes]:
    """Give what the system's fields said of themselves at the last rehearsal, by what went in: `{{a1}}`."""
    last = queries.last_with_fields(work.session, version.bot_id)
    if last is None:
        return {}
    rehearsed, steps = last
    recorded = recording_of(rehearsed).steps
    return {
        put.value: Takes(step.charset, step.letters_at_most)
        for step in steps
        if step.place < len(recorded) and isinstance(put := recorded[step.place], Change)
    }
