"""Which rooms does the menu show to whom? Those whose permission the person holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.identity import Actor, Permission
from backoffice.web.translations import translate

ON_ONE_LINE = 9
"""So many entries fit on one line of an office laptop."""


@dataclass(frozen=True)
class MenuItem:
    label: str
    """A msgid."""
    href: str
    permission: Permission
    in_menu: bool = True
    """A page that is found from another page, or by the palette, needs no room in the menu."""


@dataclass(frozen=True)
class MenuEntry:
    label: str
    href: str
    current: bool


def menu_for(items: Sequence[MenuItem], actor: Actor, path: str) -> list[MenuEntry]:
    """Give the entries that `actor` may open, the one that `path` lies in marked as current."""
    return [
        MenuEntry(item.label, item.href, _lies_in(path, item.href))
        for item in items
        if item.in_menu and actor.may(item.permission)
    ]


def folded(entries: Sequence[MenuEntry]) -> tuple[list[MenuEntry], list[MenuEntry]]:
    """Give the entries that stand on one line, and those that fold away behind them. The page one is on stands there.

    Whose menu is just a little too long has it whole: a fold for one or two would save nothing.
    """
    if len(entries) <= ON_ONE_LINE + 2:
        return list(entries), []
    first, rest = list(entries[:ON_ONE_LINE]), list(entries[ON_ONE_LINE:])
    current = next((each for each in rest if each.current), None)
    if current is not None:
        rest = [first[-1], *(each for each in rest if each is not current)]
        first[-1] = current
    return first, rest


def _lies_in(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href + "/"))


def places_for(items: Sequence[MenuItem], actor: Actor, keyword: str) -> list[tuple[str, str]]:
    """Give name and address of the pages that `actor` may open and whose name, as they read it, holds `keyword`."""
    wanted = keyword.casefold()
    return [
        (item.label, item.href)
        for item in items
        if actor.may(item.permission) and wanted in translate(item.label).casefold()
    ]
