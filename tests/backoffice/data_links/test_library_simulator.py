"""Does the simulated library work as it is printed? Over a real connection, with a ledger of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from types import ModuleType
from typing import Any

import pytest

from forms import codabar
from tests.backoffice.clients.test_example_client import served
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import NAME, Library, found_library


@contextmanager
def opened(simulator: ModuleType, library: Library, address: str, ledger: Any) -> Iterator[Any]:
    machine = library.system
    gateway = simulator.Gateway(address, machine.handle, machine.key, now=library.city.clock.moment.timestamp)
    with closing(sqlite3.connect(ledger)) as connection:
        yield simulator.Library(gateway, connection)


def test_the_simulated_library_makes_a_card_and_the_resident_sees_its_bars(desk: Agreements, simulator, tmp_path):
    library = found_library(desk)
    library.consent("age_over_18")
    request = library.ask_for_card()

    with served(library.city) as address, opened(simulator, library, address, tmp_path / "ledger.db") as system:
        assert system.serve() == simulator.Done(cards=1)
        assert system.serve() == simulator.Done()
        ((number, holder),) = system.ledger.execute("SELECT number, holder FROM card").fetchall()

    assert NAME in holder
    assert library.look(request)["card_number"] == number
    assert codabar.passes(number)


def test_killed_before_the_number_was_handed_back_it_makes_no_second_card(desk: Agreements, simulator, tmp_path):
    library = found_library(desk)
    library.consent()
    request = library.ask_for_card()

    with served(library.city) as address, opened(simulator, library, address, tmp_path / "ledger.db") as system:
        kept = system._keep(request, system._fetch(request))
        assert library.look(request)["state"] == "open"
        assert system.serve() == simulator.Done(cards=1)

    assert library.look(request)["card_number"] == kept


def test_whoever_withdraws_is_gone_from_the_librarys_ledger_too(desk: Agreements, simulator, tmp_path):
    library = found_library(desk)
    reference = library.consent()
    library.ask_for_card()

    with served(library.city) as address, opened(simulator, library, address, tmp_path / "ledger.db") as system:
        system.serve()
        library.withdraw(reference)
        assert system.serve() == simulator.Done(deleted=1)
        assert system.ledger.execute("SELECT count(*) FROM card").fetchone() == (0,)


def test_what_is_refused_is_left_for_people_and_the_round_goes_on(desk: Agreements, simulator, tmp_path):
    library = found_library(desk)
    library.consent()
    library.ask_for_card()
    desk.shut(library.version_id)

    with served(library.city) as address, opened(simulator, library, address, tmp_path / "ledger.db") as system:
        assert system.serve() == simulator.Done(refused=1)


@pytest.mark.parametrize("number", ["A0B", "A10000001B", "C987654D", "A12-3$45:6/7.8+9B"])
def test_the_librarys_own_check_character_is_the_one_that_the_city_expects(simulator, number):
    assert codabar.passes(simulator.with_check(number))
