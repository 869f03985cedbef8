"""Which day does a date in the Japanese calendar mean, and how is a day shown in it? A table of five eras tells."""

import re
from dataclasses import dataclass
from datetime import date

from forms.problems import NotNormalError
from forms.widths import plain


@dataclass(frozen=True, slots=True)
class Era:
    name: str
    letter: str
    first: date
    last: date


# First and last days follow the Era Name Act and the cabinet orders; the day of change belongs to the new era.
ERAS = (
    Era("明治", "M", date(1868, 10, 23), date(1912, 7, 29)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 24)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", date(2019, 5, 1), date.max),
)

_YEAR = r"(?P<year>元|\d{1,2})"
_REST = r"(?:年|[./-])(?P<month>\d{1,2})(?:月|[./-])(?P<day>\d{1,2})日?"
_IN_ERA = re.compile(rf"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\.?{_YEAR}{_REST}", re.IGNORECASE)
_WESTERN = re.compile(rf"(?P<year>\d{{4}}){_REST}")


def parse_date(text: str) -> date:
    """Return the day that `text` means.

    Accepts `令和8年11月2日`, `R8.11.2`, `令和元年5月1日` and `2026/11/2`, in any width and with spaces.
    Raises NotNormalError for another shape, a day no calendar has, or a day outside the era it names.
    """
    packed = re.sub(r"\s", "", plain(text))
    if found := _IN_ERA.fullmatch(packed):
        return _day_in_era(found)
    if found := _WESTERN.fullmatch(packed):
        return _day(int(found["year"]), found)
    raise NotNormalError("date_shape", "日付として読めません。", "This is not a date.")


def _day_in_era(found: re.Match[str]) -> date:
    era = next(era for era in ERAS if found["era"].upper() in (era.name, era.letter))
    year = 1 if found["year"] == "元" else int(found["year"])
    if year < 1:
        raise NotNormalError("date_impossible", "暦にない日付です。", "No calendar has this day.")
    day = _day(era.first.year + year - 1, found)
    if not era.first <= day <= era.last:
        raise NotNormalError(
            "date_outside_era", f"{era.name}にない日付です。", f"This day is not in the era {era.name}."
        )
    return day


def _day(year: int, found: re.Match[str]) -> date:
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError as reason:
        raise NotNormalError("date_impossible", "暦にない日付です。", "No calendar has this day.") from reason


def show_wareki(day: date) -> str:
    """Write `day` as `令和8年11月2日`, the first year as 元年.

    Days before Meiji are shown in the western calendar, since the office keeps no table for them.
    """
    era = next((era for era in ERAS if era.first <= day <= era.last), None)
    if era is None:
        return f"{day.year}年{day.month}月{day.day}日"
    year = day.year - era.first.year + 1
    return f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
