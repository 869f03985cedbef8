"""How does the head of the chain leave the database each day? A tail cut off afterwards is seen by it alone."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from backoffice.audit.chain import Head, heads
from backoffice.services import TOKYO


def publish_heads(session: Session, folder: Path, now: datetime) -> Path:
    """Write the present heads to `folder/YYYY-MM-DD.jsonl` (a line a publication) and give the path."""
    path = folder / f"{now.astimezone(TOKYO):%Y-%m-%d}.jsonl"
    _append(path, {"at": now.isoformat(), "heads": _written(heads(session))})
    return path


def publish_restore(session: Session, folder: Path, now: datetime, restored_to: Sequence[Head]) -> Path:
    """Write that the trail goes on from `restored_to`, an earlier end than some that were published; give the path.

    It stands beside those for ever: who restores an old database to hide something leaves it here.
    """
    path = folder / f"{now.astimezone(TOKYO):%Y-%m-%d}.restored.jsonl"
    content = {"at": now.isoformat(), "heads": _written(heads(session)), "restored_to": _written(restored_to)}
    _append(path, content)
    return path


def published_heads(folder: Path) -> list[Head]:
    """Give every head that was ever published to `folder` and that no later restore has cut off."""
    lines = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    published: list[Head] = []
    for line in sorted(lines, key=lambda line: datetime.fromisoformat(line["at"])):
        if "restored_to" in line:
            ends = {head["fiscal_year"]: head["position"] for head in line["restored_to"]}
            published = [head for head in published if head.position <= ends.get(head.fiscal_year, 0)]
        published += [Head(**head) for head in line["heads"] if head["position"] > 0]
    return published


def _written(ends: Sequence[Head]) -> list[dict[str, object]]:
    return [asdict(head) for head in ends]


def _append(path: Path, content: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(content) + "\n")
        file.flush()
        os.fsync(file.fileno())
