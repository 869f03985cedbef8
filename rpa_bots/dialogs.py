"""May this dialog be answered with OK? Only texts on the list; any other is dismissed and stops the item."""

from collections.abc import Sequence
from re import Pattern

from playwright.sync_api import Dialog

from rpa_bots.outcomes import Cause, TargetTroubleError


def expected(text: str, allowed: Sequence[Pattern[str]]) -> bool:
    return any(pattern.fullmatch(text) for pattern in allowed)


class DialogGate:
    """Answers every dialog of a browser context.

    An unhandled `confirm()` would return false and lose the record silently; an unknown one answered with OK could do
    anything. So an unknown one is dismissed here and remembered until `check()` raises it inside the step.
    """

    def __init__(self, allowed: Sequence[Pattern[str]]) -> None:
        self._allowed = allowed
        self._unknown: list[str] = []

    def answer(self, dialog: Dialog) -> None:
        if expected(dialog.message, self._allowed):
            dialog.accept()
        else:
            self._unknown.append(dialog.message)
            dialog.dismiss()

    def check(self) -> None:
        """Raise TargetTroubleError once for any unknown dialogs since the last check."""
        if self.unknown():
            # the text itself may name a resident, and a reason is kept in the log
            raise TargetTroubleError(Cause.UNKNOWN_DIALOG, "想定外のダイアログが表示されたため中止しました")

    def unknown(self) -> tuple[str, ...]:
        """Give the texts of unknown dialogs since the last call; they may name a resident."""
        unknown, self._unknown = tuple(self._unknown), []
        return unknown

    @property
    def has_unknown(self) -> bool:
        return bool(self._unknown)
