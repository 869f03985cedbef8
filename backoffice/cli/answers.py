"""How does a command answer? In sentences; with `--json` as one object on stdout. Logs go to stderr.

Exit codes, the same for every command: 0 done · 1 done, with a finding (a broken chain, a failed check) · 2 called
wrongly · 3 refused · 4 something the machine lacks.
"""

import json
import sys
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Annotated, Any

import typer


class Exit(IntEnum):
    DONE = 0
    FINDING = 1
    WRONG_CALL = 2
    REFUSED = 3
    LACKING = 4


Json = Annotated[bool, typer.Option("--json", help="結果を1つのJSONで標準出力へ / print one JSON object on stdout")]


def answer(result: Mapping[str, Any], *, as_json: bool, say: Callable[[], str]) -> None:
    """Print `result` as JSON, or what `say` writes for a person."""
    text = json.dumps(result, ensure_ascii=False, default=str) if as_json else say()
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Write a line of progress to stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(code: Exit, text: str) -> typer.Exit:
    """Write why on stderr and give the exception to raise."""
    note(text)
    return typer.Exit(int(code))
