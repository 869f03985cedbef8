"""How does the proof of a run leave the house for an audit? As one ZIP, written as it goes, each file with its hash."""

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy.orm import joinedload, selectinload

from backoffice.automation.events import EvidenceExported
from backoffice.automation.models import Evidence, Night, WorkItem
from backoffice.automation.proof.models import ProofExport
from backoffice.automation.queries import visible_items
from backoffice.automation.workflow import OUTCOME_NAMES, STATE_NAMES, ItemState
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.services import TOKYO
from backoffice.web.csv_out import csv_text
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work

SCHEMA = 1
MOST_ITEMS = 5_000
"""A night of a city; more would be asked for by two nights."""
COLUMNS = ("reference", "state", "outcome", "receipt", "reason", "submitted_at", "finished_at", "seconds", "tries")
HEADINGS = (
    _("受付番号"),
    _("状態"),
    _("結果"),
    _("登録番号"),
    _("理由"),
    _("登録ボタンを押した日時"),
    _("登録日時"),
    _("秒"),
    _("試した回数"),
)


@dataclass(frozen=True)
class Proof:
    """What is to be written, gathered in one look; pictures are opened one by one while they go out."""

    about: str
    """Which night or item, for the file's name."""
    reason: str
    made_at: datetime
    items: Sequence[WorkItem] = field(repr=False)

    @property
    def pictures(self) -> int:
        return sum(len(item.evidence) for item in self.items)


def of_night(work: Work, night: Night, reason: str) -> Proof:
    """Gather a night's records that the person may take out. Raises Invalid without a reason, or for too many."""
    return _gathered(work, f"night-{night.id}", WorkItem.night_id == night.id, reason)


def of_item(work: Work, item: WorkItem, reason: str) -> Proof:
    """Gather one record. Raises Invalid without a reason."""
    return _gathered(work, item.reference, WorkItem.id == item.id, reason)


def note(work: Work, proof: Proof, night_id: int | None) -> None:
    """Keep what leaves the house, and why, before anybody has it; `night_id` None: one item alone."""
    export = ProofExport(
        night_id=night_id,
        item_id=proof.items[0].id if night_id is None else None,
        made_by_id=work.actor.staff_id,
        made_at=work.now,
        reason=proof.reason,
        items=len(proof.items),
        pictures=proof.pictures,
    )
    work.session.add(export)
    work.session.flush()
    work.record(EvidenceExported(export.id, night_id or 0, len(proof.items), proof.pictures))


def zipped(office: Office, proof: Proof) -> Iterator[bytes]:
    """Give the ZIP in pieces: no more than a picture of it is in memory at once."""
    out = Outlet()
    listed: list[dict[str, object]] = []
    with ZipFile(out, "w") as archive:

        def put(path: str, content: bytes) -> bytes:
            info = ZipInfo(path, proof.made_at.astimezone(TOKYO).timetuple()[:6])
            info.compress_type = ZIP_STORED if path.endswith(".png") else ZIP_DEFLATED
            archive.writestr(info, content)
            listed.append({"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
            return out.taken()

        yield put("items.csv", _as_csv(proof.items))
        yield put("items.json", _as_json([_item(item) for item in proof.items]))
        for item in proof.items:
            for number, each in enumerate(item.evidence, 1):
                if each.file.wrapped_key is not None:
                    yield put(_path(item, number, each), office.files.read(each.file))
        yield put("manifest.json", _as_json(_manifest(proof, list(listed))))
    yield out.taken()


class Outlet(io.RawIOBase):
    """A file that cannot go back: what was written is handed on, and forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # noqa: ANN401 -- whatever has bytes, as io says
        self._written += content
        return len(content)

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        piece = bytes(self._written)
        self._written.clear()
        return piece


def _gathered(work: Work, about: str, which: Any, reason: str) -> Proof:  # noqa: ANN401 -- a condition of SQLAlchemy
    reason = reason_given(reason, "why")
    found = work.session.scalars(
        visible_items(work.actor, Permission.EVIDENCE_EXPORT)
        .where(which)
        .options(selectinload(WorkItem.evidence).joinedload(Evidence.file), joinedload(WorkItem.target))
        .order_by(WorkItem.id)
        .limit(MOST_ITEMS + 1)
    ).all()
    if len(found) > MOST_ITEMS:
        raise Invalid(_("一度に書き出せるのは%(most)s件までです。"), most=MOST_ITEMS)
    if not found:
        message = _("書き出せる案件がありません。")
        raise Invalid(message, {"why": message})
    return Proof(about, reason, work.now, found)


def _as_csv(items: Sequence[WorkItem]) -> bytes:
    rows = (
        (
            item.reference,
            translate(STATE_NAMES[ItemState(item.state)]),
            translate(OUTCOME_NAMES.get(item.outcome, item.outcome)),
            item.receipt,
            item.reason,
            item.submitted_at,
            item.finished_at,
            item.seconds,
            item.tries,
        )
        for item in items
    )
    return csv_text([translate(text) for text in HEADINGS], rows)


def _item(item: WorkItem) -> dict[str, object]:
    """A record with what was meant and what was read back, and its pictures."""
    told = {name: getattr(item, name) for name in COLUMNS}
    pictures = [_picture(item, number, each) for number, each in enumerate(item.evidence, 1)]
    return told | {"target": item.target.name, "values": item.values, "read_back": item.read_back, "pictures": pictures}


def _picture(item: WorkItem, number: int, each: Evidence) -> dict[str, object]:
    erased = each.file.wrapped_key is None
    told = {"stage": each.stage, "taken_at": each.taken_at, "sha256_when_taken": each.file.sha256, "erased": erased}
    return told if erased else told | {"path": _path(item, number, each)}


def _path(item: WorkItem, number: int, each: Evidence) -> str:
    return f"pictures/{item.id}/{number}-{each.stage}.png"


def _manifest(proof: Proof, files: Sequence[object]) -> dict[str, object]:
    about = {"schema": SCHEMA, "about": proof.about, "made_at": proof.made_at, "reason": proof.reason}
    return about | {"items": len(proof.items), "pictures": proof.pictures, "files": files}


def _as_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, default=_written).encode()


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
