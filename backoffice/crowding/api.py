"""What does the ward offices' system send, and what may anybody read? Counts and freshness; nothing about a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from backoffice.clients.gate import Calling, Changing, MachineRouter, answer
from backoffice.clients.scopes import Scope
from backoffice.crowding import queries, service
from backoffice.crowding.models import CrowdReading
from backoffice.crowding.said import CounterNow, CrowdingOut, ReadingsIn, ReadingsOut, WardNow
from backoffice.crowding.service import Counted
from backoffice.crowding.workflow import COUNTER_NAMES, COUNTERS_IN_ENGLISH, STALE_AFTER, Counter, Freshness
from backoffice.identity import Actor, Origin
from backoffice.web.bodies import LimitedRoute
from backoffice.web.problem_json import PROBLEMS_SAID
from backoffice.web.routing import TheOffice
from workflows.rules.facts import WARDS

KEPT = {"Cache-Control": "public, max-age=15"}

machines = MachineRouter()
public = APIRouter(route_class=LimitedRoute)


@machines.put("/ward-offices/crowding", Scope.CROWDING, ReadingsOut)
def keep(work: Changing, caller: Calling, body: ReadingsIn) -> Response:
    """窓口で待っている人数を送る。送り直してもよい / send how many wait; sending again does no harm."""
    counts = [
        Counted(each.ward, each.counter, each.waiting, each.picture or "", each.counted_at) for each in body.readings
    ]
    service.keep(work, caller.client_id, counts)
    return answer(ReadingsOut(received=len(counts)))


@public.get("/ward-offices/crowding", responses=PROBLEMS_SAID)
def crowding(office: TheOffice, response: Response, language: Literal["ja", "en"] = "ja") -> CrowdingOut:
    """区役所の窓口の混雑。古い人数は出さない / how crowded the ward offices are; what is stale is left out."""
    response.headers.update(KEPT)
    with office.look(Actor.house(Origin.GATEWAY)) as work:
        found = queries.newest(work.session)
        wards = [
            WardNow.model_validate(
                {
                    "ward": ward.code,
                    "name": ward.en if language == "en" else ward.ja,
                    "counters": _counters(ward.code, found, work.now, language),
                }
            )
            for ward in WARDS
        ]
    return CrowdingOut(stale_after_minutes=int(STALE_AFTER.total_seconds() // 60), wards=wards)


def _counters(ward: str, found: Sequence[CrowdReading], now: datetime, language: str) -> list[CounterNow]:
    """Give the counters of a ward that were ever counted, in the order of the list."""
    names = COUNTERS_IN_ENGLISH if language == "en" else COUNTER_NAMES
    by_counter = {each.counter: each for each in found if each.ward == ward}
    return [
        _now(by_counter[counter], counter, names[counter], Freshness.of(by_counter[counter].counted_at, now))
        for counter in Counter
        if counter in by_counter
    ]


def _now(reading: CrowdReading, counter: Counter, name: str, freshness: Freshness) -> CounterNow:
    return CounterNow(
        counter=counter,
        name=name,
        waiting=None if freshness.is_stale else reading.waiting,
        picture=None if freshness.is_stale else reading.picture or None,
        counted_at=reading.counted_at,
        minutes_ago=freshness.minutes,
        stale=freshness.is_stale,
    )
