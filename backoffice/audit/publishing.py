"""How does the head of the chain leave the database each day? A tail cut off afterwards is seen by it alone."""

import json
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from backoffice.audit.chain import Head, heads
from backoffice.services import TOKYO


def publish_heads(session: Session, folder: Path, now: datetime) -> Path:
    """Write the present heads to `folder/YYYY-MM-DD.jsonl` (a line a publication) and give the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now.astimezone(TOKYO):%Y-%m-%d}.jsonl"
    content = {
        "at": now.isoformat(),
        "heads": [
            {"fiscal_year": head.fiscal_year, "position": head.position, "hash": head.hash} for head in heads(session)
        ],
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(content) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def published_heads(folder: Path) -> list[Head]:
    """Give every head that was ever published to `folder`."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [Head(**head) for line in lines for head in json.loads(line)["heads"] if head["position"] > 0]
