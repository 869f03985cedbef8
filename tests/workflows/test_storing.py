"""Who is taken out of a snapshot is, with the household, whom people handle: nobody is in both parts or in neither."""

from __future__ import annotations

from tests.workflows.residents import AS_OF, household, invented
from workflows.rules import read_population
from workflows.rules.household_facts import with_household_facts
from workflows.rules.importing import bring
from workflows.rules.storing import brought_together, consenting, from_parquet, to_parquet, without


def test_a_snapshot_and_its_protected_part_hold_everybody_once_whoever_is_protected_later():
    brought = bring(invented(400), AS_OF, protected=[invented(400)["pseudonym"][7]])
    people, protected = to_parquet(brought.people), to_parquet(brought.protected)
    later = brought.people["pseudonym"].to_list()[3::40]

    left, apart = from_parquet(without(people, later)), from_parquet(brought_together(protected, people, later))

    everybody = sorted([*left["pseudonym"], *apart["pseudonym"]])
    assert everybody == sorted([*brought.people["pseudonym"], *brought.protected["pseudonym"]])
    assert {*left["household"]} & {*apart["household"]} == set()
    assert {*later} <= {*apart["pseudonym"]}


def test_those_brought_together_can_be_asked_like_a_snapshot():
    brought = bring(invented(400), AS_OF, protected=[invented(400)["pseudonym"][300]])
    people, protected = to_parquet(brought.people), to_parquet(brought.protected)
    later = brought.people["pseudonym"].to_list()[:1]

    population = read_population(brought_together(protected, people, later))

    assert population.row_of(later[0]) is not None
    assert population.row_of(brought.protected["pseudonym"][0]) is not None


def test_where_nobody_was_protected_later_or_ever_the_part_stays_as_it_is():
    brought = bring(household(1, "suzume", "hibari"), AS_OF)
    people, protected = to_parquet(brought.people), to_parquet(brought.protected)

    assert brought_together(protected, people, []) == protected
    assert brought_together(protected, people, ["unknown-to-all"]) == protected
    assert read_population(protected).row_of("suzume") is None


def test_a_household_of_which_a_member_was_left_out_shares_no_consent_whatever_the_others_give():
    people = household(1, "suzume", "hibari", birth_date=AS_OF, consents=0)
    incomplete = to_parquet(with_household_facts(people, frozenset({1})))
    whole = to_parquet(with_household_facts(people))
    given = {"suzume": 3, "hibari": 3}

    assert from_parquet(consenting(incomplete, given))["household_consents"].to_list() == [0, 0]
    assert from_parquet(consenting(whole, given))["household_consents"].to_list() == [3, 3]
    assert from_parquet(consenting(incomplete, given))["consents"].to_list() == [3, 3]
