"""What do the demonstration's people do with paper? One hands in scans, another settles what is doubtful."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from backoffice.demo.city import HOUSE
from backoffice.identity import Actor
from backoffice.intake import covers, queries, service
from backoffice.intake.models import PaperFile, Sheet, SheetField, SheetPage
from backoffice.intake.receiving import Arrived, receive
from backoffice.intake.workflow import BatchSource, FileState
from backoffice.work import Office
from forms import catalogue
from forms.answers import normalise
from forms.field_types import Value

FORM = "shugaku-enjo"
SCANS = Path(__file__).parent / "scans"


@dataclass(frozen=True)
class ReadingFigures:
    sheets: int
    registered: int
    fields: int
    passed: int
    passed_wrong: int


def scans() -> list[Path]:
    return sorted(SCANS.glob("*.jpg"))


def hand_in(office: Office, clerk: Actor, paths: list[Path]) -> int:
    """Let `clerk` hand in scans as on the upload page, and give how many files that makes."""
    now = office.services.now()
    arrived = [Arrived(path.name, office.files.put(path.read_bytes(), "image/jpeg", now)) for path in paths]
    with office.unit(clerk) as work:
        receive(work, arrived, "", clerk.department_id, BatchSource.UPLOAD)
    return len(arrived)


def make_cover(office: Office, clerk: Actor) -> None:
    """Let `clerk` make a cover for piles that are scanned together."""
    with office.unit(clerk) as work:
        covers.make(work, covers.Wanted("11月分 東区", FORM, 1))


def count_unread(office: Office) -> int:
    with office.look(HOUSE) as work:
        waiting = select(func.count()).select_from(PaperFile).where(PaperFile.state == FileState.WAITING)
        return work.session.scalar(waiting) or 0


def settle_with_truth(office: Office, verifier: Actor, limit: int) -> int:
    """Let `verifier` settle up to `limit` doubtful sheets as a careful clerk with the paper in hand would."""
    settled = 0
    while settled < limit:
        with office.unit(verifier) as work:
            found = service.claim_next(work)
            if found is None:
                return settled
            sheet = queries.find_sheet(work.session, verifier, found.id)
            service.settle(work, sheet, truth_of(sheet.original_name))
        settled += 1
    return settled


def figures(office: Office) -> ReadingFigures:
    """Compare what the machine let pass with what stands on the paper."""
    with office.look(HOUSE) as work:
        pages = work.session.scalars(select(SheetPage)).all()
        fields = work.session.execute(
            select(Sheet.original_name, SheetField).join(SheetField, SheetField.sheet_id == Sheet.id)
        ).all()
    passed = [(name, field) for name, field in fields if field.passes]
    wrong = sum(field.read_value != truth_of(name)[field.key] for name, field in passed)
    registered = sum(bool(page.registered_by) for page in pages)
    return ReadingFigures(len(pages), registered, len(fields), len(passed), wrong)


@cache
def truth_of(name: str) -> Mapping[str, Value]:
    """Give what stands on a sample scan, in normal form. Raises KeyError for another file."""
    written = {entry["file"]: entry["fields"] for entry in json.loads((SCANS / "truth.json").read_text("utf-8"))}[name]
    return {
        field.key: normalise(field, str(written[field.key])).value for field in catalogue.find(FORM).definition.fields
    }
