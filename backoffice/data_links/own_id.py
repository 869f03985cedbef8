"""A resident asks at the portal for a digital ID; what is it made of? Of what the worker holds ready to be said.

It stands beside the links because what may be said of a person is held here: the gateway opens no snapshot. Whoever is
unknown, protected, dead or gone gets the one refusal that has no reason.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from backoffice.consents import queries as consents
from backoffice.consents.models import Registrant
from backoffice.consents.portal import Visitor, registrant_of
from backoffice.consents.workflow import Assurance
from backoffice.data_links.held import Held
from backoffice.data_links.models import LinkHolding
from backoffice.digital_id import queries, service
from backoffice.digital_id.addresses import issuer_of
from backoffice.digital_id.events import DigitalIdAskedInVain
from backoffice.digital_id.models import DigitalId, WalletNonce
from backoffice.digital_id.service import Issued
from backoffice.digital_id.workflow import Cause, State
from backoffice.errors import CardNeeded, Invalid, NotThere, Unavailable
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.credentials.claims import ClaimName
from workflows.credentials.possession import Possession, prove_possession
from workflows.credentials.refusals import RefusedError
from workflows.rules.vocabulary import ConsentClass

NONCE = "wallet.nonce"
NONCE_LASTS = timedelta(minutes=5)
"""Long enough for the worker to prepare what may be said, and for a person to look for their telephone."""
MOST_NONCES = 10
"""Of one person at once."""
WRONG = _("送られた値を直してください")
WRONG_PROOF = _("鍵の証明が正しくありません。新しい nonce で、署名し直してください。")
NO_CONSENT = _("基本の情報への同意がありません。先に同意を受け付けてください。")


@dataclass(frozen=True)
class Drawn:
    """A number for a wallet to sign, for whom it signs (`audience`) and until when."""

    nonce: str
    audience: str
    until: datetime


def draw(work: Work, visitor: Visitor) -> Drawn:
    """Draw a number for a visitor's wallet. Raises CardNeeded, NotThere, Invalid where a consent is missing."""
    registrant = _who_may_ask(work, visitor)
    _forget_older(work, registrant)
    drawn = Drawn(work.office.services.random_bytes(16).hex(), issuer_of(work.office.settings), work.now + NONCE_LASTS)
    mark = work.office.cipher.mark(drawn.nonce, NONCE)
    work.session.add(WalletNonce(mark=mark, registrant_id=registrant.id, drawn_at=work.now, until=drawn.until))
    work.session.flush()
    return drawn


def ask(work: Work, visitor: Visitor, proof: str) -> Issued | None:
    """Issue a digital ID to a visitor who proves that they hold the wallet's key; None for whom there is none.

    Raises CardNeeded, NotThere, Invalid, and Unavailable where the worker has not prepared yet what may be said.
    """
    possession = _proven(work, proof)
    registrant = _who_may_ask(work, visitor)
    _spend(work, registrant, possession)
    holding = work.session.scalars(select(LinkHolding).where(LinkHolding.registrant_id == registrant.id)).one_or_none()
    if holding is None or holding.made_at.astimezone(TOKYO).date() < work.today:
        raise Unavailable("デジタルIDの中身を用意しています。20秒ほど待って、同じ内容でもう一度送ってください。")
    claims = _claims(work, holding)
    if not claims.get(ClaimName.CITY_RESIDENT):
        work.record(DigitalIdAskedInVain(registrant.id))
        return None
    return service.issue_of(work, registrant.id, claims, possession.key)


def own(work: Work, visitor: Visitor) -> list[DigitalId]:
    """Give a visitor's own digital IDs, the newest first. Raises NotThere."""
    return list(queries.own(work.session, registrant_of(work, visitor).id))


def give_up(work: Work, visitor: Visitor, number: str) -> DigitalId:
    """End one of a visitor's digital IDs; one that has ended stays as it is. Raises NotThere, also for another's."""
    registrant = registrant_of(work, visitor)
    row = queries.find_by_number(work.session, number)
    if row.registrant_id != registrant.id:
        raise NotThere("この番号のデジタルIDはありません。")
    if row.state == State.LIVE:
        service.revoke(work, number, Cause.ASKED)
    return row


def _who_may_ask(work: Work, visitor: Visitor) -> Registrant:
    """Give the visitor, held, if they were proven and consent to what a digital ID needs."""
    if not visitor.is_proven:
        raise CardNeeded("デジタルIDは、カードで本人を確かめてから受け付けます。")
    registrant = registrant_of(work, visitor, locked=True)
    core = consents.live_consent(work.session, registrant.id, ConsentClass.CORE, work.today)
    if registrant.assurance != Assurance.CARD_VERIFIED or core is None:
        raise Invalid(WRONG, {"person": NO_CONSENT})
    return registrant


def _proven(work: Work, proof: str) -> Possession:
    try:
        return prove_possession(proof, issuer_of(work.office.settings), int(work.now.timestamp()))
    except RefusedError as refusal:
        raise Invalid(WRONG, {"proof": WRONG_PROOF}) from refusal


def _spend(work: Work, registrant: Registrant, possession: Possession) -> None:
    """Take the number out of the world, if it was drawn for this person and is still good. Raises Invalid."""
    mark = work.office.cipher.mark(possession.nonce, NONCE)
    theirs = (WalletNonce.registrant_id == registrant.id, WalletNonce.until > work.now)
    spent = work.session.execute(
        delete(WalletNonce).where(WalletNonce.mark == mark, *theirs).returning(WalletNonce.id)
    ).first()
    if spent is None:
        raise Invalid(WRONG, {"proof": WRONG_PROOF})


def _claims(work: Work, holding: LinkHolding) -> dict[str, bool | int | str]:
    """Give what may be said today; nothing where the register has nothing, or what was made is out of date."""
    if holding.sealed is None or (holding.good_until is not None and holding.good_until < work.today):
        return {}
    return dict(Held.opened(work.office.cipher, holding.registrant_id, holding.sealed).claims)


def _forget_older(work: Work, registrant: Registrant) -> None:
    """Leave room for one more number: whoever asks without end fills no table."""
    theirs = select(WalletNonce.id).where(WalletNonce.registrant_id == registrant.id)
    older = work.session.scalars(theirs.order_by(WalletNonce.id.desc()).offset(MOST_NONCES - 1)).all()
    work.session.execute(delete(WalletNonce).where(WalletNonce.id.in_(older)))
