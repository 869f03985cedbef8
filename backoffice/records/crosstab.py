"""How many of this by that? A list added up in rows and columns: head counts by centre and month, say.

Where nothing came the table is empty, not 0: whoever has not reported is seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, cast, func
from sqlalchemy.orm import Session

from backoffice.records.models import Record
from backoffice.records.queries import Listing
from backoffice.web.answers_in import option_label
from backoffice.web.translations import _, translate
from forms.definition import FormField
from forms.field_types import LISTING, FieldType

MOST_ROWS = 300
MOST_COLUMNS = 24
_LEFT_OUT = _("多いため、行は300、列は新しい24までを出しています。条件で絞り込んでください。")

Group = str | None
Cells = Mapping[tuple[Group, Group], int]


@dataclass(frozen=True)
class Crosstab:
    """Labels of the columns, and of each row its label, its cells (None where nothing came) and their sum."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int | None], int]]
    sums: Sequence[int]
    total: int
    left_out: int
    """Rows and columns beyond what a page shows."""

    @property
    def remark(self) -> str:
        """What whoever reads it has to know (a msgid), "" where all of it is there."""
        return _LEFT_OUT if self.left_out else ""


def crosstab(session: Session, listing: Listing, by: str, across: str, adding: str = "") -> Crosstab:
    """Count records, or add up `adding`, by the answers to two questions; a day counts to its month."""
    down, right = listing.definition.field(by), listing.definition.field(across)
    groups = (_group(down), _group(right))
    amount = func.sum(cast(Record.values[adding].as_string(), BigInteger)) if adding else func.count(Record.id)
    statement = listing.records().with_only_columns(*groups, amount).order_by(None).group_by(*groups)
    return laid_out({(row, column): int(many or 0) for row, column, many in session.execute(statement)}, down, right)


def laid_out(cells: Cells, down: FormField, right: FormField) -> Crosstab:
    """Lay amounts out: rows and columns in order, those without an answer last; of many columns the latest."""
    every_row, every_column = (sorted({cell[way] for cell in cells}, key=_last_if_none) for way in (0, 1))
    rows, columns = every_row[:MOST_ROWS], every_column[-MOST_COLUMNS:]
    lines = [(group_label(down, row), [cells.get((row, column)) for column in columns]) for row in rows]
    sums = [sum(line[place] or 0 for _label, line in lines) for place in range(len(columns))]
    return Crosstab(
        [group_label(right, column) for column in columns],
        [(label, line, sum(cell or 0 for cell in line)) for label, line in lines],
        sums,
        sum(sums),
        len(every_row) - len(rows) + len(every_column) - len(columns),
    )


def group_label(question: FormField, answer: str | None) -> str:
    """Name a bar: an option by its label, a month as people say it, and what was left empty."""
    if answer is None:
        return translate(_("(空欄)"))
    if question.type in LISTING:
        labels = {option.code: option_label(option) for option in question.options}
        return "、".join(labels.get(code, code) for code in answer.split(","))
    if question.type is FieldType.CHECKBOX:
        return translate(_("あり")) if answer in ("true", "1") else translate(_("なし"))
    return answer


def _group(question: FormField) -> ColumnElement[str]:
    written: ColumnElement[str] = Record.values[question.key].as_string()
    return func.substr(written, 1, 7) if question.type is FieldType.DATE else written


def _last_if_none(group: Group) -> tuple[bool, str]:
    return group is None, group or ""
