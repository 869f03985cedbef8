"""What does a page cost, however many rows there are? SQL statements and the processor's time, for each staff page.

Measured around the application itself, without network or client. Left out: the check of the audit trail's chain, which
reads the whole trail because somebody asked for exactly that; pictures; and files that hold every program.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from argon2 import PasswordHasher

from backoffice.log import start_logging
from backoffice.operations import upkeep
from tests.backoffice.furniture import Furnished, doors, furnish, statements
from tests.backoffice.office import PASSWORD, City, copy_template, make_template, open_city
from tests.backoffice.staff_client import StaffClient

MOST_STATEMENTS = 12
MOST_MILLISECONDS = 15.0
SIZES = (0, 50, 5_000)
LEFT_OUT = ("/audit/chain", "/page", "/evidence/", "/export.")


@dataclass(frozen=True)
class Cost:
    path: str
    statements: int
    milliseconds: float


def measure(client: StaffClient, path: str, times: int) -> Cost | None:
    """Ask for a page again and again; None where there is nothing to show at its address."""
    if asyncio.run(ask(client, path)) != 200:
        return None
    with statements() as asked:
        asyncio.run(ask(client, path))
    return Cost(path, len(asked), median(asyncio.run(spent(client, path, times))) * 1000)


async def spent(client: StaffClient, path: str, times: int) -> list[float]:
    """Give the processor's seconds, of all threads, that each answer took."""
    seconds = []
    for _ in range(times):
        before = time.process_time()
        await ask(client, path)
        seconds.append(time.process_time() - before)
    return seconds


async def ask(client: StaffClient, path: str) -> int:
    """Send one GET straight into the application, and give the status."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())
    headers = {"host": "testserver", "cookie": cookies, "sec-fetch-site": "same-origin"}
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "https",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 443),
    }
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    await client.http.app(scope, receive, send)
    return statuses[0]


@contextlib.contextmanager
def office_of(size: int) -> Iterator[tuple[City, Furnished]]:
    """An office with `size` sheets, records, nights, people, jobs and their trail, after its first day's upkeep."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "template").mkdir()
        url = copy_template(make_template(folder / "template"), folder)
        with open_city(folder, url, quick) as city:
            furnished = furnish(city, sheets=size, people=max(1, size), jobs=size)
            upkeep.tick(city.office)
            city.office.engine.dispose()
            yield city, furnished


def costs_at(size: int, times: int) -> list[Cost]:
    with office_of(size) as (city, furnished):
        client = StaffClient(city).sign_in(furnished.person)
        pages = [door.path for door in doors(client.app) if door.method == "GET" and door.permission]
        wanted = [path for path in pages if not any(part in path for part in LEFT_OUT)]
        found = [measure(client, furnished.fill(path), times) for path in wanted]
    return [cost for cost in found if cost is not None]


def result(found: dict[int, list[Cost]]) -> dict[str, object]:
    every = [cost for costs in found.values() for cost in costs]
    slowest = max(every, key=lambda cost: cost.milliseconds)
    busiest = max(every, key=lambda cost: cost.statements)
    holds = slowest.milliseconds <= MOST_MILLISECONDS and busiest.statements <= MOST_STATEMENTS
    return {
        "name": "pages",
        "what": f"the dearest page: {slowest.path}; most statements: {busiest.statements} ({busiest.path})",
        "figure": round(slowest.milliseconds, 1),
        "unit": "ms CPU",
        "against": f"{MOST_MILLISECONDS:.0f} ms CPU and {MOST_STATEMENTS} SQL statements a page",
        "ratio": round(slowest.milliseconds / MOST_MILLISECONDS, 2),
        "goal": "<= 1",
        "holds": holds,
        "growth": [
            {
                "n": size,
                "figure": round(max(cost.milliseconds for cost in costs), 1),
                "statements": max(cost.statements for cost in costs),
                "pages": {cost.path: [cost.statements, round(cost.milliseconds, 1)] for cost in costs},
            }
            for size, costs in found.items()
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--times", type=int, default=15, help="how often each page is asked for")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many rows of each kind")
    options = parser.parse_args()
    start_logging("ERROR")
    found = result({size: costs_at(size, options.times) for size in options.sizes})
    brief = f"{found['figure']} {found['unit']}; {found['what']}"
    print(json.dumps(found, ensure_ascii=False) if options.json else brief)
    return 0


if __name__ == "__main__":
    sys.exit(main())
