"""What did each person get of the city in a year, was the tax taken off right, and who is told to the tax office?

Of 報償費: fees for lecturing, writing and teaching (所得税法 第204条 第1項 第1号). What members of the city's
committees get is a salary (所得税基本通達 28-7) and stands on another form. No 個人番号 is among a payment's facts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

FIRST_MILLION: Final = 1_000_000
_RATE, _RATE_ABOVE, _WHOLE = 1_021, 2_042, 10_000
"""10.21 % and 20.42 %: 所得税法 第205条 第1号 with 復興特別所得税 of 2.1 % (復興財源確保法 第28条)."""
MORE_THAN: Final = 50_000
"""Yen in a year, paid to one person (所得税法 第225条 第1項 第3号, 所得税法施行規則 第84条 第2項)."""


class Nature(StrEnum):
    """What a kind of payment is for the income tax."""

    FEE = "fee"
    SALARY = "salary"
    NEITHER = "neither"
    """A prize in kind, costs paid back: nothing is taken off, and nothing told."""


@dataclass(frozen=True)
class Payee:
    """A person as payments name them: kana, name, address."""

    kana: str
    name: str
    address: str

    @property
    def identity(self) -> tuple[str, str, str]:
        kana, name, address = ("".join(each.split()) for each in (self.kana, self.name, self.address))
        return kana, name, address


@dataclass(frozen=True)
class Payment:
    """One payment, in yen. `withheld`: the tax that was taken off, None where nobody has said."""

    number: str
    payee: Payee
    paid_on: date
    kind: str
    nature: Nature
    paid: int
    withheld: int | None

    @property
    def wanted(self) -> int | None:
        """The tax that had to be taken off; None for a salary, whose tables (月額表, 日額表) are not known here."""
        if self.nature is Nature.FEE:
            return withholding(self.paid)
        return 0 if self.nature is Nature.NEITHER else None

    @property
    def is_wrong(self) -> bool:
        """Say whether another tax was taken off; none that is not said is none."""
        return self.wanted is not None and (self.withheld or 0) != self.wanted


@dataclass(frozen=True)
class KindOfYear:
    """What came together of one kind, in yen. `times`: in so many payments."""

    kind: str
    times: int
    paid: int
    withheld: int


@dataclass(frozen=True)
class Statement:
    """The year of one payee. Sums are of fees alone, in yen; the address is that of the last payment."""

    payee: Payee
    payments: Sequence[Payment]
    kinds: Sequence[KindOfYear]
    paid: int
    withheld: int
    alike: bool
    """Another differs in one of kana, name (髙 or 高) and address alone: perhaps one person, with one sum."""

    @property
    def is_told(self) -> bool:
        """Say whether the tax office is to be told."""
        return self.paid > MORE_THAN


def withholding(paid: int) -> int:
    """Return the tax to be taken off a fee that is paid at once, both in yen; fractions of a yen are cut off.

    Of what is above 1,000,000 yen it is 20.42 % (所得税法 第205条 第1号, 復興財源確保法 第28条 and 第31条). Of a fee
    that was paid back, below 0, it is the tax that had been taken off, below 0 too.
    """
    if paid < 0:
        return -withholding(-paid)
    below, above = min(paid, FIRST_MILLION), max(paid - FIRST_MILLION, 0)
    return (below * _RATE + above * _RATE_ABOVE) // _WHOLE


def statements(payments: Iterable[Payment], year: int) -> list[Statement]:
    """Return the year of each payee who was paid in it, by the day of payment, in the order of their kana."""
    paid: defaultdict[tuple[str, str, str], list[Payment]] = defaultdict(list)
    for payment in payments:
        if payment.paid_on.year == year:
            paid[payment.payee.identity].append(payment)
    halves = Counter(half for identity in paid for half in _halves(identity))
    years = [_year(sorted(each, key=lambda one: (one.paid_on, one.number)), halves) for each in paid.values()]
    return sorted(years, key=lambda one: one.payee.identity)


def _halves(identity: tuple[str, str, str]) -> list[tuple[str, ...]]:
    """Give who somebody is with one of kana, name and address left open."""
    return [(*identity[:place], "", *identity[place + 1 :], str(place)) for place in range(len(identity))]


def _year(payments: Sequence[Payment], halves: Mapping[tuple[str, ...], int]) -> Statement:
    fees = [each for each in payments if each.nature is Nature.FEE]
    kinds = dict.fromkeys(each.kind for each in fees)
    payee = payments[-1].payee
    return Statement(
        payee,
        payments,
        [_of_kind(kind, [each for each in fees if each.kind == kind]) for kind in kinds],
        sum(each.paid for each in fees),
        sum(each.withheld or 0 for each in fees),
        any(halves[half] > 1 for half in _halves(payee.identity)),
    )


def _of_kind(kind: str, payments: Sequence[Payment]) -> KindOfYear:
    paid, withheld = sum(each.paid for each in payments), sum(each.withheld or 0 for each in payments)
    return KindOfYear(kind, len(payments), paid, withheld)
