"""How does paper that was checked become a file for the years? PDF/A-2u: its pictures as they are, its words beneath.

A picture goes in byte for byte, so that what is kept is what people looked at. Words are what was settled, not what an
engine would read once more (decision 0011). The pictures are handed over in memory: none of them touches a disk.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import typst

_LETTER = 0.6
"""Of the height of a box: so high letters are set in it, and smaller where they would not fit."""
_PNG = b"\x89PNG"
_HELD_OPEN = "/proc/self/fd"
"""Where a descriptor has a path, for an engine that takes its pictures from paths."""


@dataclass(frozen=True)
class Words:
    """What stands in one box of a page, in pixels of the registered page (200 dpi)."""

    text: str
    x: int
    y: int
    width: int
    height: int

    @property
    def size(self) -> float:
        return min(self.height * _LETTER, self.width / max(1, len(self.text)))


@dataclass(frozen=True)
class PicturePage:
    """One page: its picture (JPEG or PNG), how large that is in pixels, what it is called, and what stands on it."""

    picture: bytes
    width: int
    height: int
    says: str
    words: Sequence[Words] = ()


def archive_pdf(title: str, day: date, pages: Sequence[PicturePage]) -> bytes:
    """Return one PDF/A-2u file with `pages`. The same pages of the same day give the same bytes.

    Raises ValueError for no pages or a picture that cannot be opened.
    """
    if not pages:
        raise ValueError("no pages to keep")
    with ExitStack() as held:
        told = [_told(page, held.enter_context(_in_memory(page.picture))) for page in pages]
        file = {"title": title, "day": [day.year, day.month, day.day], "pages": told}
        inputs = {"file": json.dumps(file, ensure_ascii=False)}
        # A world of its own for each file: one that is used again could remember the picture behind a path.
        compiler = typst.Compiler(root=_HELD_OPEN, font_paths=_fonts())
        try:
            made = compiler.compile(_template(), sys_inputs=inputs, format="pdf", pdf_standards="a-2u")
        except RuntimeError as reason:
            raise ValueError("a picture that cannot be opened") from reason
    if not isinstance(made, bytes):
        raise TypeError("a file is one")
    return made


def _told(page: PicturePage, descriptor: int) -> dict[str, object]:
    return {
        "picture": f"/{descriptor}",
        "format": "png" if page.picture.startswith(_PNG) else "jpg",
        "width": page.width,
        "height": page.height,
        "says": page.says,
        "words": [asdict(each) | {"size": each.size} for each in page.words],
    }


@contextmanager
def _in_memory(picture: bytes) -> Iterator[int]:
    """Hold a file without a name that never touches a disk, and give its descriptor."""
    descriptor = os.memfd_create("page")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(picture)
        yield descriptor
    finally:
        os.close(descriptor)


@cache
def _fonts() -> typst.Fonts:
    """Look through the machine's fonts once a process: that takes longer than a page."""
    return typst.Fonts()


def _template() -> bytes:
    return files("forms.paper").joinpath("archive.typ").read_bytes()
