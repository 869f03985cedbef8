"""Residents who registered at the portal, with addresses, and what is heard of those addresses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.consents import portal
from backoffice.consents.models import RegistrantChannel
from backoffice.consents.portal import Visitor
from backoffice.consents.workflow import ChannelKind, ProvenBy
from backoffice.reachability import queries, service
from backoffice.reachability.service import Written
from backoffice.reachability.tokens import StopLink, StopLinks
from backoffice.reachability.workflow import AddressState, Failure, Topic
from tests.backoffice.office import City

MAIL, LINE_USER = "hikari@mail.example", "U" + "0a" * 16
RECIPIENT = 4711
SECRET = "invented-channel-secret"


def alive_kinds(session: Session, registrant_ids: Collection[int]) -> dict[int, set[ChannelKind]]:
    """By which channels each of these is written to, as the sending side asks it; nothing of whoever has none."""
    theirs = select(RegistrantChannel).where(RegistrantChannel.registrant_id.in_(registrant_ids), queries.is_alive())
    found: dict[int, set[ChannelKind]] = {}
    for channel in session.scalars(theirs):
        found.setdefault(channel.registrant_id, set()).add(ChannelKind(channel.kind))
    return found


@dataclass(frozen=True)
class Person:
    """Somebody who registered."""

    city: City
    visitor: Visitor
    registrant_id: int

    def set(self, kind: ChannelKind, address: str) -> None:
        with self.city.unit() as work:
            portal.set_channel(work, self.visitor, kind, address)

    @property
    def alive(self) -> set[ChannelKind]:
        with self.city.look() as work:
            return alive_kinds(work.session, [self.registrant_id]).get(self.registrant_id, set())

    @property
    def stopped(self) -> set[str]:
        with self.city.look() as work:
            return {each.topic for each in queries.stops_of(work.session, self.registrant_id)}

    def state(self, kind: ChannelKind = ChannelKind.MAIL) -> AddressState:
        with self.city.look() as work:
            (found,) = (
                each for each in queries.channels_seen(work.session, self.registrant_id) if each.channel.kind == kind
            )
            return found.state

    def link(self, topic: Topic = Topic.CHILDREN, *, days: int = 365) -> str:
        today = self.city.office.services.today()
        named = StopLink(RECIPIENT, self.registrant_id, topic, today + timedelta(days=days))
        return f"/stop/{StopLinks(self.city.office.cipher).make(named)}"

    def bounce(self, failure: Failure, *, address: str = MAIL, recipient: int = RECIPIENT, ago: int = 0) -> None:
        """A mail that was sent `ago` hours ago comes back."""
        with self.city.unit() as work:
            mark = service.mark_of(work.office.cipher, address)
            sent_at = work.now - timedelta(hours=ago)
            service.take_bounce(work, Written(recipient, self.registrant_id, Topic.HEALTH, mark, sent_at), failure)


def registered(city: City, pseudonym: str = "hikari-0815", *, mail: str = MAIL, line: str = LINE_USER) -> Person:
    visitor = Visitor(pseudonym, ProvenBy.USER_CERTIFICATE)
    with city.unit() as work:
        portal.register(work, visitor, "ja")
        registrant_id = portal.registrant_of(work, visitor).id
    person = Person(city, visitor, registrant_id)
    for kind, address in ((ChannelKind.MAIL, mail), (ChannelKind.LINE, line)):
        if address:
            person.set(kind, address)
    return person


def with_settings(city: City, **settings: Any) -> City:
    """The same office, set up otherwise."""
    city.office = replace(city.office, settings=city.office.settings.model_copy(update=settings))
    return city


def with_line(city: City, folder: Path) -> City:
    secret = folder / "line-secret"
    secret.write_text(SECRET + "\n")
    return with_settings(city, line_channel_secret_file=secret)


def told(
    kind: str, at: datetime, *, event: str = "01HEVENT0001", user_id: str = LINE_USER, **more: Any
) -> dict[str, Any]:
    """An event as LINE tells it."""
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(at.timestamp() * 1000),
        "source": {"type": "user", "userId": user_id},
        "webhookEventId": event,
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def signed(*events: dict[str, Any], secret: str = SECRET) -> dict[str, Any]:
    """A call as LINE makes it: what a client is to send."""
    body = json.dumps({"destination": "U" + "f" * 32, "events": events}).encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    return {"content": body, "headers": {"X-Line-Signature": signature, "Content-Type": "application/json"}}
