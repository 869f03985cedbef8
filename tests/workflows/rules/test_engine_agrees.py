"""The fast engine and the plain reading of one row say the same of everybody, whatever the rule."""

from datetime import date

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.rules.engine_random import (
    PARAMETERS,
    border_leaves,
    crowd,
    days_of_evaluation,
    frame,
    people,
    trees,
)
from workflows.rules import Verdict, evaluate, evaluate_rows, explain, read_population, reasons
from workflows.rules.facts import CITY_FACTS
from workflows.rules.row import Row
from workflows.rules.tree import leaves

ENOUGH = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def towns(draw, most_rules: int = 5):
    as_of = draw(days_of_evaluation)
    rules = draw(st.lists(trees(as_of), min_size=1, max_size=most_rules))
    return as_of, rules, draw(people(as_of))


def by_row(rules, rows: list[dict], as_of: date) -> list[list[str]]:
    """For each rule everybody's verdict, one person at a time."""
    households: dict[int, list[dict]] = {}
    for row in rows:
        households.setdefault(row["household"], []).append(row)
    readers = [Row(row, households[row["household"]], CITY_FACTS, PARAMETERS, as_of) for row in rows]
    return [[reader.truth(rule).value for reader in readers] for rule in rules]


def by_engine(evaluation, rules) -> list[list[str]]:
    found = []
    for at in range(len(rules)):
        planes = np.array([evaluation.verdict_plane(at, verdict) for verdict in Verdict])
        assert (planes.sum(axis=0) == 1).all()
        found.append([tuple(Verdict)[place].value for place in planes.argmax(axis=0)])
    return found


@ENOUGH
@given(towns())
def test_everybody_gets_the_same_verdict_from_the_engine_and_from_a_reading_of_the_row(town):
    as_of, rules, rows = town

    evaluation = evaluate(rules, read_population(frame(rows)), PARAMETERS, as_of)

    verdicts = by_row(rules, rows, as_of)
    assert by_engine(evaluation, rules) == verdicts
    assert [{v.value: n for v, n in counts.items()} for counts in evaluation.counts] == [
        {verdict.value: each.count(verdict.value) for verdict in Verdict} for each in verdicts
    ]


@ENOUGH
@given(days_of_evaluation, st.randoms(use_true_random=False))
def test_whoever_stands_on_a_border_stands_on_the_same_side_for_both(as_of, chance):
    rows = crowd(chance, as_of)
    rules = [leaf for _ in range(6) for leaf in border_leaves(chance)]

    evaluation = evaluate(rules, read_population(frame(rows)), PARAMETERS, as_of)

    assert by_engine(evaluation, rules) == by_row(rules, rows, as_of)


@ENOUGH
@given(towns(), st.randoms(use_true_random=False))
def test_a_few_residents_asked_alone_get_the_verdict_that_they_get_among_all(town, chance):
    as_of, rules, rows = town
    some = np.array(chance.choices(range(len(rows)), k=3))

    alone = evaluate_rows(rules, read_population(frame(rows)), PARAMETERS, as_of, some)

    among_all = by_row(rules, rows, as_of)
    assert by_engine(alone, rules) == [[verdicts[row] for row in some] for verdicts in among_all]


@ENOUGH
@given(towns(most_rules=1))
def test_why_tells_of_each_leaf_what_a_reading_of_the_row_finds(town):
    as_of, [rule], rows = town
    population = read_population(frame(rows))

    told = reasons(rule, population, PARAMETERS, as_of, np.arange(len(rows)))

    expected = list(zip(*by_row(told.leaves, rows, as_of), strict=True)) or [()] * len(rows)
    named = {"eligible": "true", "not_eligible": "false", "unknown": "missing", "no_consent": "masked"}
    patterns = told.patterns()
    for at, (row, states) in enumerate(zip(rows, expected, strict=True)):
        assert [state.value for state in told.states(at)] == [named[state] for state in states]
        assert patterns.reasons.states(patterns.of_hit[at]) == told.states(at)
        one = dict(zip(told.leaves, told.states(at), strict=True))
        assert explain(rule, population, PARAMETERS, as_of, row["pseudonym"]) == tuple(
            (leaf, one[leaf]) for leaf in leaves(rule)
        )
