"""Does a recorded bot tell the truth when its target breaks? Goal: nothing lost, doubled or altered without a word.

The recordings are the browser's own, with what those get wrong: so each is mended first as a clerk mends it, by the
proposals of one rehearsal on a system in good health.
Move-ins are keyed by `python -m rpa_bots replay` into the old water system under a seeded mix of all its faults, once
with the clerks' own numbers as keys and once without any. Rows said to have failed before the submit are handed in a
second time, as a night does. What was said is then held against the system's own ledger.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # it runs alone, from anywhere

from rpa_bots.__main__ import PASSWORD_FROM
from rpa_bots.fake_base.ledger import Registration
from rpa_bots.fake_water.__main__ import PASSWORD
from rpa_bots.fake_water.recorded import FOLDER
from rpa_bots.fake_water.records import COLUMNS, generate, is_of, stored
from rpa_bots.fake_water.screens import CONFIRM

ROOT = Path(__file__).resolve().parent.parent
REPLAY = (sys.executable, "-m", "rpa_bots", "replay")
TODAY = date(2026, 11, 20)
TRUTHS = ("lost", "doubled", "altered", "denied", "unanswered")
Row = dict[str, str]


@dataclass(frozen=True)
class Setting:
    """One way in which the old system is installed, and the recording that was made there."""

    name: str
    recording: Path
    switches: tuple[str, ...]


WITH_KEYS = Setting("with unique keys", FOLDER / "move-in.json", ("--single-session",))
WITHOUT_KEYS = Setting("without unique keys", FOLDER / "move-in-without-number.json", ("--without-keys",))


@dataclass(frozen=True)
class Night:
    """What was said of each row, the last word counting, and what the ledger holds in the end."""

    rows: Sequence[Row]
    said: Sequence[str]
    registered: Sequence[Registration]
    seconds: float

    def of(self, row: Row) -> list[Registration]:
        return [each for each in self.registered if is_of(each, row)]


def judged(night: Night) -> dict[str, int]:
    """Count the rows of which something false was said; every count is 0 where a night can be trusted."""
    counts = Counter(
        truth for row, said in zip(night.rows, night.said, strict=True) for truth in false(night, row, said)
    )
    return {truth: counts[truth] for truth in TRUTHS}


def false(night: Night, row: Row, said: str) -> Iterator[str]:
    there = night.of(row)
    if said == "done" and not there:
        yield "lost"
    if len(there) > 1:
        yield "doubled"
    if said == "done" and any(not stored(row).items() <= each.values.items() for each in there):
        yield "altered"
    if said in {"refused", "failed"} and there:
        yield "denied"  # whoever believes it keys the row again
    if not said:
        yield "unanswered"


def move_ins(count: int, seed: int) -> list[Row]:
    """Invent move-ins, every 25th with a letter that Shift_JIS has not, every 40th with a text longer than its box."""
    rows = generate(count, seed, TODAY)
    for row in rows[24::25]:
        row["使用者氏名"] = "𠮷田 恵"
    for row in rows[39::40]:
        row["建物・部屋"] = "グランドメゾン天神サウスタワー東棟二〇一号室"
    return rows


def night(setting: Setting, rows: Sequence[Row], rate: float, seed: int) -> Night:
    """Key all rows, then once more those that failed before the submit, and wait for late commits."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        ledger = Path(name, "ledger.jsonl")
        faults = ("--fault-rate", str(rate), "--fault-seed", str(seed))
        recording = mended(setting, Path(name))
        with water_system(ledger, *setting.switches, *faults) as url:
            said = outcomes(recording, rows, url)
            again = [place for place, outcome in enumerate(said) if outcome == "failed"]
            second = outcomes(recording, [rows[place] for place in again], url) if again else []
            for place, outcome in zip(again, second, strict=True):
                said[place] = outcome
        return Night(rows, said, read(ledger), time.monotonic() - began)


def mended(setting: Setting, folder: Path) -> Path:
    """Rehearse once and take what is proposed. This function will answer where the mended recording lies."""
    recording = folder / setting.recording.name
    recording.write_bytes(setting.recording.read_bytes())
    with water_system(folder / "rehearsal.jsonl", *setting.switches) as url:
        [rehearsed] = replayed(recording, generate(1, 0, TODAY), url, "--rehearse")
    flow = json.loads(recording.read_text(encoding="utf-8"))
    for proposal in rehearsed["proposals"]:
        flow["steps"][proposal["step"] - 1]["selectors"] = [[proposal["new"]]]
    recording.write_text(json.dumps(flow, ensure_ascii=False), encoding="utf-8")
    return recording


def outcomes(recording: Path, rows: Sequence[Row], url: str) -> list[str]:
    """Key the rows; gives each one's outcome, empty where the command line said none."""
    said: dict[int, str] = {each["row"]: each["outcome"] for each in replayed(recording, rows, url)}
    return [said.get(number, "") for number in range(1, len(rows) + 1)]


def replayed(recording: Path, rows: Sequence[Row], url: str, *switches: str) -> list[dict[str, Any]]:
    """Run the command line over the rows; gives what it said of them, one object a row."""
    data = recording.with_name("rows.csv")
    with data.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    command = [*REPLAY, str(recording), "--data", str(data), "--url", url, "--json", *switches]
    allowed = ["--allow-dialog", CONFIRM, "--allow-host", str(urlsplit(url).hostname)]
    ended = subprocess.run(  # noqa: S603 - our own program
        [*command, *allowed, "--submit", str(submit_step(recording))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, PASSWORD_FROM: PASSWORD},
        check=False,
    )
    said = [json.loads(line) for line in ended.stdout.splitlines()]
    if not said:
        raise SystemExit(f"the command line said nothing of any row (code {ended.returncode}):\n{ended.stderr}")
    return said


def submit_step(recording: Path) -> int:
    """Find the step that registers, counted from 1 as clerks count."""
    steps: list[dict[str, Any]] = json.loads(recording.read_text(encoding="utf-8"))["steps"]
    return 1 + next(at for at, step in enumerate(steps) if ["aria/登録"] in step.get("selectors", []))


@contextmanager
def water_system(ledger: Path, *switches: str) -> Iterator[str]:
    command = [sys.executable, "-m", "rpa_bots.fake_water", "--port", "0", "--ledger", str(ledger), *switches]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "FAKE_WATER_PASSWORD": PASSWORD}
    ) as system:
        assert system.stdout
        try:
            yield system.stdout.readline().split()[1]
        finally:
            system.terminate()  # which ends only when what comes late is stored


def read(ledger: Path) -> list[Registration]:
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    return [Registration(**json.loads(line)) for line in lines]


def result(nights: Mapping[str, Night]) -> dict[str, object]:
    rows = sum(len(each.rows) for each in nights.values())
    seconds = sum(each.seconds for each in nights.values())
    told_wrong = sum(sum(judged(each).values()) for each in nights.values())
    return {
        "name": "recorded_nights",
        "what": "records keyed a minute by a recording into a system that breaks, failed ones a second time",
        "figure": round(60 * rows / seconds, 1),
        "unit": "items/min",
        "against": "the system's own ledger: lost, doubled, altered, denied or unanswered rows, as a share of all",
        "ratio": told_wrong / rows,
        "goal": "0",
        "holds": told_wrong == 0,
        "growth": [
            {
                "setting": name,
                "n": len(each.rows),
                "figure": round(60 * len(each.rows) / each.seconds, 1),
                **judged(each),
                "outcomes": dict(Counter(each.said)),
                "registered": len(each.registered),
            }
            for name, each in nights.items()
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--records", type=int, default=300, help="in each of the two settings")
    parser.add_argument("--fault-rate", type=float, default=0.4)
    parser.add_argument("--fault-seed", type=int, default=1)
    options = parser.parse_args()
    rows = move_ins(options.records, options.fault_seed)
    nights = {
        setting.name: night(setting, rows, options.fault_rate, options.fault_seed + place)
        for place, setting in enumerate((WITH_KEYS, WITHOUT_KEYS))
    }
    found = result(nights)
    print(json.dumps(found, ensure_ascii=False) if options.json else brief(found))
    return 0


def brief(found: Mapping[str, Any]) -> str:
    lines = [json.dumps(each, ensure_ascii=False) for each in found["growth"]]
    return "\n".join([f"{found['figure']} {found['unit']}, told wrong {found['ratio']:.1%}", *lines])


if __name__ == "__main__":
    sys.exit(main())
