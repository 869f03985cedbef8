"""In which languages does a notice come? Every resident has chosen one; a notice is written in all of them."""

from datetime import date
from enum import StrEnum

from forms.wareki import show_wareki

WEEKDAYS = "月火水木金土日"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class NoticeLanguage(StrEnum):
    JA = "ja"
    EASY = "easy"
    """やさしい日本語: short sentences, words read in brackets."""
    EN = "en"

    @property
    def tag(self) -> str:
        """What HTML calls it (BCP 47)."""
        return "en" if self is NoticeLanguage.EN else "ja"

    @property
    def kept_as(self) -> str:
        """How a sheet's keys end."""
        return self.value


def day_in(language: NoticeLanguage, day: date) -> str:
    """Write a day as its readers write it; plain Japanese says the year as other countries count it."""
    if language is NoticeLanguage.EN:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if language is NoticeLanguage.EASY:
        return f"{day.year}年(ねん) {day.month}月(がつ) {day.day}日(にち)"
    return f"{show_wareki(day)}({WEEKDAYS[day.weekday()]})"


def yen_in(language: NoticeLanguage, amount: int) -> str:
    unit = {NoticeLanguage.JA: "円", NoticeLanguage.EASY: "円(えん)", NoticeLanguage.EN: " yen"}[language]
    return f"{amount:,}{unit}"
