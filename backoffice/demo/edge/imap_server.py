"""The city's mailbox, played: a real IMAP server (pymap) in this process, on a free port, holding mail in memory."""

import asyncio
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.imap import IMAPServer
from pymap.user import Passwords, UserMetadata

HOST, USER, PASSWORD = "127.0.0.1", "gijo", "kasa-wo-sasu"


@dataclass(frozen=True)
class Playing:
    port: int
    hang_up: Callable[[], None]
    """Cut all connections at once, as a server does that falls over."""


class _Config(Config):
    """What the server may do, as far as the test or the demonstration says."""

    without: frozenset[bytes] = frozenset()

    @classmethod
    def of(cls, certificate: Path | None, without: frozenset[bytes]) -> "_Config":
        arguments = Namespace(
            host=HOST,
            port="0",
            debug=False,
            cert=certificate and str(certificate / "certificate.pem"),
            key=certificate and str(certificate / "key.pem"),
            tls=certificate is not None,
            demo_data=False,
            demo_user=USER,
            demo_password=PASSWORD,
            passlib_cfg=None,
            proxy_protocol=None,
        )
        config = cls.from_args(arguments, invalid_user_sleep=0.0)
        config.without = without
        return config

    @property
    def login_capability(self) -> list[bytes]:
        return [each for each in super().login_capability if each not in self.without]


@contextmanager
def play(certificate: Path | None = None, *, without: frozenset[bytes] = frozenset()) -> Iterator[Playing]:
    """Serve until the block ends. `certificate`: a folder with one, and its key; `without`: what it cannot do."""
    ready: Queue[tuple[int, asyncio.AbstractEventLoop]] = Queue()
    over = asyncio.Event()
    lines: set[asyncio.StreamWriter] = set()

    async def run() -> None:
        config = _Config.of(certificate, without)
        config.apply_context()
        login = Login(config)
        hashed = await Passwords(config).hash_password(PASSWORD)
        await login.demo_user_identity.set(UserMetadata(config, USER, password=hashed))
        answer = IMAPServer(login, config)

        async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            lines.add(writer)
            try:
                await answer(reader, writer, SocketInfo.get(writer, None))
            except ConnectionError:
                writer.transport.abort()  # whoever called has hung up, or was hung up on
            finally:
                lines.discard(writer)

        async with await asyncio.start_server(served, HOST, 0) as server:
            ready.put((server.sockets[0].getsockname()[1], asyncio.get_running_loop()))
            await over.wait()
            for line in lines:
                line.transport.abort()
            await asyncio.sleep(0)

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="city mailbox", daemon=True)
    thread.start()
    port, loop = ready.get(timeout=10)

    def hang_up() -> None:
        for line in list(lines):
            loop.call_soon_threadsafe(line.transport.abort)

    try:
        yield Playing(port, hang_up)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
