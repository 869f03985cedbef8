"""Whether every speed that Gijo promises still holds: runs each bench/*.py, one after another, and draws a table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLUMNS = ("name", "figure", "unit", "against", "ratio", "goal", "holds")


@dataclass(frozen=True)
class Failed:
    """A benchmark that ended without a figure, and what it said."""

    name: str
    said: str


def benchmarks(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.py") if not file.name.startswith("_"))


def measured(file: Path) -> dict[str, Any] | Failed:
    """Run one benchmark by itself. This function will answer its one JSON object, or Failed where it gave none."""
    words = [sys.executable, "-m", f"{file.parent.name}.{file.stem}", "--json"]
    ended = subprocess.run(words, cwd=file.parent.parent, capture_output=True, text=True, check=False)  # noqa: S603 - our own modules
    lines = ended.stdout.strip().splitlines()
    if not lines:
        return Failed(file.stem, ended.stderr.strip())
    try:
        figures: dict[str, Any] = json.loads(lines[-1])
    except json.JSONDecodeError:
        return Failed(file.stem, f"no JSON object on its last line: {lines[-1]}")
    return figures


def cell(value: object) -> str:
    if isinstance(value, bool):
        return "○" if value else "✕"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def table(results: list[dict[str, Any]]) -> str:
    rows = [COLUMNS, *(tuple(cell(result[column]) for column in COLUMNS) for result in results)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def measure_all(files: list[Path]) -> tuple[list[dict[str, Any]], list[Failed]]:
    """Run one after another: two at once would measure each other."""
    results: list[dict[str, Any]] = []
    failures: list[Failed] = []
    for file in files:
        print(f"… {file.stem}", file=sys.stderr, flush=True)
        result = measured(file)
        if isinstance(result, Failed):
            failures.append(result)
        else:
            results.append(result)
    return results, failures


def main(words: list[str], folder: Path) -> int:
    """Run all. This function will answer 0 where every benchmark ran and holds, else 1."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="速さを測り、目標と比べる")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of the table")
    as_json = parser.parse_args(words).json
    results, failures = measure_all(benchmarks(folder))
    print("\n".join(json.dumps(result, ensure_ascii=False) for result in results) if as_json else table(results))
    for failure in failures:
        print(f"✕ {failure.name}: {failure.said}", file=sys.stderr)
    return 1 if failures or not all(result["holds"] for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
