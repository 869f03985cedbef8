"""A portal at work: visitors whom it proved, or who only say who they are, and what it sends of them."""

from __future__ import annotations

import uuid
from typing import Any

from tests.backoffice.clients.machines import Machine

WHO = "hikari-0815"
PERSON = {"pseudonym": WHO, "assurance": "card_verified", "proven_by": "user_certificate"}
MAIL = "hikari@mail.example"


def on_a_word(pseudonym: str = WHO) -> dict[str, Any]:
    """The same person, or whoever says so."""
    return {"pseudonym": pseudonym, "assurance": "self_declared"}


def proven(pseudonym: str = WHO) -> dict[str, Any]:
    return {**PERSON, "pseudonym": pseudonym}


def register(portal: Machine, person: dict[str, Any] = PERSON, *, language: str = "ja", mail: str = MAIL) -> None:
    """Register somebody who is written to by mail."""
    for path, body in (
        ("registrant", {"language": language}),
        ("channel", {"kind": "mail", "address": mail}),
    ):
        answer = portal.call("PUT", f"/portal/{path}", json={"person": person, **body})
        assert answer.status_code == 200, answer.text


def consent_to(kind: str = "core", person: dict[str, Any] = PERSON, **said: Any) -> dict[str, Any]:
    """A consent as the portal sends it."""
    usual = {"kind": kind, "notice_version": 1, "language": "ja", "message_id": str(uuid.uuid4())}
    return {"person": person, **usual, **said}


def consented(portal: Machine, kind: str = "core", person: dict[str, Any] = PERSON, **said: Any) -> str:
    """Give a consent, and give its reference."""
    answer = portal.call("POST", "/portal/consents", json=consent_to(kind, person, **said))
    assert answer.status_code == 201, answer.text
    return answer.json()["reference"]


def withdrawn(portal: Machine, reference: str, person: dict[str, Any] = PERSON, **more: Any) -> Any:
    return portal.call("POST", "/portal/consents/withdraw", json={"person": person, "reference": reference}, **more)


def record_of(portal: Machine, person: dict[str, Any] = PERSON, **more: Any) -> Any:
    return portal.call("POST", "/portal/record", json={"person": person, **more})
