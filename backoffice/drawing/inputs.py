"""What comes in from the forms of routes, and what of it can be taken?"""

import unicodedata
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

from backoffice.web.forms_in import whole_number
from workflows.routes import WrittenInput, WrittenOutput, WrittenRow, WrittenTable

MOST_FIELDS = 2_500
"""A table of 100 rows with 16 columns, and its heads."""


def read_confirmed(form: Mapping[str, str]) -> frozenset[int]:
    """Give the ids of the versions that a person has said they overrule: of those they saw, and of no later one."""
    found = (whole_number(each) for each in form.get("overrules", "").split("-"))
    return frozenset(each for each in found if each is not None)


async def read_grid(request: Request) -> Mapping[str, str]:
    """Give the fields of a posted table, of which there may be more than any other form has."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: _for_xml(value) for name, value in form.multi_items() if isinstance(value, str)}


def _for_xml(text: str) -> str:
    """Leave out what no XML file may hold: a drawing with it could never be read again."""
    return "".join(each for each in text if unicodedata.category(each) not in {"Cc", "Cs", "Cn"})


GridData = Annotated[Mapping[str, str], Depends(read_grid)]


def read_table_form(form: Mapping[str, str]) -> WrittenTable:
    """Give the table that stands in the form's fields: `input-0-label`, `row-2-when-0` and so on."""
    inputs, outputs = _count(form, "input", "type"), _count(form, "output", "type")
    return WrittenTable(
        form.get("hit", "unique"),
        tuple(WrittenInput(**_named(form, f"input-{at}", ("label", "expression", "type", "values"))) for at in inputs),
        tuple(WrittenOutput(**_named(form, f"output-{at}", ("name", "label", "type"))) for at in outputs),
        tuple(
            WrittenRow(
                tuple(form.get(f"row-{row}-when-{at}", "").strip() for at in inputs),
                tuple(form.get(f"row-{row}-then-{at}", "").strip() for at in outputs),
                form.get(f"row-{row}-id", ""),
            )
            for row in _count(form, "row", "id")
        ),
    )


def _count(form: Mapping[str, str], what: str, last: str) -> range:
    """Rows and columns are numbered from 0 without gaps; each has one field that is always sent."""
    return range(next(number for number in range(MOST_FIELDS) if f"{what}-{number}-{last}" not in form))


def _named(form: Mapping[str, str], place: str, names: tuple[str, ...]) -> dict[str, str]:
    return {name: form.get(f"{place}-{name}", "").strip() for name in names}
