"""How does a route get what was typed, when the fields are the form's own and not the program's?"""

import re
import unicodedata
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from backoffice.errors import Invalid
from backoffice.web.translations import _
from forms.problems import NotNormalError
from forms.wareki import parse_date

LONGEST_NUMBER = 12
MOST_FILES = 20
"""With one form. An input that was left empty is sent as a file, too."""
_IN_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+", re.ASCII)


async def read_form(request: Request) -> Mapping[str, str]:
    """Give the text fields of a posted form; of a name sent twice the last counts, files are left out."""
    async with request.form(max_files=0, max_fields=1000) as form:
        return {name: value for name, value in form.multi_items() if isinstance(value, str)}


@dataclass(frozen=True)
class FilledForm:
    """A posted form: its texts, of a name sent twice the last, and the files that came, by the name of their input."""

    texts: Mapping[str, str]
    files: Mapping[str, UploadFile]


async def read_filled_form(request: Request) -> AsyncIterator[FilledForm]:
    """Give a posted form with its files, open until the answer is made."""
    async with request.form(max_files=1000, max_fields=1000) as form:
        items = form.multi_items()
        yield FilledForm(
            {name: value for name, value in items if isinstance(value, str)},
            {name: value for name, value in items if isinstance(value, UploadFile)},
        )


async def read_form_lists(request: Request) -> Mapping[str, list[str]]:
    """Give all values of each text field of a posted form: boxes that are ticked in a list share one name."""
    async with request.form(max_files=0, max_fields=1000) as form:
        return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


def whole_number(text: str) -> int | None:
    """Give the number that stands in a field; None for anything else, and for digits without end."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def number_typed(text: str) -> int | None:
    """Give a number as people type it: in full width too, and with commas between thousands."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return whole_number(plain.replace(",", "") if _IN_THOUSANDS.fullmatch(plain) else plain)


def seen_of(form: Mapping[str, str]) -> int:
    """Give the state of the record that the person saw; 0, which none has, for nonsense."""
    return whole_number(form.get("version", "")) or 0


def read_day(form: Mapping[str, str], field: str) -> date:
    """Give a day written as people write it. Raises Invalid naming the field."""
    try:
        return parse_date(form.get(field, ""))
    except NotNormalError as trouble:
        said = _("日付を「令和8年4月1日」や「2026/4/1」の形で入れてください。")
        raise Invalid(_("入力を確認してください"), {field: said}) from trouble


FormLists = Annotated[Mapping[str, list[str]], Depends(read_form_lists)]
FormWithFiles = Annotated[FilledForm, Depends(read_filled_form)]
FormData = Annotated[Mapping[str, str], Depends(read_form)]
