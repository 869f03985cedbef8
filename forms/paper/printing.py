"""How do drawn pages become a file? PDF/A-3u to print and keep, PNG to register scans on; nothing is fetched for it.

Typst sets a page in 4 ms where WeasyPrint takes 180, and gives the very same geometry as a picture (decision 0008).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from importlib.resources import files

import typst

from forms.paper.drawn import Leaf

DOTS_AN_INCH = 200
"""Of a blank: what the reader straightens scans to."""


def pdf_of(title: str, made_on: date, pages: Sequence[Leaf]) -> bytes:
    """Return `pages` as one PDF/A-3u file with its fonts inside. The same pages of the same day give the same bytes."""
    return typst.compile(_template(), sys_inputs=_inputs(title, made_on, pages), format="pdf", pdf_standards="a-3u")


def pdfs_of(title: str, made_on: date, files: Iterable[Sequence[Leaf]]) -> Iterator[bytes]:
    """Give each of `files` as `pdf_of` does; the fonts are looked through once, which takes longer than a page."""
    compiler = typst.Compiler()
    for pages in files:
        made = compiler.compile(
            _template(), sys_inputs=_inputs(title, made_on, pages), format="pdf", pdf_standards="a-3u"
        )
        # Several files come only where each page is one, as of pictures.
        yield made if isinstance(made, bytes) else b"".join(made or ())


def pictures_of(pages: Sequence[Leaf]) -> list[bytes]:
    """Return each page as a PNG of 200 dpi."""
    # The wheel's own types leave out that several pages come as a list.
    made: bytes | list[bytes] = typst.compile(
        _template(), sys_inputs=_inputs("", date.min, pages), format="png", ppi=float(DOTS_AN_INCH)
    )
    return made if isinstance(made, list) else [made]


def _template() -> bytes:
    return files("forms.paper").joinpath("sheet.typ").read_bytes()


def _inputs(title: str, made_on: date, pages: Sequence[Leaf]) -> dict[str, str]:
    day = [made_on.year, made_on.month, made_on.day]
    sheets = {"title": title, "day": day, "pages": [page.as_data() for page in pages]}
    return {"sheets": json.dumps(sheets, ensure_ascii=False)}
