"""People at the door: they know their password, hold an authenticator or a key, and use them as people do."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from backoffice.accounts.second_factor import codes
from backoffice.accounts.second_factor.models import TotpFactor
from backoffice.identity import Staff
from tests.backoffice.office import PASSWORD, City
from tests.backoffice.staff_client import Answer, StaffClient

ORIGIN = "https://testserver"
USER_PRESENT, KEY_IS_NEW = 0x01, 0x40


def knock(client: StaffClient, staff: Staff, password: str = PASSWORD, status: int = 200) -> Answer:
    """Type account and password; whoever needs a second factor stands on the threshold then."""
    return client.post("/sign-in", {"account": staff.account, "password": password}, status=status)


def set_up_code(client: StaffClient) -> str:
    """Set up an authenticator and give its secret, as the page shows it."""
    page = client.post("/second-factor/new-code/begin")
    secret = re.search(r'id="secret"[^>]*>([A-Z2-7]+)<', page.text)
    assert secret, page.text
    client.post("/second-factor/new-code", {"code": code_now(client.city, secret[1])})
    return secret[1]


def give_code(city: City, staff: Staff) -> str:
    """Let someone have an authenticator already, no code of which was ever taken, and give its secret."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with city.unit() as work:
        sealed = city.office.cipher.seal(secret.encode(), f"totp:{staff.id}")
        work.session.add(TotpFactor(staff_id=staff.id, sealed_secret=sealed, added_at=work.now))
    return secret


def code_now(city: City, secret: str, steps: int = 0) -> str:
    return codes.code_of(secret, codes.step_at(city.clock()) + steps)


def with_public_address(city: City, address: str = ORIGIN) -> City:
    city.office = replace(city.office, settings=city.office.settings.model_copy(update={"public_address": address}))
    return city


@dataclass
class SoftKey:
    """A security key in software: it makes a pair and signs what a browser at `origin` hands it (WebAuthn level 2)."""

    origin: str = ORIGIN
    count: int = 0
    pair: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def credential_id(self) -> bytes:
        return hashlib.sha256(self._public_key()).digest()

    def create(self, options: dict[str, Any]) -> str:
        """Answer a request for a new key, unattested."""
        described = len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._public_key()
        data = self._authenticator_data(options["rp"]["id"], USER_PRESENT | KEY_IS_NEW) + bytes(16) + described
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", options)
        return self._answer({"clientDataJSON": client_data, "attestationObject": attestation})

    def get(self, options: dict[str, Any]) -> str:
        """Answer a request for a signature, one higher in the count."""
        self.count += 1
        data = self._authenticator_data(options["rpId"], USER_PRESENT)
        client_data = self._client_data("webauthn.get", options)
        signature = self.pair.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client_data, "authenticatorData": data, "signature": signature})

    def _authenticator_data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public_key(self) -> bytes:
        numbers = self.pair.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.credential_id)
        response = {key: bytes_to_base64url(value) for key, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def asked(client: StaffClient, path: str) -> dict[str, Any]:
    """What the page's script would hand to the browser."""
    options = json.loads(client.post(path).text)
    assert len(base64url_to_bytes(options["challenge"])) >= 32
    return options


def set_up_key(client: StaffClient, key: SoftKey, name: str = "窓口の鍵", status: int = 200) -> Answer:
    answer = key.create(asked(client, "/second-factor/new-key/ask"))
    return client.post("/second-factor/new-key", {"answer": answer, "name": name}, status=status)
