"""How does a letter leave the house? One door to the city's mail server, with its probe.

A letter goes at most once. Where the connection breaks while the server has the letter in its hands nobody knows
whether it arrived: it is not sent again.
"""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from backoffice.errors import Unavailable
from backoffice.settings import Settings

DONE = frozenset({250, 251})
"""What a mail server says to what it has done, or will do (RFC 5321)."""
HOUSE_NAME = "技助"
PASSED_ON = "X-Gijo-Passed-On"
"""Stands in the head of what the house passes on: what comes back with it would go round for ever."""


class Outcome(StrEnum):
    SENT = "sent"
    REFUSED = "refused"
    """The server said no to this one letter."""
    UNSURE = "unsure"
    """It may have arrived."""


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """One mail to one person. The same `mark` for the same letter: who gets it twice all the same, sees it once."""

    to: str
    subject: str
    text: str
    mark: str
    written_at: datetime
    enclosed: Sequence[Enclosure] = ()
    passed_on: bool = False
    """It came to the house and goes on to a colleague: it says so, and is never passed on a second time."""


class MailServer:
    """The city's mail server, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._host_here = urlsplit(settings.public_address).hostname or "localhost"

    @contextmanager
    def open(self) -> Iterator["Postbox"]:
        """Connect, and give where letters are handed in. Raises Unavailable, which tells no password and no address."""
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as trouble:
            raise Unavailable("メールサーバーを使えません(%(trouble)s)。", trouble=type(trouble).__name__) from trouble
        try:
            yield Postbox(connection, self._settings.smtp_from, self._host_here)
        finally:
            _leave(connection)

    def probe(self) -> str:
        """Greet the server and say what it offers. Raises Unavailable."""
        with self.open() as postbox:
            return postbox.offers

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.smtp_security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.smtp_host,
                settings.smtp_port_or_usual,
                self._host_here,
                timeout=settings.smtp_timeout_seconds,
                context=self._trust(),
            )
        else:
            connection = smtplib.SMTP(
                settings.smtp_host,
                settings.smtp_port_or_usual,
                self._host_here,
                timeout=settings.smtp_timeout_seconds,
            )
        try:
            self._introduce(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if self._settings.smtp_security == "starttls":
            connection.starttls(context=self._trust())
            connection.ehlo()
        if self._settings.smtp_user:
            connection.login(self._settings.smtp_user, self._settings.smtp_password)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.smtp_ca_file)


class Postbox:
    """An open connection. Letters are handed in one after the other."""

    def __init__(self, connection: smtplib.SMTP, sender: str, host_here: str) -> None:
        self._connection = connection
        self._sender = sender
        self._host_here = host_here

    @property
    def offers(self) -> str:
        return ", ".join(sorted(self._connection.esmtp_features)) or "HELO"

    def send(self, letter: Letter) -> Outcome:
        """Hand in one letter. Raises Unavailable where the connection is gone before the server had the letter."""
        try:
            content = self._written(letter)
            if self._connection.mail(self._sender)[0] not in DONE or self._connection.rcpt(letter.to)[0] not in DONE:
                self._connection.rset()
                return Outcome.REFUSED
        except ValueError:
            # An address that no letter can be written to; those beside it are.
            return Outcome.REFUSED
        except (OSError, smtplib.SMTPException) as trouble:
            raise Unavailable("メールサーバーを使えません(%(trouble)s)。", trouble=type(trouble).__name__) from trouble
        return self._hand_in(content)

    def _hand_in(self, content: bytes) -> Outcome:
        try:
            code, _said = self._connection.data(content)
            if code in DONE:
                return Outcome.SENT
            self._connection.rset()
        except smtplib.SMTPDataError:
            return Outcome.REFUSED
        except (OSError, smtplib.SMTPException):
            return Outcome.UNSURE
        return Outcome.REFUSED

    def _written(self, letter: Letter) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(HOUSE_NAME, addr_spec=self._sender)
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.mark}@{self._host_here}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.passed_on:
            message[PASSED_ON] = letter.mark
        message.set_content(letter.text, charset="utf-8", cte="base64")
        for each in letter.enclosed:
            kind, _, subkind = each.media_type.partition("/")
            message.add_attachment(each.content, maintype=kind, subtype=subkind, filename=each.name)
        return message.as_bytes()


def server_of(settings: Settings) -> MailServer | None:
    """Give the mail server that the settings name; None where they name none, and no mail is sent."""
    return MailServer(settings) if settings.smtp_host else None


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        # Whoever has gone already needs no good-bye: what was sent was said by each letter's own outcome.
        connection.close()
