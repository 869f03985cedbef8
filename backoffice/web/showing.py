"""How are moments, days and numbers written on a page? Asia/Tokyo, the Japanese era for people who read Japanese."""

from datetime import date, datetime

from backoffice.services import TOKYO
from backoffice.web.translations import _, language_now, translate
from forms.wareki import show_wareki

WEEKDAYS = "月火水木金土日"


def day(value: date | datetime) -> str:
    """Write a day: 令和8年11月24日, or 24 Nov 2026."""
    local = _local_day(value)
    if language_now() == "en":
        return f"{local.day} {local:%b %Y}"
    return show_wareki(local)


def day_typed(value: date | datetime) -> str:
    """Write a day as whoever reads the page would type it: a form that is handed in so can be read."""
    local = _local_day(value)
    return local.isoformat() if language_now() == "en" else show_wareki(local)


def day_and_weekday(value: date | datetime) -> str:
    local = _local_day(value)
    if language_now() == "en":
        return f"{local:%a} {day(local)}"
    return f"{day(local)}({WEEKDAYS[local.weekday()]})"


def moment(value: datetime) -> str:
    """Write a moment to the minute, in Tokyo."""
    local = value.astimezone(TOKYO)
    return f"{day(local)} {local:%H:%M}"


def clock(value: datetime) -> str:
    return f"{value.astimezone(TOKYO):%H:%M:%S}"


def number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def duration(seconds: float) -> str:
    """Write a stretch of time: 3分20秒."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if language_now() == "en":
        return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{hours}時間{minutes}分" if hours else f"{minutes}分{rest}秒" if minutes else f"{rest}秒"


def age_band(code: str) -> str:
    """Write a band of ages, `65-74` or `75-`, as people say it."""
    low, _dash, high = code.partition("-")
    return translate(_("%(low)s歳〜%(high)s歳"), low=low, high=high) if high else translate(_("%(low)s歳以上"), low=low)


def _local_day(value: date | datetime) -> date:
    return value.astimezone(TOKYO).date() if isinstance(value, datetime) else value
