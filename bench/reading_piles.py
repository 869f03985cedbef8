"""Does a pile of 1,000 sheets go at the pace of one of 10, and in 700 MB? Goal: at least 0.9 of it.

Sheets are read in a pool of two processes, as the worker does. Beside it, where they are installed: Tesseract called
once a field, as scripts do, and OCRmyPDF on whole pages, which finds text but no fields.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # it runs alone, from anywhere

import cv2

import backoffice
from bench.mutated_inputs import memory_of_children
from forms import catalogue
from ocr.decode import decode
from ocr.known_form import KnownForm
from ocr.pool import ReadingPool
from ocr.sorting import Found, find_sheets

SCANS = Path(backoffice.__file__).parent / "demo" / "scans"
GOAL, MEMORY_GOAL_MB = 0.9, 700
SIZES = (10, 100, 1_000)
PROCESSES = 2


def pace(pool: ReadingPool, form: catalogue.CataloguedForm, files: Sequence[Path]) -> float:
    """Return sheets a minute."""
    began = time.monotonic()
    readings = list(pool.read_files([(form.layout, form.blanks, form.definition)], files))
    assert all(reading.status == "read" for reading in readings)
    return 60 * len(files) / (time.monotonic() - began)


def tesseract_per_field(form: catalogue.CataloguedForm, file: Path) -> float | None:
    """Sheets a minute of one `tesseract` a field on crops that are already straight, in one process at a time."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    [sheet] = find_sheets(decode(file.read_bytes()), [KnownForm(form.layout, form.blanks)])
    assert isinstance(sheet, Found)
    with tempfile.TemporaryDirectory() as folder:
        crops = []
        for field in form.layout.fields:
            x, y, width, height = (round(side * 200 / 25.4) for side in field.box_mm)
            crops.append(Path(folder) / f"{field.key}.png")
            cv2.imwrite(str(crops[-1]), sheet.registered.page[y : y + height, x : x + width])
        began = time.monotonic()
        for crop in crops:
            words = [program, str(crop), "-", "-l", "jpn", "--psm", "7"]
            subprocess.run(words, capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1"})  # noqa: S603  # our own words
        return 60 / (time.monotonic() - began)


def ocrmypdf_pages(files: Sequence[Path]) -> float | None:
    """Pages a minute of OCRmyPDF with as many jobs as the pool has processes; it needs a PDF file."""
    program = shutil.which("ocrmypdf")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        for file in files:
            words = [program, "--jobs", str(PROCESSES), "-l", "jpn", "--image-dpi", "200", str(file), f"{folder}/x.pdf"]
            subprocess.run(words, capture_output=True, check=True)  # noqa: S603  # our own words
        return 60 * len(files) / (time.monotonic() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sheets", type=int, default=SIZES[-1], help="the largest pile")
    asked = parser.parse_args()
    form = catalogue.find("shugaku-enjo")
    scans = sorted(SCANS.glob("*.jpg"))
    sizes = [size for size in SIZES if size < asked.sheets] + [asked.sheets]
    with ReadingPool(PROCESSES) as pool:
        pace(pool, form, scans[:PROCESSES])
        growth = [{"n": n, "figure": round(pace(pool, form, list(islice(cycle(scans), n))), 1)} for n in sizes]
        memory = round(max(memory_of_children()) / 1e6)
    ratio = round(growth[-1]["figure"] / growth[0]["figure"], 3)
    report: dict[str, Any] = {
        "name": "reading_piles",
        "what": f"sheets a minute in a pool of two, a pile of {sizes[-1]} against one of {sizes[0]}",
        "figure": growth[-1]["figure"],
        "unit": "sheets/min",
        "against": growth[0]["figure"],
        "ratio": ratio,
        "goal": GOAL,
        "holds": ratio >= GOAL and memory < MEMORY_GOAL_MB,
        "growth": growth,
        "highest_rss_mb": memory,
        "tesseract_per_field": tesseract_per_field(form, scans[0]),
        "ocrmypdf_whole_pages": ocrmypdf_pages(scans[:3]),
    }
    if asked.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for key, value in report.items():
            print(f"{key}: {value}")


if __name__ == "__main__":
    main()
