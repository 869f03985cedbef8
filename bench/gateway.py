"""What does a consent cost through the gateway beside a bare FastAPI route, on the same database, in the same run?

A consent looks up the token, its key and its client, reads the body, finds the registrant, keeps the consent and what
it replaces, the trail and the sealed answer, and commits. The bare route reads one row and writes one row in one
transaction. Both are called in turn, through the same client, in this process.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select
from starlette.testclient import TestClient

from backoffice.composition import make_tables
from backoffice.log import start_logging
from tests.backoffice.clients.machines import machine
from tests.backoffice.consents.portal import consent_to, proven, register
from tests.backoffice.office import City, copy_template, make_template, open_city
from tests.postgres import Holder

CALLS = 400
LEAST = 0.15
"""Of the rate of the bare route. A consent makes 12 statements where that makes two; below, something was added."""
BARE = Table("bare_answer", MetaData(), Column("id", Integer, primary_key=True), Column("said", String(40)))


class Said(BaseModel):
    said: str


@dataclass(frozen=True)
class Costs:
    """Seconds each."""

    consents: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        return median(self.bare) / median(self.consents)


def bare_route(engine: Engine) -> FastAPI:
    """One row read, one row written, one transaction: nothing of ours."""
    app = FastAPI()
    BARE.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(BARE).values(said="first"))

    @app.post("/bare", status_code=201)
    def write(body: Said) -> Said:
        with engine.begin() as connection:
            connection.execute(select(BARE).where(BARE.c.id == 1)).one()
            connection.execute(insert(BARE).values(said=body.said))
        return body

    return app


@contextlib.contextmanager
def city_on(dialect: str) -> Iterator[City]:
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        if dialect == "sqlite":
            (folder / "template").mkdir()
            url = copy_template(make_template(folder / "template"), folder)
        else:
            holder = Holder()
            stack.callback(holder.release)
            url = stack.enter_context(holder.place.cluster().fresh("bench"))
            make_tables(url)
        yield stack.enter_context(open_city(folder, url, "not asked for here"))


def costs_on(dialect: str, calls: int) -> Costs:
    with city_on(dialect) as city:
        settings = city.office.settings.model_copy(update={"gateway_calls_a_minute": 10_000_000})
        city.office = replace(city.office, settings=settings)
        portal = machine(city)
        people = [proven(f"hito-{number:04d}") for number in range(calls)]
        for person in people:
            register(portal, person)
        bare = city.visits.enter_context(TestClient(bare_route(city.office.engine)))
        costs = Costs([], [])
        for person in people:
            body = consent_to(person=person)
            began = time.perf_counter()
            answer = portal.call("POST", "/portal/consents", json=body)
            costs.consents.append(time.perf_counter() - began)
            began = time.perf_counter()
            plain = bare.post("/bare", json={"said": "consent"})
            costs.bare.append(time.perf_counter() - began)
            assert (answer.status_code, plain.status_code) == (201, 201)
        return costs


def result(found: dict[str, Costs]) -> dict[str, object]:
    worst = min(found.values(), key=lambda costs: costs.ratio)
    told = [
        f"{dialect} {1 / median(costs.consents):.0f}/s of {1 / median(costs.bare):.0f}/s bare (x{costs.ratio:.2f})"
        for dialect, costs in found.items()
    ]
    return {
        "name": "gateway",
        "what": f"a consent through the gateway, one after another: {', '.join(told)}",
        "figure": round(median(worst.consents) * 1000, 2),
        "unit": "ms",
        "against": f"a bare FastAPI route, one row read and one written, {median(worst.bare) * 1000:.2f} ms",
        "ratio": round(worst.ratio, 2),
        "goal": f">= {LEAST}",
        "holds": worst.ratio >= LEAST,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--calls", type=int, default=CALLS, help="how many consents on each database")
    options = parser.parse_args()
    start_logging("ERROR")
    figures = result({dialect: costs_on(dialect, options.calls) for dialect in ("sqlite", "postgresql")})
    print(json.dumps(figures, ensure_ascii=False) if options.json else f"×{figures['ratio']}; {figures['what']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
