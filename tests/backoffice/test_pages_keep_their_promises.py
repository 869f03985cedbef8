"""What does every page owe the house? It renders, it changes nothing, it costs the same however long the list."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice.composition import FEATURES, all_models
from backoffice.identity import Role
from tests.architecture.sources import ROOT, named, texts
from tests.backoffice.furniture import doors, furnish, statements
from tests.backoffice.staff_client import StaffClient

AT_MOST = 12
MAY_CHANGE_BY_LOOKING = {"audit_event", "audit_segment"}
LANGUAGES = ("ja", "en")


def pages(client: StaffClient) -> list[str]:
    return [door.path for door in doors(client.app) if door.method == "GET" and door.permission]


def everything_but_the_trail(city) -> dict[str, list[tuple[object, ...]]]:
    kept = [table for table in all_models().sorted_tables if table.name not in MAY_CHANGE_BY_LOOKING]
    with city.look() as work:
        return {table.name: [tuple(row) for row in work.session.execute(select(table))] for table in kept}


def test_a_get_changes_nothing_but_the_trail(city, client):
    furnished = furnish(city)
    client.sign_in(furnished.person)
    before = everything_but_the_trail(city)

    answers = {path: client.http.get(furnished.fill(path)).status_code for path in pages(client)}

    assert {path: status for path, status in answers.items() if status != 200} == {}
    assert everything_but_the_trail(city) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_renders_in_both_languages_and_in_the_letters_that_one_reads(city, client, language):
    furnished = furnish(city)
    with city.unit() as work:
        person = work.session.merge(furnished.person)
        person.language, person.text_size = language, "largest"
    client.sign_in(furnished.person)

    for path in pages(client):
        answer = client.get(furnished.fill(path))
        assert all(
            (each.attributes["lang"], each.attributes["data-text"]) == (language, "largest")
            for each in answer.seen.elements
            if each.tag == "html"
        ), path


@pytest.mark.parametrize("rows", [0, 60])
def test_no_page_asks_the_database_more_often_when_there_is_more_to_show(city, client, rows):
    furnished = furnish(city, sheets=rows, people=max(1, rows), jobs=rows)
    client.sign_in(furnished.person)
    spent = {}

    for path in pages(client):
        with statements() as asked:
            client.http.get(furnished.fill(path))
        spent[path] = len(asked)

    assert {path: count for path, count in spent.items() if count > AT_MOST} == {}


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_errors_keep_their_true_status_as_page_and_as_fragment(city, client, headers):
    client.sign_in(city.person(Role.VERIFIER))

    for path, status in (("/nowhere", 404), ("/sheets/123456", 404), ("/staff", 403), ("/sheets/zero", 422)):
        client.get(path, status=status, **headers)

    assert client.http.post("/me", headers=headers).status_code == 405


def test_a_database_that_does_not_answer_is_told_as_503(city, client):
    client.sign_in(city.person())
    with city.office.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE role_grant")

    client.get("/me", status=503)


def test_a_fault_of_the_program_is_told_without_its_details(city, client, capsys):
    def broken() -> None:
        raise RuntimeError("福岡 花子")

    client.app.add_api_route("/broken", broken)

    answer = client.get("/broken", status=500)

    assert "福岡" not in answer.text
    assert "福岡" not in "".join(capsys.readouterr())


def test_every_template_is_shown_by_a_route():
    written = {
        f"{path.parts[0]}/{path.name}"
        for feature in FEATURES
        for path in ((ROOT / "backoffice" / feature / "templates").glob("*.html"))
        for path in [path.relative_to(ROOT / "backoffice")]
    }
    rendered = {
        node.value
        for path, text in texts().items()
        if named(path).startswith("backoffice/") and path.suffix == ".py"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
    }

    assert {name for name in written if not Path(name).name.startswith("_")} - rendered == set()
