"""How is every message's intent and fate committed without a commit a message? Those of all connections go together.

Before the content of a message goes onto a connection its intent is committed, and its fate before the next one's goes:
so whoever is killed leaves at most one message a connection of which nobody knows (結果不明).
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from backoffice.audiences import claiming, lanes
from backoffice.audiences.claiming import Addressee, Claimed, Rest
from backoffice.audiences.models import NoticeBatch, Recipient
from backoffice.audiences.moving import move
from backoffice.audiences.settling import settle_mail
from backoffice.audiences.workflow import RecipientState
from backoffice.carriers.parcels import Fate, Parcel, Settled
from backoffice.consents.workflow import ChannelKind
from backoffice.identity import Actor, Origin
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)

WriteParcel = Callable[[Addressee], Parcel]


@dataclass(frozen=True)
class Turn:
    """What one connection has to commit before it goes on."""

    done: Settled | None
    coming: int | None
    may_go: "asyncio.Future[bool]"


class MailStint:
    """One worker's mail of one run for a while: batch after batch, until nothing is due or its time is over."""

    def __init__(self, office: Office, run_id: int, write: WriteParcel, ends: Callable[[], bool]) -> None:
        self._office, self._run_id, self._write, self._ends = office, run_id, write, ends
        self._batches: dict[int, Claimed] = {}
        self._batch_of: dict[int, int] = {}
        self._next: Iterator[Addressee] = iter(())
        self._claiming = asyncio.Lock()
        self._turns: list[Turn] = []
        self._flushing: asyncio.Task[None] | None = None
        self.rest: Rest | None = None
        """Why nothing more was claimed; None while the stint only ran out of time."""
        self.accepted = 0

    async def next_parcel(self) -> Parcel | None:
        """Give the next message, from a new batch where the last one is through; None when the stint is over."""
        async with self._claiming:
            person = next(self._next, None)
            while person is None:
                if self.rest is not None or self._ends():
                    return None
                await self._claim()
                person = next(self._next, None)
        return self._write(person)

    async def turn(self, done: Settled | None, coming: int | None) -> bool:
        """Commit what became of one message and that another is about to go; False where it must not."""
        may_go = asyncio.get_running_loop().create_future()
        self._turns.append(Turn(done, coming, may_go))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        going: bool = await may_go
        return going

    def close(self) -> None:
        """Give back whom the stint did not come to."""
        with self._office.unit(HOUSE) as work:
            for batch_id in sorted(self._batches):
                lanes.close_mail(work, work.session.get_one(NoticeBatch, batch_id, with_for_update=True))

    async def _claim(self) -> None:
        claimed = await asyncio.to_thread(self._claimed)
        if isinstance(claimed, Rest):
            self.rest = None if claimed is Rest.NOBODY else claimed
            return
        self._batches[claimed.batch_id] = claimed
        self._batch_of |= dict.fromkeys((each.recipient_id for each in claimed.people), claimed.batch_id)
        self._next = iter(claimed.people)

    def _claimed(self) -> Claimed | Rest:
        with self._office.unit(HOUSE) as work:
            return claiming.claim(work, self._run_id, ChannelKind.MAIL)

    async def _flush(self) -> None:
        while self._turns:
            turns, self._turns = self._turns, []
            try:
                going = await asyncio.to_thread(self._commit, turns)
            except BaseException as trouble:
                for turn in turns:
                    turn.may_go.set_exception(trouble)
                raise
            for turn in turns:
                turn.may_go.set_result(turn.coming is None or turn.coming in going)

    def _commit(self, turns: Sequence[Turn]) -> set[int]:
        """Keep the fates and the intents of some connections in one unit, and give whose messages may go."""
        fates: dict[tuple[Fate, str], list[int]] = defaultdict(list)
        for turn in turns:
            if turn.done is not None:
                fates[turn.done.fate, code_of(turn.done)].append(turn.done.key)
        with self._office.unit(HOUSE) as work:
            for (fate, code), ids in fates.items():
                settle_mail(work, self._run_id, fate, code, self._mine(ids))
            going = self._begin(work, [turn.coming for turn in turns if turn.coming is not None])
        self.accepted += sum(len(ids) for (fate, _code), ids in fates.items() if fate is Fate.ACCEPTED)
        return going

    def _mine(self, ids: Sequence[int]) -> ColumnElement[bool]:
        """Name people only as long as they are in this stint's hands: a worker taken for dead has lost them."""
        batches = {self._batch_of[recipient_id] for recipient_id in ids}
        return Recipient.id.in_(ids) & Recipient.batch_id.in_(batches)

    def _begin(self, work: Work, ids: Sequence[int]) -> set[int]:
        """Note whose messages go now: not whoever was stopped since, nor when the minute of sending is over."""
        timely = [each for each in ids if work.now < self._batches[self._batch_of[each]].until]
        if not timely:
            return set()
        taken, handing = RecipientState.TAKEN, RecipientState.HANDING
        return set(move(work, self._run_id, taken, handing, self._mine(timely), handed_at=work.now))


def code_of(settled: Settled) -> str:
    """Give what the server said in as far as it is a code."""
    return f"{settled.code or ''} {settled.said}".strip()[:12]
