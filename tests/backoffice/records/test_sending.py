"""Records that machines of other systems send: only where a department lets them, whole or not at all, once."""

from __future__ import annotations

import pytest

from backoffice.clients.scopes import Scope
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Role
from backoffice.records import queries, sending
from backoffice.records.workflow import Source
from forms.my_number import check_digit
from tests.backoffice.clients.machines import machine
from tests.backoffice.records.test_lists import hall  # noqa: F401 -- a form in use

WHOLE = {"hall": "天神", "day": "2026-11-02", "heads": 24, "free": False, "kind": "meeting"}


@pytest.fixture
def sender(city, hall):  # noqa: F811 -- the fixture, not the import
    """A machine that the clerk's department lets send."""
    design, clerk = hall
    sent = machine(city, frozenset({Scope.FORMS}), name="公民館予約")
    with city.unit(city.actor(clerk)) as work:
        sending.allow(work, work.session.get_one(FormDesign, design.id), sent.client_id)
    return sent


def test_what_a_machine_sends_says_where_it_came_from(city, client, hall, sender):  # noqa: F811 -- a fixture
    answer = sender.call("POST", "/forms/form-1/records", json=WHOLE, once="one-and-the-same-call")
    again = sender.call("POST", "/forms/form-1/records", json=WHOLE, once="one-and-the-same-call")

    assert answer.status_code == 201, answer.text
    assert again.json() == answer.json() == {"number": "R8-公民館-0001", "form_version": 1, "to_look_at": []}
    client.sign_in(hall[1])
    assert "公民館予約" in client.get("/records/entries/1").text
    with city.look(city.actor(hall[1])) as work:
        (record,) = work.session.scalars(queries.visible_records(work.actor, hall[0].id)).all()
        assert (record.source, record.client_id, record.entered_by_id) == (Source.SYSTEM, sender.client_id, None)
        assert record.values == WHOLE


@pytest.mark.parametrize(
    ("sent", "key", "said"),
    [
        (WHOLE | {"hall": None}, "hall", "公民館"),
        (WHOLE | {"heads": "24"}, "heads", "型"),
        (WHOLE | {"heads": True}, "heads", "型"),
        (WHOLE | {"free": "on"}, "free", "型"),
        (WHOLE | {"heads": 10**30}, "heads", "人数"),
        (WHOLE | {"kind": "sleep"}, "kind", "種別"),
        (WHOLE | {"day": "いつか"}, "day", "利用日"),
        (WHOLE | {"nobody": 1}, "nobody", "ない項目"),
        (WHOLE | {"free": True, "fee": 500}, "fee", "無料"),
        (WHOLE | {"hall": f"12345678901{check_digit('12345678901')}"}, "hall", "個人番号"),
    ],
)
def test_what_breaks_a_rule_is_named_and_not_kept(city, hall, sender, sent, key, said):  # noqa: F811 -- a fixture
    answer = sender.call("POST", "/forms/form-1/records", json=sent)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (wrong,) = answer.json()["errors"]
    assert wrong["pointer"] == f"#/{key}"
    assert said in wrong["detail"]
    with city.look() as work:
        assert work.session.scalars(queries.visible_records(work.actor, hall[0].id)).all() == []


def test_the_schema_says_what_the_form_asks_and_refusals_come_in_english_where_that_is_asked_for(sender):
    schema = sender.call("GET", "/forms/form-1/schema").json()
    english = {"Accept-Language": "en"}
    refused = sender.call("POST", "/forms/form-1/records", json=WHOLE | {"hall": ""}, headers=english)

    assert schema["required"] == ["hall"]
    assert set(schema["properties"]) == {"hall", "day", "heads", "fee", "free", "kind"}
    assert schema["x-gijo-version"] == 1
    assert refused.json()["errors"][0]["detail"].startswith("Hall: ")


def test_a_machine_that_no_department_lets_send_hears_the_same_as_of_no_form(city, sender):
    other = machine(city, frozenset({Scope.FORMS}), http=sender.http, name="別の仕組み")
    portal = machine(city, http=sender.http)

    unknown = sender.call("POST", "/forms/form-9/records", json=WHOLE)
    refused = other.call("POST", "/forms/form-1/records", json=WHOLE)

    assert (unknown.status_code, refused.status_code) == (404, 404)
    assert unknown.json()["detail"] == refused.json()["detail"]
    assert portal.call("POST", "/forms/form-1/records", json=WHOLE).status_code == 403


def test_a_department_lets_a_machine_send_and_ends_it_on_a_page(city, client, hall):  # noqa: F811 -- a fixture
    sent = machine(city, frozenset({Scope.FORMS}), name="公民館予約")
    client.sign_in(hall[1])

    client.post("/records/1/senders", data={"client": "999"}, status=422)
    client.post("/records/1/senders", data={"client": str(sent.client_id)})
    assert sent.call("POST", "/forms/form-1/records", json=WHOLE).status_code == 201
    client.sign_in(city.person(Role.CLERK))
    client.post("/records/1/senders/1/end", data={}, status=404)
    client.sign_in(hall[1])
    client.post("/records/1/senders/1/end", data={})

    assert sent.call("POST", "/forms/form-1/records", json=WHOLE).status_code == 404
