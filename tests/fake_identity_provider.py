"""An identity provider such as a city runs, reduced to what OpenID Connect asks of one; on a real port of this machine.

Discovery, JWKS, authorization, token, sign-out, with RS256-signed id tokens. It keeps the protocol's rules (client
secret, redirect address, PKCE, a code once), so that a client that breaks them is seen; and it can be told to lie.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "gijo", "invented-client-secret"
GOOD_FOR_SECONDS = 300


@cache
def key_of(_owner: str) -> RSAKey:
    """A key pair an owner; making one takes longer than a test."""
    return RSAKey.generate_key(2048, {"kid": "key-1"})


@dataclass
class Grant:
    account: str
    nonce: str
    challenge: str
    redirect: str


@dataclass
class FakeIdentityProvider:
    port: int
    redirect: str
    now: float = field(default_factory=time.time)
    """Its clock: a test that stands still in time sets it."""
    claims: dict[str, Any] = field(default_factory=dict)
    """What it asserts besides: `acr`, `amr`; or lies about: `nonce`, `aud`, `iss`, `exp`."""
    sign_with: str = "its own key"
    ends_with: str = ""
    """Some providers' names end with a slash, and that slash is part of the name."""
    accounts: tuple[str, ...] = ("tanaka",)
    keys: RSAKey = field(default_factory=lambda: key_of("the provider"))
    strangers_key: RSAKey = field(default_factory=lambda: key_of("a stranger"))
    grants: dict[str, Grant] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"{self.address}{self.ends_with}"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def discovery(self) -> dict[str, Any]:
        pages = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        more = {"end_session_endpoint": "sign-out"}
        return {"issuer": self.issuer} | {name: f"{self.address}/{page}" for name, page in (pages | more).items()}

    def key_set(self) -> dict[str, Any]:
        return {"keys": [self.keys.as_dict(private=False)]}

    def authorize(self, words: dict[str, str]) -> str:
        """Give the page on which a person chooses who they are."""
        assert words["response_type"] == "code"
        assert words["client_id"] == CLIENT_ID
        assert words["redirect_uri"] == self.redirect
        assert words["code_challenge_method"] == "S256"
        links = []
        for account in self.accounts:
            code = base64.urlsafe_b64encode(hashlib.sha256(f"{account}{len(self.grants)}".encode()).digest()).decode()
            self.grants[code] = Grant(account, words["nonce"], words["code_challenge"], words["redirect_uri"])
            back = f"{self.redirect}?{urlencode({'code': code, 'state': words['state']})}"
            links.append(f'<p><a id="{account}" href="{html.escape(back)}">{account}</a></p>')
        title = "市の認証サービス"
        return f"<!DOCTYPE html><html lang='ja'><title>{title}</title><h1>{title}</h1>{''.join(links)}</html>"

    def token(self, words: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Give the tokens for a code, once; None for a client that breaks the rules."""
        secret = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        grant = self.grants.pop(words.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(words.get("code_verifier", "").encode()).digest())
        if (
            grant is None
            or authorization != f"Basic {secret}"
            or words.get("redirect_uri") != grant.redirect
            or proof.decode().rstrip("=") != grant.challenge
        ):
            return None
        return {"access_token": "an-access-token", "token_type": "Bearer", "id_token": self.id_token(grant)}

    def id_token(self, grant: Grant) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": f"subject-of-{grant.account}",
            "preferred_username": grant.account,
            "iat": int(self.now),
            "exp": int(self.now) + GOOD_FOR_SECONDS,
            "nonce": grant.nonce,
        } | self.claims
        if self.sign_with == "none":
            parts = [
                base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
                for each in ({"alg": "none"}, claims)
            ]
            return f"{parts[0]}.{parts[1]}."
        if self.sign_with == "the client's secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET))
        key = self.keys if self.sign_with == "its own key" else self.strangers_key
        return jwt.encode({"alg": "RS256", "kid": "key-1"}, claims, key)


def handler_of(provider: FakeIdentityProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            words = {name: values[0] for name, values in parse_qs(address.query).items()}
            provider.asked.append(address.path)
            if address.path == "/.well-known/openid-configuration":
                self.answer(json.dumps(provider.discovery()), "application/json")
            elif address.path == "/keys":
                self.answer(json.dumps(provider.key_set()), "application/json")
            elif address.path == "/authorize":
                self.answer(provider.authorize(words), "text/html; charset=utf-8")
            else:
                self.answer("<!DOCTYPE html><title>signed out</title>", "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            words = {name: values[0] for name, values in parse_qs(body).items()}
            provider.asked.append(self.path)
            token = provider.token(words, self.headers.get("Authorization", ""))
            self.answer(json.dumps(token or {"error": "invalid_grant"}), "application/json", 200 if token else 400)

        def answer(self, content: str, media: str, status: int = 200) -> None:
            body = content.encode()
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running(redirect: str) -> Iterator[FakeIdentityProvider]:
    """Run a provider that sends its people back to `redirect` only."""
    provider = FakeIdentityProvider(0, redirect)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(provider))
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
