"""Does any of 5,000 files that no scanner sends stop the reading? Goal: none hangs for 30 s, none takes over 1.5 GB.

Seeded, and never the seed of the tests: truncated, flipped, giant, CMYK, 1 bit, 16 bit, animated, with a password or a
script, nested, and bombs; each is read in a pool as staff's files are. A reading process that dies costs its page and
is counted; one that wanted more memory than it has is among the pages that are `too_heavy`.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # it runs alone, from anywhere

from ocr.page import PageReading
from ocr.pool import ReadingPool
from tests.ocr.mutated import FORM, mutated

SEED, FILES, PROCESSES = 2026, 5_000, 2
SECONDS_GOAL, BYTES_GOAL = 30.0, 1_500_000_000


class Watch:
    """What was seen of all files: how each page ended, the longest file and the highest memory."""

    def __init__(self) -> None:
        self.codes: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.died: list[str] = []
        self.highest = 0

    def saw(self, name: str, readings: list[PageReading], seconds: float) -> None:
        self.codes.update(reading.reason_code or reading.status for reading in readings)
        self.seconds.append(seconds)
        self.died += [name for reading in readings if reading.reason_code == "reader_died"]
        self.highest = max(self.highest, *memory_of_children())


def memory_of_children() -> Iterator[int]:
    """The most that each reading process ever had resident, in bytes."""
    yield 0
    for listed in Path("/proc/self/task").glob("*/children"):
        for child in _told(listed).split():
            lines = [line for line in _told(Path(f"/proc/{child}/status")).splitlines() if line.startswith("VmHWM")]
            yield from (int(line.split()[1]) * 1024 for line in lines)


def _told(place: Path) -> str:
    try:
        return place.read_text()
    except OSError:
        return ""  # the thread or process has just ended


def run(files: int) -> Watch:
    watch = Watch()
    layout = FORM.layout.model_copy(update={"fields": FORM.layout.fields[:1]})
    form = layout, FORM.blanks, None

    def read(file: tuple[str, bytes]) -> None:
        began = time.monotonic()
        readings = list(pool.read_document([form], file[1], file[0]))
        watch.saw(file[0], readings, time.monotonic() - began)

    with ReadingPool(PROCESSES) as pool, ThreadPoolExecutor(PROCESSES) as threads:
        waiting = []
        for file in mutated(SEED, files):
            waiting.append(threads.submit(read, file))
            if len(waiting) > 2 * PROCESSES:
                waiting.pop(0).result()
        for future in waiting:
            future.result()
    return watch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--files", type=int, default=FILES)
    asked = parser.parse_args()
    watch = run(asked.files)
    longest, hung = max(watch.seconds), watch.codes["time_limit"]
    report = {
        "name": "mutated_inputs",
        "what": "files broken by a seed or made to do harm, read in a pool of two processes; the longest of them",
        "figure": round(longest, 2),
        "unit": "s",
        "goal": SECONDS_GOAL,
        "holds": longest <= SECONDS_GOAL and not hung and watch.highest <= BYTES_GOAL,
        "files": len(watch.seconds),
        "hung": hung,
        "highest_rss_mb": round(watch.highest / 1e6),
        "reading_processes_died": len(watch.died),
        "died_on": sorted(set(watch.died)),
        "codes": dict(watch.codes.most_common()),
    }
    if asked.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for key, value in report.items():
            print(f"{key}: {value}")


if __name__ == "__main__":
    main()
