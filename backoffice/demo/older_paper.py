"""Which paper did the city bring along? One sheet that was settled long before, whose years to keep are over."""

from datetime import datetime, timedelta

from sqlalchemy import select

from backoffice.archive.making import take_in_older
from backoffice.archive.workflow import DEFAULT_YEARS
from backoffice.db.numbering import fiscal_year_of, next_number
from backoffice.demo.city import HOUSE
from backoffice.demo.papers import scans
from backoffice.identity import Department
from backoffice.intake.models import PaperBatch, PaperFile, Sheet, SheetPage
from backoffice.intake.receiving import BATCH_SERIES
from backoffice.intake.workflow import BatchSource, FileState, SheetState
from backoffice.services import TOKYO
from backoffice.vault import StoredFile
from backoffice.work import Office, Work
from forms import catalogue
from ocr.geometry import page_size

FORM = "shugaku-enjo"
JUNE = 6


def bring_along(office: Office) -> int:
    """Take over a sheet that was settled in the last fiscal year of which nothing need be kept, and file it away.

    Nobody settled it here: it comes as it stood. Gives how many sheets are filed away by it.
    """
    today = office.services.today()
    settled_at = datetime(fiscal_year_of(today) - DEFAULT_YEARS - 1, JUNE, 3, 10, tzinfo=TOKYO)
    content = scans()[0].read_bytes()
    came, picture = (office.files.put(content, "image/jpeg", office.services.now()) for _ in range(2))
    with office.unit(HOUSE) as work:
        section = work.session.scalars(select(Department).where(Department.name == "学事課")).one()
        work.session.add(_sheet(work, section, came, picture, settled_at))
    return take_in_older(office)


def _sheet(work: Work, section: Department, came: StoredFile, picture: StoredFile, settled_at: datetime) -> Sheet:
    form = catalogue.find(FORM)
    width, height = page_size(form.layout)
    file = PaperFile(
        batch=_batch(work, section, settled_at),
        department_id=section.id,
        name="before.jpg",
        file=came,
        state=FileState.READ,
        blank_pages=[],
        read_at=settled_at,
    )
    page = SheetPage(
        number=1, paper_file=file, file_page=1, place=1, picture=picture, width=width, height=height, advice=[]
    )
    return Sheet(
        number=next_number(work.session, section.short_name, settled_at.date()),
        department_id=section.id,
        batch=file.batch,
        form_code=FORM,
        form_version=form.definition.version,
        state=SheetState.SETTLED,
        original_name=file.name,
        readings=1,
        uploaded_at=file.batch.received_at,
        settled_at=settled_at,
        pages=[page],
        fields=[],
    )


def _batch(work: Work, section: Department, settled_at: datetime) -> PaperBatch:
    return PaperBatch(
        number=next_number(work.session, BATCH_SERIES, settled_at.date()),
        department_id=section.id,
        source=BatchSource.FOLDER,
        received_at=settled_at - timedelta(days=1),
    )
