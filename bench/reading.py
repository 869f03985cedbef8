"""How many forms a minute are read end to end, beside the bare engines on the same crops? Goal: at least 0.65.

The bare run calls both engines once on each crop, with neither registration, cleaning, rules nor gate.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # it runs alone, from anywhere

import cv2

import backoffice
from forms import catalogue
from forms.field_types import FieldType
from ocr.blanks import blank_page
from ocr.cleaning import flat_paper, printed_in, tight, writing_in
from ocr.decode import Grey, decode
from ocr.features import FormPrint
from ocr.geometry import box_px
from ocr.reader import Engines, Reader, shipped_engines
from ocr.registration import register

SCANS = Path(backoffice.__file__).parent / "demo" / "scans"
GOAL = 0.65
SIZES = (4, 8, 16)
Crop = tuple[Grey, FieldType]


def crops_of(form: catalogue.CataloguedForm, data: Sequence[bytes]) -> list[Crop]:
    blank = blank_page(form.layout, form.blanks)
    form_print = FormPrint(blank.common)
    crops: list[Crop] = []
    for one in data:
        registered = register(decode(one), form.layout, blank, form_print)
        flat = flat_paper(registered.page)
        for field in form.layout.fields:
            if field.type is not FieldType.CHECKBOX:
                box = box_px(field.box_mm)
                crop = tight(writing_in(flat, printed_in(blank.common, box), box, registered.details.nudge(box)))
                crops.append((crop, field.type))
    return [(crop, kind) for crop, kind in crops if crop.size]


def bare(engines: Engines, crops: Sequence[Crop]) -> None:
    for crop, kind in crops:
        engines.first.read(crop, kind)
        engines.second.read(crop, kind)


def seconds_of_cpu(run: Callable[[], object]) -> float:
    """CPU seconds, so that other work on the machine does not decide the ratio; one process, one thread."""
    began = time.process_time()
    run()
    return time.process_time() - began


def measure(form: catalogue.CataloguedForm, engines: Engines, data: Sequence[bytes]) -> tuple[float, float]:
    reader = Reader(form.layout, form.blanks, form.definition, engines)
    crops = crops_of(form, data)
    reader.read(data[0], "warm")
    whole = seconds_of_cpu(lambda: [reader.read(one, "x") for one in data])
    engine = seconds_of_cpu(lambda: bare(engines, crops))
    return 60 * len(data) / whole, 60 * len(data) / engine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    cv2.setNumThreads(1)
    form, engines = catalogue.find("shugaku-enjo"), shipped_engines()
    data = [path.read_bytes() for path in sorted(SCANS.glob("*.jpg"))]
    # Every third sheet first, so that each size holds both layouts and every kind of capture.
    mixed = [*data[::3], *data[1::3], *data[2::3]]
    results = [(n, *measure(form, engines, mixed[:n])) for n in SIZES]
    _, figure, against = results[-1]
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
        "growth": [{"n": n, "figure": round(whole, 1)} for n, whole, _ in results],
    }
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"{report['figure']} forms/min against {report['against']}: {ratio} (goal {GOAL})")


if __name__ == "__main__":
    main()
