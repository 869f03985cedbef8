"""A threshold that a rule names is found in the rule as it is written, wherever it stands."""

from __future__ import annotations

import pytest

from backoffice.programs.catalogue import every_program
from backoffice.programs.named_thresholds import thresholds_in
from workflows.rules.tree import All, Compare, Lookup, Not, Op, ParameterRef, leaves
from workflows.rules.writing import written

LIMIT = Compare("household_income", Op.AT_MOST, ParameterRef("limit"))
BY_SIZE = Lookup("household_income", Op.AT_MOST, "by-size", "household_size")


def test_thresholds_are_named_once_each_in_the_order_of_the_rule():
    assert thresholds_in(written(All((Not(BY_SIZE), LIMIT, LIMIT)))) == ("by-size", "limit")


def test_no_rule_names_none():
    assert thresholds_in(None) == ()


@pytest.mark.parametrize("program", every_program(), ids=lambda each: each.code)
def test_of_every_shipped_program_all_that_it_names_are_found(program):
    named = {leaf.table for leaf in leaves(program.rule) if isinstance(leaf, Lookup)}
    named |= {
        leaf.value.code
        for leaf in leaves(program.rule)
        if isinstance(leaf, Compare) and isinstance(leaf.value, ParameterRef)
    }

    assert set(thresholds_in(written(program.rule))) == named
