"""The tax on a fee is the law's, to the yen; a year loses no payment; whoever got more than 50,000 yen is told of."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.withholding import MORE_THAN, Nature, Payee, Payment, statements, withholding

YEAR = 2026
HANA = Payee("ヤマダ ハナコ", "山田 花子", "福岡市中央区天神1-1")
PAYEES = [
    HANA,
    Payee("サトウ レン", "佐藤 蓮", "福岡市南区塩原3-25"),
    Payee("ヤマダハナコ", "山田花子", "福岡市 中央区天神1-1"),
]
KINDS = [("講師謝金", Nature.FEE), ("原稿料", Nature.FEE), ("委員謝金", Nature.SALARY), ("実費", Nature.NEITHER)]

amounts = st.integers(0, 3_000_000)
days = st.integers(-400, 400).map(lambda days: date(YEAR, 7, 1) + timedelta(days=days))


@st.composite
def payments(draw):
    kind, nature = draw(st.sampled_from(KINDS))
    withheld = draw(st.none() | amounts)
    return Payment(
        draw(st.text(max_size=3)), draw(st.sampled_from(PAYEES)), draw(days), kind, nature, draw(amounts), withheld
    )


def paid(
    amount: int, *, nature: Nature = Nature.FEE, payee: Payee = HANA, on: date = date(YEAR, 5, 1), withheld=0
) -> Payment:
    return Payment("R8-報償-0001", payee, on, "講師謝金", nature, amount, withheld)


@pytest.mark.parametrize(
    ("fee", "tax"),
    [
        (0, 0),
        (9, 0),
        (10, 1),
        (10_000, 1_021),
        (33_333, 3_403),
        (1_000_000, 102_100),
        (1_000_001, 102_100),
        (1_500_000, 204_200),
        (-33_333, -3_403),
        (-1_500_000, -204_200),
    ],
)
def test_the_tax_on_a_fee_is_10_21_percent_and_20_42_above_a_million_cut_off_at_the_yen(fee, tax):
    assert withholding(fee) == tax


@given(st.integers(0, 10**8))
def test_the_tax_is_the_exact_share_without_the_fraction(fee):
    exact = Decimal(min(fee, 10**6)) * Decimal("0.1021") + Decimal(max(fee - 10**6, 0)) * Decimal("0.2042")

    assert withholding(fee) == int(exact.to_integral_value(ROUND_FLOOR))


@given(st.lists(payments(), max_size=30))
def test_every_payment_of_the_year_stands_in_one_statement_and_no_other_does(all_payments):
    found = statements(all_payments, YEAR)

    of_year = [each for each in all_payments if each.paid_on.year == YEAR]
    assert sorted(map(id, of_year)) == sorted(id(each) for one in found for each in one.payments)
    assert len({one.payee.identity for one in found}) == len(found)
    for one in found:
        fees = [each for each in one.payments if each.nature is Nature.FEE]
        assert one.paid == sum(each.paid for each in fees) == sum(kind.paid for kind in one.kinds)
        assert one.withheld == sum(each.withheld or 0 for each in fees) == sum(kind.withheld for kind in one.kinds)
        assert one.is_told == (one.paid > MORE_THAN)


@given(st.lists(payments(), max_size=20), st.randoms())
def test_the_order_of_the_ledger_changes_no_sum(all_payments, chance):
    shuffled = list(all_payments)
    chance.shuffle(shuffled)

    def sums(found):
        return [(one.payee.identity, one.paid, one.withheld) for one in found]

    assert sums(statements(shuffled, YEAR)) == sums(statements(all_payments, YEAR))


def test_more_than_50_000_yen_in_a_calendar_year_is_told_not_50_000():
    just, above = [paid(25_000), paid(25_000)], [paid(25_000), paid(25_001)]
    next_year = [paid(25_000), paid(25_001, on=date(YEAR + 1, 1, 1))]

    assert [statements(each, YEAR)[0].is_told for each in (just, above, next_year)] == [False, True, False]


def test_what_a_member_of_a_committee_gets_is_a_salary_and_on_no_statement_of_fees():
    (told,) = statements([paid(90_000, nature=Nature.SALARY), paid(10_000)], YEAR)

    assert (told.paid, told.is_told) == (10_000, False)
    assert not paid(90_000, nature=Nature.SALARY, withheld=2_756).is_wrong


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (Payee(HANA.kana, HANA.name, "福岡市東区香椎2-2"), True),
        (Payee(HANA.kana, "山田 華子", HANA.address), True),
        (Payee("ヤマタ ハナコ", HANA.name, HANA.address), True),
        (Payee("ヤマダ タロウ", "山田 太郎", HANA.address), False),
    ],
)
def test_who_differs_in_one_thing_alone_is_said_since_the_sums_may_belong_together(other, alike):
    found = statements([paid(30_000), paid(30_000, payee=other), paid(30_000, payee=PAYEES[1])], YEAR)

    assert {one.payee.address: one.alike for one in found} == {
        HANA.address: alike,
        other.address: alike,
        PAYEES[1].address: False,
    }
    assert not any(one.is_told for one in found)


@pytest.mark.parametrize(("withheld", "wrong"), [(1_021, False), (1_000, True), (0, True), (None, True)])
def test_a_tax_that_does_not_agree_is_told(withheld, wrong):
    assert paid(10_000, withheld=withheld).is_wrong is wrong


def test_of_what_is_no_fee_no_tax_need_be_said():
    assert not paid(10_000, nature=Nature.NEITHER, withheld=None).is_wrong
    assert paid(10_000, nature=Nature.NEITHER, withheld=1_021).is_wrong
