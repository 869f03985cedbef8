"""Which keys does the DX office take for a client? Public ones of ES256, and nothing of any other is kept."""

from __future__ import annotations

import json

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from backoffice.clients.keys import NO_KEY, NOT_OURS, PRIVATE, read_public_keys
from backoffice.errors import Invalid

KEY = ECKey.generate_key("P-256")


def public(key=KEY) -> dict:
    return {**key.as_dict(private=False), "kid": "their own name", "use": "sig"}


def said_of(text: str) -> str:
    with pytest.raises(Invalid) as refusal:
        read_public_keys(text)
    return refusal.value.fields["public_keys"]


@pytest.mark.parametrize(
    "text",
    [
        KEY.as_pem(private=False).decode(),
        json.dumps(public()),
        json.dumps({"keys": [public()]}),
        f"\n  {json.dumps(public())}  ",
    ],
    ids=["pem", "jwk", "jwks", "with blanks"],
)
def test_a_public_key_is_taken_as_pem_as_jwk_and_as_jwks(text):
    (read,) = read_public_keys(text)

    assert (read.thumbprint(), read.is_private) == (KEY.thumbprint(), False)


def test_two_keys_come_in_one_jwks():
    other = ECKey.generate_key("P-256")

    assert len(read_public_keys(json.dumps({"keys": [public(), public(other)]}))) == 2


@pytest.mark.parametrize(
    "text",
    [
        KEY.as_pem(private=True).decode(),
        KEY.as_pem(private=True).decode().replace("\n", " "),
        json.dumps(KEY.as_dict(private=True)),
        json.dumps({"keys": [public(), KEY.as_dict(private=True)]}),
        json.dumps(RSAKey.generate_key(2048).as_dict(private=True)),
        json.dumps(OctKey.generate_key(256).as_dict()),
    ],
    ids=["pem", "pem in one line", "jwk", "among others", "rsa", "shared secret"],
)
def test_a_private_key_that_came_by_mistake_is_refused_and_not_repeated(text):
    assert said_of(text) == PRIVATE


@pytest.mark.parametrize(
    "key",
    [RSAKey.generate_key(2048), ECKey.generate_key("P-384"), OKPKey.generate_key("Ed25519")],
    ids=["rsa", "P-384", "Ed25519"],
)
def test_a_key_of_another_kind_is_refused(key):
    assert said_of(json.dumps(key.as_dict(private=False))) == NOT_OURS


@pytest.mark.parametrize("text", ["", "  ", "hello", "{", "{}x", '{"keys": []}', '{"keys": [1]}', "x" * 9000])
def test_what_is_no_key_is_refused(text):
    assert said_of(text) == NO_KEY


def test_a_point_that_lies_beside_the_curve_is_no_key():
    assert said_of(json.dumps({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"})) == NOT_OURS


def test_a_json_without_a_key_is_refused():
    assert said_of("{}") == NOT_OURS
