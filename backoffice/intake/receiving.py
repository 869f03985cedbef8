"""What happens when paper comes? Files are numbered as one batch, and their reading is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.db.numbering import next_number
from backoffice.errors import Invalid, NotPermitted
from backoffice.intake import queries
from backoffice.intake.events import BatchReceived
from backoffice.intake.known_papers import forms_on_paper
from backoffice.intake.models import PaperBatch, PaperFile
from backoffice.intake.workflow import BatchSource, FileState
from backoffice.jobs import JobName
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Work

BATCH_SERIES = "束"


@dataclass(frozen=True)
class Arrived:
    """A file that has passed the check at the counter and lies in the vault."""

    name: str
    file: StoredFile


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, and why: a msgid and what to fill in."""

    name: str
    reason: str
    params: Mapping[str, object]
    file: StoredFile | None = None
    """None for one that had not yet come into the vault."""


def receive(
    work: Work, arrived: Sequence[Arrived], form_code: str, department_id: int | None, source: BatchSource
) -> tuple[PaperBatch | None, list[Refused]]:
    """Take files in as one batch, and say which of them are there already; None where all are.

    Raises NotPermitted for a person without a department.
    """
    if department_id is None:
        raise NotPermitted(_("所属のない職員は用紙を受け取れません。"))
    new, refused = _new_ones(work, arrived, department_id)
    if not new:
        return None, refused
    batch = PaperBatch(
        number=next_number(work.session, BATCH_SERIES, work.today),
        department_id=department_id,
        source=source,
        form_code=form_code,
        received_by_id=work.actor.staff_id,
        received_at=work.now,
        files=[
            PaperFile(
                department_id=department_id, name=one.name, file=one.file, state=FileState.WAITING, blank_pages=[]
            )
            for one in new
        ],
    )
    work.session.add(batch)
    work.session.flush()
    for file in batch.files:
        work.ask(JobName.READ_FILE, file.id)
    work.record(BatchReceived(batch.id, len(new)))
    return batch, refused


def only_form(work: Work, code: str) -> str:
    """Give the code of the one form that somebody picked for a batch, or nothing. Raises Invalid for another's."""
    place = work.actor.department_id
    known = {known for known, _title in forms_on_paper(work.session, place)} if place is not None else set()
    if code and code not in known:
        said = _("この様式の用紙は、この部署では受け取れません。")
        raise Invalid(said, {"form": said})
    return code


def _new_ones(work: Work, arrived: Sequence[Arrived], department_id: int) -> tuple[list[Arrived], list[Refused]]:
    queries.wait_for_others(work.session, department_id)
    there = queries.files_there(work.session, department_id, {one.file.sha256 for one in arrived})
    new: dict[str, Arrived] = {}
    refused: list[Refused] = []
    for one in arrived:
        sha256 = one.file.sha256
        if sha256 in there:
            said = _("同じファイルが %(number)s として届いています。")
            refused.append(Refused(one.name, said, {"number": there[sha256]}, one.file))
        elif sha256 in new:
            refused.append(Refused(one.name, _("%(name)s と同じファイルです。"), {"name": new[sha256].name}, one.file))
        else:
            new[sha256] = one
    return list(new.values()), refused
