"""The forms of the demonstration are what their departments need: nothing to mend, sums that add up."""

from __future__ import annotations

import pytest

from backoffice.demo.built_forms import head_counts, park_report, street_lamp
from forms.asking import settle
from forms.building.findings import findings
from forms.examples import example
from forms.validation import validate


@pytest.mark.parametrize("made", [head_counts, park_report, street_lamp])
def test_there_is_nothing_to_mend_and_their_examples_are_taken(made):
    definition = made().definition("form-1", 1)

    assert findings(made()) == ()
    assert validate(definition, example(definition)) == ()


def test_the_head_count_of_a_month_adds_up_all_rooms():
    definition = head_counts().definition("form-1", 1)
    adults, children = (column.key for column in definition.fields[3].columns[1:])
    total = definition.fields[4].key

    values = settle(definition, {f"{adults}_1": 12, f"{children}_1": 3, f"{adults}_8": 5, f"{children}_8": 0}).values

    assert values[total] == 20
