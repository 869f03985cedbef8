"""Which rows or which text does a file hold that a clerk brings? Guarded: size, rows, and what cannot be opened."""

import io
from collections.abc import Sequence
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from backoffice.errors import Invalid
from backoffice.web.csv_in import rows_of, text_of
from backoffice.web.translations import _, translate
from forms.building.draft import LONGEST_TITLE
from forms.importing import Imported, NotImportedError, draft_of_json, draft_of_list, draft_of_table, is_list
from forms.importing.field_lists import Row

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2_000
MOST_COLUMNS = 300
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
UNPACKED_BYTES = 64 * 1024 * 1024
"""What a spreadsheet may come to once it is unpacked: a small file can hide a very large one."""


def read(name: str, content: bytes) -> Imported:
    """Give the draft that a file makes. Raises Invalid with a sentence for one that cannot be read."""
    if len(content) > MOST_BYTES:
        raise Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=MOST_BYTES // (1024 * 1024))
    if not content.strip():
        raise Invalid(_("ファイルが空です。"))
    path = PurePath(name)
    title = path.stem[:LONGEST_TITLE] or translate(_("取り込んだ様式"))
    try:
        if path.suffix.lower() == ".json":
            return draft_of_json(title, text_of(content, MOST_BYTES))
        rows = _spreadsheet(content) if path.suffix.lower() in SPREADSHEETS else rows_of(text_of(content, MOST_BYTES))
        if len(rows) > MOST_ROWS or any(len(cells) > MOST_COLUMNS for _number, cells in rows):
            raise Invalid(
                _("行か列が多すぎます(%(rows)s行、%(columns)s列まで)。"), rows=MOST_ROWS, columns=MOST_COLUMNS
            )
        return draft_of_list(title, rows) if is_list(rows) else draft_of_table(title, rows)
    except NotImportedError as reason:
        raise Invalid(reason.message_ja) from reason


def _spreadsheet(content: bytes) -> list[Row]:
    """Give the rows of the first sheet that has any: values only, formulas as what they came to."""
    _must_not_burst(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found: Sequence[Sequence[object]] = ()
        for sheet in book.sheet_names:
            found = found or book.get_sheet_by_name(sheet).to_python(nrows=MOST_ROWS + 1)
    except (CalamineError, BadZipFile, ValueError, OSError) as reason:
        raise Invalid(
            _("Excelファイルを開けません。壊れているか、パスワードがかかっています。保護を外して保存し直してください。")
        ) from reason
    rows = [(number, [_cell(value) for value in cells]) for number, cells in enumerate(found, start=1)]
    return [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]


def _must_not_burst(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except BadZipFile as reason:
        raise Invalid(
            _("Excelファイルを開けません。壊れているか、パスワードがかかっています。保護を外して保存し直してください。")
        ) from reason
    if size > UNPACKED_BYTES:
        raise Invalid(_("Excelファイルの中身が大きすぎます。"))


def _cell(value: object) -> str:
    """Give a cell as text: a whole number has no decimals, a day stands in ISO 8601."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat())[:10] if isoformat else str(value)
