"""What does a call do that comes twice? Nothing more, with one and the same answer, for a day."""

from __future__ import annotations

import hashlib
import threading
import uuid

import pytest
from sqlalchemy import func, select

from backoffice.clients import once
from backoffice.clients.models import KeptAnswer
from backoffice.clients.tokens import Caller
from backoffice.consents.models import Consent
from backoffice.identity import Actor
from tests.backoffice.clients.machines import machine
from tests.backoffice.consents.portal import consent_to, proven, register

CONSENTS = "/portal/consents"


@pytest.fixture
def portal(city):
    made = machine(city)
    register(made)
    return made


def consents_in(city) -> int:
    with city.look() as work:
        return work.session.scalar(select(func.count(Consent.id)))


def test_the_same_call_again_gets_the_same_answer_and_does_nothing(city, portal):
    key, body = str(uuid.uuid4()), consent_to()

    first = portal.call("POST", CONSENTS, json=body, once=key)
    city.clock.pass_(minutes=5)
    second = portal.call("POST", CONSENTS, json=body, once=key)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.status_code == 201
    assert consents_in(city) == 1


def test_the_same_key_with_another_body_or_at_another_address_is_told_so(city, portal):
    key = str(uuid.uuid4())
    reference = portal.call("POST", CONSENTS, json=consent_to(), once=key).json()["reference"]

    other_body = portal.call("POST", CONSENTS, json=consent_to("health"), once=key)
    ending = {"person": proven(), "reference": reference}
    elsewhere = portal.call("POST", f"{CONSENTS}/withdraw", json=ending, once=key)

    assert {each.json()["type"] for each in (other_body, elsewhere)} == {"/problems/key-used-otherwise"}
    assert {each.status_code for each in (other_body, elsewhere)} == {422}
    assert consents_in(city) == 1


def test_another_clients_key_is_another_key(city, portal):
    key, other = str(uuid.uuid4()), machine(city)

    answers = {each.call("POST", CONSENTS, json=consent_to(), once=key).status_code for each in (portal, other)}

    assert answers == {201}
    assert consents_in(city) == 2


def test_a_call_without_a_key_that_changes_something_is_told_to_bring_one(portal):
    token = portal.token()

    answer = portal.http.post(CONSENTS, json=consent_to(), headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["errors"][0]["pointer"]


def test_what_was_refused_may_be_mended_and_sent_under_the_same_key(city, portal):
    key = str(uuid.uuid4())
    refused = portal.call("POST", CONSENTS, json=consent_to(notice_version=7), once=key)

    mended = portal.call("POST", CONSENTS, json=consent_to(), once=key)

    assert (refused.status_code, mended.status_code) == (409, 201)


def test_of_two_at_once_with_one_key_one_does_it(city_on_both):
    """The other gets the same answer, or is asked to come again."""
    city = city_on_both
    portal = machine(city)
    register(portal)
    key, body, answers = str(uuid.uuid4()), consent_to(), []
    token = portal.token()

    def send() -> None:
        answers.append(portal.call("POST", CONSENTS, json=body, once=key, token=token))

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code != 201]
    assert consents_in(city) == 1
    assert len({answer.text for answer in done}) == 1
    assert all(each.json()["type"] == "/problems/still-on-its-way" for each in waiting)
    assert portal.call("POST", CONSENTS, json=body, once=key, token=token).text == done[0].text


def test_while_a_call_is_on_its_way_the_same_one_is_asked_to_come_again(city_on_postgres):
    """On PostgreSQL, where it would not simply wait."""
    city = city_on_postgres
    portal = machine(city)
    register(portal)
    key, body = str(uuid.uuid4()), consent_to()
    first = portal.call("POST", CONSENTS, json=body, once=key)
    at_work = _the_same_call(city, portal, key)

    with city.unit() as work:
        at_work._alone(work.session)
        second = portal.call("POST", CONSENTS, json=body, once=key)

    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    assert portal.call("POST", CONSENTS, json=body, once=key).json() == first.json()


def _the_same_call(city, portal, key: str) -> once.Once:
    caller = Caller(Actor.machine(portal.client_id, "", ""), portal.client_id, frozenset())
    return once.Once(city.office, caller, hashlib.sha256(key.encode()).hexdigest(), "")


def test_what_was_answered_stands_sealed_and_goes_after_a_day(city, portal):
    key, body = str(uuid.uuid4()), consent_to()
    reference = portal.call("POST", CONSENTS, json=body, once=key).json()["reference"]
    with city.look() as work:
        kept = work.session.scalars(select(KeptAnswer)).one()
    assert reference.encode() not in kept.sealed_body
    assert key not in kept.key_hash

    city.clock.pass_(hours=24)
    with city.unit() as work:
        once.forget_old(work.session, work.now)
    with city.look() as work:
        assert work.session.scalars(select(KeptAnswer)).all() == []


def test_after_a_day_the_key_is_as_new_also_where_nobody_tidied(city, portal):
    key = str(uuid.uuid4())
    portal.call("POST", CONSENTS, json=consent_to(), once=key)

    city.clock.pass_(hours=24)
    answer = portal.call("POST", CONSENTS, json=consent_to("tax"), once=key, token=portal.token())

    assert answer.status_code == 201
    assert consents_in(city) == 2
