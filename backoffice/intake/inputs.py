"""What do people send to intake? Scans, at the counter: pictures, TIFF and PDF files."""

from dataclasses import dataclass

from fastapi import UploadFile

from backoffice.errors import Invalid
from backoffice.settings import MEBIBYTE, Settings
from backoffice.web.file_names import safe_name
from backoffice.web.translations import _
from ocr.headers import HEADER, begins_as, kind_of
from ocr.refusal import PageRefusedError

FILES_AT_ONCE = 500


@dataclass(frozen=True)
class Scan:
    name: str
    content: bytes


def read_scan(upload: UploadFile, settings: Settings) -> Scan:
    """Give an uploaded file, by its header; raises Invalid with a reason for any that is not read.

    It is not decoded here: that is for the reading processes, which what somebody made to do harm may cost.
    """
    content = upload.file.read(settings.scan_limit_bytes + 1)
    check_scan(content, settings)
    return Scan(safe_name(upload.filename or ""), content)


def check_scan(content: bytes, settings: Settings) -> None:
    """Look at a file's first bytes, its length and its end. Raises Invalid with the reason why it is not taken."""
    try:
        kind = begins_as(content[:HEADER])
        limit = settings.scan_limit_bytes if kind.may_have_pages else settings.upload_limit_bytes
        if len(content) > limit:
            raise Invalid(_("ファイルが大きすぎます(上限%(limit)sMB)。"), limit=limit // MEBIBYTE)
        kind_of(content)
    except PageRefusedError as refusal:
        raise Invalid(refusal.reason) from refusal
