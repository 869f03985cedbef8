"""Which states does a sample pass through, how many are drawn, and how long is a field kept for one person?"""

from datetime import timedelta
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _

ONE_IN = 100
"""Of the fields that pass without a person, so many are checked blindly (1 %)."""
AT_ONCE = 20
"""Fields shown in a row."""
HOLD_TIME = timedelta(minutes=10)


class SampleState(StrEnum):
    WAITING = "waiting"
    AGREED = "agreed"
    DIFFERS = "differs"
    """What was keyed is not what passed: somebody looks at both."""
    READ_RIGHT = "read_right"
    """The reading was right, whoever keyed it was not."""
    READ_WRONG = "read_wrong"
    """A wrong value had passed."""


CHIPS = {
    SampleState.WAITING: Chip("plain", "…", _("未確認")),
    SampleState.AGREED: Chip("good", "●", _("一致")),
    SampleState.DIFFERS: Chip("doubt", "▲", _("不一致")),
    SampleState.READ_RIGHT: Chip("good", "●", _("読取が正しい")),
    SampleState.READ_WRONG: Chip("bad", "✕", _("読取の誤り")),
}
