"""Does a version open its link further than the one that counts?"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from backoffice.data_links import queries
from backoffice.data_links.models import LinkVersion
from backoffice.work import Work
from workflows.links import Change, Terms, compare, needs_full_approval, needs_reconsent, terms_from


@dataclass(frozen=True)
class Weighed:
    """A version beside the one that counts. `first`: none counts yet; `shut`: only approval opens the link again."""

    terms: Terms
    changes: Sequence[Change]
    first: bool
    shut: bool

    @property
    def opens(self) -> bool:
        return self.first or self.shut or needs_full_approval(self.changes)

    @property
    def narrows(self) -> bool:
        """It only closes: one person puts it in force at once."""
        return bool(self.changes) and not self.opens

    @property
    def asks_anew(self) -> bool:
        """Everybody who consented is asked again."""
        return self.first or needs_reconsent(self.changes)

    @property
    def says_nothing_new(self) -> bool:
        return not (self.opens or self.changes)


def terms_of(version: LinkVersion) -> Terms:
    """Give the terms of a version. A list asks each of its versions several times: they are found once."""
    known = _FOUND.get(version)
    if known is None or known[0] is not version.terms:
        known = _FOUND[version] = (version.terms, terms_in(version.terms))
    return known[1]


_FOUND: WeakKeyDictionary[LinkVersion, tuple[Mapping[str, Any], Terms]] = WeakKeyDictionary()
"""What stands in the versions that are loaded now. Other words are another mapping: none is changed in place."""


def terms_in(kept: Mapping[str, Any]) -> Terms:
    """Give the terms that stand in a version. Those of the same words are read once: reading costs a millisecond."""
    return _read(json.dumps(kept))


@lru_cache(maxsize=256)
def _read(words: str) -> Terms:
    return terms_from(json.loads(words))


def sha256_of(version: LinkVersion) -> str:
    """Give a mark of all that a version says: what was shown or signed can be proven."""
    return hashlib.sha256(json.dumps(version.terms, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def weigh(work: Work, version: LinkVersion) -> Weighed:
    """Put a version beside the one that counts."""
    current = queries.version_in_force(work.session, version.link_id)
    return weighed(version, None if current is None else terms_of(current))


def weighed(version: LinkVersion, current: Terms | None) -> Weighed:
    terms = terms_of(version)
    changes = () if current is None else compare(current, terms)
    return Weighed(terms, changes, first=current is None, shut=version.link.shut_at is not None)
