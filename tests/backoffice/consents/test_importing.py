"""Do registrations come in as a file? Wholly or not at all, told by line, and a second time without harm."""

from __future__ import annotations

import json
import uuid

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from backoffice.cli.answers import Exit
from backoffice.cli.program import whole_program
from backoffice.consents import importing
from backoffice.consents.live import bits_now
from backoffice.consents.models import Consent, ConsentEvent, Registrant
from backoffice.identity import Actor, Origin
from tests.backoffice.clients.machines import machine
from tests.backoffice.consents.portal import MAIL, PERSON, WHO, consent_to, on_a_word, record_of
from workflows.rules.vocabulary import ConsentClass

MESSAGE = "2f1c7a52-98f4-4c0e-9d53-6a1f4be2a001"


def line(call: str, body: dict) -> str:
    return json.dumps({"call": call, "body": body})


def whole_file() -> list[str]:
    return [
        line("registrant", {"person": PERSON, "language": "ja"}),
        line("channel", {"person": PERSON, "kind": "mail", "address": MAIL}),
        line("interests", {"person": PERSON, "interests": ["childcare"]}),
        line("consent", consent_to("tax", message_id=MESSAGE)),
    ]


@pytest.fixture
def gijo(city, monkeypatch, tmp_path):
    """The command, told of a file with these lines."""
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))

    def call(lines: list[str], *words: str):
        file = tmp_path / "portal.jsonl"
        file.write_text("\n".join(lines), encoding="utf-8")
        return CliRunner().invoke(whole_program(), ["consents", "import", str(file), "--json", *words])

    return call


def rows(city, model) -> int:
    with city.look() as work:
        return work.session.scalar(select(func.count()).select_from(model))


def told(ended) -> dict:
    return json.loads(ended.stdout.splitlines()[0])


def test_a_file_of_calls_is_taken_in_as_if_the_portal_had_called(city, gijo):
    ended = gijo(whole_file())

    assert (ended.exit_code, told(ended)["kept"]) == (0, True)
    assert told(ended)["done"] == {"registrant": 1, "channel": 1, "interests": 1, "consent": 1}
    assert bits_now(city.office, Actor.house(Origin.WORKER)) == {WHO: ConsentClass.TAX.bit}
    record = record_of(machine(city)).json()
    assert (record["channels"][0]["address"], record["consents"][0]["way"]) == (MAIL, "portal")
    with city.look() as work:
        assert work.session.scalars(select(ConsentEvent.staff_id)).all() == [None]


def test_a_file_that_comes_twice_changes_nothing_also_after_a_withdrawal(city, gijo):
    gijo(whole_file())
    portal = machine(city)
    reference = record_of(portal).json()["consents"][0]["reference"]
    portal.call("POST", "/portal/consents/withdraw", json={"person": PERSON, "reference": reference})

    ended = gijo(whole_file())

    assert (ended.exit_code, told(ended)["already"]) == (0, 1)
    assert rows(city, Consent) == 1
    assert bits_now(city.office, Actor.house(Origin.WORKER)) == {WHO: 0}


def test_one_bad_line_keeps_out_the_whole_file_and_each_is_told_without_its_values(city, gijo):
    stranger = {**PERSON, "pseudonym": "nobody-0001"}
    bad = [
        "not json",
        line("unknown", {}),
        line("registrant", {"person": {"pseudonym": "花子", "assurance": "self_declared"}, "language": "ja"}),
        line("channel", {"person": PERSON, "kind": "mail", "address": "花子の家"}),
        line("consent", consent_to(person=stranger, message_id=str(uuid.uuid4()))),
        line("consent", consent_to(person=on_a_word())),
        line("consent", consent_to(notice_version=9)),
    ]

    ended = gijo([*whole_file(), *bad])

    assert ended.exit_code == Exit.REFUSED
    found = told(ended)
    assert [each["line"] for each in found["quarantined"]] == [5, 6, 7, 8, 9, 10, 11]
    assert found["quarantined"][2]["pointer"] == "#/body/person/pseudonym"
    assert "花子" not in ended.output
    assert (found["kept"], rows(city, Registrant), rows(city, Consent)) == (False, 0, 0)


def test_a_dry_run_looks_and_keeps_nothing(city, gijo):
    good, bad = gijo(whole_file(), "--dry-run"), gijo(["x"], "--dry-run")

    assert (good.exit_code, told(good)["kept"]) == (0, False)
    assert bad.exit_code == Exit.FINDING
    assert rows(city, Registrant) == 0


def test_what_is_no_text_is_told_so(city, gijo, tmp_path):
    file = tmp_path / "picture.jsonl"
    file.write_bytes(b"\xff\xfe\x00")

    ended = CliRunner().invoke(whole_program(), ["consents", "import", str(file)])

    assert ended.exit_code == Exit.WRONG_CALL


def test_all_or_nothing_holds_on_postgresql_too(city_on_postgres):
    city = city_on_postgres
    with city.unit() as work:
        refused = importing.take_in(work, [*whole_file(), "x"])
    assert (refused.is_kept, rows(city, Registrant)) == (False, 0)

    with city.unit() as work:
        taken = importing.take_in(work, whole_file())

    assert (taken.is_kept, rows(city, Consent)) == (True, 1)
