"""What do commands answer, and whom do they let see residents' data?"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.main import get_command
from typer.testing import CliRunner

from backoffice.accounts.second_factor import codes
from backoffice.accounts.second_factor.queries import held_by
from backoffice.cli.program import FILES, program_for, whole_program
from backoffice.errors import SignInNeeded
from backoffice.identity import Role, StaffSession
from tests.backoffice.accounts.people import give_code, set_up_code
from tests.backoffice.office import PASSWORD
from tests.backoffice.staff_client import StaffClient
from tests.backoffice.test_paper import hand_in, read

Gijo = Callable[..., Any]


@pytest.fixture
def gijo(city, monkeypatch) -> Gijo:
    """The command line of the city's own office, asked by someone who knows the password."""
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))
    monkeypatch.setenv("GIJO_PASSWORD", PASSWORD)
    monkeypatch.delenv("GIJO_CODE", raising=False)
    return lambda *words: CliRunner().invoke(whole_program(), words)


@pytest.fixture
def clerk(city, monkeypatch):
    """Someone who reads the code of their authenticator as the command is given: commands go by the true clock."""
    person = city.person(Role.VERIFIER, department=city.department("学事課"), account="sato")
    client = StaffClient(city).sign_in(person)
    hand_in(client, "marked_003.jpg")
    read(city)
    secret = give_code(city, person)
    monkeypatch.setenv("GIJO_CODE", codes.code_of(secret, codes.step_at(datetime.now(UTC))))
    return person


def what_main_says(*words: str, **told: str) -> tuple[int, str]:
    """Exit code and stderr of the real command: a process of its own, since it sets up logging for the whole of one."""
    command = [sys.executable, "-c", "from backoffice.cli import main; main()", *words]
    done = subprocess.run(  # noqa: S603 -- our own command
        command, env=os.environ | told, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def test_a_command_that_does_what_it_is_asked_says_nothing_of_itself(city):
    assert what_main_says("staff", "--help") == (0, "")


def test_a_refused_command_says_which_word_was_wrong(city, gijo):
    city.person(account="sato")

    code, said = what_main_says("staff", "add", "sato", "--name", "佐藤 花子")

    assert (code, "この職員IDは使われています。" in said) == (3, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"GIJO_PORT": "eight thousand", "GIJO_LOG_LEVEL": "loud", "GIJO_OIDC_CLIENT_SECRET_FILE": "/not/there"},
        {"GIJO_PUBLIC_ADDRESS": "gijo.city.example"},  # looked at once each is what it should be by itself
    ],
)
def test_every_wrong_setting_is_named_and_no_other_is_shown(wrong):
    database = "postgresql+psycopg://gijo:geheim@db/gijo"

    code, said = what_main_says("check", GIJO_DATABASE_URL=database, **wrong)

    named = re.findall(r"GIJO_\w+", said)
    assert (code, sorted(named), "geheim" in said) == (2, sorted(wrong), False), said


def test_the_first_administrator_is_added_before_anyone_can_sign_in(city, gijo):
    added = gijo("staff", "add", "first", "--name", "最初 一子", "--json")
    city.clock.moment = datetime.now(UTC)  # the command's clock: the role begins on its day

    # The command lives in the present, and so does the role it gave: the page must, too.
    city.clock.moment = datetime.now(UTC)
    client = StaffClient(city)
    client.post("/sign-in", {"account": "first", "password": PASSWORD})
    set_up_code(client)

    assert added.exit_code == 0
    assert json.loads(added.stdout)["staff_id"] > 0
    client.get("/staff")


def test_a_weak_password_is_refused_for_the_first_administrator_too(gijo, monkeypatch):
    monkeypatch.setenv("GIJO_PASSWORD", "short")

    assert gijo("staff", "add", "first", "--name", "最初 一子").exit_code == 3


def test_a_sheet_is_shown_to_staff_who_may_see_it_and_the_look_is_on_the_trail(city, gijo, clerk):
    shown = gijo("sheets", "show", "R8-就援-0001", "--as", "sato", "--json")

    auditor = StaffClient(city).sign_in(city.person(Role.AUDITOR))
    trail = auditor.get("/audit?kind=sheet_seen").text
    assert json.loads(shown.stdout)["fields"]["name"] == "小川 修平"
    assert "コマンド" in trail


def test_a_sheet_is_not_shown_without_the_right_password_or_the_permission(city, gijo, clerk, monkeypatch):
    city.person(Role.AUDITOR, account="admin")

    not_permitted = gijo("sheets", "show", "R8-就援-0001", "--as", "admin")
    monkeypatch.setenv("GIJO_PASSWORD", "a wrong password")
    wrong = gijo("sheets", "show", "R8-就援-0001", "--as", "sato")

    assert isinstance(wrong.exception, SignInNeeded)
    assert "小川" not in not_permitted.output + wrong.output


def test_a_command_asks_for_the_second_factor_as_a_page_does(city, gijo, clerk, monkeypatch):
    monkeypatch.setenv("GIJO_CODE", "000000")
    wrong = gijo("sheets", "show", "R8-就援-0001", "--as", "sato")
    city.person(Role.VERIFIER, account="newcomer")
    none_yet = gijo("sheets", "show", "R8-就援-0001", "--as", "newcomer")

    assert isinstance(wrong.exception, SignInNeeded)
    assert isinstance(none_yet.exception, SignInNeeded)
    assert "小川" not in wrong.output + none_yet.output


def test_a_command_leaves_no_sign_in_behind(city, gijo, clerk):
    gijo("sheets", "list", "--as", "sato")

    with city.look() as work:
        left = work.session.scalars(select(StaffSession).where(StaffSession.address == "")).all()
    assert left == []


def test_whoever_has_the_machine_resets_the_last_administrators_factor(city, gijo, clerk):
    unknown = gijo("staff", "reset-factor", "nobody")
    known = gijo("staff", "reset-factor", "sato", "--json")

    with city.look() as work:
        assert not held_by(work.session, clerk.id).any
    assert (unknown.exit_code, known.exit_code) == (3, 0)


def test_a_demonstrations_city_is_not_opened_as_a_real_one(city, gijo, clerk):
    refused = gijo("serve")

    assert refused.exit_code == 3
    assert "演習用の市" in refused.output


def test_counting_sheets_shows_no_personal_data(gijo, clerk):
    counted = gijo("sheets", "list", "--as", "sato", "--json")

    assert json.loads(counted.stdout) == {
        "received": 0,
        "incomplete": 0,
        "refused": 0,
        "to_verify": 1,
        "second_entry": 0,
        "held": 0,
        "unreadable": 0,
        "excluded": 0,
        "settled": 0,
    }


def test_a_whole_chain_answers_zero_and_a_broken_one_names_its_first_broken_link(city, gijo, clerk):
    whole = gijo("audit", "verify", "--json")
    with city.office.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_update")
        connection.exec_driver_sql("UPDATE audit_event SET address = 'elsewhere' WHERE position = 3")
    broken = gijo("audit", "verify", "--json")

    assert (whole.exit_code, json.loads(whole.stdout)) == (0, {"whole": True})
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["position"] == 3


def test_the_head_of_the_trail_leaves_the_database(city, gijo, clerk):
    published = json.loads(gijo("audit", "publish", "--json").stdout)["path"]

    assert city.office.settings.audit_heads_path in Path(published).parents
    assert "hash" in Path(published).read_text()


def test_a_master_key_is_never_overwritten(city, gijo):
    before = city.office.settings.master_key_path.read_text()

    refused = gijo("keys", "make")

    assert refused.exit_code == 3
    assert city.office.settings.master_key_path.read_text() == before


def test_a_command_loads_its_own_file_and_is_the_same_as_in_the_whole_program():
    whole = get_command(whole_program())
    told = {command for commands in FILES.values() for command in commands}

    assert set(whole.commands) == told
    for commands in FILES.values():
        assert set(get_command(program_for(commands[0])).commands) == set(commands)
    assert set(get_command(program_for("--help")).commands) == told
