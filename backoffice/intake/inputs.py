"""What do people send to intake? Pictures, at the counter."""

from dataclasses import dataclass

from fastapi import UploadFile

from backoffice.errors import Invalid
from backoffice.web.file_names import safe_name
from backoffice.web.translations import _
from ocr.decode import decode
from ocr.refusal import PageRefusedError

FILES_AT_ONCE = 500


@dataclass(frozen=True)
class Picture:
    name: str
    content: bytes


def read_picture(upload: UploadFile, limit: int) -> Picture:
    """Give an uploaded picture that can be decoded; raises Invalid with a reason for any other file."""
    if (upload.size or 0) > limit:
        raise Invalid(_("ファイルが大きすぎます(上限%(limit)sMB)。"), limit=limit // 1024 // 1024)
    content = upload.file.read(limit + 1)
    try:
        decode(content)
    except PageRefusedError as refusal:
        raise Invalid(refusal.reason) from refusal
    return Picture(safe_name(upload.filename or ""), content)
