"""What did the browser's Recorder write when a clerk keyed a row? Its file, with the row's values where they were."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

Row = dict[str, str]


def rows_in(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exported(path: Path, row: Mapping[str, str]) -> bytes:
    """Give the recording as the Recorder exports it: `{{column}}` in `path` becomes what was keyed for that column."""
    flow = json.loads(path.read_text(encoding="utf-8"))
    for step in flow["steps"]:
        if step["type"] == "change":
            step["value"] = row.get(step["value"].strip("{}"), step["value"])
    return json.dumps(flow, ensure_ascii=False).encode()
