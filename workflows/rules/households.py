"""How many of a household are such as described? At least so many surely, at most so many possibly.

Members of whom the date of birth or the relation is not known may or may not count: they open the interval.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workflows.rules.columns import Column, Flags, Places, narrow
from workflows.rules.lowering import BIRTH, CHILD, RELATION, Born, Description, Place

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Members:
    """The members of some households, household after household, children by birth."""

    starts: Places
    """Where each household begins."""
    size: int
    column: Callable[[str], Column]
    relations: tuple[str, ...]
    """What the numbers in the column of relations stand for."""


@dataclass(frozen=True, slots=True)
class Counts:
    """For each household the least and the greatest count."""

    sure: Column
    possible: Column

    def updated(self, changed: Flags, kept: Places, anew: "Counts") -> "Counts":
        """Give the counts of other households: `anew` where changed, else those of the households `kept` here."""
        return Counts(
            _updated(self.sure, changed, kept, anew.sure), _updated(self.possible, changed, kept, anew.possible)
        )


def _updated(before: Column, changed: Flags, kept: Places, anew: Column) -> Column:
    values = np.empty(len(changed), np.int32)
    values[~changed], values[changed] = before.values[kept], anew.values
    return narrow(values)


@dataclass(frozen=True, slots=True)
class _Truth:
    """Of each member: is it surely so, is it possibly so?"""

    sure: Flags
    possible: Flags

    def both(self, other: "_Truth") -> "_Truth":
        return _Truth(self.sure & other.sure, self.possible & other.possible)


def count_members(description: Description, members: Members) -> Counts:
    everybody = np.ones(members.size, np.bool_)
    truth = _Truth(everybody, everybody)
    if description.children:
        truth = truth.both(_children(members))
    if description.born is not None:
        truth = truth.both(_born(description.born, members))
    if description.place is not None:
        truth = truth.both(_placed(description.place, members))
    return Counts(narrow(_sums(truth.sure, members)), narrow(_sums(truth.possible, members)))


def _sums(flags: Flags, members: Members) -> Numbers:
    if not len(members.starts):
        return np.zeros(0, np.int32)
    return np.add.reduceat(flags, members.starts, dtype=np.int32)


def _children(members: Members) -> _Truth:
    relation = members.column(RELATION)
    child = np.equal(relation.values, members.relations.index(CHILD))
    return _Truth(child, child | ~relation.known)


def _born(born: Born, members: Members) -> _Truth:
    column, span = members.column(born.column), born.span
    known = column.known
    inside = known.copy()
    if span.low is not None:
        inside &= np.greater_equal(column.values, span.low)
    if span.high is not None:
        inside &= np.less_equal(column.values, span.high)
    return _Truth(inside, inside | ~known)


def _placed(place: Place, members: Members) -> _Truth:
    """Rank the children in question; where one might stand anywhere, or might not belong, every place is open."""
    children = _children(members)
    asked = children.both(_born(place.among, members))
    anywhere = (children.possible & ~members.column(BIRTH).known) | (asked.possible & ~asked.sure)
    upto = np.cumsum(asked.sure, dtype=np.int32)
    sizes = np.diff(members.starts, append=members.size)
    before = upto[members.starts] - asked.sure[members.starts]
    far_enough = upto - np.repeat(before, sizes) >= place.low
    is_open = np.repeat(_sums(anywhere, members) > 0, sizes)
    ranked = asked.sure & far_enough
    return _Truth(ranked & ~is_open, np.where(is_open, asked.possible, ranked))
