"""What may a file of residents hold, how is it read, and what is set aside? Never is a value of it repeated."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from forms.my_number import check_digit
from tests.workflows.residents import AS_OF, LOOKS_LIKE_ONE, as_csv, as_parquet, household, invented
from workflows.rules.brought_files import FileRefusedError, Refused, names_my_number, read_table
from workflows.rules.importing import bring
from workflows.rules.layouts import Layout, read_layout
from workflows.rules.snapshot_columns import NEVER
from workflows.rules.vocabulary import ConsentClass


def brought(table: pl.DataFrame, **how):
    return bring(read_table(as_csv(table)), AS_OF, **how)


def one(**columns: object):
    """Bring one person who has these cells, as text."""
    return brought(household(7, "suzume", **columns))


def value(fact: str, cell: object) -> object:
    return one(**{fact: cell}).people[fact].item()


def reasons(result) -> list[tuple[int, str, str]]:
    return result.quarantine.rows()


def refusal(content: bytes, **how) -> tuple[Refused, str]:
    with pytest.raises(FileRefusedError) as caught:
        bring(read_table(content), AS_OF, **how)
    return caught.value.code, caught.value.place


@pytest.mark.parametrize(
    ("fact", "cell", "read"),
    [
        ("birth_date", "1960-02-29", date(1960, 2, 29)),
        ("birth_date", "昭和35年2月29日", date(1960, 2, 29)),
        ("birth_date", "19600229", date(1960, 2, 29)),
        ("birth_date", " ", None),
        ("sex", "female", "female"),
        ("sex", "女性", "female"),
        ("household_income", "1,234,000", 1_234_000),
        ("household_income", "-50000", -50_000),
        ("household_income", str(10**18), 10**18),
        ("public_assistance", "はい", True),
        ("public_assistance", "0", False),
        ("granted_R8-01", "never", NEVER),
        ("granted_R8-01", "2025-03-31", date(2025, 3, 31)),
        ("granted_R8-制度-0001", "2025-03-31", date(2025, 3, 31)),
        ("consents", "core|tax", ConsentClass.CORE.bit | ConsentClass.TAX.bit),
        ("consents", "3", 3),
        ("consents", "", 0),
        ("channel", "", "none"),
        ("language", "yasashii", "yasashii"),
    ],
)
def test_a_cell_is_read_as_registers_and_people_write_it(fact, cell, read):
    assert value(fact, cell) == read


@pytest.mark.parametrize(
    ("fact", "cell", "reason"),
    [
        ("birth_date", "1961-02-29", "not_a_date"),
        ("birth_date", "昭和99年1月1日", "not_a_date"),
        ("birth_date", "2026-11-02", "after_as_of"),
        ("birth_date", "1790-01-01", "too_long_ago"),
        ("sex", "9", "unknown_code"),
        ("household_income", "1.5", "not_a_number"),
        ("household_income", "12,34", "not_a_number"),
        ("household_income", str(10**18 + 1), "too_large"),
        ("household_income", str(10**30), "too_large"),
        ("public_assistance", "たぶん", "not_a_flag"),
        ("granted_R8-01", "いつか", "not_a_date"),
        ("consents", "core|everything", "unknown_consent"),
        ("consents", "256", "unknown_consent"),
        ("pseudonym", "雀", "bad_pseudonym"),
        ("pseudonym", "", "no_pseudonym"),
        ("household", "", "no_household"),
        ("household", "七", "not_a_number"),
        ("channel", "鳩", "unknown_code"),
    ],
)
def test_a_row_with_a_cell_that_cannot_be_read_is_set_aside_with_row_column_and_reason(fact, cell, reason):
    table = pl.concat([household(1, "tsubame", sex="male"), household(7, "suzume", sex="male")])
    table = table.with_columns(pl.col("household").cast(pl.String))
    if fact not in table.columns:
        table = table.with_columns(pl.lit("").alias(fact))
    table = table.with_columns(pl.when(pl.int_range(2) == 1).then(pl.lit(cell)).otherwise(pl.col(fact)).alias(fact))

    result = brought(table)

    assert reasons(result) == [(2, fact, reason)]
    assert result.people["pseudonym"].to_list() == ["tsubame"]


def test_typed_columns_of_parquet_are_read_as_what_they_are():
    table = household(
        7,
        "suzume",
        "hibari",
        birth_date=[datetime(1960, 2, 29), None],  # noqa: DTZ001 -- a column of days written as moments
        household_income=[1_000_000.0, float("nan")],
        public_assistance=[True, None],
        sex=pl.Series(["male", "female"], dtype=pl.Categorical),
    )

    result = bring(read_table(as_parquet(table)), AS_OF)

    assert reasons(result) == [(2, "household_income", "not_a_number")]
    assert result.people.select("birth_date", "household_income", "public_assistance", "sex").row(0) == (
        date(1960, 2, 29),
        1_000_000,
        True,
        "male",
    )


def test_a_pseudonym_that_stands_twice_is_set_aside_everywhere():
    result = brought(pl.concat([household(1, "suzume", "hibari"), household(2, "suzume")]))

    assert reasons(result) == [(1, "pseudonym", "twice"), (3, "pseudonym", "twice")]


def test_a_household_has_one_head():
    result = brought(household(1, "suzume", "hibari", "tsubame", relation=["head", "head", "child"]))

    assert reasons(result) == [(1, "relation", "two_heads"), (2, "relation", "two_heads")]


def test_whoever_lives_with_a_row_set_aside_has_no_household_of_known_size():
    result = brought(household(1, "suzume", "hibari", sex=["male", "?"]))

    assert result.people.select("pseudonym", "household_size", "household_consents").rows() == [("suzume", None, 0)]


def test_a_csv_of_a_drawn_city_comes_to_the_same_as_its_parquet():
    city = invented(300)

    from_csv, from_parquet = (bring(read_table(write(city)), AS_OF) for write in (as_csv, as_parquet))

    assert from_csv.people.equals(from_parquet.people)
    assert from_csv.quarantine.is_empty()
    expected = city.filter(~pl.col("protected").any().over("household")).drop("protected")
    assert from_parquet.people.equals(expected)


def test_households_with_a_protected_member_go_apart_whole():
    table = pl.concat(
        [
            household(1, "suzume", "hibari", protected=["true", "false"]),
            household(2, "tsubame", protected="false"),
            household(3, "kamome", protected="false"),
            household(4, "mozu__", "uguisu", protected=["maybe", "false"]),
        ]
    )

    result = brought(table, protected=["kamome"])

    assert result.people["pseudonym"].to_list() == ["tsubame"]
    assert result.protected["pseudonym"].to_list() == ["hibari", "suzume", "kamome", "uguisu"]
    assert "protected" not in result.people.columns


def test_what_is_computed_of_a_household_is_never_taken_from_a_file():
    result = one(household_size="9", household_consents="255")

    assert result.people["household_size"].item() == 1
    assert result.ignored == ("household_size", "household_consents")


def test_a_layout_names_columns_and_codes_of_a_source():
    layout = read_layout(
        {
            "columns": {"宛名": "pseudonym", "世帯": "household", "性別コード": "sex", "扶助": "public_assistance"},
            "codes": {"sex": {"1": "male", "2": "female"}, "public_assistance": {"K": "true"}},
            "unknown": ["不明"],
        }
    )
    table = pl.DataFrame(
        {
            "宛名": ["suzume", "hibari"],
            "世帯": [1, 1],
            "性別コード": ["2", "不明"],
            "扶助": ["K", "不明"],
            "備考": ["", ""],
        }
    )

    result = bring(read_table(as_csv(table, "cp932")), AS_OF, layout)

    assert result.people.sort("pseudonym").select("sex", "public_assistance").rows() == [(None, None), ("female", True)]
    assert result.ignored == ("備考",)
    assert read_layout(layout.to_json()) == layout


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ({"columns": {"a": "shoe_size"}}, Refused.UNKNOWN_TARGET),
        ({"columns": {"a": "household_size"}}, Refused.COMPUTED_TARGET),
        ({"columns": {"マイナンバー": "pseudonym"}}, Refused.NAMES_MY_NUMBER),
        ({"columns": ["pseudonym"]}, Refused.LAYOUT),
        ({"codes": {"sex": {"1": "man"}}}, Refused.UNKNOWN_MEANING),
        ({"unknown": [0]}, Refused.LAYOUT),
        ({"unknown": 3}, Refused.LAYOUT),
    ],
)
def test_a_layout_that_means_nothing_is_refused(written, refused):
    with pytest.raises(FileRefusedError) as caught:
        read_layout(written)

    assert caught.value.code == refused


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", Refused.NOBODY),
        (b"pseudonym,household\n", Refused.NOBODY),
        (b"\xff\xfe\x00\x81", Refused.UNREADABLE),
        (b"PAR1 and then nothing", Refused.UNREADABLE),
        (b"pseudonym,pseudonym,household\nsuzume,suzume,1\n", Refused.NAMED_TWICE),
        (b"pseudonym,household\nsuzume,1\nhibari\n", Refused.RAGGED),
        (b"pseudonym,household\nsuzume,1\nhibari,1,2\n", Refused.RAGGED),
        (b'pseudonym,household\n"suzume",1\nhibari\n', Refused.RAGGED),
        (b"household\n1\n", Refused.NO_PSEUDONYM),
        (b"pseudonym\nsuzume\n", Refused.NO_HOUSEHOLD),
    ],
)
def test_a_file_that_is_no_table_of_residents_is_refused(content, refused):
    assert refusal(content)[0] == refused


def test_two_columns_cannot_be_the_same_and_a_named_column_must_be_there():
    content = b"pseudonym,household,a,b\nsuzume,1,male,male\n"

    assert refusal(content, layout=Layout({"a": "sex", "b": "sex"})) == (Refused.TARGET_TWICE, "sex")
    assert refusal(content, layout=Layout({"c": "sex"})) == (Refused.COLUMN_MISSING, "sex")


def test_a_column_of_lists_or_bytes_is_refused():
    for odd in ([[1, 2]], [b"\x00"]):
        content = as_parquet(household(1, "suzume").with_columns(pl.Series("odd", odd)))

        assert refusal(content) == (Refused.KIND, "3")


@pytest.mark.parametrize(
    "heading",
    [
        "個人番号",
        "マイナンバー",
        "ﾏｲﾅﾝﾊﾞｰ",
        "My Number",
        "my_number",
        "INDIVIDUAL-NUMBER",
        "本人の個人番号1",
        "Kojin Bango",
    ],
)
def test_a_heading_that_names_the_individual_number_refuses_the_file(heading):
    content = as_csv(household(1, "suzume").with_columns(pl.lit("").alias(heading)))

    assert names_my_number(heading)
    assert refusal(content) == (Refused.NAMES_MY_NUMBER, "3")


@pytest.mark.parametrize("column", ["備考", "household_income", "household", "pseudonym", "birth_date"])
@pytest.mark.parametrize("written", ["{}", " {} ", "{0:.4}-{0:.4}-0000"])
def test_a_number_that_passes_the_check_digit_refuses_the_file_whatever_column_it_stands_in(column, written):
    cell = (
        LOOKS_LIKE_ONE if "0000" not in written else f"{LOOKS_LIKE_ONE[:4]}-{LOOKS_LIKE_ONE[4:8]}-{LOOKS_LIKE_ONE[8:]}"
    )
    cell = f" {cell} " if written.startswith(" ") else cell
    table = household(1, *(f"suzume{number}" for number in range(40))).with_columns(pl.col("household").cast(pl.String))
    if column not in table.columns:
        table = table.with_columns(pl.lit("").alias(column))
    table = table.with_columns(
        pl.when(pl.int_range(40) == 39).then(pl.lit(cell)).otherwise(pl.col(column)).alias(column)
    )

    with pytest.raises(FileRefusedError) as caught:
        bring(read_table(as_csv(table)), AS_OF)

    assert caught.value.code == Refused.HOLDS_MY_NUMBER
    assert LOOKS_LIKE_ONE not in str(caught.value)


@pytest.mark.parametrize("kind", [pl.Int64, pl.UInt64, pl.Float64, pl.String, pl.Categorical])
def test_it_is_found_in_typed_columns_too(kind):
    numbers = (
        pl.Series("n", [LOOKS_LIKE_ONE])
        if kind in (pl.String, pl.Categorical)
        else pl.Series("n", [int(LOOKS_LIKE_ONE)])
    )
    content = as_parquet(household(1, "suzume").with_columns(numbers.cast(kind)))

    assert refusal(content) == (Refused.HOLDS_MY_NUMBER, "3")


def test_numbers_that_lost_their_leading_zero_are_known_by_their_many():
    lost = [int(f"0{tail}{check_digit(f'0{tail}')}") for tail in range(1_000_000_000, 1_000_000_020)]
    content = as_parquet(household(1, *(f"suzume{n}" for n in range(20))).with_columns(pl.Series("n", lost)))

    assert refusal(content) == (Refused.HOLDS_MY_NUMBER, "3")


def test_pseudonyms_of_hexadecimal_digits_are_no_individual_numbers_by_chance():
    names = [f"a{LOOKS_LIKE_ONE}f", *(f"c{number:07x}d" for number in range(60))]

    result = brought(household(1, *names))

    assert result.people.height == 61


def test_pseudonyms_that_are_individual_numbers_with_a_letter_before_are_refused():
    names = [f"P{n}{check_digit(str(n))}" for n in range(20_000_000_000, 20_000_000_030)]

    assert refusal(as_csv(household(1, *names))) == (Refused.HOLDS_MY_NUMBER, "1")
