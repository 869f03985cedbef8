"""Which mail server is it, and what does it offer once it has been greeted, in TLS, and knows who we are?"""

import base64
import ssl
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from backoffice.carriers.smtp_wire import LineBrokenError, WeAreRefusedError, Wire
from backoffice.settings import Settings

READY, GREETED, PASSWORD_NEXT, PROVEN = frozenset({220}), frozenset({250}), frozenset({334}), frozenset({235})


@dataclass(frozen=True)
class Relay:
    """The city's mail server, and how patient we are with it."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = ""
    ca_file: str | None = None
    host_here: str = "localhost"
    seconds: float = 15.0
    seconds_with_a_content: float = 120.0
    """A server that has the content in its hands is waited for longer: after that nobody knows."""
    seconds_between_tries: float = 0.5
    tries: int = 5

    @cached_property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


def relay_of(settings: Settings) -> Relay:
    """Give the mail server that the settings name."""
    return Relay(
        settings.smtp_host,
        settings.smtp_port_or_usual,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        str(settings.smtp_ca_file) if settings.smtp_ca_file else None,
        urlsplit(settings.public_address).hostname or "localhost",
        settings.smtp_timeout_seconds,
        max(settings.smtp_timeout_seconds, settings.smtp_content_timeout_seconds),
    )


@dataclass(frozen=True)
class Offers:
    """What a server says it can do (EHLO); of HELO: nothing."""

    words: frozenset[str] = frozenset()

    @property
    def pipelining(self) -> bool:
        return "PIPELINING" in self.words

    @property
    def most_bytes(self) -> int:
        """The largest content it takes; 0: it names no bound."""
        sizes = [word.removeprefix("SIZE ") for word in self.words if word.startswith("SIZE ")]
        return int(sizes[0]) if sizes and sizes[0].isdecimal() else 0

    @property
    def ways_to_prove(self) -> frozenset[str]:
        return frozenset(way for word in self.words if word.startswith("AUTH ") for way in word.split()[1:])


async def introduced(relay: Relay, wire: Wire) -> Offers:
    """Greet, go into TLS, prove who we are. Raises LineBrokenError."""
    await wire.expect(READY)
    offers = await _greeted(relay, wire)
    if relay.security == "starttls":
        wire.tell(b"STARTTLS\r\n")
        await wire.expect(READY)
        await wire.over_tls(relay.trust, relay.host)
        offers = await _greeted(relay, wire)
    if relay.user:
        await _prove(relay, wire, offers.ways_to_prove)
    return offers


async def _greeted(relay: Relay, wire: Wire) -> Offers:
    here = relay.host_here.encode("ascii", "replace")
    wire.tell(b"EHLO " + here + b"\r\n")
    answer = await wire.answer()
    if answer.is_no:
        wire.tell(b"HELO " + here + b"\r\n")
        await wire.expect(GREETED)
        return Offers()
    if answer.code not in GREETED:
        raise LineBrokenError(f"{answer.code} to a greeting")
    return Offers(frozenset(word.decode("ascii", "replace").strip().upper() for word in answer.words[1:]))


async def _prove(relay: Relay, wire: Wire, ways: frozenset[str]) -> None:
    user, password = relay.user.encode(), relay.password.encode()
    if "PLAIN" in ways:
        wire.tell(b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + password) + b"\r\n")
    elif "LOGIN" in ways:
        wire.tell(b"AUTH LOGIN\r\n")
        for word in (user, password):
            await wire.expect(PASSWORD_NEXT)
            wire.tell(base64.b64encode(word) + b"\r\n")
    else:
        raise LineBrokenError("no way to prove who we are")
    answer = await wire.answer()
    if answer.is_no:
        raise WeAreRefusedError(f"{answer.code}: we are not let in")
    if answer.code not in PROVEN:
        raise LineBrokenError(f"{answer.code} to who we are")
