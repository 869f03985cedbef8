"""How does a route get what was typed, when the fields are the form's own and not the program's?"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

LONGEST_NUMBER = 12


async def read_form(request: Request) -> Mapping[str, str]:
    """Give the text fields of a posted form; of a name sent twice the last counts, files are left out."""
    async with request.form(max_files=0, max_fields=1000) as form:
        return {name: value for name, value in form.multi_items() if isinstance(value, str)}


async def read_form_lists(request: Request) -> Mapping[str, list[str]]:
    """Give all values of each text field of a posted form: boxes that are ticked in a list share one name."""
    async with request.form(max_files=0, max_fields=1000) as form:
        return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


def whole_number(text: str) -> int | None:
    """Give the number that stands in a field; None for anything else, and for digits without end."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


FormLists = Annotated[Mapping[str, list[str]], Depends(read_form_lists)]
FormData = Annotated[Mapping[str, str], Depends(read_form)]
