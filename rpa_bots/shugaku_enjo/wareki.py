"""How does this target write a date? An era code with year, month and day to type; 平成28年12月12日 to read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

# The era's first day, the code in the target's list, its name on the detail screen; latest first.
ERAS: Final = (
    (date(2019, 5, 1), "5", "令和"),
    (date(1989, 1, 8), "4", "平成"),
    (date(1926, 12, 25), "3", "昭和"),
    (date(1912, 7, 30), "2", "大正"),
    (date(1868, 1, 25), "1", "明治"),
)
SHOWN: Final[Mapping[str, date]] = {name: begun for begun, _, name in ERAS}


@dataclass(frozen=True)
class EraDate:
    code: str
    year: int
    month: int
    day: int


def era_date(day: date) -> EraDate:
    """Write a date as the target's four boxes want it; raises ValueError before 明治."""
    for begun, code, _ in ERAS:
        if day >= begun:
            return EraDate(code, day.year - begun.year + 1, day.month, day.day)
    raise ValueError("明治より前の日付は入力できません")


def iso_date(shown: str) -> str:
    """Read a date as the detail screen shows it into ISO 8601; raises ValueError for any other text."""
    parts = re.fullmatch(r"(\D\D)(\d+|元)年(\d+)月(\d+)日", shown)
    if parts is None or parts[1] not in SHOWN:
        raise ValueError("和暦の日付として読めません")
    year = 1 if parts[2] == "元" else int(parts[2])
    return date(SHOWN[parts[1]].year + year - 1, int(parts[3]), int(parts[4])).isoformat()
