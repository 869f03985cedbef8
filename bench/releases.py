"""How many releases a second does the gateway make, beside a bare route that reads one row and writes one row?

Both run in this process, on the same database, with the same driver and durability, in turn. The bare route is FastAPI
with SQLAlchemy as their handbooks write it: it looks up the request that was named and puts a row into the use log, in
one transaction; it knows no caller, decides nothing and opens nothing. `plain` is the same with the driver alone.
Measured on SQLite and PostgreSQL as the link and its log grow. The goal is for calls one after another; beside them
stand calls four at a time, all through one link, where they stand in line so that no ceiling is passed.
"""

import argparse
import asyncio
import json
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated, Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from fastapi import FastAPI, Header
from pydantic import BaseModel
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.types import ASGIApp

from backoffice.data_links.models import LinkRequest, LinkUse
from backoffice.db import writing
from backoffice.gateway import create_gateway
from backoffice.log import start_logging
from bench._linked_city import ASKED, DATABASES, LinkedCity, linked_city

SIZES = (10_000, 100_000, 1_630_000)
ROUNDS = 25
CALLS = 120
AT_A_TIME = (1, 4)
LEAST_OF_BARE = 0.5
RELEASE, BARE, PLAIN = "/links/library-card/release", "/bare", "/plain"


class Asked(BaseModel):
    request: str
    purpose: str
    attributes: list[str]


class Told(BaseModel):
    registrant: int


Found = dict[tuple[str, int, int], dict[str, "Speed"]]
"""By database, people and how many calls are on their way at once."""


@dataclass
class Speed:
    """What one way of answering did in each round: calls a second, and the seconds of each call."""

    rates: list[float]
    seconds: list[float]

    @property
    def rate(self) -> float:
        return median(self.rates)

    def beside(self, other: "Speed") -> float:
        """How fast this was beside another: in the middle of all rounds, since the machine is not always as busy."""
        return median(ours / theirs for ours, theirs in zip(self.rates, other.rates, strict=True))

    def within(self, percent: int) -> float:
        """Milliseconds that so many of 100 calls kept within."""
        return quantiles(self.seconds, n=100)[percent - 1] * 1000


def bare_routes(engine: Engine, place: LinkedCity) -> FastAPI:
    """Two routes that read the row of a request and write a row of its use."""
    app = FastAPI()
    client_id, now = place.library.system.client_id, place.city.clock.moment
    version = place.library.desk.version(place.library.version_id)
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    find = f"SELECT id, registrant_id FROM link_request WHERE reference = {mark} AND link_id = {mark}"  # noqa: S608 -- our own words
    names = ("link_id", "version_id", "client_id", "registrant_id", "request_id", "key_hash", "purpose")
    columns = (*names, "asked", "released", "outcome", "at")
    keep = f"INSERT INTO link_use ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 -- names of columns

    @app.post(BARE)
    def bare(body: Asked, key: Annotated[str, Header(alias="Idempotency-Key")]) -> Told:
        with Session(writing(engine)) as session:
            reference = LinkRequest.reference == body.request
            request = session.scalars(
                select(LinkRequest).where(reference, LinkRequest.link_id == version.link_id)
            ).one()
            use = LinkUse(
                link_id=request.link_id,
                version_id=version.id,
                client_id=client_id,
                registrant_id=request.registrant_id,
                request_id=request.id,
                key_hash=key,
                purpose=body.purpose,
                asked=body.attributes,
                released=[],
                outcome="bare",
                at=now,
            )
            session.add(use)
            told = Told(registrant=request.registrant_id)
            session.commit()
        return told

    @app.post(PLAIN)
    def plain(body: Asked, key: Annotated[str, Header(alias="Idempotency-Key")]) -> Told:
        with writing(engine).connect() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(find, (body.request, version.link_id))
            request_id, registrant_id = cursor.fetchone()
            whose = (version.link_id, version.id, client_id, registrant_id, request_id, key, body.purpose)
            said = json.dumps(body.attributes)
            cursor.execute(keep, (*whose, said, "[]", "plain", now.isoformat(" ") if mark == "?" else now))
            connection.commit()
        return Told(registrant=registrant_id)

    return app


async def call(app: ASGIApp, path: str, token: str, reference: str) -> float:
    """Send one call straight into an application. This function will give the seconds until its last byte."""
    body = json.dumps({"request": reference, "purpose": "issue_card", "attributes": list(ASKED)}).encode()
    headers = {
        "host": "127.0.0.1",
        "authorization": f"Bearer {token}",
        "idempotency-key": uuid.uuid4().hex,
        "content-type": "application/json",
        "content-length": str(len(body)),
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8601),
    }
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    began = time.perf_counter()
    await app(scope, receive, send)
    spent = time.perf_counter() - began
    if statuses != [200]:
        raise RuntimeError(f"{path} answered {statuses}")
    return spent


async def spent(each: Callable[[int], Awaitable[float]], calls: int, at_a_time: int) -> list[float]:
    """Make so many calls, so many of them at a time, each for another person."""
    waiting = iter(range(calls))

    async def caller() -> list[float]:
        return [await each(number) for number in waiting]

    return [second for seconds in await asyncio.gather(*(caller() for _ in range(at_a_time))) for second in seconds]


def measure(place: LinkedCity, rounds: int, calls: int, at_a_time: int) -> dict[str, Speed]:
    """Let the three answer in turn; the first round only warms them."""
    token = place.library.system.token()
    bare = bare_routes(place.city.office.engine, place)
    gateway = create_gateway(place.city.office)
    apps = {RELEASE: gateway, BARE: bare, PLAIN: bare}
    speeds = {path: Speed([], []) for path in apps}

    async def run() -> None:
        for turn in range(rounds + 1):
            for path, app in apps.items():
                began = time.perf_counter()

                def each(number: int, app: ASGIApp = app, path: str = path, turn: int = turn) -> Awaitable[float]:
                    return call(app, path, token, place.requests[(turn * calls + number) % len(place.requests)])

                seconds = await spent(each, calls, at_a_time)
                if turn:
                    speeds[path].rates.append(calls / (time.perf_counter() - began))
                    speeds[path].seconds.extend(seconds)

    asyncio.run(run())
    return speeds


def grown(found: Found) -> list[dict[str, Any]]:
    return [
        {
            "database": database,
            "n": people,
            "at_a_time": at_a_time,
            "figure": round(speeds[RELEASE].rate, 1),
            "p99_ms": round(speeds[RELEASE].within(99), 1),
            "median_ms": round(median(speeds[RELEASE].seconds) * 1000, 2),
            "bare": round(speeds[BARE].rate, 1),
            "bare_p99_ms": round(speeds[BARE].within(99), 1),
            "plain": round(speeds[PLAIN].rate, 1),
            "ratio": round(speeds[RELEASE].beside(speeds[BARE]), 2),
            "ratio_plain": round(speeds[RELEASE].beside(speeds[PLAIN]), 2),
        }
        for (database, people, at_a_time), speeds in found.items()
    ]


def result(found: Found) -> dict[str, object]:
    growth = grown(found)
    alone = [each for each in growth if each["at_a_time"] == min(told["at_a_time"] for told in growth)]
    worst = min(alone, key=lambda each: float(each["ratio"]))
    return {
        "name": "releases",
        "what": f"releases through the gateway, {worst['n']:,} registrants on {worst['database']}: the worst ratio",
        "figure": worst["figure"],
        "unit": "/s",
        "against": f"a bare route that reads a row and writes a row, {worst['bare']}/s",
        "ratio": worst["ratio"],
        "goal": f">= {LEAST_OF_BARE}",
        "holds": worst["ratio"] >= LEAST_OF_BARE,
        "growth": growth,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many people are registered")
    parser.add_argument("--databases", nargs="+", default=DATABASES, choices=DATABASES)
    parser.add_argument("--calls", type=int, default=CALLS, help="how many in each round")
    parser.add_argument("--at-a-time", type=int, nargs="+", default=AT_A_TIME, help="how many are on their way at once")
    options = parser.parse_args()
    start_logging("ERROR")
    found: Found = {}
    for database in options.databases:
        for people in options.sizes:
            with linked_city(database, people) as place:
                for at_a_time in options.at_a_time:
                    found[database, people, at_a_time] = measure(place, ROUNDS, options.calls, at_a_time)
    figures = result(found)
    brief = f"{figures['figure']} {figures['unit']} (×{figures['ratio']}); {figures['what']}"
    print(json.dumps(figures, ensure_ascii=False) if options.json else brief)
    return 0


if __name__ == "__main__":
    sys.exit(main())
