"""Somebody withdraws, dies, moves, is protected or takes their address away: which messages no longer go to them?

It happens in the unit of the event itself and changes the rows that the sender must change too, so that one of the two
comes first. Whose message is on its way already is noted as too late.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update

from backoffice.audiences import moving
from backoffice.audiences.models import NoticeRun, Recipient, RecipientKin, RunPattern
from backoffice.audiences.topics import topic_of
from backoffice.audiences.workflow import OVER, Reason, RecipientState
from backoffice.consents import service as consents
from backoffice.consents.events import ChannelRemoved, ConsentExpired, ConsentWithdrawn
from backoffice.consents.models import Consent, Registrant, RegistrantChannel
from backoffice.programs.public_part import CATEGORIES
from backoffice.reachability.events import ChannelDied, MailCameBack, NoticesStopped
from backoffice.reachability.queries import is_alive
from backoffice.reachability.workflow import EVERYTHING
from backoffice.residents import protecting, stop_queries
from backoffice.residents.events import ProtectionAdded, ResidentStopped
from backoffice.residents.models import Protection, ResidentStop
from backoffice.work import Work
from workflows.rules.vocabulary import ConsentClass

OPEN = (RecipientState.WAITING, RecipientState.TAKEN, RecipientState.HANDING)


def follow_consent(work: Work, happened: ConsentWithdrawn | ConsentExpired) -> None:
    """Stop what rests on a consent that has ended: the person's own messages, and of tax those of all at home."""
    kind = work.session.scalars(select(Consent.kind).where(Consent.id == happened.consent_id)).one()
    bit = ConsentClass(kind).bit
    own = Recipient.registrant_id == happened.registrant_id
    _stop(work, Reason.CONSENT, own, RunPattern.own_consents.op("&")(bit) != 0)
    mark = work.session.scalars(select(Registrant.mark).where(Registrant.id == happened.registrant_id)).one()
    _stop(work, Reason.HOUSEHOLD, _at_home_with(mark), RunPattern.household_consents.op("&")(bit) != 0)


def follow_protection(work: Work, happened: ProtectionAdded) -> None:
    """Stop what goes to somebody under 支援措置 and to everybody at home."""
    protection = work.session.get_one(Protection, happened.protection_id)
    pseudonym = work.office.cipher.open(protection.sealed_pseudonym, protecting.PSEUDONYM).decode()
    mark = consents.mark_of(work.office.cipher, pseudonym)
    own = Recipient.registrant_id.in_(select(Registrant.id).where(Registrant.mark == mark))
    _stop(work, Reason.GONE, own | _at_home_with(mark))


def follow_move(work: Work, happened: ResidentStopped) -> None:
    """Stop what goes to somebody who has died or moved away; a move that lies ahead is asked for on its day."""
    stop = work.session.get_one(ResidentStop, happened.stop_id)
    if stop.mark in stop_queries.stops_of(work.session, [stop.mark], work.today):
        _stop(work, Reason.GONE, Recipient.registrant_id.in_(select(Registrant.id).where(Registrant.mark == stop.mark)))


def follow_channel(work: Work, happened: ChannelRemoved | ChannelDied) -> None:
    """Stop what would go to an address that was taken away, or to which nothing gets through."""
    theirs = RegistrantChannel.registrant_id == happened.registrant_id
    there = select(RegistrantChannel.kind).where(theirs, is_alive())
    _stop(work, Reason.CHANNEL, Recipient.registrant_id == happened.registrant_id, Recipient.kind.not_in(there))


def follow_stop(work: Work, happened: NoticesStopped) -> None:
    """Stop what is of a topic that somebody stopped, or all of it."""
    theirs = Recipient.registrant_id == happened.registrant_id
    if happened.code == EVERYTHING:
        _stop(work, Reason.DECLINED, theirs)
        return
    fields = [field for field in CATEGORIES if topic_of(field) == happened.code]
    of_topic = select(NoticeRun.id).where(NoticeRun.topic.in_(fields), NoticeRun.state.not_in(OVER))
    _stop(work, Reason.DECLINED, theirs, Recipient.run_id.in_(of_topic))


def follow_return(work: Work, happened: MailCameBack) -> None:
    """Note that a mail came back. One of which nobody knew whether it had left is known to have, by that."""
    recipient = work.session.get(Recipient, happened.recipient_id, with_for_update=True)
    if recipient is None:  # of a run that is kept no longer
        return
    if not recipient.came_back:
        moving.count_reason(work, recipient.run_id, moving.CAME_BACK, 1)
    recipient.came_back = happened.code
    work.session.flush()
    left = {"settled_at": work.now}
    unknown, accepted = RecipientState.UNKNOWN, RecipientState.ACCEPTED
    moving.move(work, recipient.run_id, unknown, accepted, Recipient.id == recipient.id, **left)


def _at_home_with(mark: str) -> ColumnElement[bool]:
    return Recipient.id.in_(select(RecipientKin.recipient_id).where(RecipientKin.mark == mark))


def _stop(work: Work, reason: Reason, *where: ColumnElement[bool]) -> None:
    """Stop whoever waits or was just taken; of whom a message is on its way it is noted when they said so."""
    work.session.flush()
    found = (
        select(Recipient.id, Recipient.run_id)
        .join(RunPattern, RunPattern.id == Recipient.pattern_id)
        .where(Recipient.state.in_(OPEN), *where)
        .order_by(Recipient.id)
        .with_for_update(of=Recipient)  # in the order in which a sender locks them: neither waits for the other
    )
    by_run: dict[int, list[int]] = defaultdict(list)
    for recipient_id, run_id in work.session.execute(found):
        by_run[run_id].append(recipient_id)
    for run_id, ids in sorted(by_run.items()):
        moving.stop(work, run_id, ids, reason, work.now)
        _note_too_late(work, ids)


def _note_too_late(work: Work, ids: Sequence[int]) -> None:
    late = update(Recipient).where(Recipient.id.in_(ids), Recipient.state == RecipientState.HANDING)
    work.session.execute(late.values(withdrew_at=work.now).execution_options(synchronize_session=False))
