"""Who can be written to where, and who stopped what? Asked for many people at once, by whoever sends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from backoffice.consents.models import Registrant, RegistrantChannel
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability.models import AddressStanding, DoubtfulMail, LineEvent, NoticeStop, SoftFailure
from backoffice.reachability.workflow import EVERYTHING, AddressState, Topic

MOST_DOUBTFUL = 50


@dataclass(frozen=True)
class ChannelSeen:
    """One of a registrant's addresses and how it stands; `standing` is None where nothing was ever heard of it."""

    channel: RegistrantChannel
    standing: AddressStanding | None

    @property
    def state(self) -> AddressState:
        return AddressState(self.standing.state) if self.standing else AddressState.ALIVE


def is_alive() -> ColumnElement[bool]:
    """The condition on `RegistrantChannel` that its address is alive."""
    return ~exists().where(
        AddressStanding.mark == RegistrantChannel.mark,
        AddressStanding.kind == RegistrantChannel.kind,
        AddressStanding.state != AddressState.ALIVE,
    )


def stopped_for(session: Session, registrants: Collection[int] | Select[int], topic: Topic) -> frozenset[int]:
    """Give who of these registrants, or of those that a statement finds, stopped a topic, or everything."""
    wanted = (NoticeStop.registrant_id.in_(registrants), NoticeStop.ended_at.is_(None))
    found = select(NoticeStop.registrant_id).where(*wanted, NoticeStop.topic.in_((topic, EVERYTHING)))
    return frozenset(session.scalars(found))


def stops_of(session: Session, registrant_id: int) -> Sequence[NoticeStop]:
    """Give what a registrant has stopped now."""
    return session.scalars(
        select(NoticeStop)
        .where(NoticeStop.registrant_id == registrant_id, NoticeStop.ended_at.is_(None))
        .order_by(NoticeStop.id)
    ).all()


def last_change(session: Session, registrant_id: int) -> str:
    """Give a mark that changes with whatever a registrant stops or takes again."""
    theirs = select(func.count(NoticeStop.id), func.count(NoticeStop.ended_at))
    begun, ended = session.execute(theirs.where(NoticeStop.registrant_id == registrant_id)).one()
    return f"{begun}-{ended}"


def every_stop(session: Session, registrant_id: int) -> Sequence[NoticeStop]:
    """Give all that a registrant ever stopped, what they took again included."""
    theirs = select(NoticeStop).where(NoticeStop.registrant_id == registrant_id)
    return session.scalars(theirs.order_by(NoticeStop.id)).all()


def channels_seen(session: Session, registrant_id: int) -> Sequence[ChannelSeen]:
    """Give a registrant's addresses with how they stand."""
    found = session.execute(
        select(RegistrantChannel, AddressStanding)
        .outerjoin(
            AddressStanding,
            and_(AddressStanding.mark == RegistrantChannel.mark, AddressStanding.kind == RegistrantChannel.kind),
        )
        .where(RegistrantChannel.registrant_id == registrant_id)
        .order_by(RegistrantChannel.kind)
    )
    return [ChannelSeen(row.RegistrantChannel, row.AddressStanding) for row in found]


def seen_at_once(session: Session, registrant_id: int) -> tuple[Sequence[ChannelSeen], Sequence[NoticeStop]]:
    """Give a registrant's addresses and what they have stopped, by one statement: there are few of both."""
    found = session.execute(
        select(RegistrantChannel, AddressStanding, NoticeStop)
        .select_from(Registrant)
        .outerjoin(RegistrantChannel, RegistrantChannel.registrant_id == Registrant.id)
        .outerjoin(
            AddressStanding,
            and_(AddressStanding.mark == RegistrantChannel.mark, AddressStanding.kind == RegistrantChannel.kind),
        )
        .outerjoin(NoticeStop, and_(NoticeStop.registrant_id == Registrant.id, NoticeStop.ended_at.is_(None)))
        .where(Registrant.id == registrant_id)
        .order_by(RegistrantChannel.kind, NoticeStop.id)
    ).all()
    channels = {row.RegistrantChannel: row.AddressStanding for row in found if row.RegistrantChannel is not None}
    stops = dict.fromkeys(row.NoticeStop for row in found if row.NoticeStop is not None)
    return [ChannelSeen(channel, standing) for channel, standing in channels.items()], list(stops)


def standing_of(session: Session, kind: ChannelKind, mark: str) -> AddressStanding | None:
    """Give how an address stands, held until the unit is over: events about one address follow one another."""
    return session.scalars(
        select(AddressStanding).where(AddressStanding.mark == mark, AddressStanding.kind == kind).with_for_update()
    ).one_or_none()


def channels_at(session: Session, kind: ChannelKind, mark: str, *, locked: bool = False) -> Sequence[RegistrantChannel]:
    """Give whose address this is: several people's, where a family shares one."""
    wanted = select(RegistrantChannel).where(RegistrantChannel.mark == mark, RegistrantChannel.kind == kind)
    ordered = wanted.order_by(RegistrantChannel.id)
    return session.scalars(ordered.with_for_update() if locked else ordered).all()


def count_soft(session: Session, mark: str, since: datetime) -> int:
    """Count the messages to an address that could not be delivered for the time being."""
    recent = select(func.count()).select_from(SoftFailure).where(SoftFailure.mark == mark, SoftFailure.at > since)
    return session.scalar(recent) or 0


def count_standings(session: Session) -> Mapping[tuple[str, str], int]:
    """Count the addresses that are not alive, by kind and state: one step of an index each."""
    columns = (AddressStanding.kind, AddressStanding.state)
    dead = select(*columns, func.count()).where(AddressStanding.state != AddressState.ALIVE).group_by(*columns)
    return {(kind, state): count for kind, state, count in session.execute(dead)}


def doubtful_mails(session: Session) -> Sequence[DoubtfulMail]:
    """Give the mails that could not be read, the newest first."""
    return session.scalars(select(DoubtfulMail).order_by(DoubtfulMail.id.desc()).limit(MOST_DOUBTFUL)).all()


def soft_failure(session: Session, mark: str, recipient: int) -> SoftFailure | None:
    known = select(SoftFailure).where(SoftFailure.mark == mark, SoftFailure.recipient == recipient)
    return session.scalars(known).one_or_none()


def line_event(session: Session, event: str) -> LineEvent | None:
    return session.scalars(select(LineEvent).where(LineEvent.event == event)).one_or_none()


def doubtful_mail(session: Session, name: str) -> DoubtfulMail | None:
    return session.scalars(select(DoubtfulMail).where(DoubtfulMail.name == name[:200])).one_or_none()
