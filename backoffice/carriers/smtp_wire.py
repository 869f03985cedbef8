"""What goes over one connection to a mail server, byte for byte? Lines out, answers in; a broken line says so.

No stream of asyncio: whoever sends must know whether the other side has said something that nobody asked for, and
whether the end of a content was ever handed to the line.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

LONGEST_LINE = 4096
MOST_LINES = 100
REPLY = re.compile(rb"([2-5]\d\d)(?:([ -])(?:([245]\.\d{1,3}\.\d{1,3})(?=\s|\Z))?(.*))?", re.DOTALL)
LITTLE = 32_768
"""What a kernel takes in one go. A longer content is followed to its end before the end itself is handed over."""


class LineBrokenError(Exception):
    """The connection is of no use any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    said: str
    words: tuple[bytes, ...]

    @property
    def is_yes(self) -> bool:
        return 200 <= self.code <= 299  # noqa: PLR2004 -- RFC 5321, 4.2.1

    @property
    def is_later(self) -> bool:
        return 400 <= self.code <= 499  # noqa: PLR2004 -- RFC 5321, 4.2.1

    @property
    def is_no(self) -> bool:
        return self.code >= 500  # noqa: PLR2004 -- RFC 5321, 4.2.1


class Wire(asyncio.Protocol):
    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._heard = bytearray()
        self._over = False
        self._waiter: asyncio.Future[None] | None = None
        self._full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- what create_connection gives
        transport.set_write_buffer_limits(0)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        self._wake()

    def eof_received(self) -> bool:
        self._over = True
        self._wake()
        return False

    def connection_lost(self, _trouble: Exception | None) -> None:
        self._over = True
        self._wake()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._wake()

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
        made = await asyncio.get_running_loop().start_tls(self._transport, self, context, server_hostname=host)
        if made is None:
            raise LineBrokenError("the line went while TLS began")
        made.set_write_buffer_limits(0)
        self._transport = made

    def hang_up(self) -> None:
        self._over = True
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
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """Turn whatever ends a connection, and a silence of so many seconds, into LineBrokenError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (OSError, ssl.SSLError, ValueError) as trouble:  # TimeoutError is an OSError
        raise LineBrokenError(type(trouble).__name__) from trouble
