"""What does a cover in a pile decide? Which pages lie under it, whether they are read, and what people are told.

A cover holds up to the next one, whichever that is, and no further than its file: the order of files tells nothing
about the order of paper.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, TypeVar

from backoffice.web.translations import _
from ocr.page import PageReading


class CoverVerdict(StrEnum):
    """Whether a cover holds. Of one that does not, the value is also why the sheets under it were not read."""

    HOLDS = "holds"
    UNKNOWN = "cover_unknown"
    OF_OTHERS = "cover_of_others"
    FORM_GONE = "cover_form_gone"


A_COVER_ITSELF = "cover"
TOLD_OF_COVERS: Mapping[str, str] = {
    CoverVerdict.UNKNOWN: _(
        "登録のない番号の表紙の後ろにあったため、読んでいません。この部署の用紙なら、読み直してください。"
    ),
    CoverVerdict.OF_OTHERS: _(
        "ほかの部署の表紙の後ろにあったため、読んでいません。その部署に渡すか、この部署の用紙なら読み直してください。"
    ),
    CoverVerdict.FORM_GONE: _("表紙の様式が今は使われていないため、読んでいません。確かめてから読み直してください。"),
    A_COVER_ITSELF: _("これは束の表紙です。用紙ではないため、除外してください。"),
}
"""What people read with a sheet that was refused for one of these codes."""

_PERHAPS_ITS_FORM = frozenset({"other_form", "two_forms", "not_registered", "residual"})
"""Refusals that looking for one form alone may lift."""


class Placed(Protocol):
    """Where a cover was found: page of the file, place in the picture."""

    @property
    def file_page(self) -> int: ...
    @property
    def place(self) -> int: ...


@dataclass(frozen=True)
class Known:
    """What is known of a cover that was made."""

    department_id: int
    form_code: str


P = TypeVar("P", bound=Placed)


def verdict_on(cover: Known | None, department_id: int, forms: Collection[str]) -> CoverVerdict:
    """Say whether a cover holds in a pile of `department_id`, which may fill in `forms`."""
    if cover is None:
        return CoverVerdict.UNKNOWN
    if cover.department_id != department_id:
        return CoverVerdict.OF_OTHERS
    if cover.form_code and cover.form_code not in forms:
        return CoverVerdict.FORM_GONE
    return CoverVerdict.HOLDS


def over(covers: Sequence[P], file_page: int, place: int = 0) -> P | None:
    """Return the cover under which a page of the same file lies: the last one before it; None before the first."""
    before = [one for one in covers if (one.file_page, one.place) < (file_page, place)]
    return max(before, key=lambda one: (one.file_page, one.place), default=None)


def refused_under(verdict: CoverVerdict, reading: PageReading) -> PageReading:
    """Return a page as one that a person has to look at first: nothing that was read on it is kept."""
    return replace(
        reading, status="refused", reason_code=verdict.value, fields=(), likeness=None, form_number=None, serial=None
    )


def may_be_of(form_code: str, sorted_to: str | None, reading: PageReading) -> bool:
    """Say whether a page under a cover that names `form_code` is to be looked at for that form alone."""
    if sorted_to is not None:
        return sorted_to != form_code
    return reading.status == "refused" and reading.reason_code in _PERHAPS_ITS_FORM


class Used(Placed, Protocol):
    """A cover as it was found, which may have begun a batch."""

    @property
    def number(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def batch_id(self) -> int | None: ...


class CoverEnd(StrEnum):
    """What became of a cover that was found."""

    BEGAN = "began"
    WENT_ON = "went_on"
    """The same cover lay there before, with sheets under it: they are one batch."""
    TWICE = "twice"
    """The same cover follows at once: it counts as one."""
    BARE = "bare"
    READING = "reading"
    REFUSED = "refused"


def ends_of(covers: Sequence[Used], *, read: bool) -> list[CoverEnd]:
    """Say what became of each cover of a file, in its order; `read` says whether all of it was read."""
    ends: list[CoverEnd] = []
    begun: set[int] = set()
    for cover, following in pairwise((*covers, None)):
        if cover is None:
            continue
        if cover.verdict != CoverVerdict.HOLDS:
            ends.append(CoverEnd.REFUSED)
        elif cover.batch_id is not None:
            ends.append(CoverEnd.WENT_ON if cover.batch_id in begun else CoverEnd.BEGAN)
            begun.add(cover.batch_id)
        elif following is not None and following.number == cover.number:
            ends.append(CoverEnd.TWICE)
        else:
            ends.append(CoverEnd.BARE if read or following is not None else CoverEnd.READING)
    return ends
