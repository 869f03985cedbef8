"""How does a parcel go over an open connection? One round trip a message, where the server pipelines.

RFC 2920: the envelope of the next message may travel with the content of the present one. Where a server does not offer
it, every command waits for its answer.
"""

import asyncio
import re
from dataclasses import replace

from backoffice.carriers.parcels import Fate, Parcel, Settled
from backoffice.carriers.smtp_greeting import Offers, Relay, introduced
from backoffice.carriers.smtp_wire import LITTLE, Answer, LineBrokenError, WeAreRefusedError, Wire, patience

ADDRESS = re.compile(r'[^\s<>()\\",;:@\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9.-]{1,190}')
DONE, OUR_OWN_FAULT, GO_AHEAD = frozenset({250, 251}), frozenset({500, 502, 503}), 354
SHUTS, TOO_BIG, NO_ADDRESS, NO_CONTENT = 421, 552, 553, 554
NO_ADDRESS_SAID = "5.1.3"
END = b".\r\n"
RSET = b"RSET\r\n"


def is_address(text: str) -> bool:
    """Say whether an envelope can bear `text` (RFC 5321, without SMTPUTF8)."""
    return ADDRESS.fullmatch(text) is not None


class Session:
    """An open connection. After any LineBrokenError it is of no use."""

    def __init__(self, relay: Relay, wire: Wire, offers: Offers) -> None:
        self._relay = relay
        self._wire = wire
        self._pipelines = offers.pipelining
        self._most_bytes = offers.most_bytes
        self._to_be_cleared = False

    def impossible(self, parcel: Parcel) -> Settled | None:
        """Say why a parcel cannot be handed to this server at all; nothing of it goes onto the line."""
        if not ADDRESS.fullmatch(parcel.sender):
            return Settled(parcel.key, Fate.REFUSED, NO_ADDRESS, "5.1.7")
        if not is_address(parcel.to):
            return Settled(parcel.key, Fate.REFUSED, NO_ADDRESS, NO_ADDRESS_SAID)
        content = parcel.content
        ends = content.count(b"\r\n")
        if not content.isascii() or not ends == content.count(b"\n") == content.count(b"\r"):
            # A bare line feed is an end of content to some servers and none to others: a second mail could hide in it.
            return Settled(parcel.key, Fate.REFUSED, NO_CONTENT, "5.6.0")
        if self._most_bytes and len(content) > self._most_bytes:
            return Settled(parcel.key, Fate.REFUSED, TOO_BIG, "5.3.4")
        return None

    async def envelope(self, parcel: Parcel) -> Settled | None:
        """Announce a parcel. This function will answer how it was refused, or None: its content is waited for."""
        with self._wire.within(self._relay.seconds):
            if self._pipelines:
                self._wire.tell(self._group(parcel))
                await self._wire.group(3)
                return await self._envelope_answered(parcel)
            return await self._envelope_step_by_step(parcel)

    async def content(self, parcel: Parcel, following: Parcel | None) -> bool:
        """Hand over a content that is waited for, and with it, to a server that pipelines, the envelope of the next.

        This function will answer False where the end of the content was certainly never handed over.
        """
        dotted = with_dots(parcel.content)
        more = self._group(following) if self._pipelines and following else b""
        try:
            if len(dotted) > LITTLE:
                with self._wire.within(self._relay.seconds_with_a_content):
                    await self._wire.tell_at_length(dotted)
                dotted = b""
            self._wire.tell(dotted + END + more)
        except LineBrokenError:
            return False
        return True

    async def end_of_content(self, parcel: Parcel, *, goes_along: bool) -> Settled:
        """Hear what became of a content. UNSURE: nothing was said that can be believed."""
        try:
            with self._wire.within(self._relay.seconds_with_a_content):
                if goes_along and self._pipelines:
                    await self._wire.group(4)
                answer = await self._wire.answer()
        except LineBrokenError:
            return Settled(parcel.key, Fate.UNSURE)
        if answer.code == 250:  # noqa: PLR2004 -- RFC 5321: the one yes to a content
            return Settled(parcel.key, Fate.ACCEPTED, answer.code, answer.said)
        no = _no(parcel, answer)
        return (
            Settled(parcel.key, Fate.UNSURE, answer.code, answer.said) if no is None else replace(no, of_content=True)
        )

    async def envelope_sent_along(self, following: Parcel) -> Settled | None:
        """Hear what is said to the envelope that went with the content before."""
        if not self._pipelines:
            return await self.envelope(following)
        with self._wire.within(self._relay.seconds):
            return await self._envelope_answered(following)

    async def leave(self) -> None:
        """Say good-bye between two parcels; whoever has gone already needs none."""
        try:
            with self._wire.within(min(self._relay.seconds, 1.0)):
                self._wire.tell(b"QUIT\r\n")
                await self._wire.answer()
        except LineBrokenError:
            pass
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        self._wire.hang_up()

    def _group(self, parcel: Parcel) -> bytes:
        words = f"MAIL FROM:<{parcel.sender}>\r\nRCPT TO:<{parcel.to}>\r\nDATA\r\n".encode("ascii")
        return RSET + words if self._to_be_cleared else words

    async def _envelope_answered(self, parcel: Parcel) -> Settled | None:
        if self._to_be_cleared:
            await self._wire.expect(DONE)
            self._to_be_cleared = False
        mail, rcpt, data = [await self._wire.answer() for _ in range(3)]
        no = _sender_refused(parcel, mail) or _recipient_refused(parcel, rcpt)
        if no is None and data.code != GO_AHEAD:
            no = _recipient_refused(parcel, data)
        elif no is not None and data.code == GO_AHEAD:
            await self._end_without_recipients(rcpt)
        self._to_be_cleared = no is not None
        return no

    async def _envelope_step_by_step(self, parcel: Parcel) -> Settled | None:
        if self._to_be_cleared:
            self._wire.tell(RSET)
            await self._wire.expect(DONE)
            self._to_be_cleared = False
        mail, rcpt, data = self._group(parcel).splitlines(keepends=True)
        self._wire.tell(mail)
        no = _sender_refused(parcel, await self._wire.answer())
        if no is None:
            self._wire.tell(rcpt)
            no = _recipient_refused(parcel, await self._wire.answer())
        if no is None:
            self._wire.tell(data)
            answer = await self._wire.answer()
            no = None if answer.code == GO_AHEAD else _recipient_refused(parcel, answer)
        self._to_be_cleared = no is not None
        return no

    async def _end_without_recipients(self, rcpt: Answer) -> None:
        """A content may be asked for though nobody is to get it (RFC 2920, 3.1): a dot ends it, and reaches nobody."""
        if rcpt.is_yes:
            raise LineBrokenError("a content is asked for, of a sender who was refused")
        self._wire.tell(END)
        await self._wire.answer()


async def connected(relay: Relay) -> Session:
    """Open one connection, ready for the first envelope. Raises LineBrokenError."""
    wire = Wire(relay.seconds)
    async with patience(relay.seconds):
        try:
            trust = relay.trust if relay.security == "tls" else None
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: wire, relay.host, relay.port, ssl=trust)
            offers = await introduced(relay, wire)
        except BaseException:
            wire.hang_up()
            raise
    return Session(relay, wire, offers)


def with_dots(content: bytes) -> bytes:
    """Double the dots that begin lines, so that none of them ends the content (RFC 5321, 4.5.2)."""
    dotted = content.replace(b"\r\n.", b"\r\n..")
    if dotted.startswith(b"."):
        dotted = b"." + dotted
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"


def _no(parcel: Parcel, answer: Answer) -> Settled | None:
    if answer.is_later:
        return Settled(parcel.key, Fate.PUT_OFF, answer.code, answer.said)
    return Settled(parcel.key, Fate.REFUSED, answer.code, answer.said) if answer.is_no else None


def _sender_refused(parcel: Parcel, answer: Answer) -> Settled | None:
    """A sender who is refused for good is our own trouble, and no word about the person the parcel is for."""
    if answer.is_no and answer.code != TOO_BIG:
        raise WeAreRefusedError(f"{answer.code}: the sender is refused")
    return _recipient_refused(parcel, answer)


def _recipient_refused(parcel: Parcel, answer: Answer) -> Settled | None:
    if answer.code in DONE:
        return None
    no = _no(parcel, answer)
    if no is None or answer.code == SHUTS or answer.code in OUR_OWN_FAULT:
        raise LineBrokenError(f"{answer.code}: out of step, or shutting")
    return no
