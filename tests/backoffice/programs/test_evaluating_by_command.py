"""What does `gijo programs evaluate` take, and what does it leave behind?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backoffice.accounts.second_factor import codes
from backoffice.audit import AuditEvent
from backoffice.cli.answers import Exit
from backoffice.cli.program import whole_program
from backoffice.programs import asking
from backoffice.programs.models import Inquiry
from tests.backoffice.accounts.people import give_code
from tests.backoffice.office import PASSWORD
from tests.backoffice.programs.cities import take_in_residents
from tests.backoffice.programs.offices import BREAST_CANCER, WOMEN, Office
from tests.backoffice.programs.test_versions import in_force
from workflows.rules.tree import All
from workflows.rules.writing import fingerprint, written

WHY = ("--why", "unknown-to-all", "--as", "tanto", "--reason", "電話での問合せ")


@pytest.fixture
def gijo(office: Office, monkeypatch):
    """The command line of the office. It goes by the true clock: what the office approves before it holds by then."""
    office.city.clock.moment = datetime.now(UTC) - timedelta(minutes=5)
    monkeypatch.setenv("GIJO_DATA_DIR", str(office.city.office.settings.data_dir))
    monkeypatch.setenv("GIJO_PASSWORD", PASSWORD)

    def run(*words: object):
        return CliRunner().invoke(whole_program(), ("programs", "evaluate", *map(str, words)))

    return run


@pytest.fixture
def with_code(office: Office, gijo, monkeypatch) -> None:
    secret = give_code(office.city, office.drafter)
    monkeypatch.setenv("GIJO_CODE", codes.code_of(secret, codes.step_at(datetime.now(UTC))))


def number_of(office: Office, version_id: int) -> str:
    return office.version(version_id).program.number


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        (("--as-of", "2026-04-01"), "--as-of"),
        (("--snapshot", "1"), "--snapshot"),
        (("--engine", "numpy"), "--engine"),
        (("--rule", "rule.json"), "--rule"),
        (("--all",), "--all"),
    ],
)
def test_why_says_which_option_does_not_go_with_it(office: Office, gijo, extra, named):
    refused = gijo("R8-制度-0001", *WHY, *extra)

    assert refused.exit_code == Exit.WRONG_CALL
    assert f"{named} は使えません" in refused.output


@pytest.mark.parametrize(
    "words",
    [
        ("--why", "unknown-to-all", "--as", "tanto"),
        ("R8-制度-0001", "--why", "unknown-to-all"),
        ("R8-制度-0001", "--reason", "電話での問合せ"),
        ("R8-制度-0001", "--all"),
    ],
)
def test_what_is_missing_or_too_much_is_a_wrong_call(gijo, words):
    assert gijo(*words).exit_code == Exit.WRONG_CALL


def test_why_is_told_by_command_as_on_the_page_and_kept_alike(office: Office, gijo, with_code):
    residents = take_in_residents(office.city)
    version_id = in_force(office)
    women = residents.filter((pl.col("sex") == "female") & (pl.col("consents") & 1 == 1))
    woman = women.filter(pl.col("birth_date") < pl.date(1980, 1, 1))["pseudonym"][0]
    words = (number_of(office, version_id), "--why", woman, "--as", "tanto", "--json")

    told = gijo(*words, "--reason", "電話での問合せ")

    assert json.loads(told.stdout)["conditions"][0] == {"condition": "性別が女性", "state": "true", "decided": True}
    with office.city.look() as work:
        [kept] = work.session.scalars(select(Inquiry)).all()
    office.city.clock.moment = kept.asked_at
    with office.city.look(office.city.actor(office.drafter)) as work:
        assert asking.inquiries_left(work, kept.program_id) == asking.INQUIRIES_AT_A_PROGRAM - 1
    assert kept.mark == asking.mark_of(office.city.office.cipher, woman)


def test_a_rule_in_a_file_leaves_the_hash_of_its_canonical_form_on_the_trail(office: Office, gijo, tmp_path):
    take_in_residents(office.city)
    plain, wordy = tmp_path / "plain.json", tmp_path / "wordy.json"
    plain.write_text(json.dumps(written(BREAST_CANCER)), "utf-8")
    wordy.write_text(json.dumps(written(All((BREAST_CANCER,))), indent=2), "utf-8")
    other = tmp_path / "other.json"
    other.write_text(json.dumps(written(WOMEN)), "utf-8")

    done = [gijo("--rule", each).exit_code for each in (plain, wordy, other)]

    with office.city.look() as work:
        told = select(AuditEvent).where(AuditEvent.kind == "rule_file_evaluated").order_by(AuditEvent.id)
        events = work.session.scalars(told)
        noted = [event.data for event in events]
    assert done == [0, 0, 0]
    assert [each["programs"] for each in noted] == [1, 1, 1]
    assert noted[0]["rule_hash"] == noted[1]["rule_hash"] == fingerprint(BREAST_CANCER)
    assert noted[2]["rule_hash"] != noted[0]["rule_hash"]
