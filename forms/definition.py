"""What does a form ask, and which rules hold across its answers? A frozen model of its JSON.

Format 2 adds to format 1 what offices need who build their own forms: sections, help, conditions, computed fields and
tables; a form of format 1 is one that uses none of it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from forms.check_digits import CheckDigit
from forms.evaluation import ExpressionError
from forms.expressions import Expression, parse
from forms.field_types import LISTING, FieldType
from forms.problems import Severity

FORMAT = 2
MOST_FIELDS = 300
MOST_ROWS = 50

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Condition = Annotated[str, Field(max_length=1000)]
Width = Literal["full", "half", "third", "quarter"]


class DefinitionError(ValueError):
    """A form definition does not have the documented format; the sentence names the place."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormOption(_Part):
    """One of the answers that a question lists. Stored and compared is the `code`."""

    code: Key
    label: str
    label_en: str

    @property
    def name_en(self) -> str:
        """Return the English label, the Japanese one where nobody wrote one."""
        return self.label_en or self.label


class FormSection(_Part):
    """A heading over the fields that name its `code`."""

    code: Key
    title: str
    title_en: str = ""
    help: str = ""
    help_en: str = ""


class FormField(_Part):
    """One question, or a table of questions.

    `comb` is the number of digits, `pattern` a regular expression the whole normal form matches. `shown_if` and
    `required_if` are conditions on fields that stand before this one; `computed` says what the answer is, which then
    nobody gives. A table has `columns`, each asked once in each of its `rows`. A branch names the field of its `bank`.
    What is keyed `twice` is entered by two people. A `business_key` names a record in another system: twelve digits
    there are no 個人番号. `width` and `unit` are for screens and paper;
    without a width a field is as wide as its type needs.
    """

    key: Key
    label: str
    label_en: str
    type: FieldType
    required: bool = False
    comb: int | None = Field(default=None, ge=1, le=64)
    max_length: int | None = Field(default=None, ge=1, le=10_000)
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = Field(default=None, max_length=200)
    options: tuple[FormOption, ...] = Field(default=(), max_length=200)
    section: Key | None = None
    help: str = Field(default="", max_length=500)
    help_en: str = Field(default="", max_length=500)
    shown_if: Condition | None = None
    required_if: Condition | None = None
    computed: Condition | None = None
    check_digit: CheckDigit | None = None
    bank: Key | None = None
    columns: tuple["FormField", ...] = Field(default=(), max_length=12)
    rows: int | None = Field(default=None, ge=1, le=MOST_ROWS)
    twice: bool = False
    business_key: bool = False
    width: Width | None = None
    unit: str = Field(default="", max_length=10)

    @model_validator(mode="after")
    def _lists_options_where_it_chooses(self) -> Self:
        codes = [option.code for option in self.options]
        if (self.type in LISTING) is not bool(codes) or len(set(codes)) != len(codes):
            raise ValueError(f"{self.key}: a choice, and nothing else, lists options, each with its own code")
        return self

    @model_validator(mode="after")
    def _has_columns_where_it_is_a_table(self) -> Self:
        if (self.type is FieldType.TABLE) is not bool(self.columns) or bool(self.columns) is not bool(self.rows):
            raise ValueError(f"{self.key}: a table, and nothing else, has columns and a number of rows")
        if any(column.type in (FieldType.TABLE, FieldType.FILE) or column.shown_if for column in self.columns):
            raise ValueError(f"{self.key}: a column is neither a table nor a file, and always shown")
        return self

    @model_validator(mode="after")
    def _is_asked_or_computed(self) -> Self:
        if self.computed is not None and (self.required or self.required_if or self.options or self.columns):
            raise ValueError(f"{self.key}: what is computed is asked of nobody")
        if self.check_digit is not None and self.type is not FieldType.DIGITS:
            raise ValueError(f"{self.key}: only digits have a check digit")
        return self

    @field_validator("shown_if", "required_if", "computed")
    @classmethod
    def _is_in_the_language(cls, source: str | None) -> str | None:
        return source if source is None else _in_the_language(source)

    @property
    def name_en(self) -> str:
        """Return the English label, the Japanese one where nobody wrote one."""
        return self.label_en or self.label

    def cell(self, row: int) -> "FormField":
        """Return this column's question in `row`, counted from 1."""
        return self.model_copy(
            update={
                "key": f"{self.key}_{row}",
                "label": f"{self.label}({row}行目)",
                "label_en": f"{self.name_en} ({row})",
            }
        )


class FormRule(_Part):
    """A sentence that must hold. Where it is false the fields in `keys` are refused, or a person is asked.

    A rule that names columns of one table outside `total` and `filled` must hold in every row.
    """

    code: Key
    holds: str
    keys: tuple[Key, ...] = Field(min_length=1)
    severity: Severity
    message_ja: str
    message_en: str

    @field_validator("holds")
    @classmethod
    def _is_in_the_language(cls, source: str) -> str:
        return _in_the_language(source)


class FormDefinition(_Part):
    """One form, as its JSON tells it. `schema` counts the format's own versions."""

    format: Literal[1, 2] = Field(alias="schema")
    code: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    title: str
    title_en: str
    version: int = Field(ge=1)
    sections: tuple[FormSection, ...] = Field(default=(), max_length=50)
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=MOST_FIELDS)
    rules: tuple[FormRule, ...] = Field(default=(), max_length=100)

    @model_validator(mode="after")
    def _each_name_stands_once(self) -> Self:
        keys = [field.key for field in self.questions]
        tables = [field.key for field in self.fields if field.columns]
        named = [*keys, *tables, *self.table_of]
        if len(set(named)) != len(named) or len(keys) > MOST_FIELDS:
            raise ValueError(f"two fields have the same key, or there are more than {MOST_FIELDS}")
        sections = {section.code for section in self.sections}
        if len(sections) != len(self.sections):
            raise ValueError("two sections have the same code")
        for field in self.fields:
            if field.section is not None and field.section not in sections:
                raise ValueError(f"{field.key}: there is no section {field.section}")
        return self

    @model_validator(mode="after")
    def _rules_know_their_fields(self) -> Self:
        known = {field.key for field in self.questions} | set(self.table_of)
        for rule in self.rules:
            holds = parse(rule.holds)
            unknown = (holds.names | set(rule.keys)) - known | holds.columns - set(self.table_of)
            if unknown:
                raise ValueError(
                    f"the rule {rule.code} names fields that the form has not: {', '.join(sorted(unknown))}"
                )
            if len({self.table_of[name].key for name in holds.names if name in self.table_of}) > 1:
                raise ValueError(f"the rule {rule.code} names columns of two tables")
        return self

    @model_validator(mode="after")
    def _conditions_look_back(self) -> Self:
        """What depends only on what stands before it can neither turn in a circle nor wait for a later answer."""
        before: set[str] = set()
        columns: set[str] = set()
        for field in self.fields:
            inside = {column.key for column in field.columns}
            for part in (field, *field.columns):
                seen = before | (inside - {part.key} if part is not field else set())
                _refuse_what_looks_ahead(part, seen, columns)
            before |= {field.key} if not field.columns else {cell.key for cell in _cells(field)}
            columns |= inside
        return self

    @model_validator(mode="after")
    def _branches_know_their_bank(self) -> Self:
        banks = {field.key for field in (*self.questions, *self.table_of_columns()) if field.type is FieldType.BANK}
        for field in self.questions:
            if field.bank is not None and (field.type is not FieldType.BRANCH or field.bank not in banks):
                raise ValueError(f"{field.key}: a branch, and nothing else, names the field of its bank")
        return self

    @cached_property
    def questions(self) -> tuple[FormField, ...]:
        """Return every question that has an answer of its own: the fields, and for a table each of its cells."""
        return tuple(one for field in self.fields for one in (_cells(field) if field.columns else (field,)))

    @cached_property
    def table_of(self) -> dict[str, FormField]:
        """Return the table of each column, by the column's key."""
        return {column.key: field for field in self.fields for column in field.columns}

    @cached_property
    def row_of(self) -> dict[str, tuple[FormField, int]]:
        """Return the table and the row, counted from 1, of each cell, by the cell's key."""
        return {
            f"{column.key}_{row}": (table, row)
            for table in self.fields
            for row in range(1, (table.rows or 0) + 1)
            for column in table.columns
        }

    def table_of_columns(self) -> Iterator[FormField]:
        """Yield the columns of all tables."""
        return (column for field in self.fields for column in field.columns)

    def field(self, key: str) -> FormField:
        """Return the question `key`. Raises KeyError when the form has none of that name."""
        return next((field for field in self.questions if field.key == key), None) or _no_field(key)


def _cells(table: FormField) -> Iterator[FormField]:
    inside = {column.key for column in table.columns}
    for row in range(1, (table.rows or 0) + 1):
        for column in table.columns:
            bank = f"{column.bank}_{row}" if column.bank in inside else column.bank
            yield column.cell(row).model_copy(update={"section": table.section, "bank": bank})


def _in_the_language(source: str) -> str:
    try:
        parse(source)
    except ExpressionError as reason:
        raise ValueError(str(reason)) from reason
    return source


def _refuse_what_looks_ahead(field: FormField, before: set[str], columns: set[str]) -> None:
    for source in (field.shown_if, field.required_if, field.computed):
        said: Expression | None = parse(source) if source is not None else None
        ahead = (said.names - before | said.columns - columns) if said else frozenset()
        if ahead:
            raise ValueError(
                f"{field.key}: its condition names what does not stand before it: {', '.join(sorted(ahead))}"
            )


def _no_field(key: str) -> FormField:
    raise KeyError(key)


def parse_definition(text: str | bytes) -> FormDefinition:
    """Read a definition from JSON. Raises DefinitionError naming the place at fault."""
    try:
        return FormDefinition.model_validate_json(text)
    except ValidationError as reason:
        first = reason.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "form"
        raise DefinitionError(f"様式の定義が読めません: {place}: {first['msg']}") from reason
