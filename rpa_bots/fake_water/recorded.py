"""What did the browser's Recorder write when a clerk keyed a move-in here? Its files, and one of them as it was."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rpa_bots.fake_base import recorded

FOLDER: Final = Path(__file__).parent / "recordings"
MOVE_IN: Final = FOLDER / "move-in.json"
"""Where something of a move-in was keyed stands the name of its column: `{{使用者氏名}}`."""
ROWS: Final = FOLDER / "move-ins.csv"
RECORDED: Final = 2
"""Of the rows, from 0, the one that was keyed while recording."""


def sample() -> dict[str, str]:
    """Give the invented move-in that was keyed while recording, by column."""
    return recorded.rows_in(ROWS)[RECORDED]


def exported(row: Mapping[str, str]) -> bytes:
    """Give the recording of a move-in as the Recorder exports it: with every value of `row` as it was keyed."""
    return recorded.exported(MOVE_IN, row)
