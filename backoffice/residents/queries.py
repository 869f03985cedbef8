"""Which snapshots are there, how was a source read last, and who stands at the 支援措置 desk?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload

from backoffice.db.lookup import one_or_not_there
from backoffice.residents.models import Protection, Snapshot
from backoffice.web.lists import PAGE_SIZE
from workflows.rules.layouts import PLAIN, Layout, read_layout


def count_snapshots(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Snapshot)) or 0


def list_snapshots(session: Session, offset: int) -> Sequence[Snapshot]:
    """Give a page of snapshots, the newest day first."""
    return session.scalars(
        select(Snapshot)
        .options(joinedload(Snapshot.imported_by), defer(Snapshot.layout), defer(Snapshot.manifest))
        .order_by(Snapshot.as_of.desc(), Snapshot.id.desc())
        .offset(offset)
        .limit(PAGE_SIZE)
    ).all()


def find_snapshot(session: Session, snapshot_id: int) -> Snapshot:
    """Give a snapshot with its file, the one before it and who took it in. Raises NotThere."""
    return one_or_not_there(
        session,
        select(Snapshot)
        .where(Snapshot.id == snapshot_id)
        .options(joinedload(Snapshot.file), joinedload(Snapshot.imported_by), joinedload(Snapshot.before)),
    )


def newest_snapshot(session: Session, on: date) -> Snapshot | None:
    """Give the snapshot that tells the newest of what was so by `on`, with its files."""
    return session.scalars(
        select(Snapshot)
        .where(Snapshot.as_of <= on)
        .options(joinedload(Snapshot.file), joinedload(Snapshot.protected_file))
        .order_by(Snapshot.as_of.desc(), Snapshot.id.desc())
        .limit(1)
    ).first()


def stands_already(session: Session, as_of: date, sha256: str, layout: Layout) -> bool:
    """Say whether a file was taken in for a day and read alike. Who is protected since then makes no difference."""
    same = select(Snapshot.layout).where(Snapshot.as_of == as_of, Snapshot.sha256 == sha256)
    return layout.to_json() in session.scalars(same).all()


def layout_of(session: Session, source: str) -> Layout:
    """Give how the last file of a source was read; plainly where there was none."""
    stored = session.scalars(
        select(Snapshot.layout).where(Snapshot.source == source).order_by(Snapshot.id.desc()).limit(1)
    ).first()
    return read_layout(stored) if stored else PLAIN


def count_protections(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Protection).where(Protection.lifted_at.is_(None))) or 0


def list_protections(session: Session, offset: int, mark: str = "") -> Sequence[Protection]:
    """Give a page of the registrations in force, those first that wait for a second person; or the one with `mark`."""
    wanted = select(Protection).where(Protection.lifted_at.is_(None))
    if mark:
        wanted = wanted.where(Protection.mark == mark)
    return session.scalars(
        wanted.options(joinedload(Protection.added_by), joinedload(Protection.proposed_by))
        .order_by(Protection.proposed_at.is_(None), Protection.id.desc())
        .offset(offset)
        .limit(PAGE_SIZE)
    ).all()


def find_protection(session: Session, protection_id: int) -> Protection:
    """Give a registration in force. Raises NotThere, also for one that was lifted."""
    return one_or_not_there(
        session, select(Protection).where(Protection.id == protection_id, Protection.lifted_at.is_(None))
    )


def sealed_pseudonyms(session: Session) -> Sequence[tuple[str, bytes]]:
    """Give mark and sealed pseudonym of everybody in force."""
    found = session.execute(
        select(Protection.mark, Protection.sealed_pseudonym)
        .where(Protection.lifted_at.is_(None))
        .order_by(Protection.mark)
    )
    return [(mark, sealed) for mark, sealed in found]
