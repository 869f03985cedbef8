"""How is a CSV file that staff bring read? UTF-8 (with or without BOM) or Shift_JIS, each row with its line."""

import csv
import io

from backoffice.errors import Invalid
from backoffice.web.translations import _

NO_FILE = _("CSVファイルを選んでください。")


def text_of(content: bytes, most_bytes: int) -> str:
    """Give what a file says. Raises Invalid for an empty one, one that is too large, or one of unknown letters."""
    if not content.strip():
        raise Invalid(NO_FILE)
    if len(content) > most_bytes:
        raise Invalid(_("ファイルが大きすぎます(%(most)s MBまで)。"), most=most_bytes // (1024 * 1024))
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "cp932"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Invalid(_("文字を読み取れません。UTF-8かShift_JISのCSVで保存し直してください。"))


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    """Give each row that is not empty, with its line as a spreadsheet counts it. Raises Invalid for what is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as trouble:
        raise Invalid(_("CSVとして読み取れません(%(line)s行目)。"), line=reader.line_num) from trouble
