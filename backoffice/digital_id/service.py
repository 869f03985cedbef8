"""What is done with digital IDs: issued to whoever consented, revoked at once, by staff or with a consent that ends."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backoffice.accounts.fresh_proof import must_be_fresh
from backoffice.consents import queries as consents
from backoffice.consents.events import ConsentExpired, ConsentWithdrawn
from backoffice.consents.models import Consent
from backoffice.consents.workflow import Assurance, last_day
from backoffice.digital_id import queries
from backoffice.digital_id.addresses import issuer_of, status_list_of, type_of
from backoffice.digital_id.events import DigitalIdIssued, DigitalIdRevoked, SigningStopped
from backoffice.digital_id.keys import confirm, distrust_all, first_key, make_key, newest_key, signing_key, waiting_key
from backoffice.digital_id.models import DigitalId, DigitalIdEvent, IssuingKey
from backoffice.digital_id.workflow import (
    CONSENTS,
    CONSENTS_BEHIND,
    MONTHS,
    MOST_LIVE,
    Cause,
    Happened,
    State,
    opened,
    right_until,
    said_of,
)
from backoffice.errors import Invalid, NotPermitted, Overtaken, Unavailable
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.credentials.claims import ClaimName, ClaimValue, ages_hold_until
from workflows.credentials.issuing import StatusPlace, Terms
from workflows.credentials.issuing import issue as written
from workflows.credentials.refusals import RefusedError
from workflows.credentials.signing import Key, key_of, thumbprint
from workflows.credentials.status_list import MOST_PLACES
from workflows.links.attributes import Claim
from workflows.links.claims import Facts
from workflows.rules.vocabulary import ConsentClass

NUMBER_BYTES = 5
SAID = "digital_id.said"
KEPT_FOR = timedelta(days=90)
"""So long after its last day it is known whose it was: whoever complains at a counter is still helped."""
KEY_TAKEN = _("この鍵は使えません。スマホで新しい鍵を作ってください。")
_TIMES_TO_DRAW = 64


@dataclass(frozen=True)
class Issued:
    """`text` is for the holder's wallet alone: it is kept nowhere here."""

    row: DigitalId
    text: str


def issue(work: Work, registrant_id: int, facts: Facts, holder: Mapping[str, Any]) -> Issued:
    """Issue a digital ID that says of `facts` what consents open, bound to the public key `holder` (a JWK).

    Raises NotThere, NotPermitted where the card was not seen or nothing was consented to, Invalid for no such key.
    """
    holder_key = _holder_key(holder)
    given = _consents_of(work, registrant_id)
    claims = said_of(facts, given.keys(), work.today)
    return _issue(work, registrant_id, claims, right_until(facts, work.today), holder_key, given)


def issue_of(work: Work, registrant_id: int, found: Mapping[str, Claim], holder: Key) -> Issued:
    """The same of `found`, all that can be said of somebody as it was worked out for links. Raises NotPermitted."""
    given = _consents_of(work, registrant_id)
    birth = found.get("birth_date")
    until = ages_hold_until(date.fromisoformat(birth), work.today) if isinstance(birth, str) else None
    return _issue(work, registrant_id, opened(found, given.keys()), until, holder, given)


def _consents_of(work: Work, registrant_id: int) -> dict[ConsentClass, Consent]:
    """Give what somebody consents to, with their row held. Raises NotThere, NotPermitted."""
    registrant = queries.find_registrant(work.session, registrant_id)
    if registrant.assurance != Assurance.CARD_VERIFIED:
        raise NotPermitted(_("デジタルIDは、カードで本人を確かめた人にだけ発行します。"))
    consents.lock_registrant(work.session, registrant_id)
    return _live(work, registrant_id, work.today)


def _issue(
    work: Work,
    registrant_id: int,
    claims: Mapping[str, ClaimValue],
    ages_until: date | None,
    holder_key: Key,
    given: Mapping[ConsentClass, Consent],
) -> Issued:
    if not claims:
        raise NotPermitted(_("デジタルIDに要る同意がありません。"))
    holder = thumbprint(holder_key)
    _make_room(work, registrant_id, holder)
    key = newest_key(work) or first_key(work)
    if key is None:
        raise Unavailable("デジタルIDの発行を止めています。市の担当に確かめてください。")
    row = DigitalId(
        number=work.office.services.random_bytes(NUMBER_BYTES).hex(),
        registrant_id=registrant_id,
        key_id=key.id,
        holder_thumbprint=holder,
        place=_drawn_place(work),
        claims=sorted(claims),
        issued_at=work.now,
        expires_on=_last_day(ages_until, claims.keys(), given, work.today),
        state=State.LIVE,
    )
    row.said_mark = said_mark(work, row.number, claims)
    work.session.add(row)
    work.session.flush()
    _happened(work, row, Happened.ISSUED)
    work.record(DigitalIdIssued(registrant_id, row.id))
    chance = work.office.services.random_bytes
    return Issued(row, written(claims, _terms(work, row), holder_key, signing_key(work, key), key.name, chance))


def revoke(work: Work, number: str, cause: Cause) -> DigitalId:
    """Revoke a digital ID by its number, from this moment. Raises NotThere, Overtaken where it was revoked already."""
    row = queries.find_by_number(work.session, number)
    if row.state != State.LIVE:
        raise Overtaken("このデジタルIDは、もう失効しています。")
    _revoke(work, row, cause)
    return row


def follow_withdrawal(work: Work, happened: ConsentWithdrawn) -> None:
    """Revoke every digital ID that says something which the withdrawn consent had opened."""
    for row in _opened_by(work, happened):
        _revoke(work, row, Cause.CONSENT_WITHDRAWN)


def follow_expiry(work: Work, happened: ConsentExpired) -> None:
    """Revoke what would outlive a consent that is over: a shorter one had taken the place of the one behind it."""
    kind = work.session.get_one(Consent, happened.consent_id).kind
    if consents.live_consent(work.session, happened.registrant_id, ConsentClass(kind), work.today) is not None:
        return
    for row in _opened_by(work, happened):
        if row.expires_on >= work.today:
            _revoke(work, row, Cause.CONSENT_EXPIRED)


def follow_register(work: Work, people: Mapping[int, Mapping[str, Claim] | None]) -> None:
    """Revoke at once what the registers no longer say of these registrants; where it is None, everything."""
    for row in queries.live_of(work.session, *people):
        found = people.get(row.registrant_id or 0)
        if found is None or not found.get(ClaimName.CITY_RESIDENT) or _says_otherwise(work, row, found):
            _revoke(work, row, Cause.REGISTER)


def said_mark(work: Work, number: str, claims: Mapping[str, Claim]) -> str:
    """Mark what a digital ID says, each otherwise: two that say the same are not known by it."""
    said = json.dumps([number, *sorted(claims.items())], ensure_ascii=False)
    return work.office.cipher.mark(said, SAID)


def forget_old(session: Session, today: date) -> None:
    """Forget of those that ended long ago whose they were, and by which wallet's key; what is counted stays."""
    for row in queries.long_over(session, today - KEPT_FOR):
        row.registrant_id, row.holder_thumbprint, row.said_mark = None, "", ""


def propose_key(work: Work) -> IssuingKey:
    """Make a key that a second officer is to confirm. Raises FreshProofNeeded, Overtaken where one waits already."""
    must_be_fresh(work)
    if waiting_key(work) is not None:
        raise Overtaken("確認を待っている鍵が、もうあります。最新の内容を確認してください。")
    return make_key(work)


def confirm_key(work: Work, key_id: int) -> None:
    """Let the key that waits sign from now on. Raises FreshProofNeeded, Overtaken, NotPermitted for who made it."""
    must_be_fresh(work)
    waiting = waiting_key(work)
    if waiting is None or waiting.id != key_id:
        raise Overtaken("この鍵は、もう確かめられたか、やめられています。最新の内容を確認してください。")
    confirm(work, waiting)


def stop_signing(work: Work) -> None:
    """A key may have leaked: believe nothing that was signed until now. Raises FreshProofNeeded, Overtaken.

    One officer is enough: every minute counts in which somebody else makes digital IDs. All who could have done it are
    told in the same unit. A key that waits is gone, too: whoever made it may be the one who leaked the others.
    """
    must_be_fresh(work)
    keys = distrust_all(work)
    if not keys:
        raise Overtaken("使えなくする鍵がありません。最新の内容を確認してください。")
    work.record(SigningStopped(keys))


def _opened_by(work: Work, ended: ConsentWithdrawn | ConsentExpired) -> list[DigitalId]:
    """Give a person's digital IDs that say something which the ended consent had opened."""
    kind = ConsentClass(work.session.get_one(Consent, ended.consent_id).kind)
    said = {str(name) for name, behind in CONSENTS_BEHIND.items() if kind in behind}
    return [row for row in queries.live_of(work.session, ended.registrant_id) if said & set(row.claims)]


def _make_room(work: Work, registrant_id: int, holder: str) -> None:
    """Let one digital ID live on a wallet's key, and no more than so many be one person's: the oldest go.

    Raises Invalid where the key is another person's: two people never share one.
    """
    on_the_key = queries.living_on(work.session, holder)
    if on_the_key is not None and on_the_key.registrant_id != registrant_id:
        raise Invalid(KEY_TAKEN, {"proof": KEY_TAKEN})
    if on_the_key is not None:
        _revoke(work, on_the_key, Cause.REPLACED)
    today = work.today
    holding = [each for each in queries.live_of(work.session, registrant_id) if each.expires_on >= today]
    for row in holding[: max(0, len(holding) - MOST_LIVE + 1)]:
        _revoke(work, row, Cause.REPLACED)


def _says_otherwise(work: Work, row: DigitalId, found: Mapping[str, Claim]) -> bool:
    said = {name: found[name] for name in row.claims if name in found}
    return len(said) != len(row.claims) or (row.said_mark != "" and row.said_mark != said_mark(work, row.number, said))


def _holder_key(holder: Mapping[str, Any]) -> Key:
    try:
        return key_of(dict(holder))
    except RefusedError as refusal:
        raise Invalid(_("P-256の公開鍵(JWK)を送ってください。")) from refusal


def _live(work: Work, registrant_id: int, today: date) -> dict[ConsentClass, Consent]:
    found = {kind: consents.live_consent(work.session, registrant_id, kind, today) for kind in sorted(CONSENTS)}
    return {kind: consent for kind, consent in found.items() if consent is not None}


def _last_day(
    ages_until: date | None, claims: Iterable[str], given: Mapping[ConsentClass, Consent], today: date
) -> date:
    """Give the last day: of a year, of the consents behind the claims, and of what they say of an age."""
    needed = {kind for name in claims for kind in CONSENTS_BEHIND[ClaimName(name)]}
    days = [last_day(today, MONTHS), *(given[kind].expires_on for kind in needed)]
    return min(days if ages_until is None else [*days, ages_until])


def _terms(work: Work, row: DigitalId) -> Terms:
    settings = work.office.settings
    ends = datetime.combine(row.expires_on + timedelta(days=1), time(), TOKYO)
    place = StatusPlace(status_list_of(settings), row.place)
    return Terms(issuer_of(settings), type_of(settings), int(work.now.timestamp()), int(ends.timestamp()), place)


def _drawn_place(work: Work) -> int:
    """Draw a free place by lot. The list has more than twice as many places as the city has residents."""
    for _try in range(_TIMES_TO_DRAW):
        place = int.from_bytes(work.office.services.random_bytes(4)) % MOST_PLACES
        if queries.by_place(work.session, place) is None:
            return place
    raise Overtaken("デジタルIDの失効リストがいっぱいです。システム管理者に知らせてください。")


def _revoke(work: Work, row: DigitalId, cause: Cause) -> None:
    row.state = State.REVOKED
    _happened(work, row, Happened.REVOKED, cause)
    work.record(DigitalIdRevoked(row.id, cause))


def _happened(work: Work, row: DigitalId, kind: Happened, cause: str = "") -> None:
    work.session.add(
        DigitalIdEvent(digital_id_id=row.id, kind=kind, cause=cause, at=work.now, staff_id=work.actor.staff_id)
    )
    work.session.flush()
