"""What is done with snapshots: a file is examined, and taken in whole or not at all.

Reading and sealing a file takes seconds; no transaction is open meanwhile.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from backoffice.errors import Invalid
from backoffice.identity import Actor
from backoffice.residents import protecting, queries
from backoffice.residents.events import SnapshotTaken
from backoffice.residents.models import Snapshot
from backoffice.residents.words import LEFT_OUT, REFUSALS
from backoffice.vault import StoredFile
from backoffice.web.free_text import words_given
from backoffice.work import Office
from workflows.rules.brought_files import FileRefusedError, read_table
from workflows.rules.importing import bring
from workflows.rules.layouts import Layout
from workflows.rules.manifest import Before, Manifest, describe
from workflows.rules.storing import from_parquet, to_parquet

PARQUET = "application/vnd.apache.parquet"
SOURCE_LIMIT = 80


@dataclass(frozen=True)
class Delivery:
    """A file as it was brought."""

    content: bytes
    as_of: date
    source: str
    layout: Layout | None = None
    """None: the file is read like the last one of its source."""


@dataclass(frozen=True)
class Examined:
    """What a file would become."""

    delivery: Delivery
    layout: Layout
    manifest: Manifest
    sha256: str
    """Of the file as it was brought."""
    people: bytes
    protected: bytes
    before_id: int | None


def examine(office: Office, actor: Actor, delivery: Delivery) -> Examined:
    """Read a file and compare it with the snapshot before; nothing is kept. Raises Invalid for one that is refused."""
    source = words_given(delivery.source, "source", SOURCE_LIMIT)
    if delivery.as_of > office.services.today():
        raise Invalid("基準日(--as-of)に、今日より後の日は指定できません。")
    with office.look(actor) as work:
        try:
            layout = delivery.layout or queries.layout_of(work.session, source)
        except FileRefusedError as refused:
            raise _told(refused) from None
        before = queries.newest_snapshot(work.session, delivery.as_of)
        protected = protecting.protected_now(office, work.session)
    try:
        brought = bring(read_table(delivery.content), delivery.as_of, layout, protected.pseudonyms)
    except FileRefusedError as refused:
        raise _told(refused) from None
    return Examined(
        delivery=Delivery(b"", delivery.as_of, source, layout),
        layout=layout,
        manifest=describe(brought, _as_stored(office, before)),
        sha256=hashlib.sha256(delivery.content).hexdigest(),
        people=to_parquet(brought.people),
        protected=to_parquet(brought.protected),
        before_id=before.id if before is not None else None,
    )


def take_in(office: Office, actor: Actor, examined: Examined, *, leave_out: bool = False) -> Snapshot:
    """Keep an examined file as a snapshot; with rows set aside only where `leave_out` says so. Raises Invalid."""
    manifest = examined.manifest
    if manifest.left_out and not leave_out:
        raise Invalid(LEFT_OUT, count=manifest.left_out)
    if not manifest.rows:
        raise Invalid("取り込める行がありません。")
    now = office.services.now()
    file, protected = (office.files.put(content, PARQUET, now) for content in (examined.people, examined.protected))
    with office.unit(actor) as work:
        if queries.stands_already(work.session, examined.delivery.as_of, examined.sha256, examined.layout):
            raise Invalid("同じ基準日の、同じファイルがもうあります。")
        work.session.add_all([file, protected])
        work.session.flush()
        snapshot = _row(examined, file, protected)
        snapshot.imported_at, snapshot.imported_by_id = work.now, work.actor.staff_id
        work.session.add(snapshot)
        work.session.flush()
        work.record(SnapshotTaken(snapshot.id, manifest.rows, manifest.left_out))
    return snapshot


def _as_stored(office: Office, snapshot: Snapshot | None) -> Before | None:
    if snapshot is None:
        return None
    return Before(*(from_parquet(office.files.read(file)) for file in (snapshot.file, snapshot.protected_file)))


def _row(examined: Examined, file: StoredFile, protected: StoredFile) -> Snapshot:
    return Snapshot(
        as_of=examined.delivery.as_of,
        source=examined.delivery.source,
        people=examined.manifest.rows,
        sha256=examined.sha256,
        file_id=file.id,
        protected_file_id=protected.id,
        known=examined.manifest.known,
        least_known=examined.manifest.least_known,
        manifest=examined.manifest.to_json(),
        layout=examined.layout.to_json(),
        before_id=examined.before_id,
    )


def _told(refused: FileRefusedError) -> Invalid:
    return Invalid(REFUSALS[refused.code], place=refused.place)
