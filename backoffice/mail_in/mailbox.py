"""How do letters come into the house? One door to the city's mailbox (IMAP, RFC 3501), with its probe.

A letter is only looked at (`BODY.PEEK`) until its row stands; then it is put into the folder of those that are done.
"""

import hashlib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from backoffice.errors import Unavailable
from backoffice.settings import Settings

HEADING_BYTES = 64 * 1024
"""So much of a letter is fetched that is too large to be taken in."""
TROUBLES = (OSError, IMAPClientError, ValueError)
ASKED_AT_ONCE = 100


class WithheldError(Exception):
    """The server answers, and does not hand out this one letter."""


@dataclass(frozen=True)
class Waiting:
    uid: int
    size: int
    """In bytes, as the server says."""


class Mailbox:
    """The city's mailbox, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @contextmanager
    def open(self) -> Iterator["OpenMailbox"]:
        """Sign in and open the folder. Raises Unavailable, here and within; it tells no password and no address."""
        client: IMAPClient | None = None
        try:
            client = self._connected()
            yield OpenMailbox(client, self._settings)
        except TROUBLES as trouble:
            raise Unavailable("メールの受信箱を使えません(%(trouble)s)。", trouble=type(trouble).__name__) from trouble
        finally:
            if client is not None:
                _leave(client)

    def probe(self) -> str:
        """Sign in and say how many letters wait. Raises Unavailable."""
        with self.open() as opened:
            return f"{opened.folder}: {sum(1 for _letter in opened.waiting())}"

    def _connected(self) -> IMAPClient:
        settings = self._settings
        is_tls = settings.imap_security == "tls"
        client = IMAPClient(
            settings.imap_host,
            settings.imap_port_or_usual,
            ssl=is_tls,
            ssl_context=self._trust() if is_tls else None,
            timeout=settings.imap_timeout_seconds,
        )
        try:
            if settings.imap_security == "starttls":
                client.starttls(self._trust())
            client.login(settings.imap_user, settings.imap_password)
        except BaseException:
            client.shutdown()
            raise
        return client

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.imap_ca_file)


class OpenMailbox:
    """A folder of letters that wait, and one beside it for those that are done."""

    def __init__(self, client: IMAPClient, settings: Settings) -> None:
        self.folder = settings.imap_folder
        self._client = client
        self._done_folder = settings.imap_done_folder
        if not client.folder_exists(self._done_folder):
            client.create_folder(self._done_folder)
        # While it stays the same, a number of the folder means the same letter.
        validity = int(client.select_folder(self.folder)[b"UIDVALIDITY"])
        which = f"{settings.imap_host}\n{settings.imap_user}\n{self.folder}"
        self._mark = f"{hashlib.sha256(which.encode()).hexdigest()[:12]}:{validity}"

    def origin(self, uid: int) -> str:
        """Say which letter of all mailboxes this is, in at most 34 characters: also another may begin at number 1."""
        return f"{self._mark}:{uid}"

    def waiting(self) -> Iterator[Waiting]:
        """Give the letters that wait, the oldest first; their sizes are asked for as far as somebody goes on."""
        every = sorted(self._client.search(["UNDELETED"]))
        for begin in range(0, len(every), ASKED_AT_ONCE):
            uids = every[begin : begin + ASKED_AT_ONCE]
            said = self._client.fetch(uids, ["RFC822.SIZE"])
            yield from (
                Waiting(uid, int(said[uid][b"RFC822.SIZE"])) for uid in uids if b"RFC822.SIZE" in said.get(uid, {})
            )

    def whole(self, uid: int, limit: int) -> bytes:
        """Fetch a letter, up to one byte beyond `limit` bytes, whatever size the server said. Raises WithheldError."""
        return self._fetched(uid, f"BODY.PEEK[]<0.{limit + 1}>")

    def heading(self, uid: int) -> bytes:
        """Fetch the beginning of a letter's heading. Raises WithheldError."""
        return self._fetched(uid, f"BODY.PEEK[HEADER]<0.{HEADING_BYTES}>")

    def put_away(self, uids: Sequence[int]) -> None:
        """Move letters to those that are done; where the server cannot move (RFC 6851), copy and expunge."""
        if self._client.has_capability("MOVE"):
            self._client.move(uids, self._done_folder)
            return
        self._client.copy(uids, self._done_folder)
        self._client.delete_messages(uids)
        # UID EXPUNGE (RFC 4315) takes these letters alone; without it whatever was marked goes with them.
        self._client.expunge(uids if self._client.has_capability("UIDPLUS") else None)

    def _fetched(self, uid: int, part: str) -> bytes:
        try:
            said = self._client.fetch([uid], [part]).get(uid, {})
        except IMAPClientAbortError:
            raise  # the line is cut, which is about all letters
        except IMAPClientError as trouble:
            raise WithheldError from trouble
        found = [value for key, value in said.items() if key.startswith(b"BODY[") and isinstance(value, bytes)]
        if not any(found):
            raise WithheldError
        return found[0]


def mailbox_of(settings: Settings) -> Mailbox | None:
    """Give the mailbox that the settings name; None where they name none, and no mail is taken in."""
    return Mailbox(settings) if settings.imap_host else None


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except TROUBLES:
        # Whoever has gone already needs no good-bye.
        client.shutdown()
