"""What was never used is named, and taken out by narrowing: a link never tells more after a review than before."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given

from tests.workflows.links.agreements import CARD, LIBRARY_CARD, OPTIONAL, REMINDER, REQUIRED
from tests.workflows.links.by_chance import CODES, seeds, terms_by
from workflows.links import Unused, Use, compare, needs_full_approval, unused_in, without_unused

FOR_CARD = ("library_card",)
USED = {"full_name", "address", "birth_date", "mail"}


def test_what_left_is_not_unused():
    assert unused_in(LIBRARY_CARD, USED) == ()
    assert without_unused(LIBRARY_CARD, USED) == LIBRARY_CARD


def test_what_never_left_is_named_and_goes():
    assert unused_in(LIBRARY_CARD, USED - {"mail"}) == (Unused("mail", ()),)

    narrowed = without_unused(LIBRARY_CARD, USED - {"mail"})

    assert [use.attribute for use in narrowed.uses] == ["full_name", "address", "birth_date"]
    assert (LIBRARY_CARD.purposes, narrowed.purposes) == ((CARD, REMINDER), (CARD,))


def test_where_only_less_was_asked_the_less_stands_in_its_place():
    asked = {"full_name", "address", "age_over_65", "age_over_18"}

    assert unused_in(LIBRARY_CARD, asked)[0] == Unused("birth_date", ("age_over_18", "age_over_65"))
    birth = next(use for use in LIBRARY_CARD.uses if use.attribute == "birth_date")
    assert without_unused(LIBRARY_CARD, asked).uses[2:] == (
        replace(birth, attribute="age_over_18"),
        replace(birth, attribute="age_over_65"),
    )


def test_what_another_attribute_tells_anyhow_is_not_put_in_beside_it():
    both = replace(LIBRARY_CARD, uses=(Use("birth_date", OPTIONAL, FOR_CARD), Use("age", REQUIRED, FOR_CARD)))

    assert [use.attribute for use in without_unused(both, {"age", "age_over_65"}).uses] == ["age"]


@given(seeds)
def test_taking_out_what_is_unused_never_opens_a_link(seed):
    chance = Random(seed)  # noqa: S311 - cases of a test
    terms = terms_by(chance)
    released = set(chance.sample(CODES, chance.randint(0, 12)))

    narrowed = without_unused(terms, released)

    assert not needs_full_approval(compare(terms, narrowed))
    assert all(use.attribute in released for use in narrowed.uses)
