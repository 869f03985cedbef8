"""Can a 個人番号 have a place in this house? No table has a column for it, and no way of importing lets one in."""

from __future__ import annotations

import pytest

from backoffice.composition import all_models
from backoffice.errors import Invalid
from backoffice.residents.service import Delivery, examine
from tests.workflows.residents import AS_OF, LOOKS_LIKE_ONE, as_csv, as_parquet, household
from workflows.rules.brought_files import names_my_number
from workflows.rules.facts import CITY_FACTS
from workflows.rules.generating import generate_city
from workflows.rules.layouts import is_target
from workflows.rules.snapshot_columns import column_types

WRITTEN = {
    "csv": as_csv,
    "csv in cp932": lambda table: as_csv(table, "cp932"),
    "parquet": as_parquet,
}


def test_no_column_of_any_table_is_named_so():
    columns = [f"{table.name}.{column.name}" for table in all_models().sorted_tables for column in table.columns]

    assert [name for name in columns if names_my_number(name)] == []


def test_no_fact_and_no_column_of_a_snapshot_is_named_so():
    facts = [text for fact in CITY_FACTS for text in (fact.code, fact.ja, fact.en, fact.meaning)]

    assert [name for name in (*facts, *column_types(["1"])) if names_my_number(name)] == []


def test_a_drawn_city_has_no_such_column():
    assert not any(map(names_my_number, generate_city(10, 1, AS_OF).columns))


@pytest.mark.parametrize("heading", ["個人番号", "my_number", "granted_mynumber", LOOKS_LIKE_ONE])
def test_no_file_can_bring_a_column_for_it(city, heading):
    table = household(1, "suzume").with_columns(**{heading: household(1, "hibari")["pseudonym"]})

    for write in WRITTEN.values():
        assert (
            refused(city, write(table))
            == "%(place)s列目が個人番号の列とされています。個人番号はこの仕組みに入れられません。"
        )


def test_no_column_can_be_said_to_be_one():
    assert not any(map(is_target, ["my_number", "個人番号", "individual_number"]))


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("column", ["pseudonym", "memo", "household_income"])
def test_no_way_of_importing_lets_a_number_in(city, way, column):
    table = household(1, "suzume", "hibari", memo="", household_income="").with_columns(
        **{column: household(1, "kamome", LOOKS_LIKE_ONE)["pseudonym"]}
    )

    said = refused(city, WRITTEN[way](table))

    assert said.startswith("%(place)s列目に個人番号(12桁)とみられる")


def refused(city, content: bytes) -> str:
    with city.look() as work:
        actor = work.actor
    with pytest.raises(Invalid) as caught:
        examine(city.office, actor, Delivery(content, AS_OF, "架空の台帳"))
    assert LOOKS_LIKE_ONE not in f"{caught.value} {caught.value.params} {caught.value.fields}"
    return caught.value.message
