"""What is done with paper: receiving, keeping what the machine read, claiming, settling, holding, reading again."""

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.db.numbering import next_number
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.intake import queries
from backoffice.intake.events import (
    SheetClaimed,
    SheetHeld,
    SheetRead,
    SheetReadAgain,
    SheetReceived,
    SheetRefused,
    SheetReleased,
    SheetReopened,
    SheetSettled,
    SheetTakenUp,
    SheetUnreadable,
)
from backoffice.intake.models import Sheet, SheetField
from backoffice.intake.workflow import CLAIM_TIME, SheetState, is_free, may_become
from backoffice.jobs import JobName
from backoffice.vault import StoredFile
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms import catalogue
from forms.field_types import Value
from forms.my_number import holds_my_number, without_my_number
from ocr.geometry import page_size
from ocr.page import FieldReading, PageReading

NEVER_MORE_SECONDS = CLAIM_TIME.total_seconds()


@dataclass(frozen=True)
class Arrived:
    """A picture that has passed the check at the counter and lies in the vault."""

    name: str
    file: StoredFile


def receive(work: Work, arrived: Arrived, form_code: str, form_version: int, series: str) -> Sheet:
    """Number a sheet and ask for its reading; the same picture a second time is refused (Invalid)."""
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は用紙を受け取れません。"))
    known = queries.same_picture(work.session, work.actor, arrived.file.sha256)
    if known is not None:
        raise Invalid(_("同じ画像が %(number)s として届いています。"), number=known.number)
    work.session.add(arrived.file)
    work.session.flush()
    sheet = Sheet(
        number=next_number(work.session, series, work.office.services.today()),
        department_id=work.actor.department_id,
        form_code=form_code,
        form_version=form_version,
        state=SheetState.RECEIVED,
        original_name=arrived.name,
        file_id=arrived.file.id,
        uploaded_by_id=work.actor.staff_id,
        uploaded_at=work.now,
        readings=1,
    )
    work.session.add(sheet)
    work.session.flush()
    work.ask(JobName.READ_SHEET, sheet.id, sheet.readings)
    work.record(SheetReceived(sheet.id))
    return sheet


def keep_reading(work: Work, sheet: Sheet, reading: PageReading, page: StoredFile | None) -> None:
    """Keep what the machine read; a sheet whose every field passes is settled without a person.

    Keeping a reading twice changes nothing: a job's step may run again after a crash.
    """
    if sheet.state != SheetState.RECEIVED:
        return
    sheet.registered_by, sheet.residual_px = reading.registered_by or "", reading.residual_px
    if reading.status == "refused":
        sheet.refusal = reading.reason_code or ""
        _move(sheet, SheetState.REFUSED)
        work.record(SheetRefused(sheet.id, sheet.refusal))
        return
    work.session.add(page)
    work.session.flush()
    sheet.page_file_id = page.id if page else None
    sheet.page_width, sheet.page_height = page_size(catalogue.find(sheet.form_code).layout)
    sheet.refusal = ""
    sheet.fields = [_kept_field(field) for field in reading.fields]
    asked = sum(not field.passes for field in sheet.fields)
    work.record(SheetRead(sheet.id, len(sheet.fields) - asked, asked))
    if asked:
        _move(sheet, SheetState.TO_VERIFY)
        return
    _move(sheet, SheetState.SETTLED)
    sheet.settled_at = work.now
    work.record(SheetSettled(sheet.id, 0))


def claim_next(work: Work) -> Sheet | None:
    """Give the person the oldest waiting sheet, which nobody else can then open; None when none waits."""
    sheet = queries.next_to_verify(work.session, work.actor, work.now)
    return claim(work, sheet) if sheet else None


def claim(work: Work, sheet: Sheet) -> Sheet:
    """Let the person work on `sheet`. Raises Overtaken when someone else does."""
    if sheet.state != SheetState.TO_VERIFY:
        raise Overtaken(_("この用紙はもう確認待ちではありません。"))
    if not is_free(sheet.claimed_by_id, sheet.claimed_until, work.actor.staff_id, work.now):
        raise Overtaken(_("この用紙はほかの職員が確認しています。"))
    if sheet.claimed_by_id != work.actor.staff_id or sheet.claimed_at is None:
        sheet.claimed_by_id, sheet.claimed_at = work.actor.staff_id, work.now
        work.record(SheetClaimed(sheet.id))
    sheet.claimed_until = work.now + CLAIM_TIME
    return sheet


def settle(work: Work, sheet: Sheet, values: Mapping[str, Value]) -> None:
    """Settle a sheet with the values a person confirmed. Raises Overtaken without a claim on it."""
    must_hold(work, sheet)
    for field in sheet.fields:
        field.value = values[field.key]
        field.corrected = field.value != field.read_value
    _stop_clock(work, sheet)
    _move(sheet, SheetState.SETTLED)
    sheet.settled_by_id, sheet.settled_at, sheet.note = work.actor.staff_id, work.now, ""
    work.record(SheetSettled(sheet.id, sum(field.corrected for field in sheet.fields)))


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


def take_up(work: Work, sheet: Sheet) -> None:
    """Put a held or unreadable sheet back among those to check."""
    if not sheet.fields:
        raise Invalid(_("読み取った内容がないため、確認に戻せません。読取をやり直してください。"))
    _move(sheet, SheetState.TO_VERIFY)
    work.record(SheetTakenUp(sheet.id))


def reopen(work: Work, sheet: Sheet) -> None:
    """Undo a settling. What follows up on it refuses (Invalid) once the record is being keyed."""
    _move(sheet, SheetState.TO_VERIFY)
    sheet.settled_by_id = sheet.settled_at = None
    work.record(SheetReopened(sheet.id))


def read_again(work: Work, sheet: Sheet) -> None:
    """Ask the machine once more, after a refusal or a mended reader."""
    _move(sheet, SheetState.RECEIVED)
    sheet.readings += 1
    sheet.fields = []
    work.ask(JobName.READ_SHEET, sheet.id, sheet.readings)
    work.record(SheetReadAgain(sheet.id))


def must_hold(work: Work, sheet: Sheet) -> None:
    """Raise Overtaken unless the person holds the sheet."""
    if sheet.claimed_by_id != work.actor.staff_id or sheet.state != SheetState.TO_VERIFY:
        raise Overtaken(_("この用紙の確認は時間切れになったか、ほかの職員に移りました。"))


def may_verify(actor: Actor) -> bool:
    return actor.may(Permission.SHEET_VERIFY)


def _kept_field(field: FieldReading) -> SheetField:
    forbidden = holds_my_number(field.text)
    return SheetField(
        key=field.key,
        read_text=without_my_number(field.text),
        read_value=None if forbidden else field.value,
        confidence=field.confidence,
        passes=field.passes and not forbidden,
        why_not=[*field.why_not, "my_number"] if forbidden else list(field.why_not),
        candidates=[each for each in field.candidates if not holds_my_number(each)],
        box=list(field.box_px),
        value=field.value if field.passes and not forbidden else None,
    )


def _put_aside(work: Work, sheet: Sheet, state: SheetState, note: str) -> None:
    note = reason_given(note, "note")
    _move(sheet, state)
    _stop_clock(work, sheet)
    sheet.note = note


def _move(sheet: Sheet, state: SheetState) -> None:
    if not may_become(SheetState(sheet.state), state):
        raise Overtaken(_("この用紙の状態が変わっています。最新の内容を確認してください。"))
    sheet.state = state


def _stop_clock(work: Work, sheet: Sheet) -> None:
    """People's time counts from the claim; more than a claim's length is a break, not work."""
    if sheet.claimed_at is not None:
        sheet.verify_seconds += min((work.now - sheet.claimed_at).total_seconds(), NEVER_MORE_SECONDS)
    sheet.claimed_by_id = sheet.claimed_at = sheet.claimed_until = None
