"""How is every message's intent and fate committed without a commit a message? Those of all connections go together.

Before the content of a message goes onto a connection its intent is committed, and its fate before the next one's goes:
so whoever is killed leaves at most one message a connection of which nobody knows (結果不明).
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from backoffice.audiences import claiming, lanes
from backoffice.audiences.claiming import Addressee, Claimed, Rest
from backoffice.audiences.messages import NoSuchMailError
from backoffice.audiences.models import NoticeBatch
from backoffice.audiences.moving import lock, pass_on
from backoffice.audiences.refusals import count_refused, is_about_us
from backoffice.audiences.settling import pause_if_mail_is_refused, settle_mail
from backoffice.carriers.parcels import Fate, Parcel, Settled
from backoffice.carriers.smtp_session import NO_ADDRESS, NO_ADDRESS_SAID
from backoffice.consents.workflow import ChannelKind
from backoffice.db.deadlocks import after_deadlocks
from backoffice.identity import Actor, Origin
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)

READY_AHEAD, WRITTEN_AT_ONCE = 100, 50
"""So many mails lie ready beside the connections: more would only make each older when it leaves."""

GATHERING_SECONDS = 0.001
"""So long a commit waits for what other connections have to say: at most it carries all of theirs."""

WriteParcel = Callable[[Addressee], Parcel]


@dataclass(frozen=True)
class Turn:
    """What one connection has to commit before it goes on."""

    done: Settled | None
    coming: int | None
    may_go: "asyncio.Future[bool]"


class MailStint:
    """One worker's mail of one run for a while: batch after batch, until nothing is due or its time is over.

    Mails are claimed, written and signed ahead, in a thread beside: a connection never waits for that.
    """

    def __init__(self, office: Office, run_id: int, write: WriteParcel, ends: Callable[[], bool]) -> None:
        self._office, self._run_id, self._write, self._ends = office, run_id, write, ends
        self._batches: dict[int, Claimed] = {}
        self._batch_of: dict[int, int] = {}
        self._unwritten: Iterator[Addressee] = iter(())
        self._ready: deque[Parcel] = deque()
        self._ahead: asyncio.Task[list[Parcel]] | None = None
        self._is_through = False
        self._turns: list[Turn] = []
        self._flushing: asyncio.Task[None] | None = None
        self._refused_in_a_row = 0
        """For our sake, over all connections."""
        self.rest: Rest | None = None
        """Why nothing more was claimed; None while the stint only ran out of time."""

    async def next_parcel(self) -> Parcel | None:
        """Give the next message, from a new batch where the last one is through; None when the stint is over."""
        while True:
            if len(self._ready) < READY_AHEAD and self._ahead is None and not self._is_through:
                self._ahead = asyncio.create_task(asyncio.to_thread(self._some_more))
            if self._ahead is not None and (self._ahead.done() or not self._ready):
                await self._taken_in(self._ahead)
            while self._ready:
                parcel = self._ready.popleft()
                if self._office.services.now() < self._batch_for(parcel.key).until:
                    return parcel
            if self._is_through and self._ahead is None:
                return None

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

    async def _taken_in(self, ahead: "asyncio.Task[list[Parcel]]") -> None:
        """Wait for what is made ahead; of several connections that wait one takes it in."""
        await asyncio.wait({ahead})
        if ahead is self._ahead:
            self._ahead = None
            self._ready.extend(ahead.result())

    def _some_more(self) -> list[Parcel]:
        """Write the next few mails, in a thread: of whom is claimed already, or else of a new batch."""
        people = list(islice(self._unwritten, WRITTEN_AT_ONCE))
        while not people and not self._is_through:
            self._claim()
            people = list(islice(self._unwritten, WRITTEN_AT_ONCE))
        return self._written(people)

    def _written(self, people: Sequence[Addressee]) -> list[Parcel]:
        """Write the mails of these; whose address no mail can bear is refused here, and keeps nobody else back."""
        parcels, refused = [], []
        for each in people:
            try:
                parcels.append(self._write(each))
            except NoSuchMailError:
                refused.append(each.recipient_id)
        if refused:
            said = f"{NO_ADDRESS} {NO_ADDRESS_SAID}"
            with self._office.unit(HOUSE) as work:
                settle_mail(work, self._run_id, Fate.REFUSED, said, refused, self._batches_of(refused))
        return parcels

    def _claim(self) -> None:
        if self._ends():
            self._is_through = True
            return
        with self._office.unit(HOUSE) as work:
            claimed = claiming.claim(work, self._run_id, ChannelKind.MAIL)
        if isinstance(claimed, Claimed):
            self._batches[claimed.batch_id] = claimed
            self._batch_of |= dict.fromkeys((each.recipient_id for each in claimed.people), claimed.batch_id)
            self._unwritten = iter(claimed.people)
        elif claimed is not Rest.NOBODY:
            self.rest, self._is_through = claimed, True

    def _batch_for(self, recipient_id: int) -> Claimed:
        return self._batches[self._batch_of[recipient_id]]

    async def _flush(self) -> None:
        while self._turns:
            await asyncio.sleep(GATHERING_SECONDS)
            turns, self._turns = self._turns, []
            try:
                going = await asyncio.to_thread(after_deadlocks, partial(self._commit, turns))
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
        were_accepted = any(fate is Fate.ACCEPTED for fate, _code in fates)
        were_refused = any(fate is Fate.REFUSED for fate, _code in fates)
        about_us = sum(turn.done is not None and is_about_us(turn.done) for turn in turns)
        with self._office.unit(HOUSE) as work:
            going = self._keep(work, fates, [turn.coming for turn in turns if turn.coming is not None])
            count_refused(work, self._run_id, about_us)
        self._refused_in_a_row = about_us if were_accepted else self._refused_in_a_row + about_us
        if about_us or were_refused:
            self._look_whether_we_are_refused()
        return going

    def _keep(self, work: Work, fates: dict[tuple[Fate, str], list[int]], coming: Sequence[int]) -> set[int]:
        """Note what became of some mails, and whose go now: nobody's who was stopped, or whose minute is over."""
        if any(fate is not Fate.ACCEPTED for fate, _code in fates) or len(fates) > 1:
            lock(work, [*coming, *(recipient_id for ids in fates.values() for recipient_id in ids)])
        usual = max(((len(ids), key) for key, ids in fates.items() if key[0] is Fate.ACCEPTED), default=(0, None))[1]
        done = fates.pop(usual) if usual else []
        timely = [each for each in coming if work.now < self._batch_for(each).until]
        for (fate, code), ids in fates.items():
            settle_mail(work, self._run_id, fate, code, ids, self._batches_of(ids))
        batches = self._batches_of([*done, *timely])
        code = usual[1] if usual else ""
        accepted, going = pass_on(work, self._run_id, done, code, timely, batches)
        if left := [each for each in done if each not in accepted]:
            # Of a worker that was taken for dead and lives: they count as unknown, or wait in its name.
            settle_mail(work, self._run_id, Fate.ACCEPTED, code, left, self._batches_of(left))
        return going

    def _look_whether_we_are_refused(self) -> None:
        """In a unit of its own: whoever pauses the run holds its row first, and then its people's."""
        with self._office.unit(HOUSE) as work:
            pause_if_mail_is_refused(work, self._run_id, self._refused_in_a_row)

    def _batches_of(self, ids: Sequence[int]) -> set[int]:
        """Give in which of this stint's batches people are: a worker that was taken for dead has lost them."""
        return {self._batch_of[recipient_id] for recipient_id in ids}


def code_of(settled: Settled) -> str:
    """Give what the server said in as far as it is a code."""
    return f"{settled.code or ''} {settled.said}".strip()[:12]
