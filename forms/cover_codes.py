"""What does the code on a cover sheet say, and where is it? That it is a cover, and its number; nothing of people."""

import re

SERIES = "表紙"
"""In the numbers of cover sheets: `R8-表紙-0001`."""
PAGE_MM = (210.0, 297.0)
CODE_MM = (70.0, 76.0, 70.0)
"""Left, top and side: so large that a fax still shows it, and that no code of a form can be taken for it."""
_BEGINS = "GIJO/cover/"
_KEY = re.compile(r"(R[0-9]{1,3})-((?:[0-9A-Z]{5}-)?[0-9]{4,9})")


def cover_code(number: str) -> str:
    """Return what the code of cover `number` says: the number without its series, so that any scanner reads letters."""
    return _BEGINS + number.replace(f"-{SERIES}-", "-", 1)


def cover_in(text: str) -> str | None:
    """Return the number of the cover whose code says `text`, None where it is no cover's."""
    key = _KEY.fullmatch(text.removeprefix(_BEGINS)) if text.startswith(_BEGINS) else None
    return None if key is None else f"{key[1]}-{SERIES}-{key[2]}"
