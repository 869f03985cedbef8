"""Which rules has a form, which files has a record, and what was read on them?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.collation.models import AttachedPaper, CollationRuling, PaperRule
from backoffice.db.among import among
from backoffice.intake.models import PaperFile, Sheet, SheetPage
from backoffice.intake.workflow import SheetState
from backoffice.records.models import Record, RecordFile
from backoffice.vault import StoredFile
from backoffice.web.forms_in import whole_number

RULINGS_AT_MOST = 500


@dataclass(frozen=True)
class Reading:
    """What came of a file that was handed in: the sheets that lie in it."""

    file: PaperFile
    sheets: Sequence[Sheet]

    def sheet(self, code: str) -> Sheet | None:
        """Give the sheet of a form that was read; the last where the file holds several."""
        done = [each for each in self.sheets if each.form_code == code and each.fields]
        return next((each for each in reversed(done) if each.state != SheetState.EXCLUDED), None)


def has_rules(design_id: int) -> ColumnElement[bool]:
    return select(PaperRule.id).where(PaperRule.design_id == design_id).exists()


def rules_of(session: Session, design_id: int) -> Sequence[PaperRule]:
    return session.scalars(select(PaperRule).where(PaperRule.design_id == design_id).order_by(PaperRule.id)).all()


def files_of(session: Session, record: Record, keys: Iterable[str]) -> dict[str, RecordFile]:
    """Give the files that answer these questions of a record, by question."""
    wanted = {key: whole_number(str(record.values.get(key) or "")) for key in keys}
    numbers = [number for number in wanted.values() if number is not None]
    if not numbers:
        return {}
    mine = select(RecordFile).where(among(RecordFile.id, numbers), RecordFile.record_id == record.id)
    rows = {row.id: row for row in session.scalars(mine.options(joinedload(RecordFile.file)))}
    return {key: rows[number] for key, number in wanted.items() if number in rows}


def readings_of(session: Session, record_file_ids: Sequence[int]) -> dict[int, Reading]:
    """Give what came of each of these files that was handed in."""
    if not record_file_ids:
        return {}
    handed_in = select(AttachedPaper.record_file_id, PaperFile).join(
        PaperFile, PaperFile.id == AttachedPaper.paper_file_id
    )
    attached = session.execute(handed_in.where(among(AttachedPaper.record_file_id, record_file_ids))).all()
    if not attached:
        return {}
    ids = sorted({file.id for _record_file_id, file in attached})
    sheets: dict[int, list[Sheet]] = {}
    found = select(SheetPage.paper_file_id, Sheet).join(Sheet, Sheet.id == SheetPage.sheet_id)
    whole = found.where(among(SheetPage.paper_file_id, ids)).order_by(SheetPage.id)
    loaded = whole.options(selectinload(Sheet.fields), selectinload(Sheet.pages).joinedload(SheetPage.picture))
    for file_id, sheet in session.execute(loaded).unique():
        if sheet not in sheets.setdefault(file_id, []):
            sheets[file_id].append(sheet)
    return {record_file_id: Reading(file, sheets.get(file.id, ())) for record_file_id, file in attached}


def rulings_of(session: Session, record_id: int) -> Sequence[CollationRuling]:
    """Give what was decided about a record, the last first."""
    mine = select(CollationRuling).where(CollationRuling.record_id == record_id)
    newest = mine.options(joinedload(CollationRuling.decided_by)).order_by(CollationRuling.id.desc())
    return session.scalars(newest.limit(RULINGS_AT_MOST)).all()


def already_read(session: Session, department_id: int, sha256s: Iterable[str]) -> Mapping[str, int]:
    """Give the papers of a department with these contents: the same file is never read twice."""
    rows = session.execute(
        select(StoredFile.sha256, PaperFile.id)
        .join(PaperFile, PaperFile.file_id == StoredFile.id)
        .where(PaperFile.department_id == department_id, StoredFile.sha256.in_(list(sha256s)))
        .order_by(PaperFile.id)
    )
    return {sha256: file_id for sha256, file_id in rows}  # noqa: C416 -- a row is no pair to the type checker
