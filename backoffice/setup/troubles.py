"""What went wrong, and what the person at the keyboard can do about it."""

from __future__ import annotations


class SetupTrouble(Exception):  # noqa: N818 - it is told to a person as trouble, with a remedy, not raised as a programmer's error
    """The set-up cannot go on until somebody acts."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
