"""Which rows or which text does a file hold that a clerk brings? Guarded: size, rows, and what cannot be opened."""

from datetime import datetime
from pathlib import PurePath

from backoffice.errors import Invalid
from backoffice.web.csv_in import rows_of, text_of
from backoffice.web.translations import _, translate
from backoffice.web.workbooks import as_text, opened
from forms.building.draft import LONGEST_TITLE
from forms.importing import Imported, NotImportedError, draft_of_json, draft_of_list, draft_of_table, is_list
from forms.importing.field_lists import Row

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2_000
MOST_COLUMNS = 300
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")


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
    """Give the rows of the first sheet that has any."""
    found: list[list[str]] = []
    with opened(content) as book:
        for sheet in book.sheet_names:
            found = found or [
                [_cell(value) for value in row] for row in book.get_sheet_by_name(sheet).to_python(nrows=MOST_ROWS + 1)
            ]
    return [(number, cells) for number, cells in enumerate(found, start=1) if any(cell.strip() for cell in cells)]


def _cell(value: object) -> str:
    """Give a cell as text; of a moment the day, since its type is guessed from it."""
    return value.date().isoformat() if isinstance(value, datetime) else as_text(value)
