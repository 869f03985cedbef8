"""A mail server at the city's edge, as its postmaster might run it: real SMTP, in this process, on a free port."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from queue import Queue
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ACCOUNT, PASSWORD = "gijo", "kasa-wo-sasu"


@dataclass
class CityMailServer:
    """What it took, and how it behaves from now on."""

    taken: list[EmailMessage] = field(default_factory=list)
    greeted: int = 0
    refuses: set[str] = field(default_factory=set)
    """Addresses that it knows nobody at."""
    says_of_strangers: str = "550 no such person here"
    content_answer: str = "250 OK"
    hangs_up_with_the_letter: bool = False
    slow_seconds: float = 0.0

    @property
    def addresses(self) -> list[str]:
        return sorted(str(letter["To"]) for letter in self.taken)

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802 -- aiosmtpd names it
        self.greeted += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd names it
        if address in self.refuses:
            return self.says_of_strangers
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session, envelope):  # noqa: N802 -- aiosmtpd names it
        if self.slow_seconds:
            time.sleep(self.slow_seconds)  # noqa: ASYNC251 -- the whole server is slow, not one letter
        if self.content_answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        if self.hangs_up_with_the_letter:
            server.transport.abort()
        return self.content_answer


@dataclass(frozen=True)
class Running:
    host: str
    port: int
    server: CityMailServer


@contextmanager
def serve(
    server: CityMailServer, *, tls: Path | None = None, starttls: Path | None = None, asks: bool = False
) -> Iterator[Running]:
    """Serve until the block ends. `tls` and `starttls` name a folder with a certificate; `asks`: a password is due."""
    more: dict[str, Any] = {}
    if starttls is not None:
        more |= {"tls_context": _context(starttls), "require_starttls": True}
    if asks:
        more |= {"authenticator": _authenticate, "auth_required": True}
    ready: Queue[int] = Queue()
    over = asyncio.Event()

    async def run() -> None:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(
            answer,
            "127.0.0.1",
            0,
            ssl=_context(tls) if tls else None,
        )
        loops.append(loop)
        ready.put(listening.sockets[0].getsockname()[1])
        async with listening:
            await over.wait()
        for each in lines:
            if not each.is_closing():  # Python 3.11.2 cannot abort a TLS line that was closed twice
                each.abort()
        await asyncio.sleep(0)

    def answer() -> SMTP:
        return _Answering(lines, server, loop=asyncio.get_running_loop(), hostname="mail.city.example.jp", **more)

    lines: list[asyncio.Transport] = []
    loops: list[asyncio.AbstractEventLoop] = []
    thread = threading.Thread(target=lambda: asyncio.run(run()), name="city mail server")
    thread.start()
    try:
        yield Running("127.0.0.1", ready.get(timeout=10), server)
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(10)


class _Answering(SMTP):
    """Keeps the line below TLS, too: after a refused certificate nobody else would hang it up."""

    def __init__(self, lines: list[asyncio.Transport], *known: Any, **more: Any) -> None:
        super().__init__(*known, **more)
        self._lines = lines

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._lines.append(transport)
        super().connection_made(transport)


def make_certificate(folder: Path, host: str = "127.0.0.1") -> Path:
    """Write a certificate and its key for `host` into `folder`; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


def _context(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def _authenticate(_server, _session, _envelope, _mechanism, data: LoginPassword) -> AuthResult:
    right = data.login == ACCOUNT.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)
