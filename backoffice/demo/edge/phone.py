"""What does a resident see on their phone? The mails and LINE messages of one address, the newest first."""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from backoffice.demo.edge.ledger import Entry, entries


@dataclass(frozen=True)
class Shown:
    """One message on a screen."""

    channel: str
    number: str
    at: datetime
    sender: str
    title: str
    """A mail's subject; what LINE shows of a Flex message where it cannot draw it."""
    text: str
    page: str = ""
    """A mail's HTML, for a frame without scripts."""
    language: str = ""
    stop_link: str = ""
    """What a mail program's own button for stopping calls (RFC 8058)."""


def phone_view(file: Path, address: str) -> list[Shown]:
    """Show what came to one address or LINE user id."""
    found = [shown for entry in entries(file) if address in entry.to for shown in _shown(entry)]
    return found[::-1]


def _shown(entry: Entry) -> Iterator[Shown]:
    at = datetime.fromtimestamp(entry.at, UTC)
    if entry.channel == "line":
        for message in entry.content or []:
            yield Shown("line", entry.number, at, "", str(message.get("altText", "")), "\n".join(_texts(message)))
    elif isinstance(entry.content, str):
        yield _mail(entry, at, entry.content)
    else:
        yield Shown(entry.channel, entry.number, at, "", "", "")


def _mail(entry: Entry, at: datetime, content: str) -> Shown:
    message = email.message_from_bytes(content.encode("utf-8", "surrogateescape"), policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 -- what the policy makes
    stop = str(message.get("List-Unsubscribe", "")).split(">", 1)[0].removeprefix("<")
    return Shown(
        "mail",
        entry.number,
        at,
        str(message.get("From", "")),
        str(message.get("Subject", "")),
        _part(message, "plain"),
        _part(message, "html"),
        str(message.get("Content-Language", "")),
        stop if stop.startswith(("https://", "http://127.0.0.1")) else "",
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _texts(held: Any) -> Iterator[str]:  # noqa: ANN401 -- whatever JSON LINE was given
    """Give the words of a message in the order in which they are drawn: text, then what a button says and opens."""
    if isinstance(held, list):
        for one in held:
            yield from _texts(one)
    elif isinstance(held, dict):
        if held.get("type") in {"text", "textV2", "span"} and isinstance(held.get("text"), str):
            yield held["text"]
        if isinstance(action := held.get("action"), dict) and action.get("label"):
            yield f"[{action['label']}] {action.get('uri', '')}".rstrip()
        for name in ("header", "hero", "contents", "body", "footer"):
            yield from _texts(held.get(name))
