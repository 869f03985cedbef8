"""How does a partner's system call Gijo's gateway? A whole client in one file, to be run and to be copied from.

    python docs/examples/portal_client.py key portal-key.pem           # make a key; the DX office gets its public half
    python docs/examples/portal_client.py try --gateway http://127.0.0.1:8601 --client gijo-… --key portal-key.pem

Needs `joserfc` and nothing else. What to keep: the private key, readable by the service alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.jwk import ECKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LASTS = 60
FETCH_EARLY = 30
"""A token is fetched anew so many seconds before it ends."""
OLD_TOKEN = 401


class RefusedError(Exception):
    """The gateway said no: `problem` tells what to mend (RFC 9457, or RFC 6749 for tokens).

    `retry_after`: so many seconds it is no use to ask.
    """

    def __init__(self, status: int, problem: dict[str, Any], retry_after: int = 0) -> None:
        super().__init__(f"{status} {json.dumps(problem, ensure_ascii=False)}")
        self.status = status
        self.problem = problem
        self.retry_after = retry_after


@dataclass
class Gateway:
    """One client's way to the gateway. It fetches tokens by itself."""

    address: str
    client_id: str
    key: ECKey
    now: Callable[[], float] = time.time
    _token: str = ""
    _until: float = field(default=0.0)

    def get(self, path: str) -> dict[str, Any]:
        return self._call("GET", path)

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._call("PUT", path, body)

    def post(self, path: str, body: dict[str, Any], idempotency_key: str = "") -> dict[str, Any]:
        """Act once: after a broken connection, send the same body with the same key again."""
        return self._call("POST", path, body, {"Idempotency-Key": idempotency_key or str(uuid.uuid4())})

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        for last_try in (False, True):
            said = {"Authorization": f"Bearer {self._live_token()}", "Content-Type": "application/json"}
            try:
                return _send(Request(self.address + path, content, {**said, **(headers or {})}, method=method))  # noqa: S310 -- the gateway's own address
            except RefusedError as refused:
                if refused.status != OLD_TOKEN or last_try:
                    raise
                self._until = 0.0  # ended early: a key was renewed. One fresh token, then give up
        raise AssertionError("the second try answers or raises")

    def _live_token(self) -> str:
        if self.now() >= self._until:
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self._assertion(),
            }
            answer = _send(Request(f"{self.address}/oauth/token", urlencode(form).encode()))  # noqa: S310 -- as above
            self._token = answer["access_token"]
            self._until = self.now() + answer["expires_in"] - FETCH_EARLY
        return self._token

    def _assertion(self) -> str:
        """Sign who we are: a new `jti` every time, for this gateway only, for a minute."""
        now = int(self.now())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.address,
            "iat": now,
            "exp": now + ASSERTION_LASTS,
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode({"alg": "ES256"}, claims, self.key)


def make_key(path: Path) -> str:
    """Write a new private key for its owner alone, and give the public half for the DX office."""
    key = ECKey.generate_key("P-256")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.as_pem(private=True))
    return key.as_pem(private=False).decode()


def try_it(gateway: Gateway, pseudonym: str) -> dict[str, Any]:
    """Register somebody invented, let them consent and withdraw, and give their record."""
    person = {"pseudonym": pseudonym, "assurance": "card_verified", "proven_by": "user_certificate"}
    core = next(each for each in gateway.get("/portal/notices?language=ja")["notices"] if each["kind"] == "core")
    gateway.put("/portal/registrant", {"person": person, "language": "ja"})
    gateway.put("/portal/channel", {"person": person, "kind": "mail", "address": "nobody@mail.example"})
    consent = gateway.post(
        "/portal/consents",
        {
            "person": person,
            "kind": "core",
            "notice_version": core["version"],
            "language": "ja",
            "message_id": str(uuid.uuid4()),
        },
    )
    gateway.post("/portal/consents/withdraw", {"person": person, "reference": consent["reference"]})
    return gateway.post("/portal/record", {"person": person})


def _send(request: Request) -> dict[str, Any]:
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 -- the gateway's own address
            found: dict[str, Any] = json.load(answer)
            return found
    except HTTPError as refused:
        with refused:
            raise RefusedError(refused.code, json.load(refused), int(refused.headers.get("Retry-After", 0))) from None


def main(words: list[str]) -> int:
    """Make a key, or try the whole way."""
    parser = argparse.ArgumentParser(description="Gijo のゲートウェイを呼ぶ見本 / a sample client of the gateway")
    orders = parser.add_subparsers(dest="order", required=True)
    orders.add_parser("key").add_argument("file", type=Path)
    trying = orders.add_parser("try")
    trying.add_argument("--gateway", required=True)
    trying.add_argument("--client", required=True)
    trying.add_argument("--key", type=Path, required=True)
    trying.add_argument("--pseudonym", default="sample-0001")
    said = parser.parse_args(words)
    if said.order == "key":
        print(make_key(said.file))
        return 0
    gateway = Gateway(said.gateway.rstrip("/"), said.client, ECKey.import_key(said.key.read_bytes()))
    try:
        print(json.dumps(try_it(gateway, said.pseudonym), ensure_ascii=False, indent=1))
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
