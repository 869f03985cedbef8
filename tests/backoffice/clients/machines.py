"""A machine of another system at the gateway: it has a key, signs assertions, fetches tokens and calls."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import select, update
from starlette.testclient import TestClient

from backoffice.clients import service
from backoffice.clients.models import ClientKey
from backoffice.clients.scopes import Scope
from backoffice.clients.service import Particulars
from backoffice.clients.tokens import ASSERTION_TYPE, TOKEN_PATH
from backoffice.gateway import create_gateway
from backoffice.identity import Actor, Role, Staff
from backoffice.work import Work
from tests.backoffice.office import City

AUDIENCE = "http://127.0.0.1:8601"
PORTAL = frozenset({Scope.PORTAL})
NOT_THERE = 2_000_000_000
MOST_CLIENTS = 100
"""A city has dozens of systems."""


@dataclass
class Machine:
    """One client with its private key; `http` is its way to the gateway."""

    city: City
    http: TestClient
    client_id: int
    handle: str
    key: ECKey
    _tokens: list[str] = field(default_factory=list)

    def claims(self, **said: Any) -> dict[str, Any]:
        now = int(self.city.clock.moment.timestamp())
        usual = {
            "iss": self.handle,
            "sub": self.handle,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 60,
            "jti": uuid.uuid4().hex,
        }
        return {name: value for name, value in {**usual, **said}.items() if value is not None}

    def assertion(self, *, key: ECKey | None = None, **said: Any) -> str:
        return jwt.encode({"alg": "ES256"}, self.claims(**said), key or self.key)

    def ask(self, assertion: str, **more: str) -> Any:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return self.http.post(TOKEN_PATH, data={**form, **more})

    def token(self, **said: Any) -> str:
        answer = self.ask(self.assertion(**said))
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def forget_token(self) -> None:
        """Fetch a new one for the next call."""
        self._tokens.clear()

    def call(self, method: str, path: str, *, token: str = "", once: str = "", **more: Any) -> Any:
        """Call with a token, one for the whole test unless it brings its own; each act under a new key."""
        if not token and not self._tokens:
            self._tokens.append(self.token())
        headers = {"Authorization": f"Bearer {token or self._tokens[-1]}", **more.pop("headers", {})}
        if method == "POST":
            headers["Idempotency-Key"] = once or uuid.uuid4().hex
        return self.http.request(method, path, headers=headers, **more)


def dx_officer(city: City) -> Staff:
    return city.person(Role.DX_OFFICE)


def gateway(city: City) -> TestClient:
    """The gateway's application, in the test's own process."""
    opened = TestClient(create_gateway(city.office), base_url=AUDIENCE, raise_server_exceptions=False)
    return city.visits.enter_context(opened)


def machine(
    city: City, scopes: frozenset[Scope] = PORTAL, *, http: TestClient | None = None, name: str = "ポータル"
) -> Machine:
    """Enter a client as the DX office does: one enters it, a colleague confirms its key."""
    key = ECKey.generate_key("P-256")
    with city.unit(officer(city)) as work:
        particulars = Particulars(name, None, "ポータル運営", "運用窓口 092-000-0000", scopes)
        client = service.enter(work, particulars, pem_of(key))
    confirm_keys(city, client.id)
    return Machine(city, http or gateway(city), client.id, client.handle, key)


def proved(city: City, actor: Actor) -> Actor:
    """The person as they act right after they have shown who they are."""
    return replace(actor, proved_at=city.clock.moment)


def pem_of(key: ECKey) -> str:
    return key.as_pem(private=False).decode()


def officer(city: City) -> Actor:
    """Somebody of the DX office who has just shown who they are; another one every time."""
    return proved(city, city.actor(dx_officer(city)))


def confirm_keys(city: City, client_id: int) -> None:
    """Let somebody who added none of them confirm all keys that wait."""
    with city.unit(officer(city)) as work:
        waiting = select(ClientKey.id).where(ClientKey.client_id == client_id, ~ClientKey.is_live)
        for key_id in work.session.scalars(waiting.where(ClientKey.removed_at.is_(None))).all():
            service.confirm_key(work, client_id, key_id)


def renewed(city: City, client_id: int) -> ECKey:
    """Give a client another key, confirmed by a colleague."""
    new = ECKey.generate_key("P-256")
    with city.unit(officer(city)) as work:
        service.add_keys(work, client_id, pem_of(new))
    confirm_keys(city, client_id)
    return new


def add_clients(work: Work, rows: int) -> dict[str, object]:
    """So many clients, each with a key; every third is switched off."""
    ids: dict[str, object] = {"client_id": NOT_THERE, "key_id": NOT_THERE}
    for number in range(min(rows, MOST_CLIENTS)):
        key = ECKey.generate_key("P-256").as_pem(private=False).decode()
        client = service.enter(work, Particulars(f"System {number}", None, "Outside body", "Service desk", PORTAL), key)
        if number % 3 == 2:
            service.switch_off(work, client.id, "Being looked at")
        if not number:
            key_id = work.session.scalars(select(ClientKey.id).where(ClientKey.client_id == client.id)).one()
            key_of_a_colleague = update(ClientKey).where(ClientKey.id == key_id).values(added_by_id=None)
            work.session.execute(key_of_a_colleague)
            ids = {"client_id": client.id, "key_id": key_id}
    return ids
