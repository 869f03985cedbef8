"""How is a recording done without the web application? `python -m rpa_bots replay RECORDING.json --data ROWS.csv …`."""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TextIO

from playwright.sync_api import Browser

from rpa_bots.browser import WITH_NAMES, open_browser, walled_in
from rpa_bots.recording.folders import Kept, files_under, keep
from rpa_bots.recording.page.endings import Ended, Ending, Proposed
from rpa_bots.recording.page.visit import Plan
from rpa_bots.recording.replaying import replay
from rpa_bots.recording.tape.addresses import addresses
from rpa_bots.recording.tape.binding import (
    Row,
    UnusableDataError,
    check_columns,
    columns_asked,
    read_rows,
)
from rpa_bots.recording.tape.marks import must_be_done_once
from rpa_bots.recording.tape.mending import dialogs_of, with_password_place
from rpa_bots.recording.tape.reading import UnusableRecordingError, read_recording
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.recording.tape.submit_step import perhaps_before, submit_step
from rpa_bots.recording.tape.turns import laid_out
from rpa_bots.secret import Secret

PASSWORD_FROM: Final = "GIJO_TARGET_PASSWORD"  # noqa: S105 - the name of the variable, not its value
EXIT_CODES: Final = {Ending.DONE: 0, Ending.REFUSED: 10, Ending.FAILED: 11, Ending.UNKNOWN: 12}
ACCOUNT_FROM: Final = "GIJO_TARGET_ACCOUNT"
TRIES_TO_SIGN_IN: Final = 2
SAID: Final = {Ending.DONE: "済", Ending.REFUSED: "要対応", Ending.FAILED: "失敗", Ending.UNKNOWN: "結果不明"}
EPILOG: Final = f"""A {{{{column}}}} in a recorded value, or in a way to an element, takes the column of that name.
Secrets never come from the CSV: a password field takes {PASSWORD_FROM} of the environment, or what was recorded.
The registering step is the one behind a custom step "gijo-submit", else --submit N, else told by the words on the
buttons after the last field; it is done once and never again. --rehearse stops before it.
With --json one object a row: {{"row", "outcome", "step", "message", "seconds", "proposals"}}; both count from 1.
Where something was read or received also "readings" ({{name: text, or [{{heading: cell}}, ...]}}) and "files"
([{{"name", "kind", "size", "sha256", "file"}}]); where the system said that it has no such record, "nothing": true.
Marks in a recording (custom steps gijo-read, gijo-download, ...): docs/recorded-bots.md. A file box takes the path that
its column names, under --files; a repeat takes the rows of a table as a JSON array of objects in its column.
Exit codes: 0 all done; 2 wrong usage, recording or data; 3 no browser; 10 some row was refused, a person must look;
11 some row failed before it was registered; 12 some row's outcome is unknown: look it up before anything else."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe `replay` to the command line of the bots."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser("replay", help="do a recording for each row", epilog=EPILOG, formatter_class=raw)
    parser.add_argument("recording", type=Path, help="what the browser's Recorder exported as JSON")
    parser.add_argument("--data", type=Path, help="CSV with headings (default: one row of nothing)")
    parser.add_argument("--url", required=True, help="the system, in the place of the recorded one")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="HOST[:PORT]", help="default: this machine"
    )
    parser.add_argument("--allow-dialog", action="append", default=[], metavar="TEXT", help="answered with OK")
    parser.add_argument("--submit", type=int, metavar="N", help="the step that registers, counted from 1")
    parser.add_argument("--files", type=Path, metavar="DIR", help="where the files lie that the CSV names")
    parser.add_argument("--downloads", type=Path, metavar="DIR", help="where received files are kept")
    parser.add_argument("--rehearse", action="store_true", help="stop before the registering step")
    parser.add_argument("--json", action="store_true", help="one object a row, instead of sentences")
    parser.set_defaults(run=run, needs_password=False)


def run(options: argparse.Namespace) -> int:
    """Do the recording for every row; gives the exit code that --help documents."""
    try:
        recording = read_recording(options.recording.read_bytes())
        rows = _rows(options)
        check_columns(recording, tuple(rows[0]) if rows else columns_asked(recording))
        plan = _plan(recording, options)
        for row in rows:
            laid_out(plan.steps, row)
    except (UnusableRecordingError, UnusableDataError) as wrong:
        return _complain(str(wrong))
    except OSError as unreadable:
        return _complain(f"ファイルを読めません: {unreadable.filename}")
    _warn_of_secrets(plan)
    worst = 0
    with TemporaryDirectory() as folder:
        plan = replace(plan, downloads=Path(folder))
        with open_browser((*walled_in(*plan.addresses.origins), WITH_NAMES), downloads=plan.downloads) as browser:
            for number, (ended, seconds) in enumerate(_each(browser, plan, rows), 1):
                kept, lost = _kept(options.downloads, number, ended)
                _say(described(number, lost or ended, seconds, kept), ended, as_json=options.json)
                worst = max(worst, EXIT_CODES[Ending.REFUSED if lost else ended.ending])
    return worst


def _kept(folder: Path | None, number: int, ended: Ended) -> tuple[list[Kept], Ended | None]:
    """Keep the files of a row. Where the disk takes none, what became of the row is told all the same."""
    if folder is None:
        return [], None
    try:
        return keep(folder, number, ended.files), None
    except OSError:
        return [], replace(ended, message=f"{ended.message}。受け取ったファイルを保存できませんでした")


def _rows(options: argparse.Namespace) -> Sequence[Row]:
    account = {"gijo.account": os.environ[ACCOUNT_FROM]} if ACCOUNT_FROM in os.environ else {}
    rows: Sequence[Row] = read_rows(options.data.read_bytes()) if options.data else ({},)
    return [{**row, **account} for row in rows]


def _plan(recording: Recording, options: argparse.Namespace) -> Plan:
    password = os.environ.get(PASSWORD_FROM)
    if password:
        recording = with_password_place(recording)
    submit = submit_step(recording, options.submit)
    plan = Plan(
        recording,
        addresses(recording, options.url, options.allow_host),
        submit,
        tuple(re.compile(re.escape(text)) for text in (*options.allow_dialog, *dialogs_of(recording))),
        perhaps_before(recording, submit),
        True,
        options.rehearse,
        Secret(password) if password else None,
    )
    must_be_done_once(plan.steps, submit)
    if any(each.download for each in plan.steps):
        _must_take_files(options.downloads)
    return replace(plan, uploads=files_under(options.files)) if options.files else plan


def _must_take_files(folder: Path | None) -> None:
    """Ask before the first row: what has fallen for a record may not fall for it again."""
    if folder is None:
        raise UnusableRecordingError("ファイルを受け取る録画です。置き場所を --downloads で指定してください。")
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise UnusableRecordingError("--downloads の場所がないか、書き込めません。")


def _each(browser: Browser, plan: Plan, rows: Sequence[Row]) -> Iterator[tuple[Ended, float]]:
    """Do row after row. Where signing in is refused, nobody goes on until the account is locked."""
    refused = 0
    for row in rows:
        began = time.monotonic()
        if refused >= TRIES_TO_SIGN_IN:
            yield Ended(Ending.FAILED, 1, "前の行で止まったため、始めませんでした"), 0.0
            continue
        ended = replay(browser, plan, row)
        refused = refused + 1 if ended.stops_all else 0
        yield ended, time.monotonic() - began


def _warn_of_secrets(plan: Plan) -> None:
    if plan.password is None and with_password_place(plan.recording) != plan.recording:
        _write(f"録画にパスワードが残っています。環境変数 {PASSWORD_FROM} で渡し、録画から消してください。", sys.stderr)


def described(number: int, ended: Ended, seconds: float, kept: Sequence[Kept] = ()) -> dict[str, Any]:
    """Put how a row ended into what is printed as JSON; of the row no value is in it but what was to be read."""
    told: dict[str, Any] = {
        "row": number,
        "outcome": ended.ending.value,
        "step": ended.step,
        "message": ended.message,
        "seconds": round(seconds, 3),
        "proposals": [_proposed(each) for each in ended.proposals],
    }
    if ended.readings:
        told["readings"] = ended.readings
    if kept:
        told["files"] = [asdict(each) for each in kept]
    if ended.nothing:
        told["nothing"] = True
    return told


def _proposed(each: Proposed) -> dict[str, Any]:
    proposal = each.proposal
    old = proposal.old[0] if len(proposal.old) == 1 else list(proposal.old)
    return {"step": each.step, "old": old, "new": proposal.new, "label": proposal.label, "reason": proposal.reason}


def _say(told: dict[str, Any], ended: Ended, *, as_json: bool) -> None:
    if as_json:
        _write(json.dumps(told, ensure_ascii=False))
        return
    step, seconds = ended.step, told["seconds"]
    _write(f"{told['row']}行目: {SAID[ended.ending]} (手順{step}、{seconds:.1f}秒) {ended.message}")
    for each in told["proposals"]:
        _write(f"  提案 手順{each['step']}: {each['old']} → {each['new'] or '(候補なし)'} ({each['reason']})")
    for name, taken in told.get("readings", {}).items():
        _write(f"  {name}: {taken if isinstance(taken, str) else f'{len(taken)}行'}")
    for each in told.get("files", []):
        _write(f"  {each['name']}: {each['file']}")


def _complain(sentence: str) -> int:
    _write(sentence, sys.stderr)
    return 2


def _write(line: str, stream: TextIO | None = None) -> None:
    """To standard output as it is now, and at once: whoever reads along sees each row when it ends."""
    to = stream or sys.stdout
    to.write(f"{line}\n")
    to.flush()
