"""How exactly are forms read that the reading code has never seen? Against the goals of docs/reading-accuracy.md.

New sheets come from a seed: three forms drawn here and the one that the office gave, in print and handwriting-style
fonts, as clean scans, poor scans and photographs. They are read through the door that everybody uses, ocr.pool.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_THREAD_LIMIT", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # it runs alone, from anywhere

from bench._accuracy_counts import Page, Record, records_of
from bench._accuracy_forms import SLOTS
from bench._accuracy_places import worst_offset
from bench._accuracy_report import goals, markdown, wrong_ones
from bench._accuracy_sheets import Form, Sheet, make_sheets, open_forms, true_page
from ocr.page import PageReading
from ocr.pool import ReadingPool

SEED = 20261128
SHEETS = 24
"""Of each form. Twelve hold every writing, marking and capture once."""


def read_all(sheets: Sequence[Sheet], forms: dict[str, Form], processes: int) -> tuple[list[Record], list[Page]]:
    records: list[Record] = []
    pages: list[Page] = []
    with ReadingPool(processes) as pool:
        for name, form in forms.items():
            mine = [sheet for sheet in sheets if sheet.form == name]
            read = pool.read_files([(form.layout, form.blanks, form.definition)], [sheet.picture for sheet in mine])
            for sheet, reading in zip(mine, read, strict=True):
                pages.append(page_of(sheet, form, reading))
                slots = [key for where, key in SLOTS if where == name]
                records.extend(records_of(sheet, form, reading, slots))
    return records, pages


def page_of(sheet: Sheet, form: Form, reading: PageReading) -> Page:
    if reading.status != "read":
        return Page(sheet, reading.reason_code, None, None)
    return Page(sheet, None, reading.residual_px, worst_offset(reading.page_jpeg, true_page(sheet), form.layout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, as make bench asks")
    parser.add_argument("--markdown", action="store_true", help="the tables of docs/reading-accuracy.md")
    parser.add_argument("--wrong", type=Path, metavar="FILE", help="list here what was wrong or asked, by sheet")
    parser.add_argument("--sheets", type=int, default=SHEETS, metavar="N", help="of each of the four forms")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=min(8, len(os.sched_getaffinity(0))))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the sheets here, to look at them")
    parser.add_argument("--left-out", type=float, default=0.0, metavar="SHARE", help="of what may stay empty, 0 to 1")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gijo-accuracy-") as passing:
        folder = chosen.keep or Path(passing)
        forms = open_forms(folder)
        sheets = make_sheets(folder, chosen.seed, chosen.sheets, chosen.processes, chosen.left_out)
        print(f"… {len(sheets)} sheets drawn", file=sys.stderr, flush=True)
        records, pages = read_all(sheets, forms, chosen.processes)
    met = goals(records, pages)
    report = {
        "name": "ocr_accuracy",
        "what": f"goals of exactness met on {len(sheets)} unseen sheets of four forms, seed {chosen.seed}",
        "figure": sum(goal.holds for goal in met),
        "unit": "goals",
        "against": len(met),
        "ratio": round(sum(goal.holds for goal in met) / len(met), 3),
        "goal": 1.0,
        "holds": all(goal.holds for goal in met),
        "growth": [],
        "goals": [goal.as_json() for goal in met],
    }
    if chosen.wrong:
        chosen.wrong.write_text("\n".join(wrong_ones(records, pages)), encoding="utf-8")
    if chosen.json:
        print(json.dumps(report, ensure_ascii=False))
    elif chosen.markdown:
        print(markdown(records, pages))
    else:
        print("\n".join(goal.sentence() for goal in met))


if __name__ == "__main__":
    main()
