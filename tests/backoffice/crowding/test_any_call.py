"""Does the door for counts withstand any call? Many are made up from the gateway's own description."""

from __future__ import annotations

from collections import Counter

import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from backoffice.clients.scopes import Scope
from tests.backoffice.clients.machines import machine
from tests.backoffice.clients.test_any_call import CHECKS, as_chance_has_it


def test_no_call_of_the_ward_offices_is_a_fault_of_ours_or_answered_otherwise_than_described(city):
    wards = machine(city, frozenset({Scope.CROWDING}), name="区役所の混雑")
    schema = schemathesis.openapi.from_asgi("/openapi.json", wards.http.app)
    headers, answered = {"Authorization": f"Bearer {wards.token()}"}, Counter()
    now = city.clock.moment.isoformat()

    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path == "/ward-offices/crowding":
            for mode in GenerationMode:

                @as_chance_has_it
                @given(case=operation.as_strategy(generation_mode=mode), ours=st.booleans())
                def any_call(case: Case, ours: bool) -> None:
                    """Now and then about this very moment, else no count would ever be kept."""
                    if ours and isinstance(case.body, dict) and isinstance(case.body.get("readings"), list):
                        case.body["readings"] = [
                            {**each, "counted_at": now} if isinstance(each, dict) else each
                            for each in case.body["readings"]
                        ]
                    answer = case.call_and_validate(headers=headers, checks=CHECKS)
                    answered[answer.status_code] += 1

                any_call()

    assert {200, 422} <= set(answered), answered
