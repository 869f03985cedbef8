"""Whom does a rule hit, why each, and whose consents was it that opened what was looked at?

Everybody hit is told with the number of their pattern of reasons: of 200,000 few differ.
"""

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from workflows.rules.blocks import Verdict, evaluate
from workflows.rules.columns import Places, null_of
from workflows.rules.lints import facts_of
from workflows.rules.parameters import NO_PARAMETERS
from workflows.rules.population import Population
from workflows.rules.snapshot_columns import PSEUDONYM
from workflows.rules.tree import Leaf, Members, Node
from workflows.rules.vocabulary import ConsentClass, Vocabulary
from workflows.rules.why import LeafState, Reasons, reasons

AT_ONCE = 5_000
"""So many people's households are named at once."""
PATTERN = "pattern"
WARD = "ward"
LOOKED_AT = frozenset(LeafState) - {LeafState.MASKED}
"""Also for what nobody knows there was a look."""


@dataclass(frozen=True, eq=False)
class Audience:
    """Everybody whom a rule hits on a day, in the order of the snapshot."""

    counts: dict[Verdict, int]
    population: Population
    rows: Places
    patterns: Reasons
    """Of each pattern."""
    pattern_of: Places
    """For each of `rows` the number of its pattern."""

    def __len__(self) -> int:
        return len(self.rows)

    def states(self, pattern: int) -> tuple[LeafState, ...]:
        return self.patterns.states(pattern)

    def needs(self, pattern: int) -> tuple[int, int]:
        """Give the bits of the consents that opened what was looked at: one's own, and those all at home gave."""
        own = household = 0
        for leaf, state in zip(self.patterns.leaves, self.states(pattern), strict=True):
            if state in LOOKED_AT:
                of_one, of_all = consents_behind(leaf, self.population.vocabulary)
                own, household = own | of_one, household | of_all
        return own, household


def audience_of(rule: Node, population: Population, as_of: date) -> Audience:
    """Find everybody whom a rule, its thresholds written in, hits. Raises UnaskableError."""
    found = evaluate([rule], population, NO_PARAMETERS, as_of)
    rows = np.flatnonzero(found.verdict_plane(0, Verdict.ELIGIBLE))
    patterns = reasons(rule, population, NO_PARAMETERS, as_of, rows).patterns()
    return Audience(dict(found.counts[0]), population, rows, patterns.reasons, patterns.of_hit)


def consents_behind(leaf: Leaf, vocabulary: Vocabulary) -> tuple[int, int]:
    """Give the bits of the consents that open what a condition looks at: the person's own, and everybody's at home."""
    own = household = 0
    for column in facts_of(leaf):
        fact = vocabulary.held_in(column)
        if fact is not None and fact.consent is not None and not isinstance(leaf, Members):
            own |= fact.consent.bit
            household |= fact.consent.bit if fact.of_whole_household else 0
    if isinstance(leaf, Members):
        own |= ConsentClass.HOUSEHOLD.bit
    return own, household


@dataclass(frozen=True, slots=True)
class Hit:
    """One person of an audience."""

    pseudonym: str
    pattern: int
    ward: str
    """"" where it is not known or may not be looked at."""
    others: tuple[str, ...]
    """The pseudonyms of everybody else at home."""


def hits_among(audience: Audience, wanted: Collection[str]) -> Iterator[Hit]:
    """Give those of an audience who are among `wanted` (pseudonyms); few are held at a time."""
    names = audience.population.pseudonyms.gather(audience.rows)
    there = np.flatnonzero(names.is_in(pl.Series(list(wanted), dtype=pl.String).implode()).to_numpy())
    for first in range(0, len(there), AT_ONCE):
        yield from _hits_at(audience, there[first : first + AT_ONCE])


def _hits_at(audience: Audience, places: Places) -> Iterator[Hit]:
    population = audience.population
    rows = audience.rows[places]
    wards = population.column(WARD)
    labels, nobody_knows = population.labels(WARD), null_of(wards.values.dtype)
    homes = population.household_of[rows]
    firsts = population.starts[homes]
    lasts = np.append(population.starts, population.size)[homes + 1]
    # One look for the names of all at home: each by itself costs more than all else here.
    of_home = np.cumsum(lasts - firsts)
    at_home = np.arange(of_home[-1]) - np.repeat(of_home - lasts, lasts - firsts)
    names = population.pseudonyms.gather(at_home).to_list()
    begin = 0
    told = zip(
        of_home.tolist(), (rows - firsts).tolist(), audience.pattern_of[places].tolist(),
        wards.values[rows].tolist(), strict=True,
    )  # fmt: skip
    for end, own, pattern, code in told:
        home = names[begin:end]
        ward = "" if code == nobody_knows else labels[code]
        yield Hit(home.pop(own), pattern, ward, tuple(home))
        begin = end


def to_parquet(audience: Audience) -> bytes:
    """Give an audience as it is kept: pseudonym and pattern of everybody, in order, and what each pattern came to."""
    people = pl.DataFrame(
        {
            PSEUDONYM: audience.population.pseudonyms.gather(audience.rows),
            PATTERN: pl.Series(audience.pattern_of, dtype=pl.UInt32),
        }
    )
    content = io.BytesIO()
    people.write_parquet(content, compression="zstd")
    return content.getvalue()


def pseudonyms_of(audience: Audience) -> Sequence[str]:
    found: Sequence[str] = audience.population.pseudonyms.gather(audience.rows).to_list()
    return found


def people_in(content: bytes) -> frozenset[str]:
    """Give whom a kept audience holds."""
    return frozenset(pl.read_parquet(io.BytesIO(content), columns=[PSEUDONYM])[PSEUDONYM])
