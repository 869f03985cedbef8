"""Does the doctor find what is amiss, and say how to mend it?"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from backoffice.cli.program import whole_program
from backoffice.db.engine import open_engine
from backoffice.operations import machine, premises
from backoffice.operations.checkup import ask_all, well
from backoffice.settings import Settings
from tests.backoffice.furniture import furnish
from tests.backoffice.office import NOON, City


def examined(city: City) -> dict[str, premises.Row]:
    settings = city.office.settings
    engine = open_engine(settings.database)
    try:
        return {row.name: row for row in ask_all(premises.probes(settings, engine, city.clock()))}
    finally:
        engine.dispose()


def findings(city: City) -> list[str]:
    return [name for name, row in examined(city).items() if not row.ok]


def test_an_office_in_order_has_no_finding(city):
    furnish(city)

    assert findings(city) == []


def test_a_database_that_may_forget_what_was_committed_is_a_finding(city_on_postgres):
    """The tests' own PostgreSQL does without fsync, for their speed."""
    furnish(city_on_postgres)

    assert findings(city_on_postgres) == ["durability"]


def test_a_master_key_that_others_may_read_is_a_finding(city):
    city.office.settings.master_key_path.chmod(0o644)

    row = examined(city)["master_key"]

    assert (row.ok, row.mend) == (False, f"chmod 600 {city.office.settings.master_key_path}")


def test_a_master_key_that_is_not_there_is_a_finding(city):
    city.office.settings.master_key_path.unlink()

    assert findings(city) == ["master_key"]


def test_another_offices_master_key_is_found_by_a_file_it_does_not_open(city):
    furnish(city)
    city.office.settings.master_key_path.write_text("ab" * 32)

    assert findings(city) == ["key_fits"]


def test_tables_of_an_older_version_are_a_finding_with_the_command_that_mends_them(city):
    with city.office.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    row = examined(city)["revision"]

    assert (row.ok, "gijo migrate" in row.mend) == (False, True)


def test_missing_tables_of_the_durable_engine_are_a_finding(city):
    with city.office.engine.begin() as connection:
        connection.execute(text("DROP TABLE workflow_status"))

    assert findings(city) == ["jobs"]


def test_a_clock_that_ran_back_behind_the_trail_is_a_finding(city):
    furnish(city)
    city.clock.pass_(hours=-1)

    assert findings(city) == ["last_event"]


def test_a_pause_after_a_restore_is_told_until_someone_ends_it(city):
    city.office.settings.pause_path.touch()

    assert findings(city) == ["pause"]


def test_where_there_is_no_database_none_is_made_by_asking(tmp_path):
    settings = Settings(data_dir=tmp_path / "nothing")
    engine = open_engine(settings.database)

    rows = {row.name: row for row in ask_all(premises.probes(settings, engine, NOON))}

    engine.dispose()
    assert (rows["database"].ok, "revision" in rows) == (False, False)
    assert not (tmp_path / "nothing").exists()


@pytest.mark.journey
def test_a_database_that_does_not_answer_is_a_finding_that_does_not_tell_its_password(tmp_path):
    settings = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://gijo:ame-no-hi@127.0.0.1:9/gijo")
    engine = open_engine(settings.database)

    rows = ask_all(premises.probes(settings, engine, NOON))

    engine.dispose()
    assert not rows[0].ok
    assert "ame-no-hi" not in str(rows)


def test_a_folder_that_cannot_be_written_is_a_finding(tmp_path):
    (tmp_path / "file").touch()

    assert not premises.writable("blobs", tmp_path / "file" / "blobs").ok
    assert premises.writable("blobs", tmp_path / "not" / "yet" / "there").ok


def test_front_end_files_that_are_missing_are_named(tmp_path):
    (tmp_path / "tokens.css").touch()

    row = machine.front_end(tmp_path)

    assert (row.ok, "htmx.min.js" in row.detail, "make setup" in row.mend) == (False, True, True)


def test_a_browser_that_is_not_there_is_a_finding(tmp_path):
    assert not machine.chromium(tmp_path / "chromium").ok


def test_a_machine_that_thinks_it_is_1970_is_a_finding():
    assert not machine.clock(NOON.replace(year=1970)).ok
    assert machine.clock(NOON).detail == "2026-11-24 12:00:00 +0900 (Asia/Tokyo)"


def test_a_question_that_breaks_is_a_finding_and_the_next_is_asked():
    def broken() -> premises.Row:
        raise LookupError("nobody knows")

    rows = ask_all([("first", broken), ("second", lambda: well("second", "fine"))])

    assert [(row.name, row.ok) for row in rows] == [("first", False), ("second", True)]
    assert "nobody knows" in rows[0].detail


def test_the_command_tells_findings_by_its_exit_code_and_as_json(city, monkeypatch):
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))
    monkeypatch.setenv("GIJO_CHROMIUM", str(city.office.settings.data_dir / "chromium"))

    spoken = CliRunner().invoke(whole_program(), ["check"])
    answered = CliRunner().invoke(whole_program(), ["check", "--json"])

    assert (spoken.exit_code, answered.exit_code) == (1, 1)
    assert "✕ chromium" in spoken.output
    assert "  → apt-get install chromium" in spoken.output
    told = json.loads(answered.stdout)
    assert [row["name"] for row in told["rows"] if not row["ok"]] == ["chromium"]
    assert told["well"] is False


def test_the_real_machine_answers_every_question(city):
    rows = ask_all(machine.probes(city.office.settings, city.clock()))

    assert [row.name for row in rows if not row.ok] == []


@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("", True),
        ("https://gijo.city.example", True),
        ("http://localhost:8600", True),
        ("https://", False),
        ("https://gijo.city.example/office", False),
        ("https://gijo.city.example:port", False),
        ("https://someone@gijo.city.example", False),
    ],
)
def test_a_public_address_that_no_browser_can_have_is_a_finding(address, ok):
    assert premises.public_address(Settings(public_address=address)).ok is ok


def test_a_city_sign_in_that_cannot_be_right_is_a_finding(tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text(" \n")
    told = {"public_address": "https://gijo.city.example", "oidc_client_id": "gijo"}

    passwords = premises.identity_provider(Settings())
    right = premises.identity_provider(Settings(**told, oidc_issuer="https://id.city.example/realms/city"))
    nameless = premises.identity_provider(Settings(**told, oidc_issuer="https:///realms/city"))
    silent = premises.identity_provider(
        Settings(**told, oidc_issuer="https://id.city.example", oidc_client_secret_file=secret)
    )

    assert [row.ok for row in (passwords, right, nameless, silent)] == [True, True, False, False]
