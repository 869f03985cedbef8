"""Who is asked? The residents of one snapshot.

Counts within households cost more than the rules: they are worked out when a rule first asks for them, once a
household, and kept; a later snapshot takes over what has not changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from workflows.rules.columns import Column, Places, unknown
from workflows.rules.households import Counts, Members, count_members
from workflows.rules.lowering import RELATION, Description
from workflows.rules.vocabulary import Vocabulary

CHANNEL, CHANNELS = "channel", ("mail", "line", "none")
LANGUAGE, LANGUAGES = "language", ("ja", "yasashii", "en")


@dataclass(frozen=True, eq=False)
class Population:
    """Everybody of a snapshot, sorted by household. The protected are not in a snapshot, so nothing here knows them."""

    vocabulary: Vocabulary
    size: int
    columns: Mapping[str, Column]
    """By fact, by `granted_` and program number, `channel`, `language`; what the file did not hold is not here."""
    consents: npt.NDArray[np.uint16]
    household_consents: npt.NDArray[np.uint16]
    starts: Places
    """The row at which each household begins."""
    households: Places
    """The number of each household, rising."""
    household_of: npt.NDArray[np.int32]
    """For each row the place of its household among `households`."""
    pseudonyms: pl.Series
    _counts: dict[Description, Counts] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """Give a column; one that the snapshot does not hold is unknown of everybody."""
        return self.columns.get(name) or unknown(self.size)

    def labels(self, name: str) -> tuple[str, ...]:
        """Give the codes that the numbers of a column of choices stand for, from 0."""
        return labels(self.vocabulary, name)

    def row_of(self, pseudonym: str) -> int | None:
        found = (self.pseudonyms == pseudonym).arg_true()
        return int(found[0]) if len(found) else None

    def counts(self, description: Description) -> Counts:
        """Give, for each household in its place, how many members are as described."""
        if description not in self._counts:
            everybody = Members(self.starts, self.size, self.column, self.labels(RELATION))
            self._counts[description] = count_members(description, everybody)
        return self._counts[description]

    def take_over(self, before: "Population", changed: Iterable[int]) -> None:
        """Take over what `before` has counted; count anew only in `changed` households and in those that it lacks."""
        found = np.searchsorted(before.households, self.households)
        same = found < len(before.households)
        same[same] = before.households[found[same]] == self.households[same]
        same &= ~np.isin(self.households, np.fromiter(changed, np.int64))
        members = self._members(np.flatnonzero(~same))
        for description, counts in before._counts.items():  # noqa: SLF001 - another of the same class
            anew = count_members(description, members)
            self._counts[description] = counts.updated(~same, found[same], anew)

    def _members(self, households: Places) -> Members:
        """Give the members of some households, one household after the other."""
        sizes = np.diff(self.starts, append=self.size)[households]
        starts = np.cumsum(sizes) - sizes
        rows = np.repeat(self.starts[households] - starts, sizes) + np.arange(sizes.sum())

        def taken(name: str) -> Column:
            whole = self.column(name)
            return Column(whole.values[rows], whole.nullable)

        return Members(starts, len(rows), taken, self.labels(RELATION))


def labels(vocabulary: Vocabulary, name: str) -> tuple[str, ...]:
    """Give the codes of a column of choices in the order in which they are numbered."""
    if name == CHANNEL:
        return CHANNELS
    if name == LANGUAGE:
        return LANGUAGES
    fact = vocabulary.get(name)
    return () if fact is None else tuple(choice.code for choice in fact.choices)
