"""What did the browser's Recorder write when a clerk keyed a move-in here? Its files, and one of them as it was."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "recordings"
MOVE_IN: Final = FOLDER / "move-in.json"
"""Where something of a move-in was keyed stands the name of its column: `{{使用者氏名}}`."""
ROWS: Final = FOLDER / "move-ins.csv"
RECORDED: Final = 2
"""Of the rows, from 0, the one that was keyed while recording."""


def sample() -> dict[str, str]:
    """Give the invented move-in that was keyed while recording, by column."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[RECORDED]


def exported(row: Mapping[str, str]) -> bytes:
    """Give the recording of a move-in as the Recorder exports it: with every value of `row` as it was keyed."""
    flow = json.loads(MOVE_IN.read_text(encoding="utf-8"))
    for step in flow["steps"]:
        if step["type"] == "change":
            step["value"] = row.get(step["value"].strip("{}"), step["value"])
    return json.dumps(flow, ensure_ascii=False).encode()
