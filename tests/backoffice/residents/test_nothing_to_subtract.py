"""Do two snapshots show that somebody was put under protection between them? Nothing told of them does, nor sums."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import polars as pl
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backoffice.audit import AuditEvent
from backoffice.cli.program import whole_program
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.residents import protecting
from backoffice.residents.models import Snapshot
from tests.backoffice.office import City, copy_template, open_city
from tests.backoffice.residents.cities import examined, taken_in
from tests.backoffice.staff_client import StaffClient
from tests.workflows.residents import AS_OF, as_parquet, household, invented
from workflows.rules.generating import generate_city

LONG_AGO = date(2020, 4, 1)
"""Commands go by the true clock."""
LATER = AS_OF + timedelta(days=7)
Protect = Callable[[City, pl.DataFrame], pl.DataFrame]


@pytest.fixture
def another_city(tmp_path_factory, template, quick_hash) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("another")
    with open_city(folder, copy_template(template, folder), quick_hash) as opened:
        yield opened


@pytest.fixture(scope="module")
def residents() -> pl.DataFrame:
    """Nobody of them is protected; one row cannot be read, the last, whose number says how many were brought."""
    drawn = invented(1_500).with_columns(pl.lit(value=False).alias("protected"))
    unreadable = pl.int_range(pl.len()) == drawn.height - 1
    return drawn.with_columns(pl.when(unreadable).then(pl.lit("?")).otherwise(pl.col("sex")).alias("sex"))


def at_the_desk(city: City, table: pl.DataFrame) -> pl.DataFrame:
    with city.unit() as work:
        protecting.add(work, _of_a_large_household(table), "申出 R8-1")
    return table


def in_the_file(_city: City, table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(protected=pl.col("pseudonym") == _of_a_large_household(table))


def _of_a_large_household(table: pl.DataFrame) -> str:
    return table.filter(pl.col("household_size") == pl.col("household_size").max())["pseudonym"][0]


def all_that_is_told(city: City, before: Snapshot, after: Snapshot) -> dict[str, object]:
    """Gather each page, manifest and event of two snapshots, without the moments at which they were made."""
    client = StaffClient(city)
    client.sign_in(city.person(Role.DX_OFFICE))
    pages = ("/snapshots", f"/snapshots/{before.id}", f"/snapshots/{after.id}")
    with city.look() as work:
        taken = select(AuditEvent.data).where(AuditEvent.kind == "snapshot_taken").order_by(AuditEvent.id)
        events = work.session.scalars(taken).all()
    return {
        "pages": [_without_moments(client.get(page).text) for page in pages],
        "manifests": [before.manifest, after.manifest],
        "events": [dict(event) for event in events],
        "columns": [(each.people, each.known, each.least_known, each.layout) for each in (before, after)],
    }


def _without_moments(page: str) -> str:
    return re.sub(r"\d{1,2}:\d{2}", "", page)


@pytest.mark.parametrize("protect", [at_the_desk, in_the_file])
def test_two_snapshots_that_differ_in_one_protection_tell_the_same(city, another_city, residents, protect: Protect):
    told = []
    for each, changed in ((city, protect), (another_city, lambda _city, table: table)):
        before = taken_in(each, residents, leave_out=True)
        told.append(all_that_is_told(each, before, taken_in(each, changed(each, residents), LATER, leave_out=True)))

    numbers = told[0]["manifests"][1]
    assert (numbers["rows"], numbers["drift"]) == (1_499, {"added": 0, "gone": 0, "changed": 0})
    if protect is at_the_desk:
        assert told[0] == told[1]
    else:  # another file has another sum, whatever it says
        assert _without_sums(told[0]) == _without_sums(told[1])


def _without_sums(told: dict[str, object]) -> str:
    return re.sub(r"[0-9a-f]{64}", "", json.dumps(told, ensure_ascii=False, default=str))


def test_the_numbers_of_a_snapshot_add_up_whoever_is_protected(city, residents):
    before = taken_in(city, residents.filter(pl.col("household") % 50 != 0), leave_out=True)
    at_the_desk(city, residents)

    after = taken_in(city, residents.filter(pl.col("household") % 50 != 1), LATER, leave_out=True)

    drift = after.manifest["drift"]
    assert after.people - before.people == drift["added"] - drift["gone"]


def test_the_command_answers_alike_before_and_after_somebody_is_protected(city, monkeypatch, tmp_path):
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))
    table = generate_city(300, 1, LONG_AGO)
    path = tmp_path / "city.parquet"
    path.write_bytes(as_parquet(table))

    def ask(*more: str) -> str:
        words = ("residents", "import", str(path), "--as-of", str(LONG_AGO), "--source", "台帳", "--dry-run", *more)
        return CliRunner().invoke(whole_program(), words).stdout

    before = [ask("--json"), ask()]
    at_the_desk(city, table)

    assert [ask("--json"), ask()] == before
    assert json.loads(before[0])["people"] == 300


def test_a_file_of_one_person_does_not_say_whether_they_are_protected(city):
    """Whoever may bring files could else ask for anybody."""
    alone = household(1, "suzume")
    before = examined(city, alone).manifest
    with city.unit() as work:
        protecting.add(work, "suzume", "申出 R8-1")

    assert examined(city, alone).manifest == before
    assert taken_in(city, alone).people == 1


def test_a_file_is_known_again_also_when_somebody_of_it_was_protected_since(city, residents):
    taken_in(city, residents, leave_out=True)
    at_the_desk(city, residents)

    with pytest.raises(Invalid, match="もうあります"):
        taken_in(city, residents, leave_out=True)
