"""What does keeping a hundred pages cost, beside decoding and encoding their pictures once, and beside what they weigh?

Both are measured in one run, in seconds of the processor. An engine that draws pages anew pays at least the second
figure a page; the pictures themselves are what any archive must hold.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

import numpy as np
from PIL import Image

from forms.paper.archiving import PicturePage, Words, archive_pdf

SHEETS, PAGES_A_SHEET, WORDS_A_PAGE = 50, 2, 20
WIDTH, HEIGHT, QUALITY = 1654, 2339, 85
"""A4 at 200 dpi, as the reader leaves it."""
MOST_TIMES_RECODED, MOST_TIMES_BYTES = 1.5, 1.05
DAY = date(2026, 11, 28)


def pictures(count: int) -> list[bytes]:
    """Give pages with ruled lines, strokes and the noise of a scanner, each another."""
    chance = np.random.default_rng(16)
    return [_encoded(_page(chance)) for _ in range(count)]


def _page(chance: np.random.Generator) -> np.ndarray:
    page = chance.normal(245, 2.0, (HEIGHT, WIDTH))
    page[200::80, 150:1500] = 60
    for x, y in zip(chance.integers(160, 1450, 900), chance.integers(160, 2200, 900), strict=True):
        page[y : y + 14, x : x + 3] = 40
    return page.clip(0, 255).astype(np.uint8)


def _encoded(page: np.ndarray) -> bytes:
    made = io.BytesIO()
    Image.fromarray(page).save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def sheet(pages: list[bytes]) -> list[PicturePage]:
    words = [Words(f"福岡市中央区天神{number}", 300, 100 + 80 * number, 600, 60) for number in range(WORDS_A_PAGE)]
    return [PicturePage(page, WIDTH, HEIGHT, "用紙 1ページ", words) for page in pages]


def measure(sheets: int) -> dict[str, object]:
    every = pictures(sheets * PAGES_A_SHEET)
    parts = [every[at : at + PAGES_A_SHEET] for at in range(0, len(every), PAGES_A_SHEET)]
    archive_pdf("x", DAY, sheet(parts[0]))  # libraries are loaded once
    began = time.process_time()
    size = sum(len(archive_pdf(f"R8-就援-{number:04d}", DAY, sheet(part))) for number, part in enumerate(parts))
    took = time.process_time() - began
    began = time.process_time()
    for each in every:
        _encoded(np.asarray(Image.open(io.BytesIO(each))))
    recoded = time.process_time() - began
    weighs = size / sum(map(len, every))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "name": "archive",
        "figure": round(60 * len(every) / took),
        "unit": f"pages/min of one processor, {size / len(every) / 1000:.0f} kB a page, {weighs:.3f} of the pictures, "
        f"{megabytes:.0f} MB of memory at most",
        "against": f"decoding and encoding the same pictures once, {60 * len(every) / recoded:,.0f} pages/min",
        "ratio": round(took / recoded, 2),
        "goal": f"<= {MOST_TIMES_RECODED}, bytes <= {MOST_TIMES_BYTES}",
        "holds": took / recoded <= MOST_TIMES_RECODED and weighs <= MOST_TIMES_BYTES,
    }


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true")
    words.add_argument("--sheets", type=int, default=SHEETS)
    asked = words.parse_args()
    found = measure(asked.sheets)
    print(json.dumps(found, ensure_ascii=False) if asked.json else found)
    sys.exit(0 if found["holds"] else 1)


if __name__ == "__main__":
    main()
