"""What does a form ask, and which rules hold across its answers? A frozen model of its JSON."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from forms.evaluation import ExpressionError
from forms.expressions import parse
from forms.field_types import FieldType
from forms.problems import Severity

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class DefinitionError(ValueError):
    """A form definition does not have the documented format; the sentence names the place."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormOption(_Part):
    """One of the answers that a question lists. Stored and compared is the `code`."""

    code: Key
    label: str
    label_en: str


class FormField(_Part):
    """One question. `comb` is the number of digits, `pattern` a regular expression the whole normal form matches."""

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
    options: tuple[FormOption, ...] = ()

    @model_validator(mode="after")
    def _lists_options_where_it_chooses(self) -> Self:
        codes = [option.code for option in self.options]
        if (self.type is FieldType.CHOICE) is not bool(codes) or len(set(codes)) != len(codes):
            raise ValueError(f"{self.key}: a choice, and nothing else, lists options, each with its own code")
        return self


class FormRule(_Part):
    """A sentence that must hold. Where it is false the fields in `keys` are refused, or a person is asked."""

    code: Key
    holds: str
    keys: tuple[Key, ...] = Field(min_length=1)
    severity: Severity
    message_ja: str
    message_en: str

    @field_validator("holds")
    @classmethod
    def _is_in_the_language(cls, source: str) -> str:
        try:
            parse(source)
        except ExpressionError as reason:
            raise ValueError(str(reason)) from reason
        return source


class FormDefinition(_Part):
    """One form, as its JSON tells it. `schema` counts the format's own versions."""

    format: Literal[1] = Field(alias="schema")
    code: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    title: str
    title_en: str
    version: int = Field(ge=1)
    fields: tuple[FormField, ...] = Field(min_length=1)
    rules: tuple[FormRule, ...] = ()

    @model_validator(mode="after")
    def _rules_know_their_fields(self) -> Self:
        keys = [field.key for field in self.fields]
        if len(set(keys)) != len(keys):
            raise ValueError("two fields have the same key")
        for rule in self.rules:
            unknown = (parse(rule.holds).names | set(rule.keys)) - set(keys)
            if unknown:
                raise ValueError(
                    f"the rule {rule.code} names fields that the form has not: {', '.join(sorted(unknown))}"
                )
        return self

    def field(self, key: str) -> FormField:
        """Return the question `key`. Raises KeyError when the form has none of that name."""
        return next((field for field in self.fields if field.key == key), None) or _no_field(key)


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
