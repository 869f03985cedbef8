"""What do people do with sheets? Claim, settle, hold, put aside, have them read again."""

from collections.abc import Collection, Mapping, Sequence

from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.intake import queries
from backoffice.intake.events import (
    BatchReadAgain,
    SheetClaimed,
    SheetEnteredOnce,
    SheetExcluded,
    SheetGoesOn,
    SheetHeld,
    SheetReadAgain,
    SheetReleased,
    SheetReopened,
    SheetSettled,
    SheetTakenUp,
    SheetUnreadable,
)
from backoffice.intake.models import PaperBatch, Sheet, SheetField
from backoffice.intake.workflow import CLAIM_TIME, SheetState, is_free, may_become
from backoffice.jobs import JobName
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms.field_types import Value

ENTRIES_DIFFER = "entries_differ"
"""Two people entered a field differently: a third look decides."""
NEVER_MORE_SECONDS = CLAIM_TIME.total_seconds()


def claim_next(work: Work) -> Sheet | None:
    """Give the person the oldest waiting sheet, which nobody else can then open; None when none waits."""
    sheet = queries.next_to_verify(work.session, work.actor, work.now)
    return _take(work, sheet) if sheet else None


def claim(work: Work, sheet: Sheet) -> Sheet:
    """Let the person work on `sheet`. Raises Overtaken when someone else does, be it on one field of it."""
    if sheet.state != SheetState.TO_VERIFY:
        raise Overtaken(_("この用紙はもう確認待ちではありません。"))
    free = is_free(sheet.claimed_by_id, sheet.claimed_until, work.actor.staff_id, work.now)
    if not free or _others_hold_fields(work, sheet):
        raise Overtaken(_("この用紙はほかの職員が確認しています。"))
    return _take(work, sheet)


def _take(work: Work, sheet: Sheet) -> Sheet:
    if sheet.claimed_by_id != work.actor.staff_id or sheet.claimed_at is None:
        sheet.claimed_by_id, sheet.claimed_at = work.actor.staff_id, work.now
        work.record(SheetClaimed(sheet.id))
    sheet.claimed_until = work.now + CLAIM_TIME
    return sheet


def settle(work: Work, sheet: Sheet, values: Mapping[str, Value], twice: Collection[str] = ()) -> None:
    """Settle a sheet with the values a person confirmed; with fields that two people enter, it waits for the second.

    Raises Overtaken without a claim on it.
    """
    must_hold(work, sheet)
    for field in sheet.fields:
        field.value = values.get(field.key)
        field.corrected = field.value != field.read_value
    waiting = [field for field in sheet.fields if field.key in twice and ENTRIES_DIFFER not in field.why_not]
    if waiting:
        _wait_for_second(work, sheet, waiting)
        return
    settle_as_confirmed(work, sheet)


def settle_as_confirmed(work: Work, sheet: Sheet) -> None:
    """Settle a sheet with what stands in its fields, all of which the person and others confirmed."""
    _stop_clock(work, sheet)
    move(sheet, SheetState.SETTLED)
    sheet.settled_by_id, sheet.settled_at, sheet.note = work.actor.staff_id, work.now, ""
    work.record(SheetSettled(sheet.id, sum(field.corrected for field in sheet.fields)))


def _wait_for_second(work: Work, sheet: Sheet, fields: Sequence[SheetField]) -> None:
    """Keep what the first of two people entered where the second does not see it."""
    for field in fields:
        field.first_value, field.first_by_id, field.value = field.value, work.actor.staff_id, None
    _stop_clock(work, sheet)
    move(sheet, SheetState.SECOND_ENTRY)
    sheet.note = ""
    work.record(SheetEnteredOnce(sheet.id))


def keep_draft(sheet: Sheet, values: Mapping[str, Value]) -> None:
    """Keep what a person typed so far on a sheet that is put aside; blanks keep the reading."""
    for field in sheet.fields:
        if values.get(field.key) is not None:
            field.value = values[field.key]


def hold(work: Work, sheet: Sheet, note: str) -> None:
    must_hold(work, sheet)
    _put_aside(work, sheet, SheetState.HELD, note)
    work.record(SheetHeld(sheet.id))


def call_unreadable(work: Work, sheet: Sheet, note: str) -> None:
    """Put a sheet aside to be asked for again from the applicant. Raises Invalid without a reason."""
    if sheet.state == SheetState.TO_VERIFY:
        must_hold(work, sheet)
    _put_aside(work, sheet, SheetState.UNREADABLE, note)
    work.record(SheetUnreadable(sheet.id))


def keep_claim(work: Work, sheet: Sheet) -> None:
    """Let the person keep the sheet for a further claim's length."""
    must_hold(work, sheet)
    sheet.claimed_until = work.now + CLAIM_TIME


def release(work: Work, sheet: Sheet) -> None:
    """Give a sheet back unchanged."""
    must_hold(work, sheet)
    _stop_clock(work, sheet)
    work.record(SheetReleased(sheet.id))


def exclude(work: Work, sheet: Sheet, note: str) -> None:
    """Put a sheet aside that is none: the same once more, or no form. Raises Invalid without a reason."""
    if sheet.state == SheetState.TO_VERIFY and sheet.claimed_by_id != work.actor.staff_id:
        claim(work, sheet)
    _put_aside(work, sheet, SheetState.EXCLUDED, note)
    work.record(SheetExcluded(sheet.id))


def go_on(work: Work, sheet: Sheet) -> None:
    """Let a sheet be checked though pages of it have not come."""
    if sheet.state != SheetState.INCOMPLETE:
        raise Overtaken(_("この用紙の状態が変わっています。最新の内容を確認してください。"))
    move(sheet, SheetState.TO_VERIFY)
    work.record(SheetGoesOn(sheet.id))


def take_up(work: Work, sheet: Sheet) -> None:
    """Put a held, unreadable or excluded sheet back among those to check."""
    if not sheet.fields or sheet.is_erased:
        raise Invalid(_("読み取った内容がないため、確認に戻せません。読取をやり直してください。"))
    move(sheet, SheetState.TO_VERIFY)
    work.record(SheetTakenUp(sheet.id))


def reopen(work: Work, sheet: Sheet) -> None:
    """Undo a settling. What follows up on it refuses (Invalid) once the record is being keyed."""
    move(sheet, SheetState.TO_VERIFY)
    sheet.settled_by_id = sheet.settled_at = None
    work.record(SheetReopened(sheet.id))


def read_again(work: Work, sheet: Sheet) -> None:
    """Ask the machine once more, after a refusal or a mended reader. Raises Invalid where the file was erased."""
    if _erased(sheet):
        raise Invalid(_("原本を消去しているため、読み直せません。用紙をもう一度スキャンしてください。"))
    move(sheet, SheetState.RECEIVED)
    sheet.readings += 1
    sheet.fields = []
    work.ask(JobName.READ_SHEET, sheet.id, sheet.readings)
    work.record(SheetReadAgain(sheet.id))


def read_batch_again(work: Work, batch: PaperBatch, sheets: Sequence[Sheet]) -> int:
    """Look for every form in what could not be read of a batch, and give how many sheets that are.

    Raises Invalid where there are none.
    """
    again = [sheet for sheet in sheets if sheet.state == SheetState.REFUSED and not _erased(sheet)]
    if not again:
        raise Invalid(_("読み直せる用紙がありません。"))
    batch.form_code = ""
    for sheet in again:
        move(sheet, SheetState.RECEIVED)
        sheet.readings += 1
        work.ask(JobName.READ_SHEET, sheet.id, sheet.readings)
    work.record(BatchReadAgain(batch.id, len(again)))
    return len(again)


def _erased(sheet: Sheet) -> bool:
    return any(page.paper_file.file.erased_at is not None for page in sheet.pages)


def must_hold(work: Work, sheet: Sheet) -> None:
    """Raise Overtaken unless the person holds the sheet; who began on a field of it since, in a row, goes first."""
    lost = sheet.claimed_by_id != work.actor.staff_id or sheet.state != SheetState.TO_VERIFY
    if lost or _others_hold_fields(work, sheet):
        raise Overtaken(_("この用紙の確認は時間切れになったか、ほかの職員に移りました。"))


def _others_hold_fields(work: Work, sheet: Sheet) -> bool:
    return any(
        field.held_until is not None and field.held_until > work.now and field.held_by_id != work.actor.staff_id
        for field in sheet.fields
    )


def may_verify(actor: Actor) -> bool:
    return actor.may(Permission.SHEET_VERIFY)


def _put_aside(work: Work, sheet: Sheet, state: SheetState, note: str) -> None:
    note = reason_given(note, "note")
    move(sheet, state)
    _stop_clock(work, sheet)
    sheet.note = note


def move(sheet: Sheet, state: SheetState) -> None:
    """Bring a sheet into a state. Raises Overtaken where it cannot get there any more."""
    if not may_become(SheetState(sheet.state), state):
        raise Overtaken(_("この用紙の状態が変わっています。最新の内容を確認してください。"))
    sheet.state = state


def _stop_clock(work: Work, sheet: Sheet) -> None:
    """People's time counts from the claim; more than a claim's length is a break, not work."""
    if sheet.claimed_at is not None:
        sheet.verify_seconds += min((work.now - sheet.claimed_at).total_seconds(), NEVER_MORE_SECONDS)
    sheet.claimed_by_id = sheet.claimed_at = sheet.claimed_until = None
