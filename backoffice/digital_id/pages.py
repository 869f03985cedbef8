"""What do the pages of the digital ID show? At the counter a yes or no; in the office numbers, never a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backoffice.digital_id.checking import Answer
from backoffice.web import Page
from backoffice.web.lists import Tab
from backoffice.web.qr import Qr
from backoffice.web.translations import _


@dataclass(frozen=True)
class Verdict:
    """What the counter reads from across the desk. `word` and `note` are msgids."""

    tone: str
    sign: str
    word: str
    note: str = ""


VERDICTS: Mapping[Answer, Verdict] = {
    Answer.YES: Verdict("yes", "○", _("はい")),
    Answer.NO: Verdict("no", "×", _("いいえ")),
    Answer.ONCE_MORE: Verdict(
        "again", "↻", _("もう一度"), _("読み取れないか、時間が過ぎています。新しいコードを読み取ってもらってください。")
    ),
}


@dataclass(frozen=True, kw_only=True)
class CheckerPage(Page):
    rules: Sequence[Tab]
    rule_code: str
    rule_name: str
    drawn: Qr
    address: str
    nonce: str
    refresh_address: str
    verdict: Verdict | None = None
    picture_wrong: str = ""


@dataclass(frozen=True)
class CheckCount:
    rule_name: str
    yes: int
    no: int


@dataclass(frozen=True, kw_only=True)
class OfficePage(Page):
    live: int
    expired: int
    revoked: int
    checks: Sequence[CheckCount]
    key_id: int
    """0: none was made yet."""
    key_name: str
    key_made_at: datetime | None
    older_keys: int
    waiting_id: int
    """0: no key waits to be confirmed."""
    waiting_name: str
    may_confirm: bool
    """This person did not make the key that waits."""
    stopped: bool
    """Nothing is signed until a new key was made and confirmed."""
    causes: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
