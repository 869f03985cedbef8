"""What became of messages that were handed over: taken, refused, put off, or nobody knows?"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from backoffice.audiences.claiming import LINE_SIZES, TRIES_OF_AN_OUTAGE
from backoffice.audiences.lanes import LINE_KEY_HOLDS, let_key_go
from backoffice.audiences.models import NoticeBatch, Recipient
from backoffice.audiences.moving import End, count_reason, end, move
from backoffice.audiences.pausing import LINE_REFUSES, MAIL_BEGAN_TO_REFUSE, MAIL_REFUSES, pause_by_itself
from backoffice.audiences.refusals import IN_A_ROW, are_most_refused
from backoffice.audiences.workflow import Reason, RecipientState
from backoffice.carriers.line import Answered, Reply
from backoffice.carriers.parcels import Fate
from backoffice.consents.models import RegistrantChannel
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability import service as reachability
from backoffice.work import Work

FIRST_PAUSE, MOST_TRIES = timedelta(minutes=15), 6
"""A letter that the server puts off waits, each time twice as long: six tries are nearly eight hours."""
LINE_FIRST_PAUSE, LINE_LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)
LINE_BROKEN_PAUSE = timedelta(minutes=10)
REFUSED_IN_A_ROW = 5
MAILS_REFUSED_IN_A_ROW = 20
NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.(?:[1236]|10)\b")
"""RFC 3463, RFC 7505: there is no such address. What else begins with 5.1 may be said of the sender, of us."""
AT_HAND = (RecipientState.HANDING, RecipientState.TAKEN)
_ENDED: Mapping[Fate, RecipientState] = {
    Fate.ACCEPTED: RecipientState.ACCEPTED,
    Fate.REFUSED: RecipientState.FAILED,
    Fate.UNSURE: RecipientState.UNKNOWN,
}


def settle_mail(work: Work, run_id: int, fate: Fate, code: str, ids: Collection[int], batches: Collection[int]) -> None:
    """Note what became of mails in a worker's hands: of people as long as they are in these batches."""
    if fate in _ENDED:
        _end(work, run_id, fate, code, ids, batches)
        return
    theirs = Recipient.id.in_(ids) & Recipient.batch_id.in_(batches)
    if fate is Fate.PUT_OFF:
        _put_off(work, run_id, code, theirs)
    else:
        for before in AT_HAND:
            move(work, run_id, before, RecipientState.WAITING, theirs, batch_id=None, handed_at=None)


def settle_line(work: Work, batch: NoticeBatch, said: Answered) -> None:
    """Note what the platform said to a request, and what follows for its people."""
    theirs = Recipient.batch_id == batch.id
    batch.tries += 1
    batch.turned_away += said.is_certainly_not_taken
    if said.reply is Reply.ACCEPTED:
        _close(work, batch, RecipientState.ACCEPTED)
    elif said.reply is Reply.REFUSED:
        _smaller(work, batch, theirs)
        batch.is_open = False
    elif work.now - batch.taken_at > LINE_KEY_HOLDS:
        let_key_go(work, batch)
    else:
        if said.reply is Reply.BROKEN:
            batch.tries = max(batch.tries, TRIES_OF_AN_OUTAGE)
        batch.not_before = work.now + _pause(batch, said)


def _pause(batch: NoticeBatch, said: Answered) -> timedelta:
    """Give how long LINE is left alone: ever longer, and as long as it asks for."""
    if said.reply is Reply.BROKEN:
        return LINE_BROKEN_PAUSE
    doubled: timedelta = LINE_FIRST_PAUSE * 2 ** min(batch.tries - 1, 10)
    usual = min(doubled, LINE_LONGEST_PAUSE)
    return max(usual, timedelta(seconds=said.wait_seconds))


def _end(work: Work, run_id: int, fate: Fate, code: str, ids: Collection[int], batches: Collection[int]) -> None:
    """A worker that was taken for dead and lives learns all the same what became of its message."""
    reason = Reason.TURNED_DOWN if fate is Fate.REFUSED else ""
    ending = End(_ENDED[fate], reason, code)
    ended: list[int] = []
    for before in (*AT_HAND, RecipientState.UNKNOWN):
        if len(ended) < len(ids):
            ended += end(work, run_id, before, ending, ids, batches)
    if reason:
        count_reason(work, run_id, reason, len(ended))
    if NO_SUCH_ADDRESS.search(code):
        _lose(work, ended)


def _lose(work: Work, ids: Sequence[int]) -> None:
    """Close the addresses of which the server said that there are none: nobody writes to them again."""
    here = (RegistrantChannel.registrant_id == Recipient.registrant_id) & (RegistrantChannel.kind == Recipient.kind)
    marks = select(RegistrantChannel.mark).join(Recipient, here).where(Recipient.id.in_(ids))
    for mark in sorted(set(work.session.scalars(marks))):
        reachability.lose(work, ChannelKind.MAIL, mark)


def _put_off(work: Work, run_id: int, code: str, theirs: ColumnElement[bool]) -> None:
    """Let people wait for another try, or give up on them."""
    by_tries: dict[int, list[int]] = defaultdict(list)
    for recipient_id, tries in work.session.execute(select(Recipient.id, Recipient.tries).where(theirs)):
        by_tries[tries + 1].append(recipient_id)
    for tries, ids in by_tries.items():
        some = theirs & Recipient.id.in_(ids)
        for before in AT_HAND:
            if tries >= MOST_TRIES:
                given_up = {"reason": Reason.GAVE_UP, "code": code, "settled_at": work.now, "tries": tries}
                count_reason(
                    work,
                    run_id,
                    Reason.GAVE_UP,
                    len(move(work, run_id, before, RecipientState.FAILED, some, **given_up)),
                )
            else:
                later = work.now + FIRST_PAUSE * 2 ** (tries - 1)
                again = {"tries": tries, "code": code, "not_before": later, "batch_id": None, "handed_at": None}
                move(work, run_id, before, RecipientState.WAITING, some, **again)


def _smaller(work: Work, batch: NoticeBatch, theirs: ColumnElement[bool]) -> None:
    """Nobody got a request that names somebody whom the platform does not know: try again in ever smaller batches.

    Whoever is refused alone is it.
    """
    handing = RecipientState.HANDING
    tries = work.session.scalars(select(Recipient.tries).where(theirs).limit(1)).one_or_none() or 0
    if tries + 1 >= len(LINE_SIZES):
        alone = {"reason": Reason.TURNED_DOWN, "code": "400", "settled_at": work.now}
        count_reason(
            work,
            batch.run_id,
            Reason.TURNED_DOWN,
            len(move(work, batch.run_id, handing, RecipientState.FAILED, theirs, **alone)),
        )
        # Each text stands for itself: that LINE takes one says nothing of another.
        same = Recipient.body_id == batch.body_id
        _pause_if_all_refused(work, batch.run_id, same, REFUSED_IN_A_ROW, LINE_REFUSES)
    else:
        again = {"tries": tries + 1, "batch_id": None, "handed_at": None}
        move(work, batch.run_id, handing, RecipientState.WAITING, theirs, **again)


def pause_if_mail_is_refused(work: Work, run_id: int, in_a_row: int) -> None:
    """Let a run rest whose mails are refused: it is not the people, it is us.

    All since it began, where no code says that it is they; or many in a row for our sake, or most of the last minutes.
    """
    not_theirs = ~(Recipient.code.contains(" 5.1.") | Recipient.code.contains(" 5.2."))
    mails = (Recipient.kind == ChannelKind.MAIL) & not_theirs
    _pause_if_all_refused(work, run_id, mails, MAILS_REFUSED_IN_A_ROW, MAIL_REFUSES)
    if in_a_row >= IN_A_ROW or are_most_refused(work, run_id):
        pause_by_itself(work, run_id, MAIL_BEGAN_TO_REFUSE)


def _pause_if_all_refused(work: Work, run_id: int, some: ColumnElement[bool], many: int, trouble: str) -> None:
    """Let a run rest if of some of its messages so many were refused and none was taken: people are to look."""
    theirs = (Recipient.run_id == run_id, some)
    down = (Recipient.state == RecipientState.FAILED, Recipient.reason == Reason.TURNED_DOWN)
    refused = select(Recipient.id).where(*theirs, *down).limit(many)
    taken = select(Recipient.id).where(*theirs, Recipient.state == RecipientState.ACCEPTED).limit(1)
    if work.session.scalars(taken).first() is None and len(work.session.scalars(refused).all()) == many:
        pause_by_itself(work, run_id, trouble)


def _close(work: Work, batch: NoticeBatch, ended: RecipientState) -> None:
    """A worker whose request was doubted meanwhile learns all the same what became of it."""
    theirs = Recipient.batch_id == batch.id
    for before in (RecipientState.HANDING, RecipientState.UNKNOWN):
        if before != ended:
            move(work, batch.run_id, before, ended, theirs, settled_at=work.now)
    batch.is_open = False
