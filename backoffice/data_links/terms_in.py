"""How are terms read from the page on which they are written?

Lists stand as numbered rows, one empty row after the last. What is no number and no day comes back as it was typed;
whatever else is missing is told on the page of the version, so that half an agreement can be kept.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from backoffice.errors import Invalid
from backoffice.web.forms_in import read_day, whole_number
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.showing import day_typed
from backoffice.web.translations import _
from forms.my_number import holds_my_number
from workflows.links import (
    ATTRIBUTES,
    Contact,
    Direction,
    Ground,
    Necessity,
    Purpose,
    SecurityClass,
    Shown,
    SubjectGroup,
    System,
    Terms,
    Use,
)
from workflows.rules.facts import WARDS

MOST_ROWS = 12
"""Of purposes, groups of people or contacts."""
LONGEST = 2000
NUMBERS = ("retention_days", "per_person_day", "per_person_year", "per_minute")
DAYS = ("valid_from", "valid_until", "review_on")
_CONTACT = ("name", "telephone", "mail")
_NAMES = ("code", "ja", "en")

Form = Mapping[str, str]
Choice = TypeVar("Choice", bound=StrEnum)


def terms_typed(form: Form) -> Terms:
    """Give the terms that a posted form says. Raises Invalid with what is wrong, by field."""
    wrong = dict(_not_readable(form))
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    purposes = tuple(_purposes(form))
    return Terms(
        giver=_system(form, "giver"),
        recipient=_system(form, "recipient"),
        direction=_choice(form, "direction", Direction.GIVES),
        controller=_text(form, "controller"),
        private_partner=form.get("private_partner") == "yes",
        purposes=purposes,
        ground=_choice(form, "ground", Ground.CONSENT),
        uses=tuple(_uses(form)),
        shown=Shown(*(_text(form, f"shown-{language}") for language in ("ja", "easy", "en"))),
        retention_days=int(form["retention_days"]),
        per_person_day=int(form["per_person_day"]),
        per_person_year=int(form["per_person_year"]),
        per_minute=int(form["per_minute"]),
        subjects=tuple(_groups(form)),
        security=_choice(form, "security", SecurityClass.CONFIDENTIALITY_2),
        valid_from=read_day(form, "valid_from"),
        valid_until=read_day(form, "valid_until"),
        review_on=read_day(form, "review_on"),
        contacts=tuple(_contacts(form)),
        emergency_contact=_contact(form, "emergency"),
    )


def typed_of(terms: Terms) -> Form:
    """Give terms as they would be typed: the form of the page, filled in."""
    typed = {
        "direction": str(terms.direction),
        "controller": terms.controller,
        "private_partner": "yes" if terms.private_partner else "",
        "ground": str(terms.ground),
        "security": str(terms.security),
        **{f"shown-{language}": getattr(terms.shown, language) for language in ("ja", "easy", "en")},
        **{field: str(getattr(terms, field)) for field in NUMBERS},
        **{field: day_typed(getattr(terms, field)) for field in DAYS},
    }
    for end in ("giver", "recipient"):
        typed |= _row(end, getattr(terms, end), _NAMES)
    for at, purpose in enumerate(terms.purposes):
        typed |= _row(f"purpose-{at}", purpose, _NAMES)
    for use in terms.uses:
        typed |= {f"use-{use.attribute}": str(use.necessity), f"reason-{use.attribute}": use.reason}
        typed |= {
            f"for-{use.attribute}-{at}": "yes"
            for at, purpose in enumerate(terms.purposes)
            if purpose.code in use.purposes
        }
    for at, group in enumerate(terms.subjects):
        typed |= {f"group-{at}": "yes"} | {f"ward-{at}-{ward}": "yes" for ward in group.wards}
        typed |= {f"from-{at}": _number(group.from_age), f"to-{at}": _number(group.to_age)}
    for at, contact in enumerate(terms.contacts):
        typed |= _row(f"contact-{at}", contact, _CONTACT)
    return typed | _row("emergency", terms.emergency_contact, _CONTACT)


def only_purpose_in(form: Form) -> int | None:
    """Give the row of the purpose where there is one alone, or none yet: the first then."""
    rows = [at for at in range(MOST_ROWS) if _text(form, f"purpose-{at}-code")]
    return next(iter(rows), 0) if len(rows) <= 1 else None


def rows_in(form: Form, *prefixes: str) -> range:
    """Give the numbers of the rows of a list that are shown: those that say something, and one empty one."""
    filled = {key.split("-")[1] for key, text in form.items() if text and key.split("-")[0] in prefixes}
    last = max((at for at in range(MOST_ROWS) if str(at) in filled), default=-1)
    return range(min(last + 2, MOST_ROWS))


def _not_readable(form: Form) -> Iterator[tuple[str, str]]:
    for field in NUMBERS:
        if whole_number(form.get(field, "").strip()) is None:
            yield field, _("数字を入れてください。")
    for field in DAYS:
        try:
            read_day(form, field)
        except Invalid as trouble:
            yield from trouble.fields.items()
    for field in (f"{end}-{at}" for end in ("from", "to") for at in range(MOST_ROWS)):
        if form.get(field, "").strip() and whole_number(form[field].strip()) is None:
            yield field, _("年齢を数字で入れてください。")
    yield from _not_fit(form)


def _not_fit(form: Form) -> Iterator[tuple[str, str]]:
    for field, text in form.items():
        if len(text) > LONGEST:
            yield field, _("文が長すぎます。")
        elif holds_my_number(text):
            yield field, NO_MY_NUMBER


def _purposes(form: Form) -> Iterator[Purpose]:
    for at in range(MOST_ROWS):
        names = [_text(form, f"purpose-{at}-{part}") for part in _NAMES]
        if any(names):
            yield Purpose(*names)


def _uses(form: Form) -> Iterator[Use]:
    # Numbered as on the page, where a row left empty in between keeps its number.
    codes = [_text(form, f"purpose-{at}-code") for at in range(MOST_ROWS)]
    # With one purpose there is nothing to choose: everything is for it.
    only = [code for code in codes if code]
    for attribute in ATTRIBUTES:
        chosen = form.get(f"use-{attribute}", "")
        if chosen in set(Necessity):
            named = [code for at, code in enumerate(codes) if code and form.get(f"for-{attribute}-{at}")]
            purposes = only if len(only) == 1 else named
            yield Use(attribute, Necessity(chosen), tuple(purposes), _text(form, f"reason-{attribute}"))


def _groups(form: Form) -> Iterator[SubjectGroup]:
    for at in range(MOST_ROWS):
        wards = tuple(ward.code for ward in WARDS if form.get(f"ward-{at}-{ward.code}"))
        low, high = (whole_number(form.get(f"{end}-{at}", "").strip()) for end in ("from", "to"))
        if form.get(f"group-{at}") or wards or low is not None or high is not None:
            yield SubjectGroup(wards, low, high)


def _contacts(form: Form) -> Iterator[Contact]:
    for at in range(MOST_ROWS):
        contact = _contact(form, f"contact-{at}")
        if contact != Contact("", "", ""):
            yield contact


def _contact(form: Form, prefix: str) -> Contact:
    return Contact(*(_text(form, f"{prefix}-{part}") for part in _CONTACT))


def _system(form: Form, prefix: str) -> System:
    return System(*(_text(form, f"{prefix}-{part}") for part in _NAMES))


def _text(form: Form, field: str) -> str:
    return form.get(field, "").strip()


def _choice(form: Form, field: str, otherwise: Choice) -> Choice:
    kind = type(otherwise)
    return kind(form[field]) if form.get(field) in set(kind) else otherwise


def _row(prefix: str, of: object, parts: tuple[str, ...]) -> dict[str, str]:
    return {f"{prefix}-{part}": getattr(of, part) for part in parts}


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
