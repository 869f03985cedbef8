"""What do 500 packets cost, cover, barcode and answers and all, beside the same number of bare pages?

Both are printed in one run by the same engine, in seconds of the processor: what is measured is what Gijo puts on a
page for one record. Memory is what the process came to hold at its most.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from backoffice.form_designs.paper import copies_of
from backoffice.records.packets import AddressKeys, Order, packet
from backoffice.services import Services
from forms.definition import FormDefinition
from forms.paper.composition import compose
from forms.paper.drawn import Leaf
from forms.paper.envelope import Letter
from forms.paper.printing import pdf_of
from tests.backoffice.records.test_packets import HANAHATA, PARKS

PACKETS = 500
MOST_TIMES_BARE = 8.0
MOST_MEGABYTES = 1_200.0
DAY = date(2026, 11, 28)
LETTER = Letter("御中", ("福岡市 公園課",), "活動報告のお願い", "次の書類をお送りします。", DAY)
ORDER = Order(LETTER, AddressKeys("code", "place", "body"), answers=True, duplex=False)


def packets_of(many: int) -> list[Leaf]:
    form, services = compose(FormDefinition.model_validate(PARKS)), Services()
    return [
        leaf
        for number in range(many)
        for leaf in packet(ORDER, copies_of(form, 1, services), "報告書", f"R8-公園-{number:04d}", HANAHATA)
    ]


def bare(pages: int) -> list[Leaf]:
    """Give the form's first page so many times, as a copy without a code would be."""
    return list(compose(FormDefinition.model_validate(PARKS))[:1]) * pages


def measure(many: int) -> dict[str, object]:
    pdf_of("x", DAY, bare(1))  # fonts are looked for once
    began = time.process_time()
    leaves = packets_of(many)
    size = len(pdf_of("x", DAY, leaves))
    took = time.process_time() - began
    began = time.process_time()
    pdf_of("x", DAY, bare(len(leaves)))
    beside = time.process_time() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "name": "packets",
        "figure": round(took, 2),
        "unit": f"s of the processor for {many} packets, {len(leaves)} pages, {size / 1e6:.1f} MB, "
        f"{megabytes:.0f} MB of memory at most",
        "against": f"{beside:.2f} s for as many bare pages",
        "ratio": round(took / beside, 2),
        "goal": f"<= {MOST_TIMES_BARE}, {MOST_MEGABYTES:.0f} MB",
        "holds": took / beside <= MOST_TIMES_BARE and megabytes <= MOST_MEGABYTES,
    }


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true")
    words.add_argument("--packets", type=int, default=PACKETS)
    asked = words.parse_args()
    found = measure(asked.packets)
    print(json.dumps(found, ensure_ascii=False) if asked.json else found)
    sys.exit(0 if found["holds"] else 1)


if __name__ == "__main__":
    main()
