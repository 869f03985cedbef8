"""How do 40,000 mails leave by a few connections, each at most once, and each with its end told?

smtplib and aiosmtplib wait four times a message for the server's answer; here it is once (docs/decisions/0007).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from backoffice.carriers.parcels import Fate, Journal, Parcel, Settled
from backoffice.carriers.smtp_greeting import Relay
from backoffice.carriers.smtp_session import Session, connected
from backoffice.carriers.smtp_wire import LineBrokenError, WeAreRefusedError
from backoffice.errors import Unavailable

MOST_DOUBLINGS = 5


async def carry(relay: Relay, journal: Journal, *, connections: int, stopping: Callable[[], bool]) -> None:
    """Send what the journal gives until it has no more, or until `stopping()`; what is on a line then is waited for.

    Where no connection holds any more, this function will tell the journal UNTRIED for what it held and raise
    Unavailable; HouseRefused where the server said no to who we are. What the journal raises is raised here, and every
    connection is hung up.
    """
    server = _Server()
    carriers = [_Carrier(relay, journal, stopping, server) for _ in range(connections)]
    try:
        async with asyncio.TaskGroup() as group:
            for carrier in carriers:
                group.create_task(carrier.carry())
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    if server.is_given_up and server.refuses_us:
        raise HouseRefused("メールサーバーが、市の差出人を受け付けません(%(trouble)s)。", trouble=server.trouble)
    if server.failures and (server.is_given_up or not server.was_heard):
        raise Unavailable("メールサーバーを使えません(%(trouble)s)。", trouble=server.trouble)


class HouseRefused(Unavailable):
    """The server is there, and will have nothing from us: it is not waited for, people are to look."""


@dataclass
class _Server:
    """How it goes with the server, over all connections: one that is cut five times while the others send is no end."""

    failures: int = 0
    """In a row, without one word of the server about a parcel."""
    was_heard: bool = False
    is_given_up: bool = False
    trouble: str = ""
    """What the last of the failures was."""
    refuses_us: bool = False
    """So said the last of them."""


@dataclass
class _Carrier:
    """One connection after another, and the parcel that this one holds."""

    relay: Relay
    journal: Journal
    stopping: Callable[[], bool]
    server: _Server
    held: Parcel | None = None
    """Given by the journal; its content has not been announced to the journal yet."""
    done: Settled | None = None
    """Known, and not yet told to the journal."""
    failures: int = 0
    """In a row, on this one."""

    async def carry(self) -> None:
        while await self._holds_one():
            try:
                session = await connected(self.relay)
            except LineBrokenError as trouble:
                if await self._gives_up(trouble):
                    return
                continue
            try:
                await self._ride(session)
                await session.leave()
            except LineBrokenError as trouble:
                await self._tell()
                if await self._gives_up(trouble):
                    return
            finally:
                session.hang_up()

    async def _holds_one(self) -> bool:
        if self.stopping():
            if self.held is not None:
                await self._end(Settled(self.held.key, Fate.UNTRIED))
            return False
        if self.held is None:
            self.held = await self.journal.next_parcel()
        return self.held is not None

    async def _gives_up(self, trouble: LineBrokenError) -> bool:
        self.failures += 1
        self.server.failures += 1
        self.server.trouble, self.server.refuses_us = str(trouble), isinstance(trouble, WeAreRefusedError)
        over = min(self.failures, self.server.failures) >= self.relay.tries
        if self.held is not None and (over or self.failures % 2 == 0):
            # It may be this very parcel that ends every connection: the next one is tried, too.
            await self._end(Settled(self.held.key, Fate.UNTRIED))
        if over:
            self.server.is_given_up = True
        elif self.failures > 1:
            await asyncio.sleep(self.relay.seconds_between_tries * 2 ** min(self.failures - 2, MOST_DOUBLINGS))
        return over

    async def _ride(self, session: Session) -> None:
        """Send one parcel after another over one connection, each announced while the one before is delivered."""
        while await self._holds_one():
            if await self._announced(session):
                while self.held is not None:
                    if not await self._delivered(session):
                        return

    async def _announced(self, session: Session) -> bool:
        """Announce the held parcel by itself; what the server will not have is settled and no longer held."""
        assert self.held is not None  # noqa: S101 -- asked for right before
        no = session.impossible(self.held) or await session.envelope(self.held)
        if no is not None:
            await self._refused(no)
        return no is None

    async def _delivered(self, session: Session) -> bool:
        """Hand over the held parcel, whose content is waited for. False: the connection may not be used any more.

        What is held after is announced as well; None: the line stands between two parcels.
        """
        now = self.held
        assert now is not None  # noqa: S101 -- announced right before
        if self.stopping():
            session.hang_up()
            await self._tell()
            await self._end(Settled(now.key, Fate.UNTRIED))
            return False
        self.held = None
        following = await self.journal.next_parcel()
        told, self.done = self.done, None
        self.held = following
        if not await self.journal.turn(told, now.key):
            # The server waits for a content; nothing but the end of the line stops it without sending an empty mail.
            session.hang_up()
            return False
        along = following if following is not None and session.impossible(following) is None else None
        if not await session.content(now, along):
            self.done = Settled(now.key, Fate.UNTRIED)
            raise LineBrokenError("the line went before the content")
        self.done = await session.end_of_content(now, goes_along=along is not None)
        if self.done.fate is Fate.UNSURE:
            raise LineBrokenError("no answer to the content")
        self._heard()
        return await self._follows(session, along)

    async def _follows(self, session: Session, along: Parcel | None) -> bool:
        if along is None:
            await self._tell()
            no = session.impossible(self.held) if self.held is not None else None
        else:
            no = await session.envelope_sent_along(along)
        if no is not None:
            await self._refused(no)
        return True

    async def _refused(self, no: Settled) -> None:
        self._heard()
        await self._tell()
        await self._end(no)

    def _heard(self) -> None:
        self.failures = self.server.failures = 0
        self.server.was_heard = True

    async def _tell(self) -> None:
        done, self.done = self.done, None
        if done is not None:
            await self.journal.turn(done, None)

    async def _end(self, settled: Settled) -> None:
        self.held = None
        await self.journal.turn(settled, None)
