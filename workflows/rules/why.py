"""Why did a rule come to its verdict for somebody? What each leaf came to, for one resident or for 200,000.

Of many, few differ: 200,000 hits of a rule have some hundreds of patterns, so a sentence is made once a pattern.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from workflows.rules.blocks import Verdict, evaluate_rows
from workflows.rules.columns import Places
from workflows.rules.parameters import Parameters
from workflows.rules.population import Population
from workflows.rules.tree import Leaf, Node, leaves

Words = npt.NDArray[np.uint64]


class LeafState(StrEnum):
    TRUE = "true"
    FALSE = "false"
    MISSING = "missing"
    """The fact is not known."""
    MASKED = "masked"
    """The fact has not been looked at, for want of a consent."""


_STATES = {
    Verdict.ELIGIBLE: LeafState.TRUE,
    Verdict.NOT_ELIGIBLE: LeafState.FALSE,
    Verdict.UNKNOWN: LeafState.MISSING,
    Verdict.NO_CONSENT: LeafState.MASKED,
}


class NobodyError(LookupError):
    """No resident of the snapshot has this pseudonym: unknown, moved, or protected. All are told alike."""


def explain(
    node: Node, population: Population, parameters: Parameters, as_of: date, pseudonym: str
) -> tuple[tuple[Leaf, LeafState], ...]:
    """Give each leaf of a rule, as written, with what it came to for one resident. Raises NobodyError."""
    row = population.row_of(pseudonym)
    if row is None:
        raise NobodyError(pseudonym)
    asked = tuple(leaves(node))
    evaluation = evaluate_rows(asked, population, parameters, as_of, np.array([row]))
    verdicts = (next(verdict for verdict, count in counts.items() if count) for counts in evaluation.counts)
    return tuple((leaf, _STATES[verdict]) for leaf, verdict in zip(asked, verdicts, strict=True))


@dataclass(frozen=True, eq=False)
class Reasons:
    """What the leaves of a rule came to for each hit, a bit a leaf, in words of 64."""

    leaves: tuple[Leaf, ...]
    """The distinct leaves, in the order in which they are written: leaf n is bit n % 64 of word n // 64."""
    true: Words
    """Hit × words."""
    known: Words
    masked: Words

    def patterns(self) -> "Patterns":
        """Give each distinct pattern once, and for each hit which pattern is its own."""
        all_words = np.concatenate((self.true, self.known, self.masked), axis=1)
        distinct, pattern = _distinct(all_words)
        true, known, masked = np.split(distinct, 3, axis=1)
        return Patterns(Reasons(self.leaves, true, known, masked), pattern)

    def states(self, hit: int) -> tuple[LeafState, ...]:
        """Give what each leaf came to for one hit, or in one pattern."""
        return tuple(self._state(hit, at) for at in range(len(self.leaves)))

    def _state(self, hit: int, leaf: int) -> LeafState:
        word, bit = leaf // 64, np.uint64(1 << leaf % 64)
        if self.masked[hit, word] & bit:
            return LeafState.MASKED
        if not self.known[hit, word] & bit:
            return LeafState.MISSING
        return LeafState.TRUE if self.true[hit, word] & bit else LeafState.FALSE


@dataclass(frozen=True, eq=False)
class Patterns:
    reasons: Reasons
    """Of each pattern."""
    of_hit: Places
    """For each hit the number of its pattern."""


def reasons(node: Node, population: Population, parameters: Parameters, as_of: date, hits: Places) -> Reasons:
    """Give what the leaves of a rule came to for the residents in the rows `hits`."""
    asked: Sequence[Leaf] = tuple(dict.fromkeys(leaves(node)))
    evaluation = evaluate_rows(asked, population, parameters, as_of, hits)
    true, false, masked = (_words(evaluation.planes[:, plane], len(hits)) for plane in range(3))
    return Reasons(tuple(asked), true, true | false, masked)


def _words(planes: npt.NDArray[np.uint8], hits: int) -> Words:
    """Turn a plane of hits for each leaf into words of leaves for each hit."""
    count = -(-max(len(planes), 1) // 64)
    words = np.zeros((hits, count * 8), np.uint8)
    for first in range(0, len(planes), 8):
        eight = np.unpackbits(planes[first : first + 8], axis=1, count=hits, bitorder="little")
        words[:, first // 8] = np.packbits(eight, axis=0, bitorder="little")[0]
    return words.view(np.uint64)


def _distinct(words: Words) -> tuple[Words, Places]:
    """Give the distinct rows of `words`, and for each row the place of its like among them."""
    used = [column for column in words.T if column.any()]
    order = np.lexsort(used) if used else np.arange(len(words))
    ordered = words[order]
    first = np.ones(len(words), np.bool_)
    first[1:] = np.any(ordered[1:] != ordered[:-1], axis=1)
    place = np.empty(len(words), np.int64)
    place[order] = np.cumsum(first) - 1
    return ordered[first], place
