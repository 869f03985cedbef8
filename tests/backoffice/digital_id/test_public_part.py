"""What does a partner read who checks digital IDs with programs of their own? Keys and the list, and that suffices."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from backoffice.digital_id import service
from backoffice.digital_id.addresses import issuer_of, status_list_of, type_of
from backoffice.digital_id.keys import confirm, make_key
from backoffice.digital_id.workflow import Cause
from backoffice.identity import Role
from backoffice.settings import Settings
from tests.backoffice.clients.machines import gateway, officer
from tests.backoffice.consents.counter import WHO
from tests.backoffice.digital_id.wallets import issued, registered
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.signing import key_of
from workflows.credentials.status_list import LASTS, read_status_statement
from workflows.credentials.verifying import Asked, Trust, verify
from workflows.rules.vocabulary import ConsentClass

POOL, NONCE = "https://pool.example", "n-1"


@pytest.fixture
def partner(city):
    return gateway(city)


@pytest.fixture
def resident(city):
    return registered(city, city.person(Role.PRIVACY_OFFICER), ConsentClass.CORE)


def believes(city, partner: TestClient, wallet) -> dict[str, object]:
    """What the partner's own program finds, with nothing but what anyone may read."""
    settings, now = city.office.settings, int(city.clock().timestamp())
    told = partner.get("/.well-known/jwt-vc-issuer").json()
    keys = {each["kid"]: key_of(each) for each in told["jwks"]["keys"]}
    statuses = read_status_statement(partner.get("/digital-id/status").text, status_list_of(settings), keys, now)
    trust = Trust(told["issuer"], type_of(settings), keys, statuses.at)
    presentation = wallet.present(["age_over_65"], POOL, NONCE, now)
    return dict(verify(presentation, trust, Asked(POOL, lambda nonce: nonce == NONCE), now).claims)


def test_a_partner_needs_the_keys_and_the_list_and_nothing_else(city, partner, resident):
    wallet, _number = issued(city, resident)

    assert believes(city, partner, wallet) == {"age_over_65": True}


def test_a_revocation_is_known_to_partners_within_a_minute(city, partner, resident):
    wallet, number = issued(city, resident)
    before = partner.get("/digital-id/status")
    with city.unit() as work:
        service.revoke(work, number, Cause.LOST)

    with pytest.raises(RefusedError) as refused:
        believes(city, partner, wallet)
    assert refused.value.reason is Reason.REVOKED
    kept_on_the_way = int(before.headers["cache-control"].removeprefix("public, max-age="))
    assert kept_on_the_way + LASTS < 60


def test_keys_are_listed_as_long_as_something_they_signed_is_in_force(city, partner, resident):
    issued(city, resident)
    with city.unit() as work:
        confirm(work, make_key(work))

    assert len(partner.get("/digital-id/keys").json()["keys"]) == 2
    city.clock.pass_(days=400)
    assert len(partner.get("/digital-id/keys").json()["keys"]) == 1


def test_once_signing_was_stopped_there_is_no_key_to_believe_and_no_list(city, partner, resident):
    issued(city, resident)
    with city.unit(officer(city)) as work:
        service.stop_signing(work)

    assert partner.get("/digital-id/keys").json() == {"keys": []}
    assert partner.get("/digital-id/status").status_code == 404


def test_nothing_that_anyone_may_read_holds_a_secret_or_a_person(city, partner, resident):
    _wallet, number = issued(city, resident)

    told = "".join(partner.get(path).text for path in ("/.well-known/jwt-vc-issuer", "/digital-id/keys"))

    assert not any(secret in told for secret in ('"d"', number, WHO))


def test_the_list_is_signed_as_what_it_is(city, partner, resident):
    issued(city, resident)

    assert partner.get("/digital-id/status").headers["content-type"] == "application/statuslist+jwt"


def test_before_the_first_digital_id_there_is_no_list(partner):
    answer = partner.get("/digital-id/status")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert partner.get("/digital-id/keys").json() == {"keys": []}


def test_the_issuer_is_the_gateway_and_not_the_office():
    settings = Settings(public_address="https://gijo.city.example", gateway_address="https://gateway.city.example/")

    assert issuer_of(settings) == "https://gateway.city.example"
