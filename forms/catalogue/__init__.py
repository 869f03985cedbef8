"""Which forms does the office ship, and what do they look like on paper? One folder a form, inside the package.

A form that is asked on a screen only (a note to a decision, the review of a grant) has a definition and no layout.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable

from forms.definition import FormDefinition, parse_definition
from forms.layout import Blanks, PaperLayout, load_layout


class UnknownFormError(LookupError):
    """The catalogue has no form of this code."""


@dataclass(frozen=True)
class CataloguedForm:
    """A form that also comes on paper: its questions, its layout there and its empty pages."""

    definition: FormDefinition
    layout: PaperLayout
    blanks: Blanks


def _folders() -> list[Traversable]:
    return sorted((folder for folder in files(__name__).iterdir() if _has_form(folder)), key=lambda one: one.name)


def _has_form(folder: Traversable) -> bool:
    return folder.is_dir() and folder.joinpath("form.json").is_file()


@lru_cache(maxsize=1)
def every_definition() -> Mapping[str, FormDefinition]:
    """Return what the forms of the catalogue ask, by code, whether they come on paper or not. They are read once."""
    read = (parse_definition(folder.joinpath("form.json").read_bytes()) for folder in _folders())
    return {definition.code: definition for definition in read}


def definition(code: str) -> FormDefinition:
    """Return what the form `code` asks, e.g. `decision-note`. Raises UnknownFormError."""
    try:
        return every_definition()[code]
    except KeyError as reason:
        raise UnknownFormError(f"様式 {code} は登録されていません。") from reason


@lru_cache(maxsize=1)
def every_form() -> tuple[CataloguedForm, ...]:
    """Return the forms of the catalogue that come on paper, by code. They are read once."""
    return tuple(_read(folder) for folder in _folders() if folder.joinpath("layout.json").is_file())


def _read(folder: Traversable) -> CataloguedForm:
    asked = parse_definition(folder.joinpath("form.json").read_bytes())
    with as_file(folder) as path:
        layout, blanks = load_layout(path / "layout.json")
    return CataloguedForm(asked, layout, blanks)


def find(code: str) -> CataloguedForm:
    """Return the form `code` that comes on paper, e.g. `shugaku-enjo`. Raises UnknownFormError."""
    for form in every_form():
        if form.definition.code == code:
            return form
    raise UnknownFormError(f"様式 {code} は登録されていません。")


def definition_for(layout: PaperLayout) -> FormDefinition | None:
    """Return the definition that asks the same questions as `layout`, if the catalogue has it.

    The title, the version and every field's key and type must be the same; a layout drawn elsewhere has none.
    """
    for form in every_form():
        same_form = (form.layout.form, form.layout.version) == (layout.form, layout.version)
        if same_form and _questions(form.layout) == _questions(layout):
            return form.definition
    return None


def _questions(layout: PaperLayout) -> set[tuple[str, str]]:
    return {(field.key, field.type.value) for field in layout.fields}
