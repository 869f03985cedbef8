"""How is an event tied to the one before it, and how is a break found?

Each event's hash covers its own content and the hash before it, so that a changed, missing or inserted event breaks
the chain at a place that can be named. The chain is cut by fiscal year; a year starts from the end of the year
before.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.audit.events import Event
from backoffice.audit.models import AuditEvent, AuditSegment
from backoffice.identity import Actor
from backoffice.services import TOKYO

GENESIS = "0" * 64
YEAR_RETIRED = "audit_year_retired"
"""The kind of the event that explains why a year's events are gone (`year`: which)."""
APRIL = 4


@dataclass(frozen=True)
class Head:
    fiscal_year: int
    position: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold."""

    fiscal_year: int
    position: int
    reason: str


def append(session: Session, events: Sequence[Event], actor: Actor, at: datetime) -> None:
    """Chain `events` to the trail; the last thing a unit does, since it locks the chain's head."""
    if not events:
        return
    segment = lock_head(session, _fiscal_year(at))
    rows = []
    for event in events:
        row: dict[str, Any] = {
            "fiscal_year": segment.fiscal_year,
            "position": segment.position + 1,
            "at": at,
            "kind": event.kind,
            "staff_id": actor.staff_id,
            "client_id": actor.client_id,
            "origin": str(actor.origin),
            "address": actor.address,
            "data": event.data(),
            "previous_hash": segment.hash,
        }
        row["hash"] = _hash_of(row)
        segment.position += 1
        segment.hash = row["hash"]
        rows.append(row)
    session.execute(insert(AuditEvent), rows)
    session.flush()


def verify(session: Session, published: Sequence[Head] = ()) -> Broken | None:
    """Walk the whole trail and give the first broken link, or None.

    `published` are heads that left the database earlier: a tail cut off since then is seen by them only.
    """
    gone = _gone(session)
    wanted = {(head.fiscal_year, head.position): head.hash for head in published if head.fiscal_year > gone.fiscal_year}
    previous, last, explained = gone.hash, gone, gone.hash == GENESIS
    for row in _links(session):
        year, position = int(row["fiscal_year"]), int(row["position"])
        if year != last.fiscal_year:
            last = Head(year, 0, previous)
        if position != last.position + 1:
            return Broken(year, last.position + 1, "missing")
        if row["previous_hash"] != previous or _hash_of(row) != row["hash"]:
            return Broken(year, position, "changed")
        previous = str(row["hash"])
        if wanted.pop((year, position), previous) != previous:
            return Broken(year, position, "differs from the published head")
        last = Head(year, position, previous)
        explained = explained or (row["kind"], row["data"].get("year")) == (YEAR_RETIRED, gone.fiscal_year)
    if not explained:
        return Broken(gone.fiscal_year, 1, "missing")
    return _broken_head(session) or _cut_tail(wanted)


def heads(session: Session) -> list[Head]:
    """Give the present head of each fiscal year, without those whose events were dropped."""
    kept = select(AuditSegment).where(AuditSegment.fiscal_year > _gone(session).fiscal_year)
    segments = session.scalars(kept.order_by(AuditSegment.fiscal_year))
    return [Head(segment.fiscal_year, segment.position, segment.hash) for segment in segments]


def _gone(session: Session) -> Head:
    """Give the end of the last year whose events were dropped; the beginning of all where none was."""
    first = session.scalars(select(AuditEvent.fiscal_year).order_by(AuditEvent.fiscal_year).limit(1)).first()
    before = select(AuditSegment).order_by(AuditSegment.fiscal_year.desc()).limit(1)
    segment = session.scalars(before.where(AuditSegment.fiscal_year < first)).first() if first else None
    return Head(segment.fiscal_year, segment.position, segment.hash) if segment else Head(0, 0, GENESIS)


def _cut_tail(unseen: Mapping[tuple[int, int], str]) -> Broken | None:
    for year, position in sorted(unseen):
        return Broken(year, position, "cut off after it was published")
    return None


def _broken_head(session: Session) -> Broken | None:
    for head in heads(session):
        last = session.scalars(
            select(AuditEvent.hash)
            .where(AuditEvent.fiscal_year == head.fiscal_year)
            .order_by(AuditEvent.position.desc())
            .limit(1)
        ).first()
        if last != head.hash:
            return Broken(head.fiscal_year, head.position, "cut off or added to")
    return None


def _links(session: Session) -> Iterator[dict[str, Any]]:
    columns = [column for column in AuditEvent.__table__.columns if column.name != "id"]
    statement = select(*columns).order_by(AuditEvent.fiscal_year, AuditEvent.position)
    # Closed also where a break ends the walk early: an open server-side cursor would outlive it.
    with session.execute(statement, execution_options={"yield_per": 1000}) as found:
        for row in found:
            yield dict(row._mapping)  # noqa: SLF001 -- the documented way to a row's names


def _hash_of(row: Mapping[str, object]) -> str:
    content = {name: value for name, value in row.items() if name != "hash"}
    if content["client_id"] is None:
        # Chained before there were machines, or by a person: hashed as it always was.
        del content["client_id"]
    at = content["at"]
    if isinstance(at, datetime):
        content["at"] = at.isoformat()
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _fiscal_year(at: datetime) -> int:
    local = at.astimezone(TOKYO)
    return local.year if local.month >= APRIL else local.year - 1


def lock_head(session: Session, year: int) -> AuditSegment:
    """Lock the head of the newest year, which is opened where it is not yet, and give it."""
    latest = select(AuditSegment).order_by(AuditSegment.fiscal_year.desc()).limit(1)
    segment = session.scalars(latest.with_for_update()).one_or_none()
    # A clock that runs back over the year's end goes on in the newer year: positions never fork.
    if segment is None or segment.fiscal_year < year:
        start = segment.hash if segment else GENESIS
        _open_segment(session, year, start)
        segment = session.scalars(latest.with_for_update()).one()
    return segment


def _open_segment(session: Session, year: int, start: str) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {"fiscal_year": year, "start_hash": start, "position": 0, "hash": start}
    session.execute(dialect.insert(AuditSegment).values(values).on_conflict_do_nothing())
