"""What does the relay's log say became of a message? Lines of Postfix as syslog writes them, by Message-ID.

Only what a delivery agent says for good counts: a Message-ID alone is logged before a message is whole. Where a message
passes through the relay twice (a content filter), the later word counts.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

_LINE = re.compile(r"postfix[\w/.-]*\[\d+\]: (?P<queue>[0-9A-Za-z]{5,20}): (?P<said>.*)")
_MESSAGE_ID = re.compile(r"(?:resent-)?message-id=<?(?P<id>[^<>\s,]+)>?")
_STATUS = re.compile(r", status=(?P<status>[a-z-]+)")
_REMOVED = "removed"


class Word(StrEnum):
    """How a relay ends with a message."""

    SENT = "sent"
    BOUNCED = "bounced"


_FOR_GOOD = {"sent": Word.SENT, "bounced": Word.BOUNCED, "expired": Word.BOUNCED}
"""`deferred` says nothing for good."""


def read_relay_log(lines: Iterable[str], domain: str) -> Mapping[str, Word]:
    """Give, by what stands before the @ of their Message-ID, how the messages of a domain ended."""
    in_queue: dict[str, str] = {}
    ended: dict[str, Word] = {}
    for line in lines:
        found = _LINE.search(line)
        if found is None:
            continue
        queue, said = found["queue"], found["said"]
        named = _MESSAGE_ID.match(said)
        if named is not None:
            _enter(in_queue, queue, named["id"], domain)
        elif said.startswith(_REMOVED):
            in_queue.pop(queue, None)
        elif queue in in_queue:
            status = _STATUS.search(said)
            if status is not None and status["status"] in _FOR_GOOD:
                ended[in_queue[queue]] = _FOR_GOOD[status["status"]]
    return ended


def _enter(in_queue: dict[str, str], queue: str, message_id: str, domain: str) -> None:
    """Note which message has a place in the queue now: places are given anew once a message has left."""
    local, _at, of = message_id.rpartition("@")
    if local and of.casefold() == domain.casefold():
        in_queue[queue] = local
    else:
        in_queue.pop(queue, None)
