"""What is done with records: entered, changed, finished, removed; each change remembered so that it can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.db.numbering import next_number
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.workflow import DesignState
from backoffice.records import documents, queries
from backoffice.records.events import (
    RecordChanged,
    RecordEntered,
    RecordReopened,
    RecordsChanged,
    RecordSettled,
    RecordsUndone,
)
from backoffice.records.models import ChangeSet, EntryDraft, Record, RecordChange
from backoffice.records.workflow import CLOSED, SETTLED, ChangeKind, RecordState, Source, moves_from
from backoffice.web.answers_in import sentence
from backoffice.web.translations import _
from backoffice.work import Work
from forms.asking import settle
from forms.definition import FormDefinition
from forms.field_types import Value
from forms.problems import Severity
from forms.validation import validate

MOST_AT_ONCE = 2_000
"""So many records are changed by one action: about two seconds in which nobody else writes on SQLite."""


HANDED_IN = _("この記録は審査中か、決まった後です。変更できません。")


@dataclass(frozen=True)
class Numbered:
    """A number of a form's series, and the department whose record it is."""

    number: str
    department_id: int


@dataclass(frozen=True)
class Kept:
    """What came of changing many: how many were changed, and which were not, by number with a sentence."""

    change_set_id: int
    changed: int
    left: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class _Before:
    """A record and what it said before; None for one that has just been entered."""

    record: Record
    values: Mapping[str, Value] | None = None
    state: str = ""


def enter(
    work: Work,
    design: FormDesign,
    definition: FormDefinition,
    values: Mapping[str, Value],
    source: Source,
    department_id: int | None = None,
) -> Record:
    """Keep a new record, of the person's department unless another is named. Its answers are checked before.

    Raises NotPermitted for a person of no department, Invalid where the form is closed.
    """
    _must_be_open(design)
    record = _new(work, design, definition, values, source, _numbered(work, design, department_id))
    change_set = _change_set(work, design, record.department_id, ChangeKind.ENTERED, 1)
    _remember(work, change_set, [_Before(record)])
    if source is Source.SCREEN:
        _forget_draft(work, design.id, 0)
    work.record(RecordEntered(record.id))
    return record


def enter_from_paper(
    work: Work, design: FormDesign, definition: FormDefinition, values: Mapping[str, Value], sheet: Numbered
) -> Record:
    """Keep what a settled sheet says under the number that it has, also where the form was closed since it came."""
    record = _new(work, design, definition, values, Source.PAPER, sheet)
    change_set = _change_set(work, design, record.department_id, ChangeKind.ENTERED, 1)
    _remember(work, change_set, [_Before(record)])
    work.record(RecordEntered(record.id))
    return record


def change(work: Work, record: Record, seen: int, definition: FormDefinition, values: Mapping[str, Value]) -> None:
    """Write other answers into a record. Raises Overtaken where somebody was first, NotPermitted."""
    must_be_as_seen(record, seen)
    must_take_answers(record)
    before = record.values
    record.values, record.form_version = _given(settle(definition, values).values), definition.version
    documents.claim(work, record, definition)
    _changed_one(work, record, before, record.state, ChangeKind.CHANGED)
    _forget_draft(work, record.design_id, record.id)


def must_take_answers(record: Record) -> None:
    """Raise Overtaken where nobody writes into a record as it stands."""
    if record.state == RecordState.REMOVED:
        raise Overtaken(_("この記録は取り消されています。戻してから変更してください。"))
    if record.state in CLOSED:
        raise Overtaken(HANDED_IN)


def move(work: Work, record: Record, seen: int, state: RecordState) -> None:
    """Finish, open again, remove or put back a record. Raises Overtaken where its state allows none of it."""
    must_be_as_seen(record, seen)
    if record.state == state:
        raise Overtaken(_("この記録は、もうその状態です。"))
    if state not in moves_of(work, record):
        raise Overtaken(_("その状態にはできません。"))
    before, record.state = record.state, state
    _changed_one(work, record, record.values, before, ChangeKind.STATE)
    _tell_of(work, record, before)


def moves_of(work: Work, record: Record) -> tuple[RecordState, ...]:
    """Give the states into which people may bring a record now."""
    routed = record.department_id in queries.routed_departments(work.session, record.design_id)
    return moves_from(RecordState(record.state), routed=routed)


def stand(work: Work, record: Record, state: RecordState) -> None:
    """Let a record's state follow its case; doing it twice does it once."""
    if record.state == state:
        return
    before, record.state = record.state, state
    _changed_one(work, record, record.values, before, ChangeKind.REVIEW)
    _tell_of(work, record, before)


def change_many(
    work: Work, design: FormDesign, definition: FormDefinition, records: Sequence[Record], key: str, value: Value
) -> Kept:
    """Give many records the same answer to one question; those that would then break a rule are left and named.

    Raises Invalid for more than MOST_AT_ONCE, for a computed question, and where nothing would change.
    """
    _must_be_few(records)
    question = definition.field(key)
    if question.computed is not None:
        raise Invalid(_("計算で決まる欄は、まとめて変更できません。"))
    left: list[tuple[str, str]] = []
    changed: list[_Before] = []
    for record in records:
        if record.state in CLOSED:
            left.append((record.number, HANDED_IN))
            continue
        values = _given(settle(definition, {**record.values, key: value}).values)
        trouble = _trouble(definition, record.values, values)
        if trouble:
            left.append((record.number, trouble))
        elif values != record.values:
            changed.append(_Before(record, record.values, record.state))
            record.values, record.form_version, record.changed_at = values, definition.version, work.now
    if not changed:
        raise Invalid(_("変わる記録がありません。"))
    change_set = _change_set(work, design, _department_of(work), ChangeKind.MANY, len(changed), key)
    _remember(work, change_set, changed)
    work.record(RecordsChanged(design.id, change_set.id, len(changed)))
    return Kept(change_set.id, len(changed), left)


def move_many(work: Work, design: FormDesign, records: Sequence[Record], state: RecordState) -> Kept:
    """Bring many records into one state; those that cannot come into it are left and named.

    Raises Invalid for more than MOST_AT_ONCE and where nothing would change.
    """
    _must_be_few(records)
    routed = queries.routed_departments(work.session, design.id)
    able = {
        record.id
        for record in records
        if state in moves_from(RecordState(record.state), routed=record.department_id in routed)
    }
    changed = [_Before(record, record.values, record.state) for record in records if record.id in able]
    left = [
        (record.number, _("その状態にはできません。"))
        for record in records
        if record.id not in able and record.state != state
    ]
    if not changed:
        raise Invalid(_("変わる記録がありません。"))
    change_set = _change_set(work, design, _department_of(work), ChangeKind.STATE, len(changed))
    for one in changed:
        one.record.state, one.record.changed_at = state, work.now
    _remember(work, change_set, changed)
    work.record(RecordsChanged(design.id, change_set.id, len(changed)))
    for one in changed:
        _tell_of(work, one.record, one.state)
    return Kept(change_set.id, len(changed), left)


def take_in(
    work: Work, design: FormDesign, definition: FormDefinition, rows: Sequence[Mapping[str, Value]]
) -> ChangeSet:
    """Keep many new records at once, each checked before. They can be taken back together."""
    _must_be_open(design)
    change_set = _change_set(work, design, _department_of(work), ChangeKind.TAKEN_IN, len(rows))
    new = [_new(work, design, definition, row, Source.FILE, _numbered(work, design)) for row in rows]
    _remember(work, change_set, [_Before(record) for record in new])
    work.record(RecordsChanged(design.id, change_set.id, len(rows)))
    return change_set


def undo(work: Work, change_set: ChangeSet) -> Kept:
    """Put every record back to what it said before; those changed since are left and named. Raises Overtaken."""
    if change_set.undone_at is not None:
        raise Overtaken(_("この変更は、もう取り消されています。"))
    if change_set.kind == ChangeKind.REVIEW:
        raise Invalid(_("承認の経路が変えた状態は、案件の画面で取り消します。"))
    changes = queries.changes_in(work.session, change_set.id)
    left = [
        (change.record.number, _("そのあとに変更されています。"))
        for change in changes
        if change.record.version != change.version_after
    ]
    untouched = [change for change in changes if change.record.version == change.version_after]
    change_set.undone_at = work.now
    if untouched:
        design = work.session.get_one(FormDesign, change_set.design_id)
        undoing = _change_set(work, design, change_set.department_id, ChangeKind.UNDONE, len(untouched))
        was = [_Before(one.record, one.record.values, one.record.state) for one in untouched]
        for one in untouched:
            one.record.values = one.after if one.before is None else one.before
            one.record.state = one.state_before or RecordState.REMOVED
            one.record.changed_at = work.now
        _remember(work, undoing, was)
        for before in was:
            _tell_of(work, before.record, before.state)
    work.record(RecordsUndone(change_set.id, len(untouched)))
    return Kept(change_set.id, len(untouched), left)


def keep_draft(work: Work, design_id: int, record_id: int, typed: Mapping[str, str]) -> None:
    """Keep what the person has typed so far, in place of what was kept before."""
    draft = queries.draft_of(work.session, work.actor, design_id, record_id)
    if draft is None:
        draft = EntryDraft(design_id=design_id, staff_id=work.actor.staff_id, record_id=record_id)
        work.session.add(draft)
    draft.typed, draft.saved_at = dict(typed), work.now


def forget_draft(work: Work, design_id: int, record_id: int) -> None:
    """Throw away what the person has typed."""
    _forget_draft(work, design_id, record_id)


def _new(
    work: Work,
    design: FormDesign,
    definition: FormDefinition,
    values: Mapping[str, Value],
    source: Source,
    numbered: Numbered,
) -> Record:
    record = Record(
        number=numbered.number,
        design_id=design.id,
        form_version=definition.version,
        department_id=numbered.department_id,
        state=RecordState.ENTERED,
        values=_given(settle(definition, values).values),
        source=source,
        entered_by_id=work.actor.staff_id,
        client_id=work.actor.client_id,
        entered_at=work.now,
        changed_at=work.now,
    )
    work.session.add(record)
    documents.claim(work, record, definition)
    return record


def _numbered(work: Work, design: FormDesign, department_id: int | None = None) -> Numbered:
    return Numbered(next_number(work.session, design.series, work.today), department_id or _department_of(work))


def _given(values: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in values.items() if value is not None}


def _trouble(definition: FormDefinition, before: Mapping[str, Value], after: Mapping[str, Value]) -> str:
    """Say what a change would break that was whole before; nothing where it breaks nothing."""
    broken = {(problem.key, problem.code) for problem in validate(definition, before)}
    refusing = (
        problem
        for problem in validate(definition, after)
        if problem.severity is Severity.REFUSE and (problem.key, problem.code) not in broken
    )
    return next((sentence(problem) for problem in refusing), "")


def _changed_one(work: Work, record: Record, before: Mapping[str, Value], state: str, kind: ChangeKind) -> None:
    record.changed_at = work.now
    change_set = _change_set(work, record.design, record.department_id, kind, 1)
    _remember(work, change_set, [_Before(record, before, state)])
    work.record(RecordChanged(record.id))


def _change_set(
    work: Work, design: FormDesign, department_id: int, kind: ChangeKind, records: int, key: str = ""
) -> ChangeSet:
    made = ChangeSet(
        design_id=design.id,
        department_id=department_id,
        kind=kind,
        key=key,
        records=records,
        made_by_id=work.actor.staff_id,
        made_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    return made


def _remember(work: Work, change_set: ChangeSet, changed: Sequence[_Before]) -> None:
    work.session.flush()  # each record's own version counts on, and is noted
    work.session.add_all(
        RecordChange(
            change_set_id=change_set.id,
            record_id=one.record.id,
            before=None if one.values is None else dict(one.values),
            after=dict(one.record.values),
            state_before=one.state,
            state_after=one.record.state,
            version_after=one.record.version,
        )
        for one in changed
    )


def _tell_of(work: Work, record: Record, before: str) -> None:
    """Put on the trail that nothing more is done with a record here, or that something is again: others follow it."""
    if (record.state in SETTLED) != (before in SETTLED):
        work.record(RecordSettled(record.id) if record.state in SETTLED else RecordReopened(record.id))


def _forget_draft(work: Work, design_id: int, record_id: int) -> None:
    draft = queries.draft_of(work.session, work.actor, design_id, record_id)
    if draft is not None:
        work.session.delete(draft)


def _department_of(work: Work) -> int:
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は入力できません。"))
    return work.actor.department_id


def _must_be_open(design: FormDesign) -> None:
    if design.state != DesignState.IN_USE:
        raise Invalid(_("この様式は受付を終了しています。"))


def _must_be_few(records: Sequence[Record]) -> None:
    if len(records) > MOST_AT_ONCE:
        raise Invalid(_("一度に変更できるのは%(most)s件までです。条件で絞ってください。"), most=MOST_AT_ONCE)


def must_be_as_seen(record: Record, seen: int) -> None:
    """Raise Overtaken where a record is not any more what the person saw."""
    if record.version != seen:
        raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))
