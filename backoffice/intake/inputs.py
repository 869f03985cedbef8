"""What do people send to intake? Pictures, at the counter."""

from dataclasses import dataclass

from fastapi import UploadFile

from backoffice.errors import Invalid
from backoffice.web.file_names import safe_name
from backoffice.web.translations import _
from ocr.headers import kind_of
from ocr.refusal import PageRefusedError

FILES_AT_ONCE = 500


@dataclass(frozen=True)
class Picture:
    name: str
    content: bytes


def read_picture(upload: UploadFile, limit: int) -> Picture:
    """Give an uploaded picture, by its header; raises Invalid with a reason for any other file.

    It is not decoded here: that is for the reading processes, which what somebody made to do harm may cost.
    """
    if (upload.size or 0) > limit:
        raise Invalid(_("ファイルが大きすぎます(上限%(limit)sMB)。"), limit=limit // 1024 // 1024)
    content = upload.file.read(limit + 1)
    try:
        kind = kind_of(content)
    except PageRefusedError as refusal:
        raise Invalid(refusal.reason) from refusal
    if kind.may_have_pages:
        raise Invalid(_("PDFとTIFFはここでは受け取れません。JPEGかPNGの画像にしてください。"))
    return Picture(safe_name(upload.filename or ""), content)
