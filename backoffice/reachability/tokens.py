"""What does the link in a mail name, so that nobody else can read or make one?

A recipient's number, whose it is, which topic, and the day on which it ends: sealed, 64 letters of an address. Whoever
holds it can stop and take again, and learns nothing: the topic may tell of an illness.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidTag

from backoffice.reachability.workflow import Topic
from backoffice.vault import Cipher

PURPOSE = "stop_link"
GOOD_FOR = timedelta(days=366)
"""A mail is found again after months; whoever comes later is told where to ask."""
FORM = 1
_SHAPE = struct.Struct(">BBHQQ")
_BEGINNING = date(2026, 1, 1)
_TOPICS = tuple(Topic)
"""Their order is sealed into links: new ones come last."""


class NoSuchLinkError(Exception):
    """It was not made here, or not whole."""


@dataclass(frozen=True)
class StopLink:
    recipient: int
    """The number under which the message stands at its sender's."""
    registrant_id: int
    topic: Topic
    ends_on: date
    """The last day on which it is good."""


class StopLinks:
    """Makes and reads links, with a key of their own: a run makes hundreds of thousands.

    Links that a former master key made are read as long as that key is kept: a mail is found again after months.
    """

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher.derived(PURPOSE)

    def make(self, link: StopLink) -> str:
        """Give what stands in an address for `link`; letters, digits, - and _ alone."""
        day = (link.ends_on - _BEGINNING).days
        packed = _SHAPE.pack(FORM, _TOPICS.index(link.topic), day, link.recipient, link.registrant_id)
        return base64.urlsafe_b64encode(self._cipher.seal(packed, PURPOSE)).decode()

    def read(self, token: str) -> StopLink:
        """Give what a link names, also one that has ended. Raises NoSuchLinkError."""
        try:
            packed = self._cipher.open_given_out(base64.b64decode(token.encode("ascii"), b"-_", validate=True), PURPOSE)
            form, topic, day, recipient, registrant_id = _SHAPE.unpack(packed)
        except (InvalidTag, UnicodeEncodeError, binascii.Error, struct.error, ValueError) as trouble:
            raise NoSuchLinkError from trouble
        if form != FORM or topic >= len(_TOPICS):
            raise NoSuchLinkError
        return StopLink(recipient, registrant_id, _TOPICS[topic], _BEGINNING + timedelta(days=day))
