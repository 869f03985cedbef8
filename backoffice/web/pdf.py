"""How does a page become a file to keep? PDF/A-3 with its fonts inside; nothing is fetched from anywhere for it."""

from collections.abc import Mapping
from pathlib import Path

VARIANT = "pdf/a-3u"
"""ISO 19005-3: good for years, its text can be searched and copied, and files may ride along."""


class FetchedError(RuntimeError):
    """A page that is to become a file names something outside itself."""


def pdf_of(html: str, style: Path, riders: Mapping[str, bytes]) -> bytes:
    """Lay out a whole page. `riders`: files that are put into it, by name. Raises FetchedError."""
    from weasyprint import CSS, HTML, Attachment  # noqa: PLC0415 -- half a second, which only whoever makes a file waits

    attached = [Attachment(string=content, name=name, relationship="Source") for name, content in riders.items()]
    page = HTML(string=html, url_fetcher=_nothing)
    written: bytes = page.write_pdf(
        stylesheets=[CSS(string=style.read_text("utf-8"), url_fetcher=_nothing)],
        attachments=attached,
        pdf_variant=VARIANT,
    )
    return written


def _nothing(url: str, *_more: object, **_named: object) -> None:
    raise FetchedError(url)
