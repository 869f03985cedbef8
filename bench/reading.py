"""How many forms a minute are read end to end, beside the bare engines on the same crops? Goal: at least 0.70.

The bare run calls both engines once on each crop, with neither registration, cleaning, rules nor gate. Page by page,
the one run follows the other, so that both meet the same weather on a shared machine.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # it runs alone, from anywhere

import cv2

import backoffice
from forms import catalogue
from forms.field_types import FieldType
from ocr.decode import Grey
from ocr.engine import Engine, Engines, LineReading
from ocr.reader import Reader, shipped_engines

SCANS = Path(backoffice.__file__).parent / "demo" / "scans"
GOAL = 0.70
SIZES = (6, 12, 24)
Crop = tuple[Grey, FieldType]


class Listener:
    """The first engine, and every crop that the reader hands it."""

    def __init__(self, engine: Engine) -> None:
        self.name, self.looks = engine.name, engine.looks
        self.crops: list[Crop] = []
        self._engine = engine

    def read(self, crop: Grey, kind: FieldType, look: int = 0) -> LineReading:
        """Read one line, and keep it."""
        self.crops.append((crop, kind))
        return self._engine.read(crop, kind, look)


def crops_of(form: catalogue.CataloguedForm, engines: Engines, page: bytes) -> list[Crop]:
    listener = Listener(engines.first)
    Reader(form.layout, form.blanks, form.definition, Engines(listener, engines.second)).read(page, "x")
    return listener.crops


def bare(engines: Engines, crops: Sequence[Crop]) -> None:
    for crop, kind in crops:
        engines.first.read(crop, kind)
        engines.second.read(crop, kind)


def seconds_of_cpu(run: Callable[[], object]) -> float:
    """CPU seconds, so that other work on the machine does not decide the ratio; one process, one thread."""
    began = time.process_time()
    run()
    return time.process_time() - began


def measure(form: catalogue.CataloguedForm, engines: Engines, data: Sequence[bytes]) -> list[tuple[float, float]]:
    """Return, for each page, the CPU seconds of reading it and of the bare engines on its crops."""
    reader = Reader(form.layout, form.blanks, form.definition, engines)
    for page in (data[0], data[-1]):
        reader.read(page, "warm")
    crops = [crops_of(form, engines, page) for page in data]
    return [
        (seconds_of_cpu(partial(reader.read, page, "x")), seconds_of_cpu(partial(bare, engines, mine)))
        for page, mine in zip(data, crops, strict=True)
    ]


def forms_a_minute(seconds: Sequence[float]) -> float:
    return 60 * len(seconds) / sum(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    cv2.setNumThreads(1)
    form, engines = catalogue.find("shugaku-enjo"), shipped_engines()
    data = [path.read_bytes() for path in sorted(SCANS.glob("*.jpg"))]
    # Every third sheet first, so that each size holds both layouts and every kind of capture.
    mixed = [*data[::3], *data[1::3], *data[2::3]]
    pages = measure(form, engines, mixed)
    whole, bare_engines = ([page[run] for page in pages] for run in range(2))
    figure, against = forms_a_minute(whole), forms_a_minute(bare_engines)
    ratio = round(figure / against, 3)
    report = {
        "name": "reading",
        "what": "forms read end to end in one process, by CPU time, against both engines called on the same crops",
        "figure": round(figure, 1),
        "unit": "forms/min",
        "against": round(against, 1),
        "ratio": ratio,
        "goal": GOAL,
        "holds": ratio >= GOAL,
        "growth": [{"n": n, "figure": round(forms_a_minute(whole[:n]), 1)} for n in SIZES],
    }
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"{report['figure']} forms/min against {report['against']}: {ratio} (goal {GOAL})")


if __name__ == "__main__":
    main()
