"""What goes over one connection to a mail server, byte for byte? Lines out, answers in; a broken line says so.

No stream of asyncio: whoever sends must know whether the other side has said something that nobody asked for, and
whether the end of a content was ever handed to the line; and a task is woken once for a group of answers, not for each.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

LONGEST_LINE = 4096
MOST_LINES = 100
MOST_UNREAD = 65_536
REPLY = re.compile(rb"([2-5]\d\d)(?:([ -])(?:([245]\.\d{1,3}\.\d{1,3})(?=\s|\Z))?(.*))?", re.DOTALL)
LITTLE = 32_768
"""What a kernel takes in one go. A longer content is followed to its end before the end itself is handed over."""
MOMENT = 0.05
"""Seconds that an answer is held back for those that should come with it."""
TICKS = 20
"""How often in the shortest patience it is looked whether it has ended."""


class LineBrokenError(Exception):
    """The connection is of no use any more."""


class WeAreRefusedError(LineBrokenError):
    """The server said no, for good, to our sender or to who we are: no connection will be of more use."""


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    said: str
    words: tuple[bytes, ...]

    @property
    def is_later(self) -> bool:
        return 400 <= self.code <= 499  # noqa: PLR2004 -- RFC 5321, 4.2.1

    @property
    def is_no(self) -> bool:
        return self.code >= 500  # noqa: PLR2004 -- RFC 5321, 4.2.1

    @property
    def is_yes(self) -> bool:
        return 200 <= self.code <= 299  # noqa: PLR2004 -- RFC 5321, 4.2.1


class Wire(asyncio.BufferedProtocol):
    """One connection, from inside the event loop that made it."""

    def __init__(self, shortest_patience: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._incoming = memoryview(bytearray(LONGEST_LINE))  # TLS fills it piece by piece
        self._heard = bytearray()
        self._over = False
        self._full = False
        self._waiter: asyncio.Future[None] | None = None
        self._wanted = 1
        self._moment: asyncio.TimerHandle | None = None
        self._deadline = float("inf")
        self._tick = shortest_patience / TICKS
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- what create_connection gives
        transport.set_write_buffer_limits(0)
        self._transport = transport
        self._look()

    def get_buffer(self, _size: int) -> memoryview:
        return self._incoming

    def buffer_updated(self, size: int) -> None:
        self._heard += self._incoming[:size]
        if len(self._heard) > MOST_UNREAD:
            self.hang_up()
        if self._wanted == 1 or self._heard.count(b"\n") >= self._wanted:
            self._wake()
        elif self._moment is None and b"\n" in self._heard:
            self._moment = self._loop.call_later(MOMENT, self._wake)

    def eof_received(self) -> bool:
        self._end()
        return False

    def connection_lost(self, _trouble: Exception | None) -> None:
        self._end()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._wake()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Hang up where what is waited for inside has not come after so many seconds."""
        self._deadline = self._loop.time() + seconds
        try:
            yield
        finally:
            self._deadline = float("inf")

    async def group(self, answers: int) -> None:
        """Wait until so many answers should be there, or a moment after the first: one wakening for all of them."""
        if self._over or b"\n" in self._heard:
            return
        self._wanted = answers
        try:
            await self._change()
        finally:
            self._wanted = 1
            if self._moment is not None:
                self._moment.cancel()
                self._moment = None

    async def answer(self) -> Answer:
        """Wait for one whole answer. Raises LineBrokenError."""
        words: list[bytes] = []
        code, said = 0, ""
        for _ in range(MOST_LINES):
            found = REPLY.fullmatch(await self._line())
            if found is None or (code and int(found[1]) != code):
                raise LineBrokenError("no answer that SMTP knows")
            if not code and found[3] and found[3][:1] == found[1][:1]:
                said = found[3].decode("ascii")
            code = int(found[1])
            words.append(found[4] or b"")
            if found[2] != b"-":
                return Answer(code, said, tuple(words))
        raise LineBrokenError("an answer without an end")

    async def expect(self, codes: frozenset[int]) -> Answer:
        """Wait for one of these answers. Raises LineBrokenError for any other."""
        answer = await self.answer()
        if answer.code not in codes:
            raise LineBrokenError(f"{answer.code}, which was not asked for")
        return answer

    def tell(self, command: bytes) -> None:
        """Write a command. What was said before nobody asked belongs to nothing. Raises LineBrokenError."""
        if self._over or self._heard or self._transport is None or self._transport.is_closing():
            raise LineBrokenError("the line is over, or out of step")
        self._transport.write(command)

    async def tell_at_length(self, content: bytes) -> None:
        """Write something long, and wait until the line has taken all of it. Raises LineBrokenError."""
        self.tell(content)
        while self._full:
            await self._change()
            if self._over:
                raise LineBrokenError("the line went while it was written to")

    async def over_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Go on in TLS. Raises LineBrokenError where something was said in the clear that would be believed after."""
        if self._heard or self._transport is None:
            raise LineBrokenError("something was said before TLS began")
        made = await self._loop.start_tls(self._transport, self, context, server_hostname=host)
        if made is None:
            raise LineBrokenError("the line went while TLS began")
        made.set_write_buffer_limits(0)
        self._transport = made

    def hang_up(self) -> None:
        """Cut the connection at once: what the other side has in its hands without an end, it throws away."""
        self._end()
        if self._transport is not None:
            self._transport.abort()

    async def _line(self) -> bytes:
        while (end := self._heard.find(b"\n")) < 0:
            if self._over or len(self._heard) > LONGEST_LINE:
                raise LineBrokenError("the line is over")
            await self._change()
        line = bytes(self._heard[:end]).removesuffix(b"\r")
        del self._heard[: end + 1]
        return line

    async def _change(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _end(self) -> None:
        self._over = True
        if self._watch is not None:
            self._watch.cancel()
        self._wake()

    def _look(self) -> None:
        """Look, now and then, whether whoever waits has waited long enough: a clock set for each mail costs more."""
        if self._loop.time() > self._deadline:
            self.hang_up()
        elif not self._over:
            self._watch = self._loop.call_later(self._tick, self._look)


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """Turn whatever ends a connection before it is one, and a silence of so many seconds, into LineBrokenError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (OSError, ssl.SSLError, ValueError) as trouble:  # TimeoutError is an OSError
        raise LineBrokenError(type(trouble).__name__) from trouble
