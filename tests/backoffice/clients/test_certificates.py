"""Where the city's proxy asks for certificates, a token is good with the one that fetched it, and with no other."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest

from backoffice.clients.certificates import LONGEST, thumbprint_in
from tests.backoffice.clients.machines import Machine, gateway, machine
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.office import City

OURS, STOLEN_BY = b"certificate of the portal", b"certificate of somebody else"
PATH = "/portal/notices"


def header(certificate: bytes) -> str:
    """As the proxy writes it (RFC 9440)."""
    return f":{base64.b64encode(certificate).decode()}:"


@pytest.fixture
def asked_for(city: City) -> Machine:
    """A portal behind a proxy that asks for certificates."""
    settings = city.office.settings.model_copy(update={"gateway_certificates": True})
    city.office = replace(city.office, settings=settings)
    return machine(city)


def token_with(portal: Machine, *certificates: bytes) -> str:
    portal.http.headers = [("Client-Cert", header(each)) for each in certificates]
    answer = portal.ask(portal.assertion())
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def call(portal: Machine, token: str, *certificates: bytes):
    portal.http.headers = [("Client-Cert", header(each)) for each in certificates]
    return portal.call("GET", PATH, token=token)


def test_a_token_is_good_with_the_certificate_with_which_it_was_fetched(asked_for: Machine):
    token = token_with(asked_for, OURS)

    assert call(asked_for, token, OURS).status_code == 200
    for others in ((), (STOLEN_BY,), (OURS, STOLEN_BY)):
        problem(call(asked_for, token, *others), 401, "token-needed")


def test_without_a_certificate_there_is_no_token(asked_for: Machine):
    for certificates in ((), (OURS, STOLEN_BY)):
        asked_for.http.headers = [("Client-Cert", header(each)) for each in certificates]
        answer = asked_for.ask(asked_for.assertion())
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert "certificate" in answer.json()["error_description"]


def test_where_no_proxy_asks_for_them_the_header_says_nothing(city: City):
    portal = machine(city)
    token = token_with(portal, OURS)

    assert [call(portal, token, *each).status_code for each in ((), (OURS,), (STOLEN_BY,))] == [200, 200, 200]
    said = portal.http.get("/.well-known/oauth-authorization-server").json()
    assert said["tls_client_certificate_bound_access_tokens"] is False


def test_what_was_fetched_before_the_city_asked_for_certificates_is_fetched_anew(city: City):
    before = machine(city)
    token = token_with(before)
    settings = city.office.settings.model_copy(update={"gateway_certificates": True})
    city.office = replace(city.office, settings=settings)
    before.http = gateway(city)

    problem(call(before, token, OURS), 401, "token-needed")
    problem(call(before, token), 401, "token-needed")
    assert call(before, token_with(before, OURS), OURS).status_code == 200


def test_it_is_announced(asked_for: Machine):
    said = asked_for.http.get("/.well-known/oauth-authorization-server").json()

    assert said["tls_client_certificate_bound_access_tokens"] is True


@pytest.mark.parametrize("wrong", ["", ":", "::", ":%%%:", "YWJj", ":YWJj", ":YW Jj:", f":{'A' * LONGEST}:", ":証明:"])
def test_what_is_no_certificate_is_none(wrong):
    assert thumbprint_in([wrong]) is None


def test_its_mark_is_that_of_the_standard():
    expected = base64.urlsafe_b64encode(hashlib.sha256(OURS).digest()).rstrip(b"=").decode()

    assert thumbprint_in([header(OURS)]) == expected
