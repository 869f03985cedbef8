"""When do a heading in a file and a label of a form mean the same? Once spaces, brackets and units are left out."""

import re

from forms.widths import plain

_LEFT_OUT = re.compile(r"[\s　※*＊・:]|[((\[【].*?[))\]】]")


def bare(text: str) -> str:
    """Return what a heading says, without what is only written around it."""
    return _LEFT_OUT.sub("", plain(text)).lower()
