"""What does a threshold come to on a day? Dated values with their legal reference and with who confirmed them.

A rule names a threshold by its code; what it comes to is kept here, so that a change of law is a new dated value and no
new rule. A value nobody has confirmed may be used to try a rule, never to run it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar


class ParameterTroubleError(Exception):
    """A parameter or table that is not there, or has no value for the day: `code` and `on` say which."""

    def __init__(self, code: str, on: date | None) -> None:
        super().__init__(code if on is None else f"{code} ({on.isoformat()})")
        self.code = code
        self.on = on


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What holds from `start` until the next one starts, at most until `end` (both days included)."""

    start: date
    end: date | None
    value: int
    legal_reference: str
    confirmed_by: str
    """Who confirmed it, as the owner of the programs writes people; empty while nobody has."""


@dataclass(frozen=True, slots=True)
class Parameter:
    code: str
    ja: str
    en: str
    unit: str
    values: tuple[DatedValue, ...]


@dataclass(frozen=True, slots=True)
class DatedRows:
    """Bounds by a number, from `start` on: `((1, 1_500_000), (2, 2_100_000))`.

    Keys rise by one from the first; a number under the first key takes the first row, one over the last the last.
    """

    start: date
    end: date | None
    rows: tuple[tuple[int, int], ...]
    legal_reference: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class LookupTable:
    code: str
    ja: str
    en: str
    unit: str
    versions: tuple[DatedRows, ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every threshold and every table that rules may name."""

    single: Mapping[str, Parameter]
    tables: Mapping[str, LookupTable]

    def value(self, code: str, on: date) -> DatedValue:
        """Give what `code` comes to on a day. Raises ParameterTroubleError."""
        parameter = self.single.get(code)
        if parameter is None:
            raise ParameterTroubleError(code, None)
        return _in_force(parameter.values, code, on)

    def rows(self, code: str, on: date) -> DatedRows:
        """Give the rows of table `code` on a day. Raises ParameterTroubleError."""
        table = self.tables.get(code)
        if table is None:
            raise ParameterTroubleError(code, None)
        return _in_force(table.versions, code, on)


NO_PARAMETERS = Parameters({}, {})

Dated = TypeVar("Dated", DatedValue, DatedRows)


def _in_force(dated: tuple[Dated, ...], code: str, on: date) -> Dated:
    begun = [each for each in dated if each.start <= on]
    newest = max(begun, key=lambda each: each.start, default=None)
    if newest is None or (newest.end is not None and newest.end < on):
        raise ParameterTroubleError(code, on)
    return newest
