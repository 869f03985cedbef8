"""What stands in an office of addresses that died, of stops and of the stop feed, for tests that look at pages."""

from __future__ import annotations

from datetime import timedelta

from backoffice.consents.models import RegistrantChannel, RegistrantLook
from backoffice.consents.portal import ADDRESS
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability import service, stopping
from backoffice.reachability.bounces import Doubt
from backoffice.reachability.models import AddressStanding, DoubtfulMail
from backoffice.reachability.workflow import AddressState, Cause, StopWay
from backoffice.residents.models import RefusedFeed, StopFeed
from backoffice.residents.stop_file import FeedRefused
from backoffice.work import Work

MAIL = "hikari@mail.example"


def add_reach(work: Work, look_id: object, rows: int) -> None:
    """Somebody whose mail came back and who stopped two topics; and so many dead addresses, mails and feeds."""
    if not rows:
        return
    registrant_id = work.session.get_one(RegistrantLook, look_id).registrant_id
    cipher = work.office.cipher
    channel = RegistrantChannel(
        registrant_id=registrant_id,
        kind=ChannelKind.MAIL,
        mark=service.mark_of(cipher, MAIL),
        sealed_address=cipher.seal(MAIL.encode(), ADDRESS),
        set_at=work.now,
    )
    work.session.add(channel)
    work.session.flush()
    service.turn(work, ChannelKind.MAIL, channel.mark, Cause.PERMANENT, work.now)
    for topic in ("health", "aged"):
        stopping.stop(work, registrant_id, topic, StopWay.PAGE)
    for number in range(rows):
        work.session.add_all(_records(work, number))


def _records(work: Work, number: int) -> list[object]:
    at = work.now - timedelta(hours=number)
    counts = {"died": number % 30, "moved_out": 12, "idle": 1} if number % 2 else {}
    return [
        AddressStanding(
            mark=f"{number:064d}", kind="mail", state=AddressState.BOUNCED, since=at, cause=Cause.PERMANENT
        ),
        DoubtfulMail(name=f"{1_700_000_000 + number}.M{number}P1.mx", why=list(Doubt)[number % len(Doubt)], at=at),
        RefusedFeed(name=f"idou-{number}.csv", why=list(FeedRefused)[number % len(FeedRefused)], place="3", at=at),
        StopFeed(
            source="command",
            covers_until=at,
            rows=sum(counts.values()),
            counts=counts,
            complete_until=at,
            sha256=f"{number:064d}",
            received_at=at,
        ),
    ]
