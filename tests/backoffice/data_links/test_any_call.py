"""Does the other end of a link withstand any call? Many are made up from the gateway's own description."""

from __future__ import annotations

from collections import Counter
from typing import Any

import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.backoffice.clients.test_any_call import CHECKS, as_chance_has_it
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import CARD, found_library
from tests.backoffice.data_links.test_sandbox import opened, request_of, shown
from workflows.links import Check, Persona, Result


def test_no_call_of_a_partner_is_a_fault_of_ours_or_answered_otherwise_than_described(desk: Agreements):
    library = found_library(desk)
    library.consent()
    known = {"request": library.ask_for_card(), "purpose": "issue_card", "card_number": CARD}
    schema = schemathesis.openapi.from_asgi("/openapi.json", library.system.http.app)
    token, answered = library.system.token(), Counter()

    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.startswith("/links/"):
            for mode in GenerationMode:
                call_at_random(operation, mode, {"Authorization": f"Bearer {token}"}, known, answered)

    assert {200, 404, 422} <= set(answered), answered
    assert "released" in library.outcomes()


def test_neither_is_one_of_a_partner_that_tries_a_link_out(desk: Agreements):
    version_id = desk.begin()
    partner = opened(desk, version_id)
    known = {"request": request_of(desk, Persona.CONSENTS), "purpose": "issue_card", "card_number": CARD}
    schema = schemathesis.openapi.from_asgi("/openapi.json", partner.http.app)
    token, answered = partner.token(), Counter()

    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.startswith("/links/"):
            for mode in GenerationMode:
                call_at_random(operation, mode, {"Authorization": f"Bearer {token}"}, known, answered)

    assert {200, 404, 422} <= set(answered), answered
    assert shown(desk, version_id)[Check.FETCHED] is Result.SHOWN


def call_at_random(
    operation: Any, mode: GenerationMode, headers: dict[str, str], known: dict[str, Any], answered: Counter[int]
) -> None:
    @as_chance_has_it
    @given(case=operation.as_strategy(generation_mode=mode), ours=st.booleans())
    def any_call(case: Case, ours: bool) -> None:
        """Now and then about the link and the request that are there, else no call would come far."""
        if ours:
            case.path_parameters = {**(case.path_parameters or {}), "code": "library-card"}
            if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
                case.body = case.body | {name: value for name, value in known.items() if name in case.body}
                if "attributes" in case.body:
                    case.body["attributes"] = ["full_name"]
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        answered[answer.status_code] += 1

    any_call()
