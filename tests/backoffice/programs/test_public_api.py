"""What may anyone read without signing in? Nothing, until the city opens it; then what is in force, and no more."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from backoffice.programs.public_api import Program, ProgramList
from backoffice.settings import Settings
from tests.backoffice.furniture import statements
from tests.backoffice.programs.offices import Office
from tests.backoffice.programs.test_publishing import IN_THREE, SECRETS, in_force
from tests.backoffice.staff_client import StaffClient

PROGRAMS = "/api/public/programs"
EVERY_ADDRESS = (PROGRAMS, f"{PROGRAMS}/R8-0001", "/api/public/openapi.json")


def anyone(office: Office, **settings: Any) -> StaffClient:
    """Somebody who has not signed in, where the city has opened the interface."""
    opened = office.city.office.settings.model_copy(update={"public_api": True, **settings})
    return StaffClient(replace(office.city, office=replace(office.city.office, settings=opened)))


def read(client: StaffClient, address: str, status: int = 200) -> Any:
    return json.loads(client.get(address, status).text)


def number_of(office: Office, version_id: int) -> str:
    return office.version(version_id).program.number


@pytest.mark.parametrize("address", EVERY_ADDRESS)
def test_unless_the_city_opens_it_nothing_is_there(office: Office, address):
    in_force(office)

    answer = StaffClient(office.city).get(address, status=404)

    assert answer.response.headers["content-type"] == "application/problem+json"
    assert "乳がん検診" not in answer.text


def test_a_demonstration_shows_it_and_a_city_decides_by_one_word(monkeypatch):
    monkeypatch.setenv("GIJO_PUBLIC_API", "on")

    assert Settings().public_api_open
    assert not Settings(public_api=False).public_api_open
    assert Settings(public_api=False, demonstration=True).public_api_open


def test_anyone_reads_what_is_in_force(office_on_both: Office):
    office = office_on_both
    number = number_of(office, in_force(office))

    found = read(anyone(office), PROGRAMS)

    assert (found["total"], found["next"]) == (1, None)
    (program,) = found["programs"]
    assert program["number"] == number
    assert program["name"] == {"lang": "ja", "text": "乳がん検診"}
    assert (program["starts"], program["ends"], program["predecessor"]) == ("2026-12-01", None, None)
    assert program["languages"] == ["ja", "easy", "en"]
    assert program == read(anyone(office), f"{PROGRAMS}/{number}")


def test_a_reader_chooses_the_language_and_is_told_which_one_came(office: Office):
    number = number_of(office, in_force(office, {**IN_THREE, "summary_en": None}))
    client = anyone(office)

    english, plain = (read(client, f"{PROGRAMS}/{number}?lang={lang}") for lang in ("en", "easy"))

    assert english["name"] == {"lang": "en", "text": "Breast cancer screening"}
    assert english["summary"]["lang"] == "ja"
    assert english["category"]["name"]["text"] == "Health and medical care"
    assert plain["name"] == {"lang": "easy", "text": "にゅうがん けんしん"}


def test_drafts_and_unknown_numbers_are_alike_not_there(office: Office):
    drafted = number_of(office, office.begin(sheet=IN_THREE))
    client = anyone(office)

    assert read(client, f"{PROGRAMS}/{drafted}", 404) == read(client, f"{PROGRAMS}/R1-0000", 404)


def test_what_the_office_keeps_to_itself_is_nowhere(office: Office):
    number = number_of(office, in_force(office, {**IN_THREE, "body_class": "veiled"}))
    client = anyone(office)

    text = client.get(PROGRAMS).text + client.get(f"{PROGRAMS}/{number}").text

    assert read(client, f"{PROGRAMS}/{number}")["audience"] is None
    assert [each for each in (*SECRETS, "年度末年齢", office.drafter.name, "veiled") if each in text] == []


def test_a_long_list_comes_in_pages_that_name_the_next(office: Office):
    numbers = [number_of(office, in_force(office)) for _ in range(3)]
    client = anyone(office)

    first = read(client, f"{PROGRAMS}?per_page=2&lang=en")
    second = read(client, first["next"])

    assert [each["number"] for page in (first, second) for each in page["programs"]] == sorted(numbers)
    assert (first["total"], second["next"], second["programs"][0]["name"]["lang"]) == (3, None, "en")
    assert read(client, f"{PROGRAMS}?page=9")["programs"] == []


def test_more_programs_ask_the_database_no_more_often(office: Office):
    in_force(office)
    client = anyone(office)
    asked = []

    for _ in range(2):
        with statements() as seen:
            client.get(PROGRAMS)
        asked.append(len(seen))
        in_force(office)

    assert asked[0] == asked[1] <= 12


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999999999999999999", "per_page=101", "per_page=0", "lang=fr"]
)
def test_a_value_that_cannot_be_understood_is_named_in_json(office: Office, query):
    found = read(anyone(office), f"{PROGRAMS}?{query}", 422)

    assert (found["status"], query.partition("=")[0] in found["detail"]) == (422, True)


def test_whoever_has_it_already_is_told_so_until_something_changes(office: Office):
    in_force(office)
    client = anyone(office)
    first = client.get(PROGRAMS).response
    tag = first.headers["etag"]

    assert first.headers["cache-control"] == "public, max-age=300"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(PROGRAMS, 304, **{"If-None-Match": known})
        assert (again.text, again.response.headers["etag"]) == ("", tag)
    in_force(office)
    assert client.get(PROGRAMS, **{"If-None-Match": tag}).response.headers["etag"] != tag


def test_it_leaves_no_cookie_and_takes_nothing_in(office: Office):
    in_force(office)
    client = anyone(office)

    assert "set-cookie" not in client.get(PROGRAMS).response.headers
    assert [client.http.request(method, PROGRAMS).status_code for method in ("POST", "PUT", "DELETE")] == [405] * 3


def test_openapi_describes_exactly_the_two_addresses_and_their_answers(office: Office):
    described = read(anyone(office), "/api/public/openapi.json")

    assert described["openapi"] == "3.1.0"
    assert {path: list(ways) for path, ways in described["paths"].items()} == {
        PROGRAMS: ["get"],
        PROGRAMS + "/{number}": ["get"],
    }
    for path in described["paths"].values():
        assert set(path["get"]["responses"]) == {"200", "304", "404", "422"}
    assert {"Program", "ProgramList", "Words", "Code", "Problem"} == set(described["components"]["schemas"])


def test_every_part_that_the_description_points_to_is_there(office: Office):
    described = read(anyone(office), "/api/public/openapi.json")

    pointed = set(references(described))

    assert pointed
    for place in pointed:
        here = described
        for step in place.removeprefix("#/").split("/"):
            here = here[step]


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [each for item in part for each in references(item)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [each for item in part.values() for each in references(item)]


def test_answers_keep_to_the_description(office: Office):
    number = number_of(office, in_force(office))
    client = anyone(office)

    assert ProgramList.model_validate_json(client.get(PROGRAMS).text).total == 1
    assert Program.model_validate_json(client.get(f"{PROGRAMS}/{number}").text).number == number
