"""What does a newcomer find of what went wrong, of needless papers, of crowding? True records, made by services."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.breaches.models import Breach, BreachCount
from backoffice.crowding import queries as crowding
from backoffice.demo import city as demonstration
from backoffice.demo import crowds, links, needless_papers, wrongs
from backoffice.inbox.models import Case
from backoffice.paperless import queries as papers
from backoffice.paperless.workflow import Area, done_in
from backoffice.rights.models import RightsRequest


@pytest.fixture
def founded(city):
    demonstration.build(city.office)
    return city


def test_the_register_holds_what_the_citys_plan_names(founded):
    rows = needless_papers.register(founded.office)

    with founded.look() as work:
        counted = done_in(papers.standings(work.session))
    assert (rows, counted) == (11, {Area.ELDERLY: (0, 2), Area.DISABILITY: (1, 2), Area.ASSISTANCE: (1, 3)})


def test_two_counters_are_fresh_and_one_is_stale(founded):
    crowds.count(founded.office)

    with founded.look() as work:
        ages = sorted((work.now - each.counted_at).total_seconds() for each in crowding.newest(work.session))
    assert ages == [0, 0, 3600]


def test_a_leak_and_a_request_are_on_their_way(founded):
    links.agree(founded.office)

    wrongs.happen(founded.office)

    with founded.look() as work:
        leak, asked = work.session.scalars(select(Breach)).one(), work.session.scalars(select(RightsRequest)).one()
        states = {each.id: each.state for each in work.session.scalars(select(Case))}
        assert (states[leak.case_id], states[asked.case_id]) == ("running", "running")
        assert work.session.scalars(select(BreachCount.people)).one() == 0
