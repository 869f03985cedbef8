"""What decides on one call? It takes its turn, then reads all there is in one look.

The turn is the row of the minute: whoever uses the same link stands in line. On PostgreSQL the person's row is held
before: another link's call about them waits, and so does one of the next minute, without keeping the line waiting; on
SQLite a writing unit is alone anyway. What a call had to wait for is over when the look begins, and the look sees it,
since it is a statement of its own: no ceiling is passed by two at once, and nothing that was withdrawn or shut while a
call stood in line is handed over. The statements are built once and sent a thousand times.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Insert,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from backoffice.consents.models import Consent, Registrant
from backoffice.consents.queries import holds_on as fact_consent_holds_on
from backoffice.data_links.live import OTHER_CALL, RELEASED, RELEASED_AGAIN
from backoffice.data_links.models import (
    ENDS,
    Link,
    LinkConsent,
    LinkConsentEvent,
    LinkHolding,
    LinkMinute,
    LinkRequest,
    LinkUse,
    LinkVersion,
)
from backoffice.data_links.queries import COUNTS
from backoffice.data_links.workflow import RequestState
from backoffice.db import Instant
from backoffice.services import TOKYO
from forms.ages import fiscal_year
from workflows.rules.vocabulary import ConsentClass


@dataclass(frozen=True)
class Turn:
    """Whose link it is about, and how often it was tried in this minute, this call included."""

    link_id: int
    tries: int


@dataclass(frozen=True)
class Asker:
    """Who asks by which link about whose request, with which key; a key is known again so far back."""

    client_id: int | None
    code: str
    reference: str
    key_hash: str
    known_since: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """All that decides on a call, of one moment. What there is none of is None; without a request, so is the person."""

    shut_at: datetime | None
    version_id: int
    number: int
    scope: int
    terms: dict[str, Any]
    request_id: int | None
    request_state: str | None
    closes_at: datetime | None
    sealed_values: bytes | None
    registrant_id: int | None
    assurance: str | None
    sealed: bytes | None
    good_until: date | None
    agreed_scope: int | None
    agreed_to: list[str] | None
    given_at: datetime | None
    expires_on: date | None
    ended: bool
    """The newest consent to the link was withdrawn, or another took its place."""
    facts: str | None
    of_person_today: int
    of_person_this_year: int
    known_request_id: int | None
    known_purpose: str | None
    known_asked: list[str] | None
    known_released: list[str] | None
    known_outcome: str | None
    """None: no call came with this key."""

    def is_open(self, now: datetime) -> bool:
        """Say whether the request waits or was answered: of one that is closed, nobody is spoken."""
        return self.closes_at is not None and self.closes_at > now and self.request_state != RequestState.CLOSED

    @property
    def opened(self) -> frozenset[ConsentClass]:
        """Which facts the person has opened."""
        return frozenset(ConsentClass(each) for each in (self.facts or "").split(",") if each)


def take_turn(session: Session, asker: Asker, now: datetime) -> Turn | None:
    """Count a try of the link, if it is this client's, with the person held; None where it is not."""
    asked = {
        "code": asker.code,
        "client_id": asker.client_id,
        "reference": asker.reference,
        "minute": now.replace(second=0, microsecond=0),
    }
    row = session.connection().execute(_TURNS[session.get_bind().dialect.name], asked).one_or_none()
    return None if row is None else Turn(row.link_id, row.tries)


def look(session: Session, turn: Turn, asker: Asker, now: datetime) -> Seen | None:
    """Read all that decides on a call; None where no version of the link counts."""
    today = now.astimezone(TOKYO).date()
    asked = {
        "link_id": turn.link_id,
        "reference": asker.reference,
        "client_id": asker.client_id,
        "key_hash": asker.key_hash,
        "since": asker.known_since,
        "today": today,
        "midnight": datetime.combine(today, time(), TOKYO),
        "year_begins": datetime.combine(date(fiscal_year(today), 4, 1), time(), TOKYO),
    }
    row = session.connection().execute(_LOOK, asked).one_or_none()
    return None if row is None else Seen(*row)


def keep(session: Session, use: dict[str, Any]) -> None:
    """Write a row of the use log."""
    session.connection().execute(_USE, use)


_LINK, _CLIENT = bindparam("link_id", type_=Integer), bindparam("client_id", type_=Integer)
_REFERENCE, _TODAY = bindparam("reference", type_=String), bindparam("today", type_=Date)


def _turn(inserting: postgresql.Insert | sqlite.Insert, *before: ColumnElement[bool]) -> Insert:
    """`before`: what is done before the row is asked for."""
    minute, first = bindparam("minute", type_=Instant).label("minute"), literal(1).label("tries")
    theirs = (Link.code == bindparam("code", type_=String), Link.client_id == _CLIENT)
    inserted = inserting.from_select(
        ["link_id", "minute", "tries"], select(Link.id, minute, first).where(*theirs, *before)
    )
    again = inserted.on_conflict_do_update(index_elements=["link_id", "minute"], set_={"tries": LinkMinute.tries + 1})
    return again.returning(LinkMinute.link_id, LinkMinute.tries)


_person = (
    select(Registrant.id)
    .join(LinkRequest, LinkRequest.registrant_id == Registrant.id)
    .where(LinkRequest.reference == _REFERENCE)
    # Whoever only writes of the person does not wait: the row's own key is not changed.
    .with_for_update(of=Registrant, key_share=True)
    .cte("person")
)
_is_held = select(func.count()).select_from(_person).scalar_subquery() >= 0
"""Always true, once the person's row is held."""
_TURNS = {
    "postgresql": _turn(postgresql.insert(LinkMinute), _is_held),
    "sqlite": _turn(sqlite.insert(LinkMinute)),
}
_USE = insert(LinkUse)
_KNOWN = aliased(LinkUse)
_LATER = aliased(LinkConsent)
_is_newest = ~exists().where(
    _LATER.registrant_id == LinkConsent.registrant_id,
    _LATER.link_id == LinkConsent.link_id,
    _LATER.id > LinkConsent.id,
)
_newest_call = (
    select(func.max(LinkUse.id))
    .where(
        LinkUse.client_id == _CLIENT,
        LinkUse.key_hash == bindparam("key_hash"),
        LinkUse.at > bindparam("since"),
        # Passed over: else a call that is sent again and again would never count a second time, and another one that
        # came with its key would take the key from it.
        LinkUse.outcome.not_in((RELEASED_AGAIN, OTHER_CALL)),
    )
    .scalar_subquery()
)
_ended = exists().where(
    LinkConsentEvent.consent_id == LinkConsent.id,
    LinkConsentEvent.kind.in_(ENDS),
)
_facts = (
    select(func.aggregate_strings(Consent.kind, ","))
    .where(Consent.registrant_id == LinkRequest.registrant_id, fact_consent_holds_on(_TODAY))
    .correlate(LinkRequest)
    .scalar_subquery()
)
_released = select(func.count()).where(
    LinkUse.link_id == _LINK,
    LinkUse.registrant_id == LinkRequest.registrant_id,
    LinkUse.at >= bindparam("year_begins"),
    LinkUse.outcome == RELEASED,
)
_LOOK = (
    select(
        Link.shut_at,
        LinkVersion.id,
        LinkVersion.number,
        LinkVersion.scope,
        LinkVersion.terms,
        LinkRequest.id,
        LinkRequest.state,
        LinkRequest.closes_at,
        LinkRequest.sealed_values,
        Registrant.id,
        Registrant.assurance,
        LinkHolding.sealed,
        LinkHolding.good_until,
        LinkConsent.scope,
        LinkConsent.attributes,
        LinkConsent.given_at,
        LinkConsent.expires_on,
        _ended,
        _facts,
        _released.where(LinkUse.at >= bindparam("midnight")).correlate(LinkRequest).scalar_subquery(),
        _released.correlate(LinkRequest).scalar_subquery(),
        _KNOWN.request_id,
        _KNOWN.purpose,
        _KNOWN.asked,
        _KNOWN.released,
        _KNOWN.outcome,
    )
    .select_from(Link)
    .join(LinkVersion, (LinkVersion.link_id == Link.id) & COUNTS)
    .outerjoin(LinkRequest, (LinkRequest.reference == _REFERENCE) & (LinkRequest.link_id == Link.id))
    .outerjoin(Registrant, Registrant.id == LinkRequest.registrant_id)
    .outerjoin(LinkHolding, LinkHolding.registrant_id == LinkRequest.registrant_id)
    .outerjoin(
        LinkConsent,
        and_(LinkConsent.registrant_id == LinkRequest.registrant_id, LinkConsent.link_id == _LINK, _is_newest),
    )
    .outerjoin(_KNOWN, _KNOWN.id == _newest_call)
    .where(Link.id == _LINK)
)
