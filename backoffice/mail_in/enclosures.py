"""Which attachments are taken, and why not the others? Kinds that the office works with, looked at by their content."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 -- zlib names it in lower case

from backoffice.errors import Invalid
from backoffice.inbox.attaching import MACROS, OFFICE, TEXTS, document_of, ending_of
from backoffice.mail_in.reading import Part, text_of
from backoffice.settings import MEBIBYTE
from backoffice.web.file_names import safe_name
from backoffice.web.translations import _
from backoffice.web.workbooks import every_row
from forms.my_number import holds_my_number
from ocr.headers import HEADER, begins_as
from ocr.refusal import PageRefusedError

MOST_FILES = 200
"""Of one letter, those within archives among them."""
MOST_UNPACKED = 100 * MEBIBYTE
ARCHIVE, ARCHIVE_ENTRY = b"PK\x03\x04", b"PK\x01\x02"
ENCRYPTED = 0x1
TNEF = "winmail.dat"
SHEETS = frozenset({"xlsx", "csv"})


class EnclosureKind(StrEnum):
    PAPER = "paper"
    """PDF and pictures: what a scanner makes."""
    SHEET = "sheet"
    DOCUMENT = "document"
    REFUSED = "refused"


KIND_NAMES = {
    EnclosureKind.PAPER: _("PDF・画像"),
    EnclosureKind.SHEET: _("表(Excel・CSV)"),
    EnclosureKind.DOCUMENT: _("文書"),
    EnclosureKind.REFUSED: _("受け取れない"),
}


@dataclass(frozen=True)
class Enclosed:
    """An attachment that was looked at: taken with its content, or refused with a msgid that says why."""

    name: str
    kind: EnclosureKind
    size: int
    content: bytes = b""
    media_type: str = ""
    refusal: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class _Allowance:
    """How much may still be unpacked of one letter; also what is then refused was unpacked."""

    left: int = MOST_UNPACKED


def look_at(parts: Sequence[Part], limit: int) -> list[Enclosed]:
    """Look at all attachments of a letter, archives opened. A file may have `limit` bytes; what is refused is told."""
    found: list[Enclosed] = []
    allowance = _Allowance()
    for part in parts:
        if len(found) >= MOST_FILES:
            found.append(_refused(part, _("添付ファイルが多すぎます(%(most)s件まで)。"), most=MOST_FILES))
            break
        if not _is_archive(part):
            found.append(_look(part, limit))
            continue
        try:
            inside = list(_unpacked(part, allowance, limit * 2, MOST_FILES - len(found)))
        except Invalid as refusal:
            found.append(_refused(part, refusal.message, **refusal.params))
            continue
        found += [_look(each, limit) for each in inside]
    return found


def _look(part: Part, limit: int) -> Enclosed:
    try:
        return _taken(part, limit)
    except Invalid as refusal:
        return _refused(part, refusal.message, **refusal.params)


def _taken(part: Part, limit: int) -> Enclosed:
    """Give an attachment with its kind. Raises Invalid with the reason for one that is not taken."""
    ending = ending_of(part.name)
    if part.name.lower() == TNEF:
        raise Invalid(_("Outlookの独自形式(winmail.dat)です。HTML形式で送り直してもらってください。"))
    if len(part.content) > limit:
        raise Invalid(_("ファイルが大きすぎます(上限%(limit)sMB)。"), limit=limit // MEBIBYTE)
    if _is_archive(part):
        raise Invalid(_("ZIPの中のZIPは開きません。"))
    try:
        kind = begins_as(part.content[:HEADER])
    except PageRefusedError:
        document = document_of(part.name, part.content)
        _must_hold_no_my_number(ending, part.content)
        sort = EnclosureKind.SHEET if ending in SHEETS else EnclosureKind.DOCUMENT
        return Enclosed(part.name, sort, len(part.content), part.content, document.media_type)
    # Also something else may begin as a PDF does: it is saved under an ending that starts no program.
    name = part.name if ending in kind.endings else f"{part.name[:100]}.{kind}"
    return Enclosed(name, EnclosureKind.PAPER, len(part.content), part.content, kind.media_type)


def _must_hold_no_my_number(ending: str, content: bytes) -> None:
    """Raise Invalid for a text or a table in which one stands; on paper the reading process finds it."""
    lines: Iterable[str] = ()
    if ending in TEXTS:
        lines = [text_of(content)]
    elif ending in SHEETS:
        lines = ("\n".join(row) for row in every_row(content))
    if any(holds_my_number(line) for line in lines):
        raise Invalid(_("個人番号らしい数字があるため、受け取りません。"))


def _is_archive(part: Part) -> bool:
    return part.content.startswith(ARCHIVE) and ending_of(part.name) not in OFFICE | MACROS


def _unpacked(part: Part, allowance: _Allowance, most_bytes: int, most_files: int) -> Iterator[Part]:
    """Give what is in an archive. Raises Invalid for one that is locked, broken, or unpacks to too much."""
    # Counted first: the reader makes an object of each entry, however many an archive claims.
    if part.content.count(ARCHIVE_ENTRY) > most_files:
        raise Invalid(_("ZIPの中のファイルが多すぎます(%(most)s件まで)。"), most=MOST_FILES)
    try:
        # Japanese Windows names files in its own code where the archive does not say UTF-8.
        with ZipFile(BytesIO(part.content), metadata_encoding="cp932") as archive:
            left = min(allowance.left, most_bytes)
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                content = _one(archive, entry, allowance, left)
                left -= len(content)
                yield Part(safe_name(entry.filename), content)
    except (BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, ZlibError, OSError) as trouble:
        raise Invalid(_("ZIPが壊れていて開けません。")) from trouble


def _one(archive: ZipFile, entry: ZipInfo, allowance: _Allowance, most: int) -> bytes:
    if entry.flag_bits & ENCRYPTED:
        raise Invalid(_("パスワード付きのZIPは開けません。パスワードを付けずに送り直してもらってください。"))
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Invalid(_("ZIPの圧縮の方式が分かりません。"))
    # Before it is read: a broken one is unpacked as well, and never beyond the size that its entry says.
    allowance.left -= min(entry.file_size, most + 1)
    with archive.open(entry) as packed:
        content = packed.read(most + 1)
    if len(content) > most:
        raise Invalid(_("ZIPを開くと大きすぎます(%(most)sMBまで)。"), most=MOST_UNPACKED // MEBIBYTE)
    return content


def _refused(part: Part, reason: str, **params: object) -> Enclosed:
    return Enclosed(part.name, EnclosureKind.REFUSED, len(part.content), refusal=reason, params=params)
