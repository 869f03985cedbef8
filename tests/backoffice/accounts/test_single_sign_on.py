"""Signing in at the city's own identity provider: who comes back is believed for what was signed, and once."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2
import pytest
from pydantic import ValidationError

from backoffice.identity import Role
from backoffice.settings import Settings
from tests import fake_identity_provider
from tests.backoffice.accounts.people import ORIGIN, code_now, give_code, knock
from tests.backoffice.staff_client import Answer, StaffClient
from tests.fake_identity_provider import CLIENT_ID, CLIENT_SECRET

pytestmark = pytest.mark.journey

BACK = "/sign-in/city/back"


@pytest.fixture
def provider(city, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text(CLIENT_SECRET + "\n")
    with fake_identity_provider.running(f"{ORIGIN}{BACK}") as running:
        running.now = city.clock().timestamp()
        told = {
            "public_address": ORIGIN,
            "oidc_issuer": running.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret_file": secret,
        }
        city.office = replace(city.office, settings=city.office.settings.model_copy(update=told))
        yield running


@pytest.fixture
def client(city, provider):
    return StaffClient(city)


def require(city, **told: str) -> StaffClient:
    city.office = replace(city.office, settings=city.office.settings.model_copy(update=told))
    return StaffClient(city)


def way_back(client: StaffClient, account: str = "tanaka", following: str = "/") -> str:
    """Go to the provider, choose who one is, and give the address it sends the browser back to."""
    away = client.http.get(f"/sign-in/city?next={following}", follow_redirects=False)
    assert away.status_code == 303, away.text
    chosen = httpx2.get(away.headers["location"])
    link = re.search(rf'id="{account}" href="([^"]+)"', chosen.text)
    assert link, chosen.text
    return link[1].replace("&amp;", "&").removeprefix(ORIGIN)


def come_back(client: StaffClient, status: int = 200, **choice: str) -> Answer:
    return client.get(way_back(client, **choice), status=status)


def test_a_person_whom_the_provider_names_comes_to_the_page_they_asked_for(city, client):
    city.person(account="tanaka")

    assert come_back(client, following="/me").path == "/me"
    assert "サインインしました。" in client.get("/me/history").text


@pytest.mark.parametrize(("its_own", "in_the_settings"), [("/", ""), ("/", "/"), ("", "/")])
def test_a_slash_at_the_end_of_the_providers_name_makes_no_difference(city, provider, its_own, in_the_settings):
    city.person(account="tanaka")
    provider.ends_with = its_own
    client = require(city, oidc_issuer=f"{provider.address}{in_the_settings}")

    assert come_back(client, following="/me").path == "/me"


def test_where_nothing_is_required_of_the_provider_our_own_second_factor_is_asked(city, client):
    secret = give_code(city, city.person(Role.CLERK, account="tanaka"))

    asked = come_back(client, following="/sheets")
    inside = client.post("/second-factor/code", {"code": code_now(city, secret), "next": "/sheets"})

    assert (asked.path, inside.path) == ("/second-factor", "/sheets")


@pytest.mark.parametrize(
    ("required", "asserted"),
    [({"oidc_required_amr": "mfa"}, {"amr": ["pwd", "mfa"]}), ({"oidc_required_acr": "gold"}, {"acr": "gold"})],
)
def test_a_second_factor_that_the_provider_asserts_counts(city, provider, required, asserted):
    city.person(Role.CLERK, account="tanaka")
    client = require(city, **required)
    provider.claims = asserted

    assert come_back(client, following="/sheets").path == "/sheets"


@pytest.mark.parametrize("asserted", [{}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "mfa"}])
def test_a_provider_that_does_not_assert_it_lets_nobody_in(city, provider, asserted):
    city.person(Role.CLERK, account="tanaka")
    client = require(city, oidc_required_amr="mfa")
    provider.claims = asserted

    come_back(client, status=422)

    assert client.get("/me").path == "/sign-in"


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of another journey"},
        {"aud": "another-system"},
        {"aud": [CLIENT_ID, "another-system"], "azp": "another-system"},
        {"iss": "https://another.example"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_for_us_here_and_now_is_refused(city, client, provider, lie):
    city.person(account="tanaka")
    provider.claims = lie

    page = come_back(client, status=422)

    assert "市の認証サービスの答えを確かめられませんでした" in page.text
    assert client.get("/me").path == "/sign-in"


@pytest.mark.parametrize("signer", ["a stranger's key", "none", "the client's secret"])
def test_a_token_that_the_provider_did_not_sign_is_refused(city, client, provider, signer):
    city.person(account="tanaka")
    provider.sign_with = signer

    come_back(client, status=422)

    assert client.get("/me").path == "/sign-in"


def test_a_key_that_the_provider_changed_is_known_at_once(city, client, provider):
    city.person(account="tanaka")
    come_back(client)
    client.post("/sign-out")
    provider.keys = provider.strangers_key

    assert come_back(client).path == "/"


def test_a_way_back_is_gone_once(city, client):
    city.person(account="tanaka")
    address = way_back(client)
    cookie = client.http.cookies["__Host-city"]
    client.get(address)
    client.post("/sign-out")
    client.http.cookies.set("__Host-city", cookie, domain="testserver.local", path="/")

    client.get(address, status=422)

    assert client.get("/me").path == "/sign-in"


def test_a_way_back_leads_in_only_the_browser_that_set_out(city, client):
    city.person(account="tanaka")
    address = way_back(client)
    other = StaffClient(city)
    way_back(other)

    for stranger in (other, StaffClient(city)):
        stranger.get(address, status=422)
        assert stranger.get("/me").path == "/sign-in"


def test_a_journey_takes_ten_minutes_at_most(city, client):
    city.person(account="tanaka")
    address = way_back(client)
    city.clock.pass_(minutes=11)

    client.get(address, status=422)


@pytest.mark.parametrize("cookie", ["", "made-up", "bWFkZS11cA=="])
def test_a_made_up_journey_is_refused(city, client, cookie):
    client.http.cookies.set("__Host-city", cookie, domain="testserver.local", path="/")

    client.get(f"{BACK}?state=x&code=y", status=422)


def test_someone_whom_the_office_does_not_know_is_told_so(city, client):
    page = come_back(client, status=422)

    assert "技助に登録されていない" in page.text


def test_someone_who_was_stopped_is_not_let_in(city, client):
    person = city.person(account="tanaka")
    with city.unit() as work:
        work.session.merge(person).active = False

    come_back(client, status=422)


def test_whoever_cancels_at_the_provider_is_told_so(client):
    page = client.get(f"{BACK}?error=access_denied&state=x", status=422)

    assert "行われませんでした" in page.text


def test_a_provider_that_does_not_answer_is_told_as_such(city, client, provider):
    away = client.http.get("/sign-in/city", follow_redirects=False)
    assert away.status_code == 303
    gone = require(city, oidc_issuer="http://127.0.0.1:9")

    page = gone.get("/sign-in/city", status=503)

    assert "市の認証サービスにつながりません" in page.text


def test_a_provider_that_says_to_be_another_is_not_followed(city, provider):
    client = require(city, oidc_issuer=provider.issuer.replace("127.0.0.1", "localhost"))

    client.get("/sign-in/city", status=503)


def test_with_a_provider_passwords_open_nothing_but_the_accounts_for_its_failure(city, client):
    person, emergency = city.person(), city.person()
    with city.unit() as work:
        work.session.merge(emergency).break_glass = True

    refused = knock(client, person, status=422)
    let_in = knock(client, emergency)

    assert "職員IDまたはパスワードが違います。" in refused.text
    assert let_in.path == "/"
    assert "非常用のパスワードでサインインしました" in client.get("/me/history").text


def test_the_account_for_its_failure_needs_its_second_factor_too(city, client):
    emergency = city.person(Role.ADMINISTRATOR)
    with city.unit() as work:
        work.session.merge(emergency).break_glass = True

    assert knock(client, emergency).path == "/second-factor"


def test_after_signing_out_here_one_may_sign_out_there(city, client, provider):
    city.person(account="tanaka")
    come_back(client)

    page = client.post("/sign-out")
    there = client.http.get("/sign-in/city/end", follow_redirects=False)

    assert 'href="/sign-in/city/end"' in page.text
    assert there.headers["location"].startswith(f"{provider.issuer}/sign-out?client_id={CLIENT_ID}&")


def test_the_secret_and_the_code_stand_in_no_page_and_no_log(city, client, provider, capsys):
    city.person(account="tanaka")
    address = way_back(client)
    page = client.get(address)

    said = "".join(capsys.readouterr())
    assert CLIENT_SECRET not in page.text + said
    assert address.split("code=")[1].split("&")[0] not in said


@pytest.mark.parametrize("path", ["/sign-in/city", f"{BACK}?state=x&code=y", "/sign-in/city/end"])
def test_without_a_provider_there_is_no_such_way(city, path):
    client = StaffClient(city)

    client.get(path, status=404)
    assert "市の認証サービス" not in client.get("/sign-in").text


@pytest.mark.parametrize(
    "told",
    [
        {"oidc_issuer": "https://id.city.example"},
        {"oidc_issuer": "https://id.city.example", "public_address": "https://gijo.city.example"},
        {"oidc_issuer": "http://id.city.example", "public_address": "https://g.example", "oidc_client_id": "gijo"},
    ],
)
def test_a_provider_half_set_up_or_without_tls_starts_no_office(told):
    with pytest.raises(ValidationError):
        Settings(**told)
