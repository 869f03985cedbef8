"""LINE tells who follows the city's account: signed, perhaps twice, in any order, and also of people nobody knows."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from backoffice.audit import AuditEvent
from backoffice.carriers.webhook import events_in, is_from_line
from backoffice.consents.workflow import ChannelKind
from backoffice.errors import Invalid
from backoffice.reachability.models import AddressStanding, LineEvent
from backoffice.reachability.workflow import AddressState
from tests.backoffice.clients.machines import gateway
from tests.backoffice.reachability.people import SECRET, registered, signed, told, with_line

WEBHOOK = "/line/webhook"
LINE = ChannelKind.LINE


@pytest.fixture
def linked(city, tmp_path):
    return with_line(city, tmp_path)


def count(city, table) -> int:
    with city.look() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_whoever_blocks_the_account_is_written_to_no_more_until_they_follow_again(city_on_both, tmp_path):
    city = with_line(city_on_both, tmp_path)
    person, http, now = registered(city), gateway(city), city.clock.moment

    assert http.post(WEBHOOK, **signed(told("unfollow", now))).status_code == 200
    assert (person.state(LINE), person.alive) == (AddressState.BLOCKED, {ChannelKind.MAIL})

    later = told("follow", now + timedelta(minutes=5), event="01HEVENT0002", follow={"isUnblocked": True})
    assert http.post(WEBHOOK, **signed(later)).status_code == 200
    assert person.state(LINE) is AddressState.ALIVE


def test_in_whatever_order_it_is_told_what_happened_last_counts(linked):
    now = linked.clock.moment
    acts = ("unfollow", "follow", "unfollow", "follow")
    events = [told(act, now + timedelta(seconds=n), event=f"01HEVENT000{n}") for n, act in enumerate(acts)]

    for number, order in enumerate(itertools.permutations(events[:3])):
        user_id = f"U{number:032x}"
        person = registered(linked, f"person-{number:04d}", mail="", line=user_id)
        renamed = [
            {
                **each,
                "webhookEventId": f"{number}x{each['webhookEventId']}",
                "source": {"type": "user", "userId": user_id},
            }
            for each in order
        ]
        gateway(linked).post(WEBHOOK, **signed(*renamed))
        assert person.state(LINE) is AddressState.BLOCKED, order


def test_what_is_told_in_several_calls_at_once_ends_as_the_last_that_happened(city_on_both, tmp_path):
    city = with_line(city_on_both, tmp_path)
    person, http, now = registered(city), gateway(city), city.clock.moment
    acts = ["unfollow", "follow"] * 4
    calls = [
        signed(told(act, now + timedelta(seconds=n), event=f"01HEVENT{n:04d}"), told("follow", now, event="01HFIRST"))
        for n, act in enumerate(acts)
    ]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda call: http.post(WEBHOOK, **call).status_code, calls[::-1] * 2))

    assert answers == [200] * 16
    assert person.state(LINE) is AddressState.ALIVE
    assert count(city, LineEvent) == 9


def test_what_is_told_twice_happens_once(linked):
    person, http = registered(linked), gateway(linked)
    now = linked.clock.moment
    gone = told("unfollow", now)
    back = told("follow", now + timedelta(minutes=1), event="01HEVENT0002")

    for events in ([gone], [back], [gone], [{**gone, "deliveryContext": {"isRedelivery": True}}]):
        assert http.post(WEBHOOK, **signed(*events)).status_code == 200

    assert person.state(LINE) is AddressState.ALIVE
    assert count(linked, LineEvent) == 2
    with linked.look() as work:
        kinds = work.session.scalars(
            select(AuditEvent.kind).where(AuditEvent.kind.like("registrant_channel_%ed")).order_by(AuditEvent.id)
        ).all()
    assert kinds == ["registrant_channel_died", "registrant_channel_revived"]


def test_of_people_who_are_not_registered_nothing_is_kept(linked):
    answer = gateway(linked).post(WEBHOOK, **signed(told("follow", linked.clock.moment)))

    assert answer.status_code == 200
    assert (count(linked, LineEvent), count(linked, AddressStanding)) == (0, 0)


def test_setting_a_blocked_account_once_more_does_not_open_it_since_line_alone_knows(linked):
    person, http = registered(linked), gateway(linked)
    http.post(WEBHOOK, **signed(told("unfollow", linked.clock.moment)))
    linked.clock.pass_(hours=1)

    person.set(LINE, "U" + "1b" * 16)
    person.set(LINE, "U" + "0a" * 16)

    assert person.state(LINE) is AddressState.BLOCKED


@pytest.mark.parametrize("header", ["", "nonsense", "あ", "AAAA"])
def test_a_call_that_line_did_not_sign_is_not_heard(linked, header):
    person = registered(linked)
    call = signed(told("unfollow", linked.clock.moment))
    call["headers"]["X-Line-Signature"] = header.encode()

    assert gateway(linked).post(WEBHOOK, **call).status_code == 401
    assert person.state(LINE) is AddressState.ALIVE


def test_one_byte_more_is_another_body(linked):
    call = signed(told("unfollow", linked.clock.moment))
    call["content"] += b" "

    assert gateway(linked).post(WEBHOOK, **call).status_code == 401


def test_without_a_secret_there_is_no_such_address(city):
    assert gateway(city).post(WEBHOOK, **signed()).status_code == 404


def test_lines_own_trial_with_no_events_and_events_of_other_kinds_are_well(linked):
    http = gateway(linked)

    assert http.post(WEBHOOK, **signed()).status_code == 200
    assert http.post(WEBHOOK, **signed(told("message", linked.clock.moment))).status_code == 200


@pytest.mark.parametrize(
    "spoilt", [{"webhookEventId": 5}, {"timestamp": 1e30}, {"source": {"type": "user", "userId": "x"}}, {"type": []}]
)
def test_signed_nonsense_is_refused_and_is_no_fault_of_ours(linked, spoilt):
    event = {**told("follow", linked.clock.moment), **spoilt}

    assert gateway(linked).post(WEBHOOK, **signed(event)).status_code == 400


def test_a_body_larger_than_line_sends_is_refused(linked):
    assert gateway(linked).post(WEBHOOK, content=b"x" * 300_000).status_code == 413


@given(st.binary(max_size=200))
def test_no_bytes_at_all_are_read_otherwise_than_as_events_or_refused(body):
    assert not is_from_line(body, "AAAA", SECRET)
    try:
        events_in(body)
    except Invalid:
        return
