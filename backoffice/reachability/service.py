"""What is heard of an address, and what follows? Mail that came back, complaints, LINE accounts that were blocked.

What happened later counts, in whatever order it is heard. An address of two people dies for both.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from backoffice.consents.events import ChannelSet
from backoffice.consents.models import RegistrantChannel
from backoffice.consents.portal import ADDRESS
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability import queries
from backoffice.reachability.events import ChannelDied, ChannelRevived
from backoffice.reachability.models import AddressStanding, LineEvent, SoftFailure
from backoffice.reachability.stopping import stop
from backoffice.reachability.workflow import EVERYTHING, AddressState, Cause, Failure, StopWay, Topic
from backoffice.vault import Cipher
from backoffice.work import Work

AFTER: dict[Cause, AddressState] = {
    Cause.PERMANENT: AddressState.BOUNCED,
    Cause.TEMPORARY: AddressState.BOUNCED,
    Cause.COMPLAINT: AddressState.COMPLAINED,
    Cause.UNFOLLOWED: AddressState.BLOCKED,
    Cause.FOLLOWED: AddressState.ALIVE,
    Cause.UNKNOWN_ADDRESS: AddressState.GONE,
    Cause.SET_ANEW: AddressState.ALIVE,
}


def mark_of(cipher: Cipher, address: str) -> str:
    """Give the mark under which an address stands at its registrants."""
    return cipher.mark(address, ADDRESS)


@dataclass(frozen=True)
class Written:
    """One message that was sent by mail, as its sender keeps it."""

    recipient: int
    registrant_id: int
    topic: Topic
    mark: str
    """Of the address to which it went; empty where that is theirs no more."""
    sent_at: datetime


def take_bounce(work: Work, written: Written, failure: Failure) -> None:
    """Note that a message came back; the same said again changes nothing. Whoever calls it spam stops everything.

    What was sent before its address was set anew says nothing about the address as it is now.
    """
    if failure is Failure.COMPLAINT:
        stop(work, written.registrant_id, EVERYTHING, StopWay.COMPLAINT)
        turn(work, ChannelKind.MAIL, written.mark, Cause.COMPLAINT, work.now, written.registrant_id)
        return
    standing = queries.standing_of(work.session, ChannelKind.MAIL, written.mark)
    if standing is not None and standing.cause == Cause.SET_ANEW and written.sent_at < standing.since:
        return
    if failure is Failure.PERMANENT:
        turn(work, ChannelKind.MAIL, written.mark, Cause.PERMANENT, work.now)
    elif _fails_too_often(work, written):
        turn(work, ChannelKind.MAIL, written.mark, Cause.TEMPORARY, work.now)


def hear_of_line(work: Work, event: str, user_id: str, *, follows: bool, at: datetime) -> None:
    """Take what LINE tells of somebody who follows the city's account, or does no longer: each event once.

    Of people who are not registered nothing is kept, not even that something was told.
    """
    mark = mark_of(work.office.cipher, user_id)
    if not queries.channels_at(work.session, ChannelKind.LINE, mark, locked=True) or _is_spent(work, event):
        return
    turn(work, ChannelKind.LINE, mark, Cause.FOLLOWED if follows else Cause.UNFOLLOWED, at)


def lose(work: Work, kind: ChannelKind, mark: str) -> None:
    """Note that whoever carries messages was told that there is no such address."""
    turn(work, kind, mark, Cause.UNKNOWN_ADDRESS, work.now)


def turn(
    work: Work, kind: ChannelKind, mark: str, cause: Cause, at: datetime, registrant_id: int | None = None
) -> None:
    """Let an address stand as `cause` leaves it, unless something later is known; events say so of each whose it is.

    Of an address that is nobody's any more nothing is kept.
    """
    channels = queries.channels_at(work.session, kind, mark, locked=True)
    if not channels:
        return
    standing, after = queries.standing_of(work.session, kind, mark), AFTER[cause]
    before = AddressState(standing.state) if standing else AddressState.ALIVE
    if standing is None:
        standing = AddressStanding(mark=mark, kind=kind)
        work.session.add(standing)
    elif not _counts(standing, cause, at):
        return
    standing.state, standing.since, standing.cause, standing.registrant_id = after, at, cause, registrant_id
    work.session.flush()
    if (before is AddressState.ALIVE) == (after is AddressState.ALIVE):
        return
    happened = ChannelRevived if after is AddressState.ALIVE else ChannelDied
    for channel in channels:
        work.record(happened(channel.registrant_id, channel.id, cause))


def begin_anew(work: Work, happened: ChannelSet) -> None:
    """Let an address that somebody has just set begin alive: they say that it is right, and the mailbox is mended.

    Two stay as they are. Where somebody else complained, a stranger who names the address does not open it again. And
    whether a LINE account is blocked, LINE alone tells: who sets it here may block it all the same.
    """
    channel = work.session.get_one(RegistrantChannel, happened.channel_id)
    standing = queries.standing_of(work.session, ChannelKind(channel.kind), channel.mark)
    if standing is None or standing.state in {AddressState.ALIVE, AddressState.BLOCKED}:
        return
    if standing.state == AddressState.COMPLAINED and standing.registrant_id != channel.registrant_id:
        return
    work.session.execute(delete(SoftFailure).where(SoftFailure.mark == channel.mark))
    turn(work, ChannelKind(channel.kind), channel.mark, Cause.SET_ANEW, work.now)


def _counts(standing: AddressStanding, cause: Cause, at: datetime) -> bool:
    """Say whether something changes how an address stands. Of two things at the same moment the worse one counts."""
    if standing.state == AddressState.COMPLAINED and cause in {Cause.PERMANENT, Cause.TEMPORARY, Cause.UNKNOWN_ADDRESS}:
        return False
    return at > standing.since or (at == standing.since and AFTER[cause] is not AddressState.ALIVE)


def _fails_too_often(work: Work, written: Written) -> bool:
    settings = work.office.settings
    if queries.soft_failure(work.session, written.mark, written.recipient) is None:
        work.session.add(SoftFailure(mark=written.mark, recipient=written.recipient, at=work.now))
        work.session.flush()
    since = work.now - timedelta(days=settings.bounce_soft_days)
    return queries.count_soft(work.session, written.mark, since) >= settings.bounce_soft_most


def _is_spent(work: Work, event: str) -> bool:
    """Spend an event, and say whether it was spent before."""
    if queries.line_event(work.session, event) is not None:
        return True
    work.session.add(LineEvent(event=event, heard_at=work.now))
    work.session.flush()
    return False
