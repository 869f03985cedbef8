"""Which states does a question of the 支援措置 desk pass through, and how long may its answer be looked at?"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from backoffice.services import TOKYO
from backoffice.web.chips import Chip
from backoffice.web.translations import _

OPEN_FOR = timedelta(days=7)
"""Days after the agreement, the day itself not counted (民法140条), that the answer may be opened.

A week holds the office's days for calling or writing to a resident; later the second person's word is about a matter,
a rule and facts that have moved on, and is asked for anew.
"""


class QuestionState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class QuestionStanding(StrEnum):
    """What a question is to the desk today."""

    ASKED = "asked"
    AGREED = "agreed"
    SEEN = "seen"
    EXPIRED = "expired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


QUESTION_CHIPS = {
    QuestionStanding.ASKED: Chip("doubt", "▲", _("申し出")),
    QuestionStanding.AGREED: Chip("good", "●", _("同意済み")),
    QuestionStanding.SEEN: Chip("info", "✓", _("見た")),
    QuestionStanding.EXPIRED: Chip("plain", "■", _("期限切れ")),
    QuestionStanding.DECLINED: Chip("bad", "✕", _("お断り")),
    QuestionStanding.WITHDRAWN: Chip("plain", "✎", _("取下げ")),
}


def last_day(agreed_at: datetime) -> date:
    """Give the last day (Asia/Tokyo) on which the answer may be opened."""
    return agreed_at.astimezone(TOKYO).date() + OPEN_FOR


def question_standing(
    state: str, agreed_at: datetime | None, first_seen_at: datetime | None, today: date
) -> QuestionStanding:
    """Say what a question is on a day."""
    if state != QuestionState.AGREED or agreed_at is None:
        return QuestionStanding(state)
    if today > last_day(agreed_at):
        return QuestionStanding.EXPIRED
    return QuestionStanding.AGREED if first_seen_at is None else QuestionStanding.SEEN
