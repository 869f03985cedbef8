"""By when is a leak reported, and are the people told? Days of the law, counted from the day it was known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.data_links.affected import FIRST_REPORT, FULL_REPORT, FULL_REPORT_OF_HARM, LAST_OF_FIRST_REPORT
from backoffice.web.translations import _

NOTICE = LAST_OF_FIRST_REPORT
"""The law asks to tell people soon and names no day: a first value of the house, to be confirmed."""


@dataclass(frozen=True)
class Clock:
    """One thing that is due. `key`: the question of the case that holds the day."""

    key: str
    what: str
    """A msgid."""
    article: str
    """A msgid."""
    due_on: date


def clocks(known_on: date, *, harm_suspected: bool) -> Sequence[Clock]:
    """Give what is due when; the first report by the third day, so that the fifth is not missed."""
    full = FULL_REPORT_OF_HARM if harm_suspected else FULL_REPORT
    return (
        Clock(
            "first_report_by",
            _("速報(おおむね3日から5日。3日目を期限とします)"),
            _("個人情報保護法68条1項・同法施行規則"),
            known_on + timedelta(days=FIRST_REPORT),
        ),
        Clock(
            "notice_by",
            _("本人への通知を決める(速やかに。5日目を期限とします)"),
            _("個人情報保護法68条2項・同法施行規則"),
            known_on + timedelta(days=NOTICE),
        ),
        Clock(
            "full_report_by",
            _("確報(30日以内。不正の目的のおそれがあれば60日以内)"),
            _("個人情報保護法68条1項・同法施行規則"),
            known_on + timedelta(days=full),
        ),
    )
