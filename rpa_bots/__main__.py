"""How is a record keyed, looked up or a recording done without the web application? `python -m rpa_bots key …`."""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rpa_bots.browser import BrowserMissingError
from rpa_bots.journal import Stage, Standing
from rpa_bots.outcomes import (
    Absent,
    AlreadyThere,
    BusinessRefusal,
    Doubled,
    Found,
    Keyed,
    Looked,
    Outcome,
    Reconciled,
    TargetFailure,
    Unknown,
)
from rpa_bots.recording import command as replay_command
from rpa_bots.recording.page.endings import Proposed
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.bot import ShugakuEnjoBot, open_bot
from rpa_bots.target import Target

PASSWORD_FROM: Final = "GIJO_TARGET_PASSWORD"  # noqa: S105 - the name of the variable, not its value
EXIT_CODES: Final = {
    Keyed: 0,
    Looked: 0,
    AlreadyThere: 0,
    Found: 0,
    BusinessRefusal: 10,
    TargetFailure: 11,
    Unknown: 12,
    Absent: 13,
    Doubled: 14,
}
EPILOG: Final = f"""The password comes from the environment variable {PASSWORD_FROM}.
Lines of JSON on standard output; no values of the record, only its reference, numbers and reasons.
Exit codes: 0 keyed, already there or found; 2 wrong usage; 3 no browser; 10 refused, a person must look;
11 the target failed before submitting, try again; 12 outcome unknown, reconcile after the late-commit time;
13 absent; 14 registered more than once."""


@dataclass(frozen=True)
class PrintedJournal:
    """Writes the journal to standard output, flushed, so that a crash between the lines can be seen afterwards."""

    reference: str
    pictures: Path | None

    def standing(self, standing: Standing) -> None:
        """Say nothing: each end is told."""

    def submitting(self) -> None:
        _say({"reference": self.reference, "event": "submitting"})

    def receipt(self, number: str) -> None:
        _say({"reference": self.reference, "event": "receipt", "receipt": number})

    def picture(self, stage: Stage, png: bytes) -> None:
        if self.pictures:
            name = re.sub(r"[^\w-]", "_", self.reference)  # a reference must not choose a folder
            (self.pictures / f"{name}-{stage}.png").write_bytes(png)

    def proposal(self, proposed: Proposed) -> None:
        _say({"reference": self.reference, "event": "proposal", "step": proposed.step})


def main(arguments: Sequence[str]) -> int:
    """Run one command; gives the exit code that --help documents."""
    options = _parser().parse_args(arguments)
    if options.needs_password and PASSWORD_FROM not in os.environ:
        _complain(f"環境変数 {PASSWORD_FROM} にパスワードを設定してください")
        return 2
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except BrowserMissingError as missing:
        _complain(str(missing))
        return 3
    except (OSError, ValueError) as unusable:
        _complain(f"入力を読めません: {type(unusable).__name__}")
        return 2


def describe(reference: str, outcome: Outcome | Reconciled) -> dict[str, Any]:
    """Put an outcome into a line of JSON; read-back values are personal data and stay out."""
    said: dict[str, Any] = {"reference": reference, "outcome": type(outcome).__name__}
    for name in ("receipt", "receipts", "reason", "cause", "fields", "seconds"):
        if (value := getattr(outcome, name, None)) is not None:
            said[name] = round(value, 3) if isinstance(value, float) else value
    return said


def _key(options: argparse.Namespace) -> int:
    content = json.loads(options.record.read_text(encoding="utf-8"))
    records = content if isinstance(content, list) else [content]
    if not all(isinstance(record, dict) for record in records):
        raise ValueError("each record is an object")
    worst = 0
    with _bot(options, pictures=options.pictures is not None) as bot:
        for record in records:
            reference = str(record.get("reference"))
            outcome = bot.key(record, PrintedJournal(reference, options.pictures))
            _say(describe(reference, outcome))
            worst = max(worst, EXIT_CODES[type(outcome)])
    return worst


def _reconcile(options: argparse.Namespace) -> int:
    with _bot(options, pictures=False) as bot:
        result = bot.reconcile(options.reference)
    _say(describe(options.reference, result))
    return EXIT_CODES[type(result)]


def _bot(options: argparse.Namespace, *, pictures: bool) -> AbstractContextManager[ShugakuEnjoBot]:
    target = Target(options.target, options.account, late_commit_seconds=0.0)
    return open_bot(target, Secret(os.environ[PASSWORD_FROM]), time.monotonic, pictures=pictures)


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rpa_bots",
        description="Key records into 就学援助システム, or look one up.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(needs_password=True)
    commands = parser.add_subparsers(required=True)
    key = commands.add_parser("key", help="key one record, or a list of them", epilog=EPILOG)
    key.add_argument("--record", type=Path, required=True, help="JSON in normal form, one object or a list")
    key.add_argument("--pictures", type=Path, help="existing folder for masked screenshots (default: none)")
    key.set_defaults(run=_key)
    reconcile = commands.add_parser("reconcile", help="look one reference up, read-only", epilog=EPILOG)
    reconcile.add_argument("--reference", required=True)
    reconcile.set_defaults(run=_reconcile)
    for command in (key, reconcile):
        command.add_argument("--target", required=True, help="the address of the system, http(s)://…")
        command.add_argument("--account", required=True)
    replay_command.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
