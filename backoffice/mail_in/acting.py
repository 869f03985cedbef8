"""What does the worker do with letters? Attachments become paper or rows of a list; letters go on to colleagues.

Each act is looked at, prepared outside every transaction, and done in a unit of its own that finds it waiting still:
run again after a crash it does no harm.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from sqlalchemy import select

from backoffice.errors import Invalid, NotThere
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Actor, Origin
from backoffice.inbox.stuck import is_momentary
from backoffice.intake.inputs import check_scan
from backoffice.intake.receiving import Arrived, only_form, receive
from backoffice.intake.workflow import BatchSource
from backoffice.log import place_of
from backoffice.mail_in.events import LetterActDone
from backoffice.mail_in.models import MailAct, MailEnclosure, MailLetter
from backoffice.mail_in.queries import whole_letter
from backoffice.mail_in.sorting import settle
from backoffice.mail_in.workflow import ActKind, ActState
from backoffice.records import importing, queries
from backoffice.records.import_models import RecordImport
from backoffice.records.importing import Brought
from backoffice.records.outlook import outlook
from backoffice.records.reports_in import brought_of, is_rather_report, read_files
from backoffice.records.sheets_in import read_sheet
from backoffice.vault import StoredFile
from backoffice.web.forms_in import whole_number
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.definition import FormDefinition

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 20
PAUSE = timedelta(minutes=1)

log = structlog.get_logger("gijo.mail_in")


@dataclass(frozen=True)
class Rows:
    """What a file brings to a list, checked; `known`: a person matched such columns once, or labels tell a report's."""

    design: FormDesign
    definition: FormDefinition
    brought: Brought
    known: bool


def tick(office: Office) -> None:
    """Take in what waits to be taken in."""
    for kind, act in ((ActKind.PAPER, _take_paper), (ActKind.LIST, _take_lists)):
        for letter_id in waiting(office, kind):
            carry_out(office, letter_id, kind, act)


def waiting(office: Office, kind: ActKind, most: int = AT_ONCE) -> list[int]:
    """Give the letters with which something of a kind is to be done now, the oldest first."""
    with office.look(HOUSE) as work:
        due = (MailAct.kind == kind, MailAct.state == ActState.WAITING, MailAct.next_at <= work.now)
        letters = select(MailAct.letter_id).where(*due).distinct().order_by(MailAct.letter_id).limit(most)
        return list(work.session.scalars(letters))


def carry_out(office: Office, letter_id: int, kind: ActKind, act: Callable[[Office, MailLetter], None]) -> None:
    """Do what waits with one letter: whatever it raises stops no other, and is shown to people."""
    try:
        with office.look(HOUSE) as work:
            letter = whole_letter(work.session, letter_id)
        act(office, letter)
    except Exception as trouble:  # noqa: BLE001 -- the letters after this one are taken in all the same
        log.error("letter not taken in", record_id=letter_id, trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
        with office.unit(HOUSE) as work:
            for one in waiting_in(whole_letter(work.session, letter_id, lock=True), kind):
                if is_momentary(trouble):
                    one.next_at = work.now + PAUSE
                else:
                    finish(work, one, ActState.TROUBLE, _("処理できませんでした。もう一度仕分けてください。"))


def waiting_in(letter: MailLetter, kind: ActKind) -> list[MailAct]:
    return [act for act in letter.acts if act.kind == kind and act.state == ActState.WAITING]


def finish(work: Work, act: MailAct, state: ActState, said: str = "", **params: object) -> None:
    """Note what became of an act, and let its letter stand as that says."""
    act.state, act.said, act.params = state, said, params
    settle(act.letter)
    work.record(LetterActDone(act.letter_id, act.id, state))


def acting_for(letter: MailLetter) -> Actor:
    """Give the house at work in the letter's department."""
    return replace(HOUSE, department_id=letter.department_id)


def _take_paper(office: Office, letter: MailLetter) -> None:
    """Hand attachments to intake, those for one form as one batch."""
    wrong = {act.id: _why_no_paper(office, act.enclosure) for act in waiting_in(letter, ActKind.PAPER)}
    with office.unit(acting_for(letter)) as work:
        by_form: dict[str, list[MailAct]] = defaultdict(list)
        for act in waiting_in(whole_letter(work.session, letter.id, lock=True), ActKind.PAPER):
            refusal = wrong.get(act.id)
            if refusal is None:
                by_form[act.target].append(act)
            else:
                finish(work, act, ActState.TROUBLE, refusal.message, **refusal.params)
        for code, acts in by_form.items():
            _hand_to_intake(work, code, acts)


def _why_no_paper(office: Office, file: MailEnclosure | None) -> Invalid | None:
    try:
        check_scan(_content(office, file), office.settings)
    except Invalid as refusal:
        return refusal
    return None


def _hand_to_intake(work: Work, code: str, acts: Sequence[MailAct]) -> None:
    try:
        form = only_form(work, code)
    except Invalid as refusal:
        for act in acts:
            finish(work, act, ActState.TROUBLE, refusal.message)
        return
    arrived = [Arrived(file.name, file.file) for act in acts if (file := act.enclosure) and file.file]
    batch, refused = receive(work, arrived, form, work.actor.department_id, BatchSource.MAIL)
    told = {one.file.id: one for one in refused if one.file}
    for act in acts:
        there = told.get(act.enclosure.file_id or 0) if act.enclosure else None
        if there:
            finish(work, act, ActState.DONE, there.reason, **there.params)
        else:
            act.batch = batch
            finish(work, act, ActState.DONE)


def _take_lists(office: Office, letter: MailLetter) -> None:
    for act in waiting_in(letter, ActKind.LIST):
        try:
            _keep_rows(office, act, _rows(office, acting_for(letter), act))
        except (Invalid, NotThere) as refusal:
            with office.unit(acting_for(letter)) as work:
                for one in _still_waiting(work, act):
                    finish(work, one, ActState.TROUBLE, refusal.message, **refusal.params)


def _rows(office: Office, actor: Actor, act: MailAct) -> Rows:
    """Read a table, or a report that is one record, and check it; no unit is open. Raises Invalid, NotThere."""
    content = _content(office, act.enclosure)
    sheet = read_sheet(content)
    name = act.enclosure.name if act.enclosure else ""
    with office.look(actor) as work:
        design, definition = queries.find_form(work.session, actor, whole_number(act.target) or 0)
        mapping = importing.read(work.session, actor, design.id, definition, sheet)
        known = importing.is_known(work.session, actor, design.id, sheet)
    [report] = read_files(definition, [(name, content)])
    if not known and is_rather_report(report, mapping):
        with office.look(actor) as work:
            brought = brought_of(work.session, definition, design.id, actor.department_id, [report])
        return Rows(design, definition, brought, known=True)
    found = outlook(definition, mapping, sheet.rows)
    brought = Brought(name, hashlib.sha256(content).hexdigest(), sheet, mapping, found)
    return Rows(design, definition, brought, known)


def _keep_rows(office: Office, act: MailAct, rows: Rows) -> None:
    """Take rows in where a person has matched such columns before; else the file waits for one. Raises Invalid."""
    with office.unit(acting_for(act.letter)) as work:
        for one in _still_waiting(work, act):
            brought = importing.bring(work, rows.design, rows.definition, rows.brought)
            one.record_import = importing.find_import(work.session, work.actor, brought.id)
            work.session.flush()
            if not rows.known:
                said = _("列の対応をまだ覚えていません。取り込みの画面で確かめてください。")
                finish(work, one, ActState.TROUBLE, said)
                continue
            _take(work, one, one.record_import, rows)


def _take(work: Work, act: MailAct, brought: RecordImport, rows: Rows) -> None:
    left = len(rows.brought.found.waiting)
    try:
        importing.take(work, brought, rows.definition)
    except Invalid as refusal:
        finish(work, act, ActState.TROUBLE, refusal.message, **refusal.params)
        return
    if left:
        finish(work, act, ActState.TROUBLE, _("%(n)s行は保留です。取り込みの画面で直してください。"), n=left)
    else:
        finish(work, act, ActState.DONE)


def _still_waiting(work: Work, act: MailAct) -> list[MailAct]:
    return [
        one
        for one in waiting_in(whole_letter(work.session, act.letter_id, lock=True), ActKind.LIST)
        if one.id == act.id
    ]


def _content(office: Office, file: MailEnclosure | None) -> bytes:
    """Give an attachment's content. Raises Invalid where it was erased meanwhile."""
    stored: StoredFile | None = file.file if file else None
    if stored is None or stored.erased_at is not None:
        raise Invalid(_("添付ファイルは消去されています。"))
    return office.files.read(stored)
