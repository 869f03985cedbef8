"""How do letters come into the house? One door to the city's mailbox (IMAP, RFC 3501), with its probe.

A letter is only looked at (`BODY.PEEK`) until its row stands; then it is put into the folder of those that are done.
"""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from backoffice.errors import Unavailable
from backoffice.settings import Settings

HEADING_BYTES = 64 * 1024
"""So much of a letter is fetched that is too large to be taken in."""
TROUBLES = (OSError, IMAPClientError, ValueError)


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
            yield OpenMailbox(client, self._settings.imap_folder, self._settings.imap_done_folder)
        except TROUBLES as trouble:
            raise Unavailable("メールの受信箱を使えません(%(trouble)s)。", trouble=type(trouble).__name__) from trouble
        finally:
            if client is not None:
                _leave(client)

    def probe(self) -> str:
        """Sign in and say how many letters wait. Raises Unavailable."""
        with self.open() as opened:
            return f"{opened.folder}: {len(opened.waiting())}"

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

    def __init__(self, client: IMAPClient, folder: str, done_folder: str) -> None:
        self.folder = folder
        self._client = client
        self._done_folder = done_folder
        if not client.folder_exists(done_folder):
            client.create_folder(done_folder)
        self.validity = int(client.select_folder(folder)[b"UIDVALIDITY"])
        """While it stays the same, a number of the folder means the same letter."""

    def waiting(self, most: int | None = None) -> list[Waiting]:
        """Give the letters that wait, the oldest first."""
        uids = sorted(self._client.search(["UNDELETED"]))[:most]
        if not uids:
            return []
        said = self._client.fetch(uids, ["RFC822.SIZE"])
        return [Waiting(uid, int(said[uid][b"RFC822.SIZE"])) for uid in uids if b"RFC822.SIZE" in said.get(uid, {})]

    def whole(self, uid: int, limit: int) -> bytes:
        """Fetch a letter, up to one byte beyond `limit` bytes, whatever size the server said."""
        return self._fetched(uid, f"BODY.PEEK[]<0.{limit + 1}>")

    def heading(self, uid: int) -> bytes:
        """Fetch the beginning of a letter's heading."""
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
        said = self._client.fetch([uid], [part]).get(uid, {})
        found = [value for key, value in said.items() if key.startswith(b"BODY[") and isinstance(value, bytes)]
        if not found:
            raise ValueError("the letter is not there any more")
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
