"""What do the fields of one page say about each other? Places, and the form's own rules."""

import re
from collections.abc import Iterable
from dataclasses import replace

from forms.definition import FormDefinition
from forms.field_types import FieldType
from forms.places import Place, lies_in, places_of
from forms.validation import validate
from forms.widths import without_spaces
from ocr.page import FieldReading

_TAIL = re.compile(r"[0-9].*")


def places_checked(fields: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
    """Compare each postal code with the address that follows it, as forms print them in pairs.

    A form's second address has a code of its own or none. A code not in use asks about the code; an address outside the
    code's places asks about both. A place that the code confirms needs neither both engines nor every letter of it.
    """
    checked = list(fields)
    code: int | None = None
    for here, field in enumerate(fields):
        if field.type is FieldType.POSTAL_CODE:
            code = here
        elif field.type is FieldType.ADDRESS and code is not None:
            checked[code], checked[here] = _pair(fields[code], field)
            code = None
    return tuple(checked)


def _pair(code: FieldReading, address: FieldReading) -> tuple[FieldReading, FieldReading]:
    if not isinstance(code.value, str) or not isinstance(address.value, str):
        return code, address
    places = places_of(code.value)
    if not places:
        return doubted(code, "postal_unknown"), address
    proposed = _with_proposals(address, places)
    spelled = _spelled_by(places, address) if code.passes else None
    if spelled is not None:
        return code, _confirmed(replace(proposed, value=spelled, text=spelled))
    if not any(lies_in(address.value, place) for place in places):
        return doubted(code, "postal_address"), doubted(proposed, "postal_address")
    return code, proposed


def _spelled_by(places: tuple[Place, ...], address: FieldReading) -> str | None:
    """Return the address with its place spelled as one of the code's, None where no reading of it is one of them.

    An engine or a runner-up must have read the place so: 香椎 is no misreading of 香椎浜, whatever the code says.
    """
    tail = _TAIL.search(str(address.value))
    if tail is None:
        return None
    names = {name for place in places for name in (str(place), place.city + place.neighborhood)}
    readings = (str(address.value), address.second_text, *address.candidates)
    begins = (_TAIL.sub("", without_spaces(reading)) for reading in readings)
    return next((name + tail[0] for name in begins if name in names), None)


def _confirmed(address: FieldReading) -> FieldReading:
    tail = _TAIL.search(str(address.value))
    ends_alike = tail is not None and without_spaces(address.second_text).endswith(without_spaces(tail[0]))
    lifted = {"engines_differ"} if ends_alike else set()
    return replace(address, why_not=tuple(code for code in address.why_not if code not in lifted))


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
