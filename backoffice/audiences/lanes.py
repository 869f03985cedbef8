"""Which workers send, and what becomes of what a dead one had in hand?

A worker's lane ends by itself unless it goes on saying that it lives. Mail that a dead worker was handing over is
結果不明: never sent again. A LINE batch is taken over as it stands, under its key, for as long as LINE knows that key.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.audiences.events import DeliveriesDoubted
from backoffice.audiences.models import NoticeBatch, NoticeRun, Recipient, SendingLane
from backoffice.audiences.moving import move, stop
from backoffice.audiences.workflow import OVER, Reason, RecipientState
from backoffice.consents.workflow import ChannelKind
from backoffice.work import Work

LANE_LASTS = timedelta(seconds=60)
LINE_KEY_HOLDS = timedelta(hours=23)
"""The platform knows a retry key for 24 hours; after that a second attempt could be a second message."""


def keep_lane(work: Work, run_id: int) -> None:
    """Say that this worker lives and sends."""
    worker, until = work.office.settings.worker_id, work.now + LANE_LASTS
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    mine = dialect.insert(SendingLane).values(worker_id=worker, run_id=run_id, until=until)
    work.session.execute(
        mine.on_conflict_do_update(index_elements=["worker_id"], set_={"run_id": run_id, "until": until})
    )


def leave_lane(work: Work) -> None:
    work.session.execute(delete(SendingLane).where(SendingLane.worker_id == work.office.settings.worker_id))


def lanes_alive(work: Work, run_id: int) -> int:
    """Count the workers that send a run now."""
    alive = select(SendingLane.worker_id).where(SendingLane.run_id == run_id, SendingLane.until > work.now)
    return len(work.session.scalars(alive).all())


def settle_dead(work: Work, *, starting: bool = False) -> None:
    """Settle what dead workers left; `starting`: this one has just begun, so what stands in its name is a dead one's.

    There is one process a worker id.
    """
    worker = work.office.settings.worker_id
    living = set(work.session.scalars(select(SendingLane.worker_id).where(SendingLane.until > work.now)))
    living = living - {worker} if starting else living | {worker}
    left = select(NoticeBatch).where(NoticeBatch.is_open, NoticeBatch.worker_id.not_in(living)).order_by(NoticeBatch.id)
    for batch in work.session.scalars(left.with_for_update(skip_locked=True)).all():
        if batch.kind == ChannelKind.LINE:
            batch.worker_id = worker
        else:
            close_mail(work, batch)


def settle_old_keys(work: Work) -> None:
    """Settle what was asked of LINE so long ago that asking again could be a second message, whoever has it in hand."""
    old = select(NoticeBatch).where(
        NoticeBatch.is_open, NoticeBatch.kind == ChannelKind.LINE, NoticeBatch.taken_at < work.now - LINE_KEY_HOLDS
    )
    for batch in work.session.scalars(old.order_by(NoticeBatch.id).with_for_update(skip_locked=True)).all():
        let_key_go(work, batch)


def let_key_go(work: Work, batch: NoticeBatch) -> None:
    """Doubt a LINE batch whose key ends; where LINE turned every attempt away nobody got it: its people wait again."""
    if batch.turned_away < batch.attempts:
        _doubt(work, batch)
        return
    theirs = Recipient.batch_id == batch.id
    ids = move(
        work, batch.run_id, RecipientState.HANDING, RecipientState.WAITING, theirs, batch_id=None, handed_at=None
    )
    batch.is_open = False
    state = work.session.scalars(select(NoticeRun.state).where(NoticeRun.id == batch.run_id)).one()
    if state in OVER:
        stop(work, batch.run_id, ids, Reason.CANCELLED, work.now)


def close_mail(work: Work, batch: NoticeBatch) -> None:
    """Give back whom a batch of mail did not come to, and doubt what was being handed over."""
    theirs = Recipient.batch_id == batch.id
    move(work, batch.run_id, RecipientState.TAKEN, RecipientState.WAITING, theirs, batch_id=None)
    _doubt(work, batch)


def _doubt(work: Work, batch: NoticeBatch) -> None:
    theirs = Recipient.batch_id == batch.id
    doubted = move(work, batch.run_id, RecipientState.HANDING, RecipientState.UNKNOWN, theirs, settled_at=work.now)
    batch.is_open = False
    if doubted:
        work.record(DeliveriesDoubted(batch.run_id, len(doubted)))


def open_batches(work: Work, kind: ChannelKind) -> Sequence[NoticeBatch]:
    """Give the batches that this worker has in hand."""
    mine = (NoticeBatch.worker_id == work.office.settings.worker_id, NoticeBatch.is_open, NoticeBatch.kind == kind)
    return work.session.scalars(select(NoticeBatch).where(*mine).order_by(NoticeBatch.id).with_for_update()).all()
