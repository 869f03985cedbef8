"""How long does the inbox take to answer when 1,000 tasks lie in a tray, and how long when 50,000 do?

Measured from the request to the last byte around the application itself, one request after another.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from backoffice.log import start_logging
from bench._busy_office import busy_office
from tests.backoffice.staff_client import StaffClient

SIZES = (1_000, 50_000)
REQUESTS = 300
MOST_GROWTH = 1.5
PAGES = ("/inbox", "/inbox?q=歯科", "/cases")


def seconds_at(waiting: int, requests: int) -> dict[str, list[float]]:
    """Give how long each request for each page took."""
    with busy_office(waiting) as bureau:
        client = StaffClient(bureau.city).sign_in(bureau.head)
        found: dict[str, list[float]] = {}
        for path in PAGES:
            client.get(path)
            found[path] = [_asked(client, path) for _ in range(requests)]
        return found


def _asked(client: StaffClient, path: str) -> float:
    began = time.perf_counter()
    client.http.get(path)
    return time.perf_counter() - began


def p95(seconds: list[float]) -> float:
    """Milliseconds that 95 of 100 requests keep within."""
    return quantiles(seconds, n=20)[-1] * 1000


def result(found: dict[int, dict[str, list[float]]]) -> dict[str, object]:
    few, many = (found[size]["/inbox"] for size in (min(found), max(found)))
    ratio = p95(many) / p95(few)
    return {
        "name": "inbox",
        "what": f"the inbox with {max(found):,} open tasks, 95 of 100 requests",
        "figure": round(p95(many), 1),
        "unit": "ms",
        "against": f"the inbox with {min(found):,} open tasks, {p95(few):.1f} ms",
        "ratio": round(ratio, 2),
        "goal": f"<= {MOST_GROWTH}",
        "holds": ratio <= MOST_GROWTH,
        "growth": [
            {
                "n": size,
                "figure": round(p95(pages["/inbox"]), 1),
                "pages": {path: [round(median(each) * 1000, 1), round(p95(each), 1)] for path, each in pages.items()},
            }
            for size, pages in found.items()
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="how often each page is asked for")
    options = parser.parse_args()
    start_logging("ERROR")
    figures = result({size: seconds_at(size, options.requests) for size in SIZES})
    brief = f"{figures['figure']} {figures['unit']} (×{figures['ratio']}); {figures['what']}"
    print(json.dumps(figures, ensure_ascii=False) if options.json else brief)
    return 0


if __name__ == "__main__":
    sys.exit(main())
