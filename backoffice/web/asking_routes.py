"""What can be looked up while somebody fills in a form: places of a postal code, banks, how an answer is understood."""

from collections.abc import Iterable

from fastapi.responses import JSONResponse

from backoffice.identity import Permission
from backoffice.web.answers_in import echo, sentence
from backoffice.web.forms_in import FormData
from backoffice.web.rendering import PERSONAL
from backoffice.web.routing import StaffRouter
from forms.banks import Listed, banks_named, branches_of, every_bank
from forms.definition import FormField
from forms.field_types import LISTING, FieldType
from forms.places import places_of
from forms.widths import plain, without_spaces

MOST_SHOWN = 20
POSTAL_CODE_DIGITS = 7

staff = StaffRouter()


@staff.page("/asking/places", Permission.HOME_VIEW)
def places(code: str = "") -> JSONResponse:
    """Give the places of a postal code, as an address begins with them."""
    digits = plain(code).replace("-", "")
    known = len(digits) == POSTAL_CODE_DIGITS and digits.isascii() and digits.isdigit()
    return _answer([str(place) for place in places_of(digits)][:MOST_SHOWN] if known else [])


@staff.page("/asking/banks", Permission.HOME_VIEW)
def banks(name: str = "") -> JSONResponse:
    """Give the banks whose name or reading holds what was typed."""
    return _answer(_matching(every_bank(), name))


@staff.page("/asking/branches", Permission.HOME_VIEW)
def branches(bank: str = "", name: str = "") -> JSONResponse:
    """Give the branches of a bank whose name or reading holds what was typed."""
    found = banks_named(bank)
    return _answer(_matching(branches_of(found[0].code), name) if found else [])


@staff.action("/asking/understood", Permission.HOME_VIEW)
def understood(form: FormData) -> JSONResponse:
    """Say how an answer of a type is understood; nothing is kept, and what was typed stands in no address."""
    kind = form.get("type", "")
    if kind not in set(FieldType) or kind in LISTING or kind == FieldType.TABLE:
        return _answer({"said": "", "wrong": ""})
    text, problem = echo(FormField(key="a", label="", label_en="", type=FieldType(kind)), form.get("text", ""))
    return _answer({"said": text, "wrong": sentence(problem) if problem else ""})


def _matching(listed: Iterable[Listed], typed: str) -> list[str]:
    wanted = without_spaces(plain(typed))
    found = [one.name for one in listed if wanted in one.name or wanted in one.kana]
    return sorted(found, key=lambda name: (not name.startswith(wanted), len(name)))[:MOST_SHOWN]


def _answer(content: list[str] | dict[str, str]) -> JSONResponse:
    return JSONResponse(content, headers={"Cache-Control": PERSONAL})
