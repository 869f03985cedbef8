"""What do people send to intake: pictures at the counter, values typed beside a snippet?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import UploadFile

from backoffice.errors import Invalid
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from forms.answers import Normal, normalise
from forms.catalogue import CataloguedForm
from forms.definition import FormField
from forms.field_types import FieldType, Value
from forms.my_number import holds_my_number, without_my_number
from forms.problems import Problem, Severity
from forms.validation import validate
from forms.wareki import show_wareki
from ocr.decode import decode
from ocr.refusal import PageRefusedError

FILES_AT_ONCE = 500


@dataclass(frozen=True)
class Picture:
    name: str
    content: bytes


def read_picture(upload: UploadFile, limit: int) -> Picture:
    """Give an uploaded picture that can be decoded; raises Invalid with a reason for any other file."""
    if (upload.size or 0) > limit:
        raise Invalid(_("ファイルが大きすぎます(上限%(limit)sMB)。"), limit=limit // 1024 // 1024)
    content = upload.file.read(limit + 1)
    try:
        decode(content)
    except PageRefusedError as refusal:
        raise Invalid(refusal.reason) from refusal
    return Picture(safe_name(upload.filename or ""), content)


def safe_name(name: str) -> str:
    """Give a file's own name, without folders and without characters that do not show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown_part = "".join(character for character in last if character.isprintable())[:120]
    return without_my_number(shown_part) or "名称なし"


@dataclass(frozen=True)
class Checked:
    """What a person typed: values in normal form, what refuses them, what only asks to be looked at again."""

    values: Mapping[str, Value]
    refusing: Mapping[str, Problem]
    asking: tuple[Problem, ...]


def check_answers(form: CataloguedForm, typed: Mapping[str, str]) -> Checked:
    """Read all fields of a form as typed. An unticked box is not sent by a browser: it is false."""
    values: dict[str, Value] = {}
    refusing: dict[str, Problem] = {}
    for field in form.definition.fields:
        normal = _understood(field, typed.get(field.key, ""))
        values[field.key] = normal.value
        if normal.problem is not None:
            refusing[field.key] = normal.problem
    found = [problem for problem in validate(form.definition, values) if problem.key not in refusing]
    refusing |= {problem.key: problem for problem in found if problem.severity is Severity.REFUSE}
    return Checked(values, refusing, tuple(problem for problem in found if problem.severity is Severity.ASK))


def echo(field: FormField, typed: str) -> tuple[str, Problem | None]:
    """Say how one answer is understood, for the note beside its input."""
    normal = _understood(field, typed)
    return shown(field.type, normal.value), normal.problem


def _understood(field: FormField, typed: str) -> Normal:
    if holds_my_number(typed):
        refused = Problem(field.key, "my_number", NO_MY_NUMBER, "My Numbers (12 digits) must not be entered here.")
        return Normal(None, "", refused)
    return normalise(field, typed)


def shown(kind: FieldType, value: Value) -> str:
    """Write a normal form as a clerk writes it: a date in the Japanese era, yen with commas."""
    if value is None:
        return ""
    if kind is FieldType.DATE:
        return _wareki(str(value))
    if kind is FieldType.YEN and isinstance(value, int):
        return f"{value:,}"
    if kind is FieldType.CHECKBOX:
        return "on" if value else ""
    return str(value)


def _wareki(iso: str) -> str:
    return show_wareki(date.fromisoformat(iso))
