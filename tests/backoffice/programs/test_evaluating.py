"""Operators count what programs come to over the whole city: exactly, with any engine, without whoever is protected."""

from __future__ import annotations

import polars as pl
import pytest

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Actor, Origin
from backoffice.programs.evaluating import Order, evaluate_order
from backoffice.residents import protecting
from backoffice.residents.queries import newest_snapshot
from tests.backoffice.consents.counter import entered
from tests.backoffice.programs.cities import take_in_residents
from tests.backoffice.programs.offices import Office
from tests.backoffice.programs.test_versions import approve
from tests.workflows.residents import as_parquet
from workflows.rules.engine_names import Engine

HOUSE = Actor.house(Origin.COMMAND_LINE)
WOMEN = '{"schema": 1, "rule": {"one_of": {"fact": "sex", "values": ["female"]}}}'


def evaluate(office: Office, *programs, rule=None, snapshot="", engine=Engine.NUMPY):
    day = office.city.office.services.today()
    return evaluate_order(office.city.office, HOUSE, Order(programs, rule, "rule.json", str(snapshot), day, engine))


@pytest.fixture
def residents(office: Office):
    return take_in_residents(office.city)


def test_every_engine_gives_the_same_counts_of_all_programs_in_force(office_on_both: Office):
    office = office_on_both
    take_in_residents(office.city)
    for _ in range(2):
        approve(office, office.submit(office.begin()))
    on_postgresql = office.city.office.settings.database.startswith("postgresql")

    def counts(engine):
        return [{**each, "seconds": 0} for each in evaluate(office, engine=engine)]

    assert len(counts(Engine.NUMPY)) == 2
    assert counts(Engine.NUMPY) == counts(Engine.DUCKDB)
    if on_postgresql:
        assert counts(Engine.NUMPY) == counts(Engine.POSTGRESQL)
    else:
        with pytest.raises(Invalid, match="PostgreSQL ではありません"):
            counts(Engine.POSTGRESQL)


def test_whoever_is_protected_in_a_file_is_not_reached(office: Office, residents, tmp_path):
    file = tmp_path / "city.parquet"
    residents.drop("protected").write_parquet(file)
    before = evaluate(office, rule=WOMEN, snapshot=file)[0]
    alone = residents.filter(residents["household_size"] == 1).row(0, named=True)["pseudonym"]
    protect(office, alone)

    after = evaluate(office, rule=WOMEN, snapshot=file)[0]

    verdicts = ("eligible", "not_eligible", "unknown", "no_consent")
    assert sum(before[name] for name in verdicts) == sum(after[name] for name in verdicts) == len(residents)
    assert after["not_eligible"] - before["not_eligible"] == 1


def test_the_counts_come_to_all_people_of_the_snapshot_whoever_is_protected(office: Office, residents):
    with office.city.look() as work:
        people = newest_snapshot(work.session, office.city.office.services.today()).people
    protect(office, residents["pseudonym"][0])

    counts = evaluate(office, rule=WOMEN)[0]

    assert sum(counts[name] for name in ("eligible", "not_eligible", "unknown", "no_consent")) == people


def protect(office: Office, pseudonym: str) -> None:
    with office.city.unit(office.city.actor(office.bureau.privacy)) as work:
        protecting.add(work, pseudonym, "本人の申出")


@pytest.mark.parametrize("content", [b"no parquet", as_parquet(pl.DataFrame({"name": ["nobody"]}))])
@pytest.mark.parametrize("registered", [False, True])
def test_a_file_that_holds_no_residents_is_refused_whoever_is_registered(office: Office, tmp_path, content, registered):
    if registered:
        entered(office.city, office.drafter)
    file = tmp_path / "city.parquet"
    file.write_bytes(content)

    with pytest.raises(Invalid, match="住民データとして読めません"):
        evaluate(office, rule=WOMEN, snapshot=file)


@pytest.mark.parametrize("rule", ["{", '{"schema": 1, "rule": {"flag": {"fact": "nothing"}}}'])
def test_a_file_that_is_no_rule_is_refused_with_the_place(office: Office, residents, rule):
    with pytest.raises(Invalid, match="ルールを読めません"):
        evaluate(office, rule=rule)


def test_a_threshold_without_a_value_is_told_by_the_program_that_lacks_it(office: Office, residents):
    rule = '{"schema": 1, "rule": {"compare": {"fact": "household_income", "op": "at_most", "parameter": "none"}}}'

    with pytest.raises(Invalid) as refused:
        evaluate(office, rule=rule)

    assert refused.value.params == {"program": "rule.json", "code": "none"}


def test_what_is_not_there_is_told(office: Office):
    with pytest.raises(NotThere, match="取り込まれていません"):
        evaluate(office, rule=WOMEN)
    with pytest.raises(NotThere):
        evaluate(office, rule=WOMEN, snapshot="²")
    with pytest.raises(NotThere):
        evaluate(office, "R8-制度-9999")
