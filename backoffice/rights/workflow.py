"""What may be asked, how is a person identified, how long does the law give, and what may come of it?"""

from datetime import date, timedelta
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _

TERM_DAYS = 30
"""From the day of the request: 個人情報保護法83条1項・94条1項・102条1項. An ordinance may say less: to be confirmed."""
EXTENSION_DAYS = 30
"""Once, where there is good reason: 83条2項・94条2項・102条2項. To be confirmed likewise."""


class RightsKind(StrEnum):
    DISCLOSE = "disclose"
    CORRECT = "correct"
    STOP = "stop"


class Identity(StrEnum):
    MY_NUMBER_CARD = "my_number_card"
    PHOTO_ID = "photo_id"
    TWO_PAPERS = "two_papers"
    REPRESENTATIVE = "representative"


class RightsOutcome(StrEnum):
    OPEN = ""
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


KIND_NAMES = {RightsKind.DISCLOSE: _("開示"), RightsKind.CORRECT: _("訂正"), RightsKind.STOP: _("利用停止")}
ARTICLES = {
    RightsKind.DISCLOSE: _("個人情報保護法83条"),
    RightsKind.CORRECT: _("個人情報保護法94条"),
    RightsKind.STOP: _("個人情報保護法102条"),
}
IDENTITY_NAMES = {
    Identity.MY_NUMBER_CARD: _("マイナンバーカード(番号は見ない)"),
    Identity.PHOTO_ID: _("写真のある身分証明書"),
    Identity.TWO_PAPERS: _("写真のない証明書2つ"),
    Identity.REPRESENTATIVE: _("法定代理人(資格の証明書)"),
}
OUTCOME_CHIPS = {
    RightsOutcome.OPEN: Chip("info", "▶", _("決定を待っている")),
    RightsOutcome.GRANTED: Chip("good", "●", _("応じる")),
    RightsOutcome.PARTLY: Chip("doubt", "▲", _("一部だけ応じる")),
    RightsOutcome.REFUSED: Chip("bad", "✕", _("応じない")),
    RightsOutcome.WITHDRAWN: Chip("plain", "■", _("取下げ")),
}


def decide_by(requested_on: date) -> date:
    """Give the last day on which a request is decided; the day of the request itself does not count."""
    return requested_on + timedelta(days=TERM_DAYS)
