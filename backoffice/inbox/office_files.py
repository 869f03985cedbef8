"""Does a Word, Excel or PowerPoint file carry a program (macro)? Read from the names inside it; nothing is unpacked.

Such a file is a zip archive. One that cannot be read is refused: what nobody can look into hangs on no case.
"""

import struct
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from backoffice.errors import Invalid
from backoffice.web.translations import _

ENTRY = b"PK\x01\x02"
"""Begins each entry of an archive's table of contents."""
MOST_ENTRIES = 5_000
CONTENT_TYPES = "[content_types].xml"
"""Stands in every file of these kinds, and in no other archive."""
PROGRAMS = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
SHEETS_OF_PROGRAM = "/macrosheets/"
TROUBLES = (BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, struct.error)
"""What the archive reader raises for what is no archive, or one that it does not know."""


def must_hold_no_program(content: bytes, name: str) -> None:
    """Raise Invalid for a file with macros, for a broken one, and for an archive of another kind."""
    inside = _names_inside(content, name)
    if CONTENT_TYPES not in inside:
        raise Invalid(_("%(name)s の中身は、名前の種類と違います。"), name=name)
    if any(each.endswith(PROGRAMS) or SHEETS_OF_PROGRAM in f"/{each}" for each in inside):
        raise with_program(name)


def with_program(name: str) -> Invalid:
    """Give the refusal of a file that carries a program, or whose kind may."""
    return Invalid(
        _("%(name)s はマクロ(プログラム)の入るファイルです。マクロのない形式で保存し直してください。"),
        name=name,
    )


def _names_inside(content: bytes, name: str) -> set[str]:
    # Counted first: the reader makes an object of each entry, however many an archive claims.
    if content.count(ENTRY) > MOST_ENTRIES:
        raise Invalid(_("%(name)s は部品が多すぎて確かめられません。PDFにして添付してください。"), name=name)
    try:
        with ZipFile(BytesIO(content)) as archive:
            return {each.replace("\\", "/").lower() for each in archive.namelist()}
    except TROUBLES as broken:
        raise Invalid(
            _("%(name)s は壊れていて開けません。開けることを確かめ、保存し直してください。"), name=name
        ) from broken
