"""A mail server that answers whatever a script tells it to: late, in pieces, nonsense, or never."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from backoffice.carriers.smtp_greeting import Relay

USUAL = {
    "MAIL": b"250 2.1.0 OK\r\n",
    "RCPT": b"250 2.1.5 OK\r\n",
    "DATA": b"354 go on\r\n",
    "RSET": b"250 OK\r\n",
    "STARTTLS": b"220 go\r\n",
}
HANG_UP, SILENCE = b"(hang up)", b"(silence, from here on)"


@dataclass
class ScriptedServer:
    """`says(step)` gives what is answered to a step, or None for what is usual; `whole` says every content it saw."""

    says: Callable[[str], bytes | None] = lambda _step: None
    pipelines: bool = True
    pieces: int = 0
    """0: answers as one; else in pieces of so many bytes."""
    seen: Callable[[int], None] = lambda _key: None
    """Told of each content, the moment its first byte is there."""
    whole: list[int] = field(default_factory=list)
    said_250: set[int] = field(default_factory=set)
    contents: dict[int, bytes] = field(default_factory=dict)
    cut: int = 0
    """Contents that began and had no end."""
    empty_mails: int = 0
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def served(self, **more) -> AsyncIterator[Relay]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            quick = {"seconds": 0.6, "seconds_with_a_content": 0.6, "seconds_between_tries": 0.001}
            yield Relay("127.0.0.1", self.port, **(quick | more))
        finally:
            server.close()
            await asyncio.sleep(0)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await _Talk(self, reader, writer).talk()
        except (ConnectionError, asyncio.IncompleteReadError, _HungUpError):
            pass
        finally:
            writer.close()


class _HungUpError(Exception):
    """As the script says."""


class _Talk:
    def __init__(self, server: ScriptedServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.recipients = 0
        self.has_sender = False

    async def talk(self) -> None:
        await self.say("GREET", b"220 here\r\n")
        while True:
            line = (await self.reader.readuntil(b"\r\n")).decode("ascii").strip()
            verb = line.split()[0].upper()
            self.server.commands.append(line)
            if verb == "EHLO":
                offers = b"250-here\r\n250-PIPELINING\r\n" if self.server.pipelines else b"250-here\r\n"
                await self.say("EHLO", offers + b"250 SIZE 1000000\r\n")
            elif verb == "QUIT":
                await self.say("QUIT", b"221 bye\r\n")
                return
            elif verb == "DATA":
                await self.data()
            else:
                in_step = self.has_sender if verb == "RCPT" else verb != "MAIL" or not self.has_sender
                usual = USUAL[verb] if in_step else b"503 5.5.1 out of step\r\n"
                said = await self.say(verb, usual)
                self.recipients += verb == "RCPT" and said.startswith(b"250")
                self.recipients *= verb != "RSET"
                self.has_sender = verb != "RSET" and (self.has_sender or (verb == "MAIL" and said.startswith(b"250")))

    async def data(self) -> None:
        usual = USUAL["DATA"] if self.recipients else b"503 5.5.1 nobody\r\n"
        said = await self.say("DATA", usual)
        if not said.startswith(b"354"):
            return
        key = None
        lines: list[bytes] = []
        while (line := await self._line_of(lines)) != b".\r\n":
            if line.startswith(b"Subject: "):
                key = int(line.removeprefix(b"Subject: "))
                self.server.seen(key)
            lines.append(line)
        if key is None:
            self.server.empty_mails += self.recipients > 0
            await self.say("DOT", b"554 nobody\r\n")
        else:
            self.server.whole.append(key)
            self.server.contents[key] = b"".join(lines)
            said = await self.say("DOT", b"250 2.0.0 taken\r\n", key)
        self.recipients, self.has_sender = 0, False

    async def _line_of(self, lines: list[bytes]) -> bytes:
        try:
            return await self.reader.readuntil(b"\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            self.server.cut += bool(lines)
            raise

    async def say(self, step: str, usual: bytes, key: int | None = None) -> bytes:
        said = self.server.says(step)
        said = usual if said is None else said
        if said.endswith(HANG_UP):
            self.writer.write(said.removesuffix(HANG_UP))
            self.writer.close()
            raise _HungUpError
        if said == SILENCE:
            await self.reader.read()
            raise _HungUpError
        if key is not None and said.startswith(b"250"):
            self.server.said_250.add(key)
        size = self.server.pieces or len(said)
        for begin in range(0, len(said), size):
            self.writer.write(said[begin : begin + size])
            await self.writer.drain()
            if self.server.pieces:
                await asyncio.sleep(0)
        return said
