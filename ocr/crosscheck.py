"""What do the fields of one page say about each other? Places, and the form's own rules."""

import re
from collections.abc import Iterable
from dataclasses import replace

from forms.definition import FormDefinition
from forms.field_types import FieldType
from forms.places import Place, lies_in, places_of
from forms.validation import validate
from ocr.page import FieldReading

_TAIL = re.compile(r"[0-9].*")


def places_checked(fields: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
    """Compare each address with the postal code before it, as forms print them in pairs.

    A code not in use asks about the code; an address outside the code's places asks about both. An address that is
    exactly one of the places, followed by a number both engines read alike, no longer needs the engines to agree on
    the place's name.
    """
    checked = list(fields)
    for here, address in enumerate(fields):
        codes = [place for place in range(here) if fields[place].type is FieldType.POSTAL_CODE]
        if address.type is FieldType.ADDRESS and codes:
            checked[codes[-1]], checked[here] = _pair(checked[codes[-1]], address)
    return tuple(checked)


def _pair(code: FieldReading, address: FieldReading) -> tuple[FieldReading, FieldReading]:
    if not isinstance(code.value, str) or not isinstance(address.value, str):
        return code, address
    places = places_of(code.value)
    if not places:
        return doubted(code, "postal_unknown"), address
    proposed = _with_proposals(address, places)
    if not any(lies_in(address.value, place) for place in places):
        return doubted(code, "postal_address"), doubted(proposed, "postal_address")
    return code, _confirmed(proposed, places) if code.passes else proposed


def _confirmed(address: FieldReading, places: tuple[Place, ...]) -> FieldReading:
    value = str(address.value)
    tail = _TAIL.search(value)
    named = tail is not None and value[: tail.start()] in {str(place) for place in places}
    if not named or tail is None or not address.second_text.endswith(tail[0]):
        return address
    return replace(address, why_not=tuple(code for code in address.why_not if code != "engines_differ"))


def _with_proposals(address: FieldReading, places: tuple[Place, ...]) -> FieldReading:
    tail = _TAIL.search(str(address.value))
    proposals = [f"{place}{tail[0] if tail else ''}" for place in places]
    return replace(address, candidates=distinct((*proposals, *address.candidates), besides=str(address.value)))


def doubted(field: FieldReading, code: str) -> FieldReading:
    """Return the field with one more reason to ask a person."""
    return field if code in field.why_not else replace(field, why_not=(*field.why_not, code))


def rules_checked(fields: tuple[FieldReading, ...], definition: FormDefinition) -> tuple[FieldReading, ...]:
    """Ask about every field that breaks a rule of the form's definition.

    A field that a person is asked about anyway does not draw others into a rule: its value may be what is wrong. The
    clerk's own answers are checked by the same rules.
    """
    known = {field.key: field.value for field in fields if field.passes}
    codes: dict[str, list[str]] = {}
    for problem in validate(definition, known):
        if problem.key in known:
            codes.setdefault(problem.key, []).append(problem.code)
    return tuple(
        replace(field, why_not=(*field.why_not, *(c for c in codes.get(field.key, ()) if c not in field.why_not)))
        for field in fields
    )


def distinct(texts: Iterable[str], besides: str, most: int = 3) -> tuple[str, ...]:
    """Return the first `most` different texts that are neither empty nor `besides`."""
    return tuple(text for text in dict.fromkeys(texts) if text and text != besides)[:most]
