"""What is answered at a facility's counter? Yes, no, or "once more"; nothing of whoever stands there is kept.

The holder signs for a number that this page drew for this member of staff within the last two minutes. The page keeps
nothing to know it again: the number carries a mark that only this office can make.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backoffice.digital_id import queries
from backoffice.digital_id.addresses import checker_of, issuer_of, status_list_of, type_of
from backoffice.digital_id.events import DigitalIdChecked
from backoffice.digital_id.keys import believed, believed_keys
from backoffice.digital_id.models import Check, SpentNonce, WalletNonce
from backoffice.digital_id.workflow import State
from backoffice.services import TOKYO
from backoffice.settings import Settings
from backoffice.work import Work
from workflows.credentials.issuing import StatusPlace
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.rules import CheckRule
from workflows.credentials.status_list import MOST_PLACES
from workflows.credentials.verifying import Asked, Status, Trust, verify

NONCE = "digital_id.nonce"
NONCE_LASTS = timedelta(minutes=2)
_DRAWN_BYTES, _MARK_LETTERS = 8, 32
ONCE_MORE = frozenset(
    {
        Reason.TOO_LARGE,
        Reason.MALFORMED,
        Reason.NO_KEY_BINDING,
        Reason.NONCE,
        Reason.KEY_BINDING_TIME,
    }
)
"""What lies in the scan or in the time that has passed, not in the digital ID: all else is a plain no."""


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    ONCE_MORE = "once_more"


@dataclass(frozen=True)
class Question:
    """What a wallet is asked, as the page shows it."""

    nonce: str
    address: str


def question(work: Work, rule: CheckRule) -> Question:
    """Draw a number and ask with it. Nothing is written down: a look changes nothing."""
    drawn = f"{int(work.now.timestamp()):x}.{work.office.services.random_bytes(_DRAWN_BYTES).hex()}"
    nonce = f"{drawn}.{_mark(work, drawn)}"
    asked = urlencode({"nonce": nonce, "claims": str(rule.claim)})
    return Question(nonce, f"{checker_of(work.office.settings)}?{asked}")


def check(work: Work, rule: CheckRule, presentation: str) -> Answer:
    """Answer by one rule what was shown. Raises Overtaken where the same is being answered in another window."""
    try:
        verified = verify("".join(presentation.split()), _trust(work), _asked(work), int(work.now.timestamp()))
    except RefusedError as refusal:
        return Answer.ONCE_MORE if refusal.reason in ONCE_MORE else _answered(work, rule, allowed=False)
    work.session.add(SpentNonce(mark=_spent_mark(work, verified.nonce), at=work.now))
    return _answered(work, rule, allowed=rule.allows(verified.claims))


def forget_old(session: Session, now: datetime) -> None:
    """Delete numbers that nobody could answer any more, those for wallets among them."""
    session.execute(delete(WalletNonce).where(WalletNonce.until < now))
    session.execute(delete(SpentNonce).where(SpentNonce.at < now - 2 * NONCE_LASTS))


def _answered(work: Work, rule: CheckRule, *, allowed: bool) -> Answer:
    hour = work.now.replace(minute=0, second=0, microsecond=0)
    row = Check(rule=rule.code, allowed=allowed, in_hour=hour)
    work.session.add(row)
    work.session.flush()
    work.record(DigitalIdChecked(row.id))
    return Answer.YES if allowed else Answer.NO


def _trust(work: Work) -> Trust:
    settings = work.office.settings
    keys = believed(believed_keys(work, work.today))

    def status(place: StatusPlace) -> Status:
        found = queries.by_place(work.session, place.index) if _is_on_our_list(place, settings) else None
        if found is None:
            return Status.UNKNOWN
        return Status.VALID if found.state == State.LIVE else Status.REVOKED

    return Trust(issuer_of(settings), type_of(settings), keys, status)


def _is_on_our_list(place: StatusPlace, settings: Settings) -> bool:
    return place.uri == status_list_of(settings) and place.index < MOST_PLACES


def _asked(work: Work) -> Asked:
    def is_ours(nonce: str) -> bool:
        drawn, _dot, mark = nonce.rpartition(".")
        if not nonce.isascii() or not hmac.compare_digest(mark.encode(), _mark(work, drawn).encode()):
            return False
        at = datetime.fromtimestamp(int(drawn.partition(".")[0], 16), TOKYO)  # it has our mark: the number is ours
        return work.now - at <= NONCE_LASTS and not queries.is_spent(work.session, _spent_mark(work, nonce))

    return Asked(checker_of(work.office.settings), is_ours)


def _mark(work: Work, drawn: str) -> str:
    """Bound to who asks: what was shown at one counter is not taken at another."""
    return work.office.cipher.mark(f"{work.actor.staff_id} {drawn}", NONCE)[:_MARK_LETTERS]


def _spent_mark(work: Work, nonce: str) -> str:
    return work.office.cipher.mark(nonce, NONCE)
