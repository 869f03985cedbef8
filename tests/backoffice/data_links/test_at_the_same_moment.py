"""What becomes of a release, a withdrawal, a protection and a shut link that meet in the same moment?

On PostgreSQL: on SQLite whoever writes is alone anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text, update

from backoffice.consents.portal import Visitor
from backoffice.consents.workflow import ProvenBy
from backoffice.data_links import consenting, releasing
from backoffice.data_links.models import LinkMinute
from backoffice.data_links.releasing import Call
from backoffice.identity import Actor
from backoffice.work import Work
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import CARD, NAME, Library, found_library
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City
from workflows.links import Outward, Refused, Released

OTHER_CARD = "A378607B"


@pytest.fixture
def library(city_on_postgres: City) -> Library:
    return found_library(Agreements(found_bureau(city_on_postgres)))


def the_library(library: Library) -> Actor:
    return Actor.machine(library.system.client_id, "図書館システム", "127.0.0.1")


def released(work: Work, request: str) -> Released | Refused:
    call = Call(request, "issue_card", frozenset({"full_name"}), "0" * 64)
    return releasing.release(work, "library-card", call)


def stands_in_line(library: Library, request: str) -> Released | Refused:
    """Ask while the line is held up, in which the link is shut; gives what is decided once it moves on."""
    with ThreadPoolExecutor(1) as elsewhere:
        with library.city.unit() as work:
            work.session.execute(update(LinkMinute).values(tries=LinkMinute.tries))
            asked = elsewhere.submit(asks, library, request)
            until_it_waits_or_is_over(library, asked)
            library.desk.shut(library.version_id)
        return asked.result()


def asks(library: Library, request: str) -> Released | Refused:
    with library.city.unit(the_library(library)) as work:
        return released(work, request)


def until_it_waits_or_is_over(library: Library, acted: Future[Any]) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not acted.done():
        with library.city.look() as work:
            if work.session.scalar(waiting):
                return


def meeting(library: Library, release: Callable[[Work], Any], act: Callable[[], Any]) -> Any:
    """Let somebody act when the other system's call is decided and not over yet; gives how it was decided."""
    with ThreadPoolExecutor(1) as elsewhere:
        with library.city.unit(the_library(library)) as work:
            decided = release(work)
            acted = elsewhere.submit(act)
            until_it_waits_or_is_over(library, acted)
        acted.result()
    return decided


def test_whoever_withdraws_while_their_data_leaves_has_its_deletion_asked_for(library: Library):
    reference, request = library.consent(), library.ask_for_card()

    decided = meeting(library, lambda work: released(work, request), lambda: library.withdraw(reference))

    assert isinstance(decided, Released)
    (asked,) = library.system.call("GET", "/links/library-card/deletions").json()["deletions"]
    assert asked["requests"] == [request]


def test_whoever_is_protected_while_their_data_leaves_is_protected_and_nobody_waits_forever(library: Library):
    library.consent()
    request = library.ask_for_card()

    meeting(library, lambda work: released(work, request), library.protect)

    assert library.fetch(request).status_code == 404


def test_a_link_that_is_shut_releases_nothing_to_whoever_stood_in_line_already(library: Library):
    library.consent()
    request = library.ask_for_card()
    library.fetch("0" * 32)

    decided = stands_in_line(library, request)

    assert isinstance(decided, Refused)
    assert decided.outward is Outward.LINK_SHUT


def test_no_card_is_left_of_whoever_withdraws_while_it_is_being_handed_back(library: Library):
    reference, request = library.consent(), library.ask_for_card()
    library.fetch(request)

    def hand_back(work: Work) -> None:
        releasing.answer(work, releasing.link_of_caller(work, "library-card"), request, CARD)

    meeting(library, hand_back, lambda: library.withdraw(reference))

    seen = library.look(request)
    assert (seen["state"], seen["card_number"]) == ("answered", None)


def test_of_two_numbers_for_one_request_at_once_the_first_stays(library: Library):
    library.consent()
    request = library.ask_for_card()
    library.fetch(request)

    def hand_back(work: Work) -> None:
        releasing.answer(work, releasing.link_of_caller(work, "library-card"), request, CARD)

    told: list[int] = []
    meeting(library, hand_back, lambda: told.append(library.answer(request, OTHER_CARD).status_code))

    assert (told, library.look(request)["card_number"]) == ([409], CARD)


def test_whoever_asks_while_they_withdraw_leaves_no_request_behind(library: Library):
    reference = library.consent()

    def withdraw(work: Work) -> None:
        consenting.withdraw(work, Visitor(library.person["pseudonym"], ProvenBy.USER_CERTIFICATE), reference)

    meeting(library, withdraw, lambda: library.portal.call("POST", "/portal/links/requests", json=card_wanted(library)))

    assert library.system.call("GET", "/links/library-card/requests").json() == {"requests": []}


def card_wanted(library: Library) -> dict[str, Any]:
    return {"person": library.person, "link": "library-card", "purpose": "issue_card", "values": {"full_name": NAME}}
