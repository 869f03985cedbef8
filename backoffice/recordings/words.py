"""What does a step do, in a clerk's words?"""

from dataclasses import dataclass

from backoffice.web.translations import _, translate
from rpa_bots.recording.tape.binding import ways_of
from rpa_bots.recording.tape.differing import name_of
from rpa_bots.recording.tape.marks import Reading
from rpa_bots.recording.tape.pointing import BY_NAME
from rpa_bots.recording.tape.steps import (
    Chain,
    Change,
    Click,
    DoubleClick,
    KeyDown,
    Navigate,
    SetViewport,
    Step,
    WaitForElement,
    WaitForExpression,
)

REASONS = (
    _("元の見つけ方では見つかりません"),
    _("元の見つけ方で複数見つかります"),
    _("項目の名前が変わりました"),
    _("項目の位置が変わりました"),
    _("名前の似た項目があります"),
)
"""Why bots propose something, as `rpa_bots.recording.page.looking` says it: here for whoever reads English."""


@dataclass(frozen=True)
class Said:
    """A sentence, and whether the step is found by a name that a person reads or only by its place on the page."""

    text: str
    only_by_place: bool


def said_of_reading(reading: Reading) -> Said:
    """Say what is read where somebody pressed: nothing is pressed there any more."""
    by_place = reading.kind == "text" and not reading.label
    return Said(translate(_("「%(name)s」を読み取る"), name=reading.name), only_by_place=by_place)


def said_of(step: Step) -> Said:
    name = name_of(step)
    shown = name or translate(_("(名前のない項目)"))
    match step:
        case Navigate():
            text = translate(_("ページを開く: %(url)s"), url=step.url)
        case SetViewport():
            text = translate(_("画面の大きさを合わせる"))
        case Change():
            text = translate(_("「%(name)s」に入力する"), name=shown)
        case Click() | DoubleClick():
            text = translate(_("「%(name)s」を押す"), name=shown)
        case KeyDown():
            text = translate(_("%(key)s キーを押す"), key=step.key)
        case WaitForElement() | WaitForExpression():
            text = translate(_("「%(name)s」を待つ"), name=shown)
        case _:
            text = translate(_("その他の手順(%(kind)s)"), kind=step.type)
    return Said(text, only_by_place=bool(ways_of(step)) and not name)


def read_way(way: Chain) -> str:
    """Give a way to an element as a person reads it: the name that it looks for, or the bare place on the page."""
    last = way[-1]
    if not last.startswith(BY_NAME):
        return " ".join(way)
    return f"「{last.split('/', 1)[1].split('[role=', maxsplit=1)[0]}」"
