"""What became of messages of which nobody knows? A person says it, or the relay's log; they are never sent again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backoffice.audiences import queries, service
from backoffice.audiences.events import DeliveriesSettled, DeliverySettled
from backoffice.audiences.messages import bounce_domain
from backoffice.audiences.models import Recipient
from backoffice.audiences.moving import count_reason, move
from backoffice.audiences.workflow import Reason, RecipientState
from backoffice.carriers.relay_log import Word, read_relay_log
from backoffice.consents.workflow import ChannelKind
from backoffice.errors import NotPermitted, NotThere, Overtaken
from backoffice.web.lists import PAGE_SIZE
from backoffice.web.translations import _
from backoffice.work import Work

AT_ONCE = 500


@dataclass(frozen=True)
class Settled:
    """How many messages a log settled."""

    accepted: int
    failed: int


def count_in(session: Session, run_id: int, state: RecipientState) -> int:
    """Count the people of a run in a state of which there are few."""
    there = select(func.count()).where(Recipient.run_id == run_id, Recipient.state == state)
    return session.scalar(there.select_from(Recipient)) or 0


def list_in(session: Session, run_id: int, state: RecipientState, offset: int) -> Sequence[Recipient]:
    return session.scalars(
        select(Recipient)
        .where(Recipient.run_id == run_id, Recipient.state == state)
        .order_by(Recipient.id)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def settle_by_hand(work: Work, run_id: int, recipient_id: int, *, arrived: bool) -> None:
    """Say of a message of which nobody knows whether it arrived. Raises NotThere, NotPermitted, Overtaken."""
    _must_reach(work, run_id)
    this = Recipient.id == recipient_id
    if work.session.scalar(select(Recipient.id).where(Recipient.run_id == run_id, this)) is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    if not _settle(work, run_id, this, arrived=arrived, reason=Reason.NOT_ARRIVED):
        raise Overtaken(_("この1件は、もう結果不明ではありません。"))
    work.record(DeliverySettled(run_id, recipient_id, arrived))


def settle_from_log(work: Work, lines: Iterable[str], run_id: int | None = None) -> Settled:
    """Settle what the relay's log knows, of one run or of all. Raises NotPermitted."""
    if run_id is not None:
        _must_reach(work, run_id)
    said = read_relay_log(lines, bounce_domain(work.office.settings))
    accepted = failed = 0
    for word in Word:
        references = [reference for reference, ended in said.items() if ended is word]
        for found_in, ids in _unknown(work.session, references, run_id).items():
            mine = Recipient.id.in_(ids)
            settled = _settle(work, found_in, mine, arrived=word is Word.SENT, reason=Reason.TURNED_DOWN)
            took, refused = (settled, 0) if word is Word.SENT else (0, settled)
            work.record(DeliveriesSettled(found_in, took, refused))
            accepted, failed = accepted + took, failed + refused
    return Settled(accepted, failed)


def _must_reach(work: Work, run_id: int) -> None:
    if not service.may_stop(work, queries.find_run(work.session, run_id)):
        raise NotPermitted(_("結果を確かめられるのは、所管する部署とDX戦略部の職員だけです。"))


def _settle(work: Work, run_id: int, these: ColumnElement[bool], *, arrived: bool, reason: Reason) -> int:
    if arrived:
        after, said = RecipientState.ACCEPTED, {"reason": "", "settled_at": work.now}
        return len(move(work, run_id, RecipientState.UNKNOWN, after, these, **said))
    gone = {"reason": reason, "settled_at": work.now}
    moved = len(move(work, run_id, RecipientState.UNKNOWN, RecipientState.FAILED, these, **gone))
    count_reason(work, run_id, reason, moved)
    return moved


def _unknown(session: Session, references: Sequence[str], run_id: int | None) -> Mapping[int, list[int]]:
    """Give, by run, the mails among these of which nobody knows what became."""
    found: dict[int, list[int]] = {}
    unknown = select(Recipient.run_id, Recipient.id).where(
        Recipient.state == RecipientState.UNKNOWN, Recipient.kind == ChannelKind.MAIL
    )
    if run_id is not None:
        unknown = unknown.where(Recipient.run_id == run_id)
    for first in range(0, len(references), AT_ONCE):
        some = references[first : first + AT_ONCE]
        for of_run, recipient_id in session.execute(
            unknown.where(Recipient.reference.in_(some)).order_by(Recipient.id)
        ):
            found.setdefault(of_run, []).append(recipient_id)
    return found
