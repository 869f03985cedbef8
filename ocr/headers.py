"""What is this file by its first bytes? To be looked at anywhere: nothing is decoded."""

from enum import StrEnum

from ocr.refusal import PageRefusedError

PICTURE_LIMIT = 30_000_000
DOCUMENT_LIMIT = 150_000_000
HEADER = 1100
"""How many of a file's first bytes tell what it is."""

_PDF, _PDF_WITHIN = b"%PDF-", 1024  # a PDF header may follow some bytes of rubbish
_JPEG, _PNG = b"\xff\xd8", b"\x89PNG"
_TIFFS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_OTHER_PICTURES = (b"GIF8", b"BM", b"RIFF", b"\0\0\0\x0cjP", b"8BPS")
_ISO_MEDIA = b"ftyp"
_JPEG_SCAN, _JPEG_ENDS, _PNG_ENDS = b"\xff\xda", b"\xff\xd9", b"IEND"


class FileKind(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    PDF = "pdf"

    @property
    def media_type(self) -> str:
        return "application/pdf" if self is FileKind.PDF else f"image/{self}"

    @property
    def endings(self) -> frozenset[str]:
        """Return how the names of such files end."""
        return _ENDINGS[self]

    @property
    def may_have_pages(self) -> bool:
        return self in (FileKind.TIFF, FileKind.PDF)

    @property
    def limit(self) -> int:
        return DOCUMENT_LIMIT if self.may_have_pages else PICTURE_LIMIT


_ENDINGS = {
    FileKind.JPEG: frozenset({"jpg", "jpeg"}),
    FileKind.PNG: frozenset({"png"}),
    FileKind.TIFF: frozenset({"tif", "tiff"}),
    FileKind.PDF: frozenset({"pdf"}),
}


def kind_of(data: bytes) -> FileKind:
    """Return what a whole file is, and look whether a picture has its end.

    Raises PageRefusedError for what is no such file, is cut off or too large.
    """
    kind = begins_as(data[:HEADER])
    if len(data) > kind.limit:
        raise PageRefusedError("too_large")
    # Behind its own scan, that is: the small picture inside a photograph's header has an end, too.
    cut_off = kind is FileKind.JPEG and data.rfind(_JPEG_ENDS) < max(data.find(_JPEG_SCAN), len(_JPEG))
    if cut_off or (kind is FileKind.PNG and _PNG_ENDS not in data):
        raise PageRefusedError("broken")
    return kind


def begins_as(head: bytes) -> FileKind:
    """Return what a file is that begins with `head`. Raises PageRefusedError for what is none that is read."""
    if not head:
        raise PageRefusedError("empty")
    if _PDF in head[:_PDF_WITHIN]:
        return FileKind.PDF
    if head.startswith(_JPEG):
        return FileKind.JPEG
    if head.startswith(_PNG):
        return FileKind.PNG
    if head.startswith(_TIFFS):
        return FileKind.TIFF
    is_picture = head.startswith(_OTHER_PICTURES) or head[4:8] == _ISO_MEDIA
    raise PageRefusedError("unsupported_format" if is_picture else "not_an_image")
