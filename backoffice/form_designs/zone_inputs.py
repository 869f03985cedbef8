"""What comes in from the page on which zones are drawn, and what of it can be taken?"""

import math
from collections.abc import Mapping

from backoffice.errors import Invalid
from backoffice.form_designs import inputs
from backoffice.form_designs.foreign_pages import NEW_QUESTION
from backoffice.web.forms_in import number_typed
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from forms.building import zone_acts
from forms.building.draft import FormDraft
from forms.layout import Box
from forms.my_number import holds_my_number
from forms.widths import plain
from forms.zones import COUNTED, MOST_CELLS, Writing, Zone

SIDES = ("left", "top", "width", "height")
LONGEST_MM = 1200.0


def read_box(form: Mapping[str, str]) -> Box:
    """Give the place of a zone in millimetres, to the tenth. Raises Invalid naming the side."""
    left, top, width, height = (_millimetres(form, side) for side in SIDES)
    return left, top, width, height


def read_writing(form: Mapping[str, str]) -> Writing:
    return Writing(form["writing"]) if form.get("writing") in set(Writing) else Writing.LINE


def read_zone(form: Mapping[str, str], draft: FormDraft, zone: Zone) -> FormDraft:
    """Give the draft with a zone as its settings say, with the question that is made for it. Raises Invalid."""
    writing = read_writing(form)
    many = _many(form) if writing in COUNTED else None
    means = form.get("means", "")
    if means == NEW_QUESTION:
        draft, means = zone_acts.ask_anew(draft, _label(form), writing, many)
    key, _sign, option = means.partition(":")
    told = {"box": read_box(form), "writing": writing, "many": many, "key": key, "option": option}
    return zone_acts.put_zone(draft, Zone.model_validate({**dict(zone), **told}))


def _millimetres(form: Mapping[str, str], side: str) -> float:
    try:
        number = float(plain(form.get(side, "")))
    except ValueError as reason:
        raise _wrong(side, _("ミリメートルで、数を入れてください。")) from reason
    if not math.isfinite(number) or not 0 <= number <= LONGEST_MM:
        raise _wrong(side, _("ミリメートルで、数を入れてください。"))
    return round(number, 1)


def _many(form: Mapping[str, str]) -> int | None:
    typed = form.get("many", "")
    if not typed.strip():
        return None
    number = number_typed(typed)
    if number is None or not 1 <= number <= MOST_CELLS:
        raise _wrong("many", _("1から64までの数を入れてください。"))
    return number


def _label(form: Mapping[str, str]) -> str:
    label = plain(form.get("new_label", ""))
    if not label or len(label) > inputs.LONGEST_LABEL:
        raise _wrong("new_label", _("新しい欄の名前を入れてください。"))
    if holds_my_number(label):
        raise _wrong("new_label", NO_MY_NUMBER)
    return label


def _wrong(name: str, said: str) -> Invalid:
    return Invalid(inputs.WRONG, {name: said})
