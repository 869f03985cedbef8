"""What do machines meet at the gateway? Only routes with a scope, problems that tell what to mend, nothing of staff."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from typing import get_type_hints

import pytest
from fastapi import Response
from fastapi.routing import APIRoute
from sqlalchemy import text

from backoffice.app import create_app
from backoffice.clients.gate import LARGEST_BODY, SCOPE
from backoffice.clients.scopes import Scope
from backoffice.gateway import create_gateway
from backoffice.web.problem_json import EVERY_KIND
from tests.backoffice.clients.machines import gateway, machine
from tests.backoffice.consents.portal import PERSON, proven, register
from tests.backoffice.furniture import doors

OPEN_TO_EVERYONE = {
    "POST /oauth/token",
    "GET /.well-known/oauth-authorization-server",
    "GET /problems/{name}",
    "GET /.well-known/jwt-vc-issuer",
    "GET /receipts/keys",
    "GET /digital-id/keys",
    "GET /digital-id/status",
    "GET /ward-offices/crowding",
    "GET /public/links",
    "GET /public/links/en",
    "GET /public/links.json",
    "GET /public/links.css",
    "GET /stop.css",
    "GET /stop/{token}",
    "POST /stop/{token}",
    "POST /stop/{token}/same",
    "POST /stop/{token}/all",
    "POST /stop/{token}/resume",
    "POST /line/webhook",
    "GET /openapi.json",
    "GET /healthz",
}
PROBLEM = "application/problem+json"
MORE_THAN_THREADS = 60


def routes_of(city) -> dict[str, APIRoute]:
    found = create_gateway(city.office).app.routes
    return {f"{method} {route.path}": route for route in found for method in route.methods}


def scope_of(route: APIRoute) -> str | None:
    return (route.openapi_extra or {}).get(SCOPE)


def problem(answer, status: int, kind: str) -> dict:
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    said = answer.json()
    assert (said["type"], said["status"]) == (f"/problems/{kind}", status)
    assert said["detail"]
    return said


def test_every_route_of_the_gateway_names_its_scope_or_is_on_the_short_list(city):
    unguarded = {name for name, route in routes_of(city).items() if scope_of(route) is None}

    assert unguarded == OPEN_TO_EVERYONE


def test_every_call_with_a_unit_writes_its_answer_itself(city):
    """Else the framework does, in another thread, for which the open unit would have to wait: see `gate.answer`."""
    with_a_scope = {name: route for name, route in routes_of(city).items() if scope_of(route)}

    others = {name for name, route in with_a_scope.items() if get_type_hints(route.endpoint)["return"] is not Response}

    assert others == set()


def test_no_page_of_staff_is_at_the_gateway_and_no_call_of_machines_at_the_pages(city):
    of_machines = set(routes_of(city)) - {"GET /healthz"}
    of_staff = {door.name for door in doors(create_app(city.office).app)} - {"GET /healthz"}

    assert of_machines & of_staff == set()
    assert gateway(city).get("/sign-in").status_code == 404


def test_every_call_that_needs_a_scope_is_refused_without_a_token_before_its_body_is_read(city):
    http = gateway(city)
    guarded = [name for name, route in routes_of(city).items() if scope_of(route)]

    for name in guarded:
        method, path = name.split()
        said = problem(http.request(method, path, content=b"{not json"), 401, "token-needed")

        assert "/oauth/token" in said["detail"]
    assert guarded


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic Z2lqbzpnaWpv", "bearer あ"])
def test_what_is_no_token_opens_nothing(city, header):
    answer = gateway(city).get("/portal/notices", headers={"Authorization": header.encode()})

    problem(answer, 401, "token-needed")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_the_description_says_of_each_call_which_scope_it_needs(city):
    described = gateway(city).get("/openapi.json").json()

    scopes = {
        path: operation["security"]
        for path, operations in described["paths"].items()
        for operation in operations.values()
        if "security" in operation
    }
    known = {"links": "links", "ward-offices": "crowding", "forms": "forms"}
    assert {path: known.get(path.split("/")[1], "portal") for path in scopes} == {
        path: each[0]["gateway"][0] for path, each in scopes.items()
    }
    flows = described["components"]["securitySchemes"]["gateway"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == "http://127.0.0.1:8601/oauth/token"


def test_an_address_a_method_and_a_size_that_are_wrong_are_problems_too(city):
    portal = machine(city)

    problem(portal.http.get("/nothing/here"), 404, "no-such-address")
    wrong_method = portal.http.delete("/portal/notices")
    problem(wrong_method, 405, "no-such-method")
    assert wrong_method.headers["allow"] == "GET"
    problem(portal.call("PUT", "/portal/registrant", content=b"x" * (LARGEST_BODY + 1)), 413, "too-large")
    problem(portal.http.post("/oauth/token", content=b"x" * (LARGEST_BODY + 1)), 413, "too-large")


def test_what_is_wrong_in_a_body_is_named_and_never_repeated(city):
    portal = machine(city)
    body = {"person": {"pseudonym": "花子@example.jp", "assurance": "by my word"}, "language": "fr"}

    answer = portal.call("PUT", "/portal/registrant", json=body)

    said = problem(answer, 422, "invalid")
    assert {each["pointer"] for each in said["errors"]} == {
        "#/person/pseudonym",
        "#/person/assurance",
        "#/language",
    }
    assert not re.search(r"花子|by my word|\bfr\b", answer.text)
    problem(portal.call("PUT", "/portal/registrant", content=b"{broken"), 422, "invalid")


def test_a_problem_is_told_in_the_language_of_the_engineer(city):
    http = gateway(city)

    said = problem(http.get("/portal/notices", headers={"Accept-Language": "en-GB"}), 401, "token-needed")

    assert said["title"] == "An access token is needed"


def test_a_fault_tells_nothing_of_itself(city):
    """What was sealed with another key cannot be opened: that is nobody's mistake out there."""
    portal = machine(city)
    register(portal)
    with city.office.engine.begin() as connection:
        connection.execute(text("UPDATE registrant_channel SET sealed_address = :nonsense"), {"nonsense": b"x" * 40})

    answer = portal.call("POST", "/portal/record", json={"person": PERSON})

    assert "InvalidTag" not in json.dumps(problem(answer, 500, "fault"))


def test_a_database_that_is_away_asks_to_come_again_and_says_nothing_of_itself(city):
    portal = machine(city)
    portal.call("GET", "/portal/notices")
    with city.office.engine.begin() as connection:
        connection.execute(text("ALTER TABLE client_token RENAME TO somewhere_else"))

    answer = portal.call("GET", "/portal/notices")

    problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert "client_token" not in answer.text


def test_every_kind_of_problem_is_explained_at_its_own_address(city):
    http = gateway(city)

    explained = {kind.name: http.get(f"/problems/{kind.name}").json()["status"] for kind in EVERY_KIND}

    assert explained == {kind.name: kind.status for kind in EVERY_KIND}
    problem(http.get("/problems/nothing"), 404, "not-there")


def test_answers_carry_the_headers_of_the_house_and_are_kept_by_nobody(city):
    portal = machine(city)

    answer = portal.call("GET", "/portal/notices")

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_client_that_runs_wild_is_slowed_and_no_other(city):
    slow = city.office.settings.model_copy(update={"gateway_calls_a_minute": 4})
    city.office = replace(city.office, settings=slow)
    http = gateway(city)
    wild, calm = machine(city, http=http), machine(city, http=http)
    calls = [wild.call("GET", "/portal/notices").status_code for _ in range(3)]

    answer = wild.call("GET", "/portal/notices")

    problem(answer, 429, "too-many-calls")
    assert (calls, answer.headers["retry-after"]) == ([200, 200, 200], "15")
    assert calm.call("GET", "/portal/notices").status_code == 200
    city.clock.pass_(seconds=15)
    assert wild.call("GET", "/portal/notices").status_code == 200


def test_the_gateway_says_its_zone_and_how_to_get_a_token(city):
    http = gateway(city)

    assert http.get("/healthz").json() == {"status": "ok", "zone": "internet"}
    told = http.get("/.well-known/oauth-authorization-server").json()
    assert (told["issuer"], told["token_endpoint"]) == ("http://127.0.0.1:8601", "http://127.0.0.1:8601/oauth/token")
    assert told["scopes_supported"] == [str(scope) for scope in Scope]


def test_many_calls_at_once_are_all_answered(city):
    """More than the framework has threads: whoever holds the database must not wait for those who wait for it."""
    portal = machine(city)
    token, answers = portal.token(), []

    def call(number: int) -> None:
        body = {"person": proven(f"hito-{number:04d}"), "language": "ja"}
        answers.append(portal.call("PUT", "/portal/registrant", token=token, json=body).status_code)

    calls = [threading.Thread(target=call, args=(number,)) for number in range(MORE_THAN_THREADS)]
    for each in calls:
        each.start()
    for each in calls:
        each.join()

    assert answers == [200] * MORE_THAN_THREADS
