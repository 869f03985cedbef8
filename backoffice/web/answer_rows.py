"""How do a form's questions stand on a page: to be filled in, come back as typed, or read as given?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from backoffice.web.answers_in import (
    TICK,
    Checked,
    check_answers,
    label_of,
    option_label,
    read_aloud,
    sentence,
    shown,
    typed_text,
)
from backoffice.web.translations import language_now
from forms.answers import is_normal
from forms.asking import Settled, settle
from forms.definition import FormDefinition, FormField, FormSection
from forms.field_types import LISTING, NUMBERS, FieldType, Value
from forms.places import places_of

FORMAT_OF_OFFICES = 2
"""Forms of format 1 are asked as they always were; what offices build has sections, help and look-ups besides."""
_BY_DIGITS = NUMBERS | {FieldType.DIGITS, FieldType.ACCOUNT, FieldType.POSTAL_CODE, FieldType.PHONE}
_ECHOED = NUMBERS | {FieldType.DATE, FieldType.KATAKANA, FieldType.PHONE}


@dataclass(frozen=True)
class AnswerRow:
    """One question of a form, as it is filled in or shown; a table has its questions in `cells`, row by row."""

    name: str
    label: str
    type: str
    text: str
    required: bool
    max_length: int
    problem: str
    options: Sequence[tuple[str, str]] = ()
    key: str = ""
    help: str = ""
    unit: str = ""
    heading: str = ""
    """Of the section that begins with this question."""
    heading_help: str = ""
    computed: bool = False
    width: str = "full"
    several: bool = False
    """Any number of the options may be chosen."""
    look_up: str = ""
    """What the page can look up while one types: places, banks, branches, or how an answer is understood."""
    look_up_with: str = ""
    """The name of the other input that a look-up reads or fills."""
    said: str = ""
    """How what was typed is understood."""
    by_digits: bool = False
    of_office: bool = False
    """In a form that an office built."""
    columns: Sequence["AnswerRow"] = ()
    cells: Sequence[Sequence["AnswerRow"]] = ()

    @property
    def ticked(self) -> bool:
        return self.text == "on"

    @property
    def chosen(self) -> str:
        """The labels of the options that were chosen."""
        picked = self.text.split(",") if self.several else [self.text]
        return "、".join(label for code, label in self.options if code and code in picked)

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Each option of which several may be chosen: the name of its box, its label, whether it is chosen."""
        picked = self.text.split(",")
        return [(f"{self.name}{TICK}{code}", label, code in picked) for code, label in self.options if code]


def answer_rows(
    definition: FormDefinition,
    values: Mapping[str, Value],
    typed: Mapping[str, str] | None = None,
    checked: Checked | None = None,
    prefix: str = "",
) -> list[AnswerRow]:
    """Give a form's questions with what was typed, else with what is kept; those that the answers hide are left out."""
    now = checked.values if checked else values
    if typed is not None and checked is None:
        now = check_answers(definition, {name.removeprefix(prefix): text for name, text in typed.items()}).values
    rows = _Rows(definition, settle(definition, now), values, typed, checked, prefix)
    return list(rows.all())


def given_answers(definition: FormDefinition, values: Mapping[str, Value]) -> list[AnswerRow]:
    """Give a form's questions with what is kept, to be read."""
    rows = _Rows(definition, settle(definition, values), values, None, None, "")
    return list(rows.all(aloud=True))


@dataclass(frozen=True)
class _Rows:
    definition: FormDefinition
    settled: Settled
    values: Mapping[str, Value]
    typed: Mapping[str, str] | None
    checked: Checked | None
    prefix: str

    def all(self, *, aloud: bool = False) -> Iterator[AnswerRow]:
        sections = {section.code: section for section in self.definition.sections}
        last: str | None = None
        for field in self.definition.fields:
            row = self._table(field, aloud=aloud) if field.columns else self._row(field, aloud=aloud)
            if row is None:
                continue
            if field.section is not None and field.section != last:
                row = _headed(row, sections.get(field.section))
            last = field.section
            yield row

    def _table(self, table: FormField, *, aloud: bool) -> AnswerRow | None:
        cells = [
            [row for column in table.columns if (row := self._row(column.cell(number), aloud=aloud, table=table))]
            for number in range(1, (table.rows or 0) + 1)
        ]
        if not any(cells):
            return None
        columns = [question_row(column, self.prefix) for column in table.columns]
        if aloud:
            cells = [row for row in cells if any(cell.text for cell in row)]
        return replace(question_row(table, self.prefix), columns=columns, cells=cells)

    def _row(self, field: FormField, *, aloud: bool, table: FormField | None = None) -> AnswerRow | None:
        if field.key not in self.settled.shown:
            return None
        problem = self.checked.refusing.get(field.key) if self.checked else None
        value = self.settled.values.get(field.key) if field.computed is not None else self.values.get(field.key)
        if self.typed is None or field.computed is not None:
            text = read_aloud(field.type, value) if aloud else shown(field.type, value)
        else:
            text = typed_text(field, self.typed, self.prefix)
        row = replace(
            question_row(field, self.prefix),
            text=text,
            required=field.key in self.settled.required and field.type is not FieldType.CHECKBOX,
            problem=sentence(problem) if problem else "",
        )
        if self.definition.format != FORMAT_OF_OFFICES:
            return row
        return replace(self._with_look_up(row, field, table), said=self._understood(field) if not table else "")

    def _understood(self, field: FormField) -> str:
        """Say how what was typed is read, as the look-up would while one types."""
        value = self.settled.values.get(field.key) if self.typed is not None else None
        if value is None or (field.type not in _ECHOED and field.type is not FieldType.POSTAL_CODE):
            return ""
        if field.type is FieldType.POSTAL_CODE:
            return "、".join(str(place) for place in places_of(str(value)))
        return read_aloud(field.type, value) if is_normal(field, value) else ""

    def _with_look_up(self, row: AnswerRow, field: FormField, table: FormField | None) -> AnswerRow:
        row = replace(row, by_digits=field.type in _BY_DIGITS, of_office=True)
        if field.type is FieldType.POSTAL_CODE:
            return replace(row, look_up="places", look_up_with=self._address_behind(field, table))
        if field.type is FieldType.BANK:
            return replace(row, look_up="banks")
        if field.type is FieldType.BRANCH:
            bank = field.bank or ""
            inside = table is not None and any(column.key == bank for column in table.columns)
            number = field.key.rpartition("_")[2]
            return replace(row, look_up="branches", look_up_with=self.prefix + (f"{bank}_{number}" if inside else bank))
        return replace(row, look_up="understood") if field.type in _ECHOED and not table else row

    def _address_behind(self, code: FormField, table: FormField | None) -> str:
        """Give the address that a postal code fills: the next one, unless another code stands before it."""
        if table is not None:
            return ""
        fields = list(self.definition.fields)
        behind = fields[[field.key for field in fields].index(code.key) + 1 :]
        for field in behind:
            if field.type is FieldType.POSTAL_CODE:
                break
            if field.type is FieldType.ADDRESS:
                return self.prefix + field.key
        return ""


def question_row(field: FormField, prefix: str) -> AnswerRow:
    """Give a question without its answer."""
    listed = [(option.code, option_label(option)) for option in field.options]
    several = field.type is FieldType.CHOICES
    return AnswerRow(
        name=prefix + field.key,
        label=label_of(field),
        type=str(field.type),
        text="",
        required=field.required and field.type is not FieldType.CHECKBOX,
        max_length=field.max_length or 0,
        problem="",
        options=[*([] if several else [("", "—")]), *listed] if field.type in LISTING else (),
        key=field.key,
        help=(language_now() == "en" and field.help_en) or field.help,
        unit=field.unit,
        computed=field.computed is not None,
        width=field.width or "full",
        several=several,
    )


def _headed(row: AnswerRow, section: FormSection | None) -> AnswerRow:
    if section is None:
        return row
    english = language_now() == "en"
    return replace(
        row,
        heading=(english and section.title_en) or section.title,
        heading_help=(english and section.help_en) or section.help,
    )
