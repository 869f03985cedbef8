"""Where do the demonstration's mails end? In a mail server that takes everything and delivers to the ledger.

Real SMTP (aiosmtpd), with PIPELINING: it reads one line after another from what has come, so a group of commands is
answered in order, and at once. Its faults are drawn for each content.
"""

import argparse
import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from typing import Any, AnyStr

from aiosmtpd.smtp import SMTP, Envelope, Session

from backoffice.demo.edge.cli import begin, edge_arguments
from backoffice.demo.edge.faults import Fault, Faults
from backoffice.demo.edge.ledger import Entry, Ledger

MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*<?([^>\r\n]+)", re.IGNORECASE | re.MULTILINE)
IDLE_SECONDS = 300
LAST_WORDS = (b"220", b"221", b"421")
"""After these the line may change or go."""


@dataclass
class Sink:
    ledger: Ledger
    faults: Faults = field(default_factory=Faults)
    keeps_content: bool = True
    refuses: frozenset[str] = frozenset()
    """Addresses that it knows nobody at."""

    async def handle_EHLO(  # noqa: N802 -- aiosmtpd names it
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", *responses[1:]]

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 5.1.1 no such person here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd names it
        fault = self.faults.draw()
        if fault is Fault.NOT_NOW:
            return "451 4.3.0 not now"
        if fault in (Fault.NO, Fault.TAKEN_5XX):
            return "554 5.7.1 no"
        if fault is Fault.HANG_UP:
            _cut(server)
            return "421 4.3.2 gone"
        self.take(envelope, fault)
        if fault is Fault.GONE:
            _cut(server)
        elif fault is Fault.SILENT:
            await asyncio.Event().wait()
        elif fault is Fault.SLOW:
            await asyncio.sleep(self.faults.slow_seconds)
        return "250 2.0.0 taken"

    def take(self, envelope: Envelope, fault: Fault | None = None) -> None:
        """Deliver a mail to its recipients' phones."""
        content = envelope.content
        assert isinstance(content, bytes)  # noqa: S101 -- decode_data is off
        named = MESSAGE_ID.search(content)
        self.ledger.note(
            Entry(
                "mail",
                tuple(envelope.rcpt_tos),
                named[1].decode("ascii", "replace") if named else "",
                time.time(),
                fault=fault or "",
                content=content.decode("utf-8", "surrogateescape") if self.keeps_content else None,
            )
        )

    async def serve(self, port: int) -> asyncio.Server:
        """Begin to listen on this machine's own address."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._answering, "127.0.0.1", port)

    def _answering(self) -> SMTP:
        loop = asyncio.get_running_loop()
        return _InGroups(self, hostname="sink.example.jp", loop=loop, timeout=IDLE_SECONDS, ident="")


class _InGroups(SMTP):
    """Answers what came together together, as mail servers do that offer PIPELINING (RFC 2920, 3.2)."""

    _said = b""

    async def push(self, status: AnyStr) -> None:
        """Hold an answer until everything that has come is read: the loop goes on only where more is waited for."""
        if not self._said:
            self.loop.call_soon(self._flush)
        said = status.encode("ascii", "replace") if isinstance(status, str) else status
        self._said += said + b"\r\n"
        if said.startswith(LAST_WORDS):
            self._flush()

    def _flush(self) -> None:
        said, self._said = self._said, b""
        if said and isinstance(self.transport, asyncio.Transport) and not self.transport.is_closing():
            self.transport.write(said)


@contextmanager
def serving(sink: Sink) -> Iterator[int]:
    """Serve from a thread of this process until the block ends; gives the port."""
    ready: Queue[int] = Queue()
    over: list[Any] = []

    async def run() -> None:
        ended = asyncio.Event()
        over.extend((asyncio.get_running_loop(), ended))
        listening = await sink.serve(0)
        ready.put(listening.sockets[0].getsockname()[1])
        async with listening:
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="mail sink")
    thread.start()
    try:
        yield ready.get(timeout=10)
    finally:
        over[0].call_soon_threadsafe(over[1].set)
        thread.join(10)


def main() -> None:
    parser = edge_arguments(argparse.ArgumentParser(prog="python -m backoffice.demo.edge.sink", description=__doc__))
    parser.add_argument("--refuse", action="append", default=[], metavar="ADDRESS", help="知らない宛先 / unknown here")
    options = parser.parse_args()
    ledger, faults = begin(options)
    sink = Sink(ledger, faults, not options.no_content, frozenset(options.refuse))
    asyncio.run(_forever(sink, options.port))


async def _forever(sink: Sink, port: int) -> None:
    listening = await sink.serve(port)
    print(listening.sockets[0].getsockname()[1], flush=True)  # noqa: T201 -- whoever started it reads the port
    async with listening:
        await listening.serve_forever()


def _cut(server: SMTP) -> None:
    transport = server.transport
    if isinstance(transport, asyncio.Transport):
        transport.abort()


if __name__ == "__main__":
    main()
