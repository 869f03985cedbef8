"""Which files does a record bring into another system? Those that answer its own questions."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.errors import NotThere
from backoffice.identity import Actor, Origin
from backoffice.records.models import RecordFile
from backoffice.web.forms_in import whole_number
from backoffice.work import Office
from rpa_bots.recording.page.uploading import BYTES_AT_MOST, NotToBeUploadedError, Upload, Uploads

WORKER = Actor.house(Origin.WORKER)
GONE = "この記録に付いているファイルがありません"


def uploads_of(office: Office) -> Uploads:
    """Give what opens the file that an answer names by its number, once a record has it."""

    def opened(named: str) -> Sequence[Upload]:
        with office.look(WORKER) as work:
            wanted = select(RecordFile).where(RecordFile.id == whole_number(named), RecordFile.record_id.is_not(None))
            row = work.session.scalars(wanted.options(joinedload(RecordFile.file))).one_or_none()
        if row is None:
            raise NotToBeUploadedError(GONE)
        if row.file.size > BYTES_AT_MOST:
            raise NotToBeUploadedError(f"付いているファイルが大きすぎます({BYTES_AT_MOST // 1_000_000}MBまで)")
        try:
            return [Upload(row.name, row.file.media_type, office.files.read(row.file))]
        except NotThere:
            raise NotToBeUploadedError(GONE) from None

    return opened
