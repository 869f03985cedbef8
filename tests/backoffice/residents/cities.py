"""Snapshots in an office: examined, taken in, and what furniture needs of them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import polars as pl

from backoffice.identity import Staff
from backoffice.residents import service
from backoffice.residents.models import Protection, Snapshot
from backoffice.residents.protecting import PSEUDONYM, REASON, mark_of
from backoffice.residents.service import Delivery, Examined
from backoffice.work import Work
from tests.backoffice.office import City
from tests.workflows.residents import AS_OF, as_parquet, invented
from workflows.rules.importing import bring
from workflows.rules.manifest import describe
from workflows.rules.storing import to_parquet

NOBODY = 2_000_000_000
SOURCE = "架空の住民台帳"


def examined(
    city: City, table: pl.DataFrame | bytes, as_of: date = AS_OF, source: str = SOURCE, layout=None
) -> Examined:
    content = table if isinstance(table, bytes) else as_parquet(table)
    with city.look() as work:
        actor = work.actor
    return service.examine(city.office, actor, Delivery(content, as_of, source, layout))


def taken_in(city: City, table: pl.DataFrame | bytes, as_of: date = AS_OF, **options) -> Snapshot:
    with city.look() as work:
        actor = work.actor
    leave_out = options.pop("leave_out", False)
    return service.take_in(city.office, actor, examined(city, table, as_of, **options), leave_out=leave_out)


def add_residents(work: Work, person: Staff, rows: int) -> dict[str, object]:
    """So many snapshots, each after the other, and people at the desk, every second to be lifted."""
    manifest = _manifest()
    snapshots: list[Snapshot] = []
    for number in range(rows):
        file = work.office.files.put(_few_people(), service.PARQUET, work.now)
        work.session.add(file)
        work.session.flush()
        snapshot = Snapshot(
            as_of=AS_OF - timedelta(days=rows - number),
            source=SOURCE,
            people=200,
            sha256=file.sha256,
            file_id=file.id,
            protected_file_id=file.id,
            known=905,
            least_known="pregnancy_notified_on",
            manifest={**manifest, "drift": {"added": 1, "gone": 2, "changed": 3}} if snapshots else manifest,
            layout={"schema": 1, "columns": {}, "codes": {}, "unknown": []},
            before_id=snapshots[-1].id if snapshots else None,
            imported_at=work.now,
            imported_by_id=person.id,
        )
        work.session.add(snapshot)
        work.session.flush()
        snapshots.append(snapshot)
    protections = [_protection(work, person, number) for number in range(rows)]
    work.session.add_all(protections)
    work.session.flush()
    return {
        "snapshot_id": snapshots[-1].id if snapshots else NOBODY,
        "protection_id": protections[-1].id if protections else NOBODY,
    }


@cache
def _manifest() -> dict[str, object]:
    return describe(bring(invented(1500), AS_OF), None).to_json()


@cache
def _few_people() -> bytes:
    """A snapshot small enough to be sealed a thousand times."""
    return to_parquet(bring(invented(30), AS_OF).people)


def _protection(work: Work, person: Staff, number: int) -> Protection:
    cipher = work.office.cipher
    pseudonym = f"shizuka-{number:04d}"
    waits = number % 2 == 1
    return Protection(
        mark=mark_of(cipher, pseudonym),
        sealed_pseudonym=cipher.seal(pseudonym.encode(), PSEUDONYM),
        sealed_reason=cipher.seal("申出 R8-12".encode(), REASON),
        added_at=work.now,
        added_by_id=person.id,
        proposed_at=work.now if waits else None,
        proposed_by_id=person.id if waits else None,
        sealed_lifting_reason=cipher.seal("申出の取下げ R8-40".encode(), REASON) if waits else None,
    )
