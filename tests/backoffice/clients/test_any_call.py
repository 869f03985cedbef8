"""Does the gateway withstand any call? Many are made up from its own description: none may be a fault of ours."""

from __future__ import annotations

from collections import Counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.backoffice.clients.machines import machine
from tests.backoffice.consents.portal import PERSON, consented, on_a_word, register

CALLS_EACH = 15
"""Of each operation and kind (as described, or against it): the suite is not to wait for chance."""
PEOPLE = [PERSON, on_a_word("nobody-0001"), None]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
as_chance_has_it = settings(
    max_examples=CALLS_EACH,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_no_call_at_all_is_answered_with_a_fault_of_ours_or_otherwise_than_described(city):
    portal = machine(city)
    register(portal)
    known = {"reference": consented(portal), "notice_version": 1}
    schema = schemathesis.openapi.from_asgi("/openapi.json", portal.http.app)
    token, answered = portal.token(), Counter()

    for found in schema.get_all_operations():
        operation = found.ok()
        can_be_wrong = bool(list(operation.query) or list(operation.body))
        for mode in GenerationMode if can_be_wrong else [GenerationMode.POSITIVE]:
            call_at_random(operation, mode, {"Authorization": f"Bearer {token}"}, known, answered)

    assert {200, 201, 403, 404, 422} <= set(answered), answered


def call_at_random(
    operation: Any,
    mode: GenerationMode,
    headers: dict[str, str],
    known: dict[str, Any],
    answered: Counter[int],
) -> None:
    @as_chance_has_it
    @given(case=operation.as_strategy(generation_mode=mode), person=st.sampled_from(PEOPLE))
    def any_call(case: Case, person: dict[str, Any] | None) -> None:
        """Now and then about somebody who is there, else no call would come far."""
        if person and isinstance(case.body, dict) and "person" in case.body:
            case.body = {**case.body, "person": person}
            if mode is GenerationMode.POSITIVE:
                case.body |= {name: value for name, value in known.items() if name in case.body}
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        answered[answer.status_code] += 1

    any_call()
