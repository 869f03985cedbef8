"""What is a form while somebody builds it? Each part is right by itself; whether they fit together is asked later."""

from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forms.definition import FORMAT, DefinitionError, FormDefinition, FormField, FormRule, FormSection
from forms.zones import ForeignPaper

LONGEST_TITLE = 120

Item = FormField | FormSection
"""What stands in the list of a form: a question, or a heading over those that follow."""


class FormDraft(BaseModel):
    """The parts of a form that is being built. A condition may name what is gone, and there may be no field yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(max_length=LONGEST_TITLE)
    title_en: str = Field(default="", max_length=LONGEST_TITLE)
    sections: tuple[FormSection, ...] = Field(default=(), max_length=50)
    fields: tuple[FormField, ...] = Field(default=(), max_length=300)
    rules: tuple[FormRule, ...] = Field(default=(), max_length=100)
    spent: tuple[str, ...] = ()
    """Keys of versions in use, which no new question takes: what is stored under one goes on meaning the same."""
    paper: ForeignPaper | None = None
    """Paper that the house did not print; None for a form whose paper the house composes."""

    @classmethod
    def of(cls, definition: FormDefinition, spent: Iterable[str] = ()) -> Self:
        """Begin with what a version asks; `spent`: the keys of all versions until now."""
        return cls(
            spent=tuple(sorted(spent)),
            title=definition.title,
            title_en=definition.title_en,
            sections=definition.sections,
            fields=definition.fields,
            rules=definition.rules,
        )

    def definition(self, code: str, version: int) -> FormDefinition:
        """Return the form as it is put into use. Raises DefinitionError naming the place at fault."""
        try:
            return FormDefinition.model_validate({"schema": FORMAT, "code": code, "version": version} | self._parts())
        except ValidationError as reason:
            raise DefinitionError(str(reason.errors()[0]["msg"])) from reason

    def as_it_is(self, code: str = "draft", version: int = 1) -> FormDefinition:
        """Return the form as far as it goes, unchecked: what is asked before anybody mended it."""
        return FormDefinition.model_construct(
            format=2,
            code=code,
            version=version,
            title=self.title,
            title_en=self.title_en,
            sections=self.sections,
            fields=self.fields,
            rules=self.rules,
        )

    def items(self) -> tuple[Item, ...]:
        """Return questions and headings as they stand: those under no heading first, then each heading with its own."""
        found: list[Item] = [field for field in self.fields if field.section is None]
        for section in self.sections:
            found += [section, *(field for field in self.fields if field.section == section.code)]
        return tuple(found)

    def with_items(self, items: tuple[Item, ...]) -> "FormDraft":
        """Return the draft with these questions and headings, each question under the heading before it."""
        fields: list[FormField] = []
        sections: list[FormSection] = []
        for item in items:
            if isinstance(item, FormSection):
                sections.append(item)
            else:
                under = sections[-1].code if sections else None
                fields.append(item if item.section == under else item.model_copy(update={"section": under}))
        return self.with_(sections=tuple(sections), fields=tuple(fields))

    def with_(self, **parts: object) -> "FormDraft":
        """Return the draft with other parts, checked anew. Raises ValidationError."""
        return FormDraft(**(self._parts() | {"spent": self.spent, "paper": self.paper} | parts))

    def every_field(self) -> Iterator[FormField]:
        """Yield each question and, after a table, its columns."""
        for field in self.fields:
            yield field
            yield from field.columns

    def find(self, key: str) -> FormField:
        """Return the question or column `key`. Raises KeyError."""
        found = {field.key: field for field in self.every_field()}
        return found[key]

    def table_of(self, key: str) -> FormField | None:
        """Return the table in which the column `key` stands, None for a question of its own."""
        return next((table for table in self.fields if any(column.key == key for column in table.columns)), None)

    def label_of(self, key: str) -> str:
        """Return how the question is called, its key where there is none of that name."""
        return next((field.label for field in self.every_field() if field.key == key), key)

    def _parts(self) -> dict[str, object]:
        return {
            "title": self.title,
            "title_en": self.title_en,
            "sections": self.sections,
            "fields": self.fields,
            "rules": self.rules,
        }
