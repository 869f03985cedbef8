"""What evaluates residents counts, of whoever is registered, the consents of this moment and no others."""

from __future__ import annotations

import polars as pl
import pytest

from backoffice.consents import service
from backoffice.consents.live import consents_mark
from backoffice.identity import Role
from backoffice.residents import opening
from tests.backoffice.consents.counter import consented, entered, withdrawn
from tests.backoffice.residents.cities import taken_in
from tests.workflows.residents import household
from workflows.rules import Verdict, evaluate, read_population
from workflows.rules.parameters import NO_PARAMETERS
from workflows.rules.storing import consenting, from_parquet, to_parquet
from workflows.rules.tree import Compare, OneOf, Op
from workflows.rules.vocabulary import ConsentClass

MOTHER, CHILD, OTHER = "haha-0001", "kodomo-0001", "yoso-0001"
IN_HIGASHI = OneOf("ward", ("higashi",))
POOR = Compare("household_income", Op.AT_MOST, 1_000_000)
ALL_BITS = sum(each.bit for each in ConsentClass)


@pytest.fixture
def clerk(city):
    return city.person(Role.PRIVACY_OFFICER)


@pytest.fixture
def snapshot(city):
    """A family and somebody else, all of whom consented to everything where the file comes from."""
    facts = {"ward": "higashi", "household_income": 900_000, "consents": ALL_BITS}
    people = [household(1, MOTHER, CHILD, **facts), household(2, OTHER, **facts)]
    return taken_in(city, pl.concat(people)).id


def eligible(city, snapshot_id: int, rule) -> int:
    """Count as pages do, and by the file that other engines are given; both must say the same."""
    with city.look() as work:
        actor = work.actor
    loaded = opening.load_snapshot(city.office, actor, snapshot_id, read_population)
    opened = read_population(opening.open_snapshot(city.office, actor, snapshot_id))
    counts = {
        evaluate([rule], each, NO_PARAMETERS, city.office.services.today()).counts[0][Verdict.ELIGIBLE]
        for each in (loaded, opened)
    }
    (count,) = counts
    return count


def test_of_whom_nobody_registered_the_files_consents_count(city, snapshot):
    assert eligible(city, snapshot, IN_HIGASHI) == 3


def test_whoever_registers_and_consents_to_nothing_is_not_looked_at(city, clerk, snapshot):
    entered(city, clerk, OTHER)

    assert eligible(city, snapshot, IN_HIGASHI) == 2


def test_a_consent_opens_at_once_and_a_withdrawal_closes_at_once(city, clerk, snapshot):
    look = entered(city, clerk, OTHER)
    consent = consented(city, clerk, look)
    assert eligible(city, snapshot, IN_HIGASHI) == 3

    withdrawn(city, clerk, look, consent)

    assert eligible(city, snapshot, IN_HIGASHI) == 2


def test_a_withdrawal_that_began_first_and_ends_last_is_noticed_too(city_on_postgres):
    city = city_on_postgres
    clerk = city.person(Role.PRIVACY_OFFICER)
    actor = city.actor(clerk)
    looks = [entered(city, clerk, who) for who in (MOTHER, OTHER)]
    consents = [consented(city, clerk, look) for look in looks]

    with city.unit(actor) as slow:
        service.withdraw(slow, service.look_of(slow, looks[0]).registrant, consents[0])
        withdrawn(city, clerk, looks[1], consents[1])
        before = consents_mark(city.office, actor)

    assert consents_mark(city.office, actor) != before


def test_a_consent_that_runs_out_overnight_is_not_counted_in_the_morning(city, clerk, snapshot):
    consented(city, clerk, entered(city, clerk, OTHER))
    assert eligible(city, snapshot, IN_HIGASHI) == 3

    city.clock.pass_(days=366 * 2)

    assert eligible(city, snapshot, IN_HIGASHI) == 2


def test_one_member_who_does_not_consent_keeps_the_income_of_the_household_closed(city, clerk, snapshot):
    assert eligible(city, snapshot, POOR) == 3
    consented(city, clerk, entered(city, clerk, CHILD))

    assert eligible(city, snapshot, POOR) == 1


def test_on_a_mere_word_nothing_changes_until_the_card_is_seen(city, clerk, snapshot):
    look = entered(city, clerk, OTHER, card_seen=False)
    assert eligible(city, snapshot, IN_HIGASHI) == 3, "nobody closes what a stranger has consented to"

    with city.unit(city.actor(clerk)) as work:
        service.see_card(work, service.look_of(work, look).registrant)

    assert eligible(city, snapshot, IN_HIGASHI) == 2


def test_a_snapshot_in_which_nobody_is_registered_stays_the_very_same_file(city, snapshot):
    with city.look() as work:
        content = opening.open_snapshot(city.office, work.actor, snapshot)
    assert consenting(content, {}) is content
    assert consenting(to_parquet(from_parquet(content)), {"daremo-inai": 1}) == to_parquet(from_parquet(content))
