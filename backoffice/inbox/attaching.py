"""Which files may hang on a case? Documents of known kinds, whose content is what their name says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from starlette.datastructures import UploadFile

from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken, Refusal
from backoffice.identity import Permission
from backoffice.inbox.events import FileAttached, FileRemoved
from backoffice.inbox.models import Attachment, Case, Task, Vote
from backoffice.inbox.moving import add_entry
from backoffice.inbox.office_files import must_hold_no_program, with_program
from backoffice.inbox.opening import may_mend
from backoffice.inbox.workflow import CaseState
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number, without_my_number
from ocr.headers import FileKind

KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": (FileKind.PDF.media_type, (b"%PDF-",)),
    "png": (FileKind.PNG.media_type, (b"\x89PNG\r\n\x1a\n",)),
    "jpg": (FileKind.JPEG.media_type, (b"\xff\xd8\xff",)),
    "jpeg": (FileKind.JPEG.media_type, (b"\xff\xd8\xff",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    "csv": ("text/csv", ()),
    "txt": ("text/plain", ()),
}
"""Ending: media type and how such a file begins. Programs are not among them."""
MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"})
OFFICE = frozenset({"docx", "xlsx", "pptx"})
TEXTS = frozenset({"csv", "txt"})
AT_MOST = 20


@dataclass(frozen=True)
class Document:
    name: str
    media_type: str
    content: bytes


def read_document(upload: UploadFile, limit: int) -> Document:
    """Give an uploaded file that may hang on a case; raises Invalid with the reason for any other."""
    if (upload.size or 0) > limit:
        raise Invalid(_("ファイルが大きすぎます(上限%(limit)sMB)。"), limit=limit // 1024 // 1024)
    return document_of(_plain_name(upload.filename or ""), upload.file.read(limit + 1))


def document_of(name: str, content: bytes) -> Document:
    """Give a file of a known kind whose content is what its name says; raises Invalid with the reason for any other."""
    if not content:
        raise Invalid(_("%(name)s は空のファイルです。"), name=name)
    ending = ending_of(name)
    if ending in MACROS:
        raise with_program(name)
    if ending not in KINDS:
        raise Invalid(
            _("%(name)s は添付できない種類です(PDF・PNG・JPEG・Word・Excel・PowerPoint・CSV・テキスト)。"), name=name
        )
    media_type, beginnings = KINDS[ending]
    if ending not in TEXTS and not content.startswith(beginnings):
        raise Invalid(_("%(name)s の中身は、名前の種類と違います。"), name=name)
    if ending in OFFICE:
        must_hold_no_program(content, name)
    if ending in TEXTS:
        _must_be_text(content, name)
    return Document(name, media_type, content)


def ending_of(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def attach(work: Work, case: Case, document: Document, stored: StoredFile, count: int) -> Attachment:
    """Hang a checked and stored file on a case that is not over yet. `count` are there already."""
    if case.state in (CaseState.ENDED, CaseState.ENDING):
        raise Overtaken(_("終わった案件には添付できません。"))
    if count >= AT_MOST:
        raise Invalid(_("添付は%(limit)s件までです。"), limit=AT_MOST)
    work.session.add(stored)
    work.session.flush()
    attachment = Attachment(
        case_id=case.id,
        file_id=stored.id,
        name=document.name,
        added_by_id=work.actor.staff_id,
        added_at=work.now,
    )
    work.session.add(attachment)
    work.session.flush()
    add_entry(work, case, "attached", words=document.name)
    work.record(FileAttached(case.id, attachment.id))
    return attachment


def remove(work: Work, case: Case, attachment: Attachment, stored: StoredFile) -> None:
    """Take a file off and destroy its key: only who added it, before the end, not behind those who decided on it."""
    if attachment.removed_at is not None:
        raise NotThere(_("この添付はもう外されています。"))
    refusal = _why_it_stays(work, case, attachment, _decided_on_at(work, case))
    if refusal is not None:
        raise refusal
    attachment.removed_at = work.now
    work.office.files.erase(stored, work.now)
    add_entry(work, case, "detached", words=attachment.name)
    work.record(FileRemoved(case.id, attachment.id))


def removable(work: Work, case: Case, attachments: Iterable[Attachment]) -> frozenset[int]:
    """Give the ids of those that the person may take off now, all in one or two questions to the database."""
    own = [each for each in attachments if each.added_by_id == work.actor.staff_id]
    if not own or not work.actor.may(Permission.CASE_DRAFT):
        return frozenset()
    decided_on = _decided_on_at(work, case)
    return frozenset(each.id for each in own if _why_it_stays(work, case, each, decided_on) is None)


def _why_it_stays(work: Work, case: Case, attachment: Attachment, decided_on: datetime | None) -> Refusal | None:
    if attachment.added_by_id != work.actor.staff_id:
        return NotPermitted(_("添付を外せるのは、加えた人だけです。"))
    if case.state in (CaseState.ENDED, CaseState.ENDING):
        return Overtaken(_("終わった案件の添付は外せません。"))
    if decided_on is not None and decided_on >= attachment.added_at:
        return Overtaken(_("この添付を見て決めた人がいるため、外せません。"))
    return None


def _decided_on_at(work: Work, case: Case) -> datetime | None:
    """Give when somebody last decided on what a running case then held; None while its drafter mends it."""
    if case.state != CaseState.RUNNING or may_mend(work, case):
        return None
    decided = select(func.max(Vote.at)).join(Vote.task).where(Task.case_id == case.id, Vote.undone_at.is_(None))
    return work.session.scalar(decided)


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable())[-120:]
    return without_my_number(shown) or "名称なし"


def _must_be_text(content: bytes, name: str) -> None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        if holds_my_number(text):
            raise Invalid(_("%(name)s に個人番号(12桁)があります。消してからやり直してください。"), name=name)
        return
    raise Invalid(_("%(name)s の中身は、名前の種類と違います。"), name=name)
