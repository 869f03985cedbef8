"""For which time does a notice tell? However people write it, one time has one spelling: nobody hears of it twice."""

import re
import unicodedata

from forms.problems import NotNormalError
from forms.wareki import parse_date

_MONTH = re.compile(r"(?P<year>.+?)[年/.-](?P<month>\d{1,2})月?")
_YEAR = re.compile(r"(?P<year>.+?)(?:年度?)?")


def spelt(typed: str) -> str:
    """Give a period as schedules spell it: `2026` for a fiscal year, `2026-12` for a month; anything else as it is."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    month = _MONTH.fullmatch(plain)
    if month is not None:
        return _read(f"{month['year']}年{month['month']}月1日", "%Y-%m") or plain
    year = _YEAR.fullmatch(plain)
    # Every year of an era has a June: 令和元年 has no April.
    return (year is not None and _read(f"{year['year']}年6月1日", "%Y")) or plain


def _read(day: str, shown: str) -> str:
    """Give what a day says of its period; empty where it is none."""
    try:
        return parse_date(day).strftime(shown)
    except NotNormalError:
        return ""
