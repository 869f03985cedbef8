"""Random rules as their authors could write them, over the city's facts."""

from __future__ import annotations

from hypothesis import strategies as st

from workflows.rules.facts import CITY_FACTS
from workflows.rules.tree import (
    Age,
    All,
    AnyOf,
    Compare,
    Counted,
    Flag,
    Grade,
    Lookup,
    Members,
    Not,
    NotGranted,
    OneOf,
    Op,
    ParameterRef,
    Period,
    Rank,
    Since,
    Unit,
)
from workflows.rules.vocabulary import FactKind


def _codes(kind):
    return st.sampled_from([fact.code for fact in CITY_FACTS if fact.kind is kind])


OPS = st.sampled_from(list(Op))
AGES = st.builds(
    lambda counted, bounds, shape: Age(
        "birth_date", counted, *[(min(bounds), max(bounds)), (bounds[0], None), (None, bounds[1])][shape]
    ),
    st.sampled_from(list(Counted)),
    st.tuples(st.integers(0, 150), st.integers(0, 150)),
    st.integers(0, 2),
)
GRADES = st.tuples(st.integers(1, 12), st.integers(1, 12)).map(lambda ends: Grade("birth_date", min(ends), max(ends)))
CHOICES = st.sampled_from([fact for fact in CITY_FACTS if fact.kind is FactKind.CHOICE]).flatmap(
    lambda fact: st.sets(st.sampled_from([choice.code for choice in fact.choices]), min_size=1).map(
        lambda codes: OneOf(fact.code, tuple(sorted(codes)))
    )
)
LEAVES = st.one_of(
    AGES,
    GRADES,
    CHOICES,
    st.builds(Flag, _codes(FactKind.FLAG)),
    st.builds(Compare, _codes(FactKind.NUMBER), OPS, st.integers(-(10**18), 10**18)),
    st.builds(
        Compare, _codes(FactKind.NUMBER), OPS, st.builds(ParameterRef, st.sampled_from(["limit", "other-limit"]))
    ),
    st.builds(Compare, _codes(FactKind.DATE), OPS, st.dates()),
    st.builds(Lookup, _codes(FactKind.NUMBER), OPS, st.sampled_from(["by-size", "by-age"]), _codes(FactKind.NUMBER)),
    st.builds(
        Since,
        _codes(FactKind.DATE),
        st.sampled_from([Op.AT_LEAST, Op.AT_MOST]),
        st.integers(0, 40_000),
        st.sampled_from(list(Unit)),
    ),
    st.builds(NotGranted, st.sampled_from(["R8-制度-0001", "R8-制度-0002"]), st.sampled_from(list(Period))),
    st.builds(
        Members,
        st.booleans(),
        st.none() | AGES | GRADES,
        st.none() | st.builds(Rank, st.integers(1, 9), AGES | GRADES),
        OPS,
        st.integers(0, 20),
    ),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=4).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=12,
)
