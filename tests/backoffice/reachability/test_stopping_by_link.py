"""Whoever holds the mail stops and takes again, without signing in; opening the link changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from backoffice.audit import AuditEvent
from backoffice.reachability import stopping
from backoffice.reachability.models import NoticeStop
from backoffice.reachability.stop_routes import MOST_A_MINUTE
from backoffice.reachability.stop_words import WORDS
from backoffice.reachability.workflow import TOPIC_NAMES, StopWay, Topic
from backoffice.residents import protecting
from tests.backoffice.clients.machines import gateway
from tests.backoffice.reachability.people import Person, registered, with_settings
from tests.backoffice.staff_client import check_page

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def person(city) -> Person:
    return registered(city)


def count(city, *where) -> int:
    with city.look() as work:
        return work.session.scalar(select(func.count()).select_from(NoticeStop).where(*where))


def test_opening_the_link_changes_nothing(city, person):
    answer = gateway(city).get(person.link())

    assert answer.status_code == 200
    assert person.stopped == set()


@pytest.mark.parametrize("files", [None, {"List-Unsubscribe": (None, "One-Click")}], ids=["form", "multipart"])
def test_the_mail_programs_button_stops_the_topic_once_however_often_it_is_pressed(city_on_both, files):
    person = registered(city_on_both)
    http, address = gateway(city_on_both), person.link(Topic.HEALTH)

    answers = [http.post(address, files=files) if files else http.post(address, data=ONE_CLICK) for _ in range(3)]

    assert {each.status_code for each in answers} == {200}
    assert {each.headers["content-type"] for each in answers} == {"text/plain; charset=utf-8"}
    assert (person.stopped, count(city_on_both)) == ({"health"}, 1)


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "yes"}, {"other": "One-Click"}])
def test_a_call_without_the_words_of_the_standard_stops_nothing(city, person, body):
    assert gateway(city).post(person.link(), data=body).status_code == 400
    assert person.stopped == set()


def test_a_person_stops_this_kind_then_everything_then_receives_them_again(city, person):
    http, address = gateway(city), person.link(Topic.MEDICAL)
    words = WORDS["ja"]
    seen = [words.receives in http.get(address).text]

    for act, said in (("same", words.stopped_same), ("all", words.stopped_all), ("resume", words.receives)):
        seen.append(said in http.post(f"{address}/{act}").text)

    assert seen == [True] * 4
    assert person.stopped == set()
    assert count(city) == 2


def test_receiving_this_kind_again_leaves_what_was_stopped_of_other_kinds(city, person):
    http = gateway(city)
    http.post(person.link(Topic.AGED), data=ONE_CLICK)
    http.post(person.link(Topic.HEALTH) + "/all")

    http.post(person.link(Topic.HEALTH) + "/resume")

    assert person.stopped == {"aged"}


@pytest.mark.parametrize("language", WORDS)
def test_the_page_names_neither_topic_nor_person_and_owes_its_reader_what_every_page_does(city, person, language):
    answer = gateway(city).get(f"{person.link(Topic.DISABILITY)}?lang={language}")

    seen = check_page(answer.text)
    assert seen.heading("h1") == WORDS[language].title
    assert not any(name in answer.text for name in (*TOPIC_NAMES.values(), *Topic, "hikari", "<script"))
    headers = answer.headers
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert "script" not in headers["content-security-policy"]
    assert "set-cookie" not in headers


def test_whoever_is_protected_is_shown_what_everybody_is_shown(city, person):
    link = person.link()
    before = gateway(city).get(link).text
    with city.unit() as work:
        protecting.add(work, person.visitor.pseudonym, "申出 R8-1")

    assert gateway(city).get(link).text == before
    assert gateway(city).post(link, data=ONE_CLICK).status_code == 200
    assert person.stopped == {"children"}


def test_each_language_stays_when_a_button_is_pressed(city, person):
    answer = gateway(city).post(f"{person.link()}/same?lang=easy")

    assert WORDS["easy"].stopped_same in answer.text


@pytest.mark.parametrize("act", ["", "/same", "/all", "/resume"])
def test_a_link_that_ended_or_was_never_made_leads_to_the_telephone(city, person, act):
    http = gateway(with_settings(city, notice_telephone="092-000-0000"))
    ended = person.link(days=-1)

    for address, status in ((ended, 410), ("/stop/" + "A" * 64, 404), ("/stop/nonsense", 404)):
        answer = http.post(address + act, data=ONE_CLICK)
        page = http.get(address)

        assert (answer.status_code, page.status_code) == (status, status)
        assert "092-000-0000" in page.text
        check_page(page.text)
    assert person.stopped == set()


def test_the_last_day_of_a_link_is_a_day_on_which_it_is_good(city, person):
    assert gateway(city).get(person.link(days=0)).status_code == 200


def test_whoever_keeps_pressing_waits_a_minute_and_nobody_else_does(city, person):
    http, other = gateway(city), registered(city, "yuki-0001", mail="yuki@mail.example", line="")

    answers = [http.get(person.link()).status_code for _ in range(MOST_A_MINUTE + 1)]

    assert answers == [200] * MOST_A_MINUTE + [429]
    assert http.get(other.link()).status_code == 200
    city.clock.pass_(minutes=1)
    assert http.get(person.link()).status_code == 200


def test_what_was_stopped_and_taken_again_is_on_the_trail_by_its_numbers(city, person):
    http, address = gateway(city), person.link(Topic.HOUSING)

    http.post(address + "/same")
    http.post(address + "/resume")

    with city.look() as work:
        wanted = AuditEvent.kind.in_(("notices_stopped", "notices_resumed"))
        kept = work.session.execute(
            select(AuditEvent.kind, AuditEvent.data).where(wanted).order_by(AuditEvent.id)
        ).all()
    assert [kind for kind, _ in kept] == ["notices_stopped", "notices_resumed"]
    assert kept[0].data["code"] == "housing"


def test_many_who_press_at_once_stop_it_once(city_on_both):
    person = registered(city_on_both)
    http, address = gateway(city_on_both), person.link(Topic.HEALTH)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: http.post(address, data=ONE_CLICK).status_code, range(16)))

    assert answers == [200] * 16
    assert (person.stopped, count(city_on_both)) == ({"health"}, 1)


def test_a_form_too_large_for_a_button_is_refused(city, person):
    assert gateway(city).post(person.link(), content=b"x" * 20_000).status_code == 413


def test_at_the_portal_exactly_what_the_person_wants_is_stopped(city_on_both):
    person = registered(city_on_both)

    for wanted in ({"health", "aged"}, {"aged", "all"}, set()):
        with city_on_both.unit() as work:
            stopping.settle(work, person.registrant_id, wanted, StopWay.PORTAL)
        assert person.stopped == wanted
