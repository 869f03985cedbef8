"""The public part of all programs in force, as a file: for the city's open data. No personal data is in it."""

import json

from fastapi.responses import Response

from backoffice.identity import Permission
from backoffice.programs import cpsv_ap, gif_csv
from backoffice.programs.publishing import published
from backoffice.web import Reading, StaffRouter
from backoffice.web.csv_out import csv_response

staff = StaffRouter()


@staff.page("/programs/export.jsonld", Permission.PROGRAM_VIEW)
def export_jsonld(work: Reading) -> Response:
    found = cpsv_ap.document(published(work), work.office.settings.public_address)
    return Response(
        json.dumps(found, ensure_ascii=False, indent=1),
        media_type="application/ld+json",
        headers={"Content-Disposition": 'attachment; filename="programs.jsonld"', "Cache-Control": "no-store"},
    )


@staff.page("/programs/export.csv", Permission.PROGRAM_VIEW)
def export_csv(work: Reading) -> Response:
    return csv_response("制度一覧.csv", tuple(gif_csv.COLUMNS), gif_csv.rows(published(work)))
