"""What do `gijo residents generate` and `gijo residents import` answer, and when do they keep nothing?"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backoffice.accounts.second_factor import codes
from backoffice.cli.program import whole_program
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Role
from backoffice.residents.models import Snapshot
from tests.backoffice.accounts.people import give_code
from tests.backoffice.office import PASSWORD
from tests.workflows.residents import as_csv, household

LONG_AGO = "2020-04-01"
"""Commands go by the true clock."""


@pytest.fixture
def residents(city, monkeypatch):
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))
    return lambda *words: CliRunner().invoke(whole_program(), ("residents", *map(str, words)))


@pytest.fixture
def bad_file(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(as_csv(household(1, "suzume", "hibari", sex=["male", "himitsu"])))
    return path


@pytest.fixture
def signed_in(city, monkeypatch):
    """Gives somebody who knows their password and reads the code of their authenticator."""

    def ready(role: Role):
        person = city.person(role)
        secret = give_code(city, person)
        monkeypatch.setenv("GIJO_PASSWORD", PASSWORD)
        monkeypatch.setenv("GIJO_CODE", codes.code_of(secret, codes.step_at(datetime.now(UTC))))
        return person

    return ready


def kept(city) -> list[int]:
    with city.look() as work:
        return list(work.session.scalars(select(Snapshot.people).order_by(Snapshot.id)))


def test_a_city_is_drawn_and_taken_in(city, residents, tmp_path):
    out = tmp_path / "city.parquet"

    drawn = residents("generate", out, "--people", 120, "--seed", 4, "--as-of", LONG_AGO, "--json")
    taken = residents("import", out, "--as-of", LONG_AGO, "--source", "演習", "--json")

    assert json.loads(drawn.stdout) == {"people": 120, "seed": 4, "as_of": LONG_AGO, "path": str(out)}
    answer = json.loads(taken.stdout)
    assert (answer["people"], answer["left_out"], answer["set_aside"]) == (kept(city)[0], 0, [])


def test_a_dry_run_keeps_nothing(city, residents, tmp_path):
    path = tmp_path / "good.csv"
    path.write_bytes(as_csv(household(1, "suzume")))

    asked = residents("import", path, "--as-of", LONG_AGO, "--source", "台帳", "--dry-run")

    assert (asked.exit_code, kept(city)) == (0, [])
    assert "まだ何も取り込んでいません" in asked.stdout


def test_rows_with_faults_are_named_without_their_values_and_nothing_is_kept(city, residents, bad_file):
    asked = residents("import", bad_file, "--as-of", LONG_AGO, "--source", "台帳")

    assert (asked.exit_code, kept(city)) == (3, [])
    assert "2行目 性別 知らない符号" in asked.stdout
    assert "himitsu" not in asked.output


def test_a_dry_run_with_faults_is_a_finding(city, residents, bad_file):
    asked = residents("import", bad_file, "--as-of", LONG_AGO, "--source", "台帳", "--dry-run", "--json")

    assert asked.exit_code == 1
    assert json.loads(asked.stdout)["rows"] == [{"row": 2, "column": "sex", "reason": "unknown_code"}]


def test_they_are_left_out_where_that_is_said(city, residents, bad_file):
    asked = residents("import", bad_file, "--as-of", LONG_AGO, "--source", "台帳", "--leave-out-quarantined", "--json")

    assert (asked.exit_code, kept(city)) == (0, [1])
    assert json.loads(asked.stdout)["left_out"] == 1


@pytest.mark.parametrize(
    ("name", "mapping"),
    [
        ("m.toml", '[columns]\n"番号" = "pseudonym"\n"世帯" = "household"\n[codes.sex]\n"2" = "female"\n'),
        ("m.json", '{"columns": {"番号": "pseudonym", "世帯": "household"}, "codes": {"sex": {"2": "female"}}}'),
    ],
)
def test_a_mapping_says_what_columns_and_codes_mean(city, residents, tmp_path, name, mapping):
    (tmp_path / name).write_text(mapping, "utf-8")
    (tmp_path / "file.csv").write_text("番号,世帯,sex\nsuzume,1,2\n", "cp932")
    words = ("import", tmp_path / "file.csv", "--source", "台帳", "--json")

    first = residents(*words, "--as-of", LONG_AGO, "--mapping", tmp_path / name)
    second = residents(*words, "--as-of", "2020-05-01")

    assert [json.loads(each.stdout)["people"] for each in (first, second)] == [1, 1]
    assert json.loads(second.stdout)["drift"] == {"added": 0, "gone": 0, "changed": 0}


def test_a_mapping_of_the_wrong_shape_is_refused(residents, bad_file, tmp_path):
    (tmp_path / "m.json").write_text('["pseudonym"]')
    (tmp_path / "m.toml").write_text("columns = ")
    words = ("import", bad_file, "--as-of", LONG_AGO, "--source", "台帳", "--mapping")

    assert isinstance(residents(*words, tmp_path / "m.json").exception, Invalid)
    assert residents(*words, tmp_path / "m.toml").exit_code == 2
    assert residents(*words, tmp_path / "not-there.toml").exit_code == 2


def test_whoever_signs_in_for_it_is_named_as_who_took_it_in(city, residents, signed_in, tmp_path):
    path = tmp_path / "good.csv"
    path.write_bytes(as_csv(household(1, "suzume")))
    person = signed_in(Role.DX_OFFICE)

    asked = residents("import", path, "--as-of", LONG_AGO, "--source", "台帳", "--as", person.account)

    assert asked.exit_code == 0, asked.output
    with city.look() as work:
        assert work.session.scalars(select(Snapshot.imported_by_id)).all() == [person.id]


def test_an_auditor_takes_nothing_in(city, residents, signed_in, bad_file):
    person = signed_in(Role.AUDITOR)

    asked = residents("import", bad_file, "--as-of", LONG_AGO, "--source", "台帳", "--as", person.account)

    assert isinstance(asked.exception, NotPermitted)
    assert kept(city) == []


def test_a_day_that_is_none_is_a_wrong_call(residents, bad_file):
    assert residents("import", bad_file, "--as-of", "2020-02-30", "--source", "台帳").exit_code == 2
