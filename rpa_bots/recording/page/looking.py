"""Which element do a step's recorded ways mean on this page? Strictly: one element, and under the label it had.

A way that leads elsewhere, or another way than the first, is a proposal for a person: a bot that helped itself has
typed into the next field (known of Healenium). The caller goes on with it, but registers nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel

from rpa_bots.recording.tape.steps import Chain

BY_LABEL: Final = ("aria/", "text/", "exact/")
LIKE_ENOUGH: Final = 0.5
GONE: Final = "元の見つけ方では見つかりません"
SEVERAL: Final = "元の見つけ方で複数見つかります"
RELABELLED: Final = "項目の名前が変わりました"
MOVED: Final = "項目の位置が変わりました"
MAYBE: Final = "名前の似た項目があります"


class Way(BaseModel):
    """What one recorded way leads to: how many elements, and which where it is one. `wrong`: it is no selector."""

    count: int
    element: int | None
    wrong: bool


class Element(BaseModel):
    """`inside`: the place of another found element around it, -1 for none."""

    name: str
    tag: str
    type: str
    shown: bool
    inside: int
    better: tuple[str, ...]


class Like(BaseModel):
    name: str
    ways: tuple[str, ...]


class Report(BaseModel):
    ways: tuple[Way, ...]
    elements: tuple[Element, ...]
    like: tuple[Like, ...]
    charset: str
    asks_password: bool


@dataclass(frozen=True)
class Proposal:
    """What a person may change in the recording: `new` in the place of `old` (None: nothing on the page is like it)."""

    old: Chain
    new: str | None
    label: str
    reason: str


@dataclass(frozen=True)
class Choice:
    """The element meant (its place in the report), and what a person must look at before anything is registered."""

    element: int
    proposal: Proposal | None = None


@cache
def script() -> str:
    """Load what looks on the page; this function will give it as one JavaScript function."""
    return files("rpa_bots.recording.page").joinpath("looking.js").read_text(encoding="utf-8").strip().rstrip(";")


def choose(ways: Sequence[Chain], report: Report, typed: str | None = None) -> Choice | None:
    """Choose the element; None while none of the ways leads to one element alone.

    `typed`: the value that goes into it. The Recorder takes what stands in a field without a label for its name, so a
    name that is the value, or that a nameless field cannot have had, is no way at all.
    """
    led = [
        (way, found) for way, found in zip(ways, report.ways, strict=True) if not _is_no_way(way, found, report, typed)
    ]
    unique = [(way, found.element) for way, found in led if found.element is not None]
    if not unique:
        return None
    way, first = unique[0]
    labelled = next((element for way, element in unique if _by_label(way)), None)
    element = first if labelled is None else labelled
    reason = _doubt(led, unique, element, report)
    if reason is None:
        return Choice(element)
    return Choice(
        element, Proposal(led[0][0], _better(report.elements[element], way), report.elements[element].name, reason)
    )


def _doubt(
    led: Sequence[tuple[Chain, Way]], unique: Sequence[tuple[Chain, int]], element: int, report: Report
) -> str | None:
    if any(_by_label(way) and found.count == 0 for way, found in led):
        return RELABELLED
    if led[0][1].element is None:
        return GONE if led[0][1].count == 0 else SEVERAL
    if any(not _same(element, other, report) for _way, other in unique):
        return MOVED
    return None


def _same(one: int, other: int, report: Report) -> bool:
    """Tell whether two are one, or one lies in the other, as the words of a button do."""
    return one == other or report.elements[one].inside == other or report.elements[other].inside == one


def alike(ways: Sequence[Chain], report: Report) -> Proposal | None:
    """Propose what is named most like an element that is gone; nobody acts on it."""
    wanted = next((_label(way[-1]) for way in ways if _by_label(way)), None)
    if wanted is None:
        return None
    best = max(report.like, key=lambda each: _likeness(wanted, each.name), default=None)
    if best is None or _likeness(wanted, best.name) < LIKE_ENOUGH:
        return Proposal(ways[0], None, wanted, GONE)
    return Proposal(ways[0], next(iter(best.ways), None), best.name, MAYBE)


def _is_no_way(way: Chain, found: Way, report: Report, typed: str | None) -> bool:
    if not way[-1].startswith("aria/") or found.count:
        return False
    if typed is None or not _label(way[-1]):
        return not _label(way[-1])  # the Recorder writes down the name of what has none, too
    elements = [report.elements[each.element] for each in report.ways if each.element is not None]
    return _label(way[-1]) == typed or any(not element.name for element in elements)


def _by_label(way: Chain) -> bool:
    return way[-1].startswith(BY_LABEL)


def _label(part: str) -> str:
    return part.split("/", 1)[1].split("[role=", maxsplit=1)[0]


def _better(element: Element, way: Chain) -> str:
    return element.better[0] if element.better else way[-1]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
