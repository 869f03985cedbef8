"""In which fields are papers made needless, how far is each, and how many does the city want by when?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class Area(StrEnum):
    ELDERLY = "elderly"
    DISABILITY = "disability"
    ASSISTANCE = "assistance"


class PaperState(StrEnum):
    NEEDED = "needed"
    WAITING = "waiting"
    """What replaces it is agreed on and does not work yet."""
    NEEDLESS = "needless"


class How(StrEnum):
    ENTERED = "entered"
    CHANGED = "changed"
    IMPORTED = "imported"
    UNDONE = "undone"


AREA_NAMES = {
    Area.ELDERLY: _("高齢者福祉"),
    Area.DISABILITY: _("障がい福祉"),
    Area.ASSISTANCE: _("生活保護"),
}
STATE_CHIPS = {
    PaperState.NEEDED: Chip("plain", "■", _("要る")),
    PaperState.WAITING: Chip("doubt", "▲", _("連携待ち")),
    PaperState.NEEDLESS: Chip("good", "●", _("不要になった")),
}
HOW_NAMES = {
    How.ENTERED: _("入れた"),
    How.CHANGED: _("直した"),
    How.IMPORTED: _("CSVで入れた"),
    How.UNDONE: _("直前の変更を取り消した"),
}


@dataclass(frozen=True)
class Target:
    """The city's plan of DX: where it stood in R4, the aim by the end of R6 and of R8."""

    now_r4: int
    by_r6: int
    by_r8: int
    unit: str
    """A msgid with `%(n)s`."""


TARGETS: Mapping[Area, Target] = {
    Area.ELDERLY: Target(0, 16, 17, _("%(n)s事務")),
    Area.DISABILITY: Target(8, 15, 16, _("%(n)s事務")),
    Area.ASSISTANCE: Target(1, 3, 8, _("%(n)s項目")),
}


def done_in(rows: Iterable[tuple[str, str, str, int]]) -> dict[Area, tuple[int, int]]:
    """Count by field the procedures of which every paper is needless, and all procedures.

    `rows`: field, procedure, state, department. The same name in two departments is two procedures.
    """
    states: dict[Area, dict[tuple[str, int], set[str]]] = {area: {} for area in Area}
    for area, procedure, state, department_id in rows:
        states[Area(area)].setdefault((procedure, department_id), set()).add(state)
    return {
        area: (sum(found == {PaperState.NEEDLESS} for found in procedures.values()), len(procedures))
        for area, procedures in states.items()
    }
