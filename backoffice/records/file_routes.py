"""A file that hangs on a record, to be kept: a browser never runs or shows it within the house's own pages."""

from urllib.parse import quote

from fastapi.responses import Response

from backoffice.identity import Permission
from backoffice.records import documents
from backoffice.records.events import RecordFileFetched
from backoffice.web import Reading, StaffRouter

staff = StaffRouter()


@staff.page("/records/files/{record_file_id}", Permission.RECORD_READ)
def fetch(work: Reading, record_file_id: int) -> Response:
    row = documents.find_file(work.session, work.actor, record_file_id)
    content = work.office.files.read(row.file)
    work.seen(RecordFileFetched(row.id))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=row.file.media_type, headers=headers)
