"""Who gets in, and for how long?"""

import pytest
from sqlalchemy import select

from backoffice.identity import StaffSession
from tests.backoffice.staff_client import StaffClient


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page_asked_for(city, client):
    person = city.person()

    asked = client.get("/me")
    signed = client.post("/sign-in", {"account": person.account, "password": "ame-no-hi-no-kasa", "next": "/me"})

    assert asked.path == "/sign-in"
    assert signed.path == "/me"


def test_a_wrong_password_and_an_unknown_account_read_the_same(city, client):
    person = city.person()

    wrong = client.post("/sign-in", {"account": person.account, "password": "nope nope"}, status=422)
    unknown = client.post("/sign-in", {"account": "nobody", "password": "nope nope"}, status=422)

    assert "職員IDまたはパスワードが違います。" in wrong.text
    assert wrong.text.replace(person.account, "nobody") == unknown.text


def test_a_session_ends_after_half_an_hour_without_use(city, client):
    client.sign_in(city.person())
    city.clock.pass_(minutes=29)
    still_in = client.get("/me")
    city.clock.pass_(minutes=31)

    assert still_in.path == "/me"
    assert client.get("/me").path == "/sign-in"


def test_a_session_ends_after_twelve_hours_however_busy(city, client):
    client.sign_in(city.person())
    for _ in range(25):
        city.clock.pass_(minutes=28)
        client.get("/me")

    city.clock.pass_(minutes=21)

    assert client.get("/me").path == "/sign-in"


def test_signing_in_gives_a_new_token_and_signing_out_ends_it(city, client):
    person = city.person()
    client.sign_in(person)
    first = client.http.cookies["__Host-gijo"]
    client.post("/sign-out")
    client.sign_in(person)

    second = client.http.cookies["__Host-gijo"]
    other = StaffClient(city)
    other.http.cookies.set("__Host-gijo", first)

    assert first != second
    assert other.get("/me").path == "/sign-in"


def test_a_token_is_not_guessed(city, client):
    """OWASP ASVS 5.0, 7.2.3: at least 128 bits of chance. 43 characters of 64 kinds are 256."""
    tokens = set()
    for _ in range(3):
        client.sign_in(city.person())
        tokens.add(client.http.cookies["__Host-gijo"])
        client.post("/sign-out")

    assert {len(token) for token in tokens} == {43}
    assert len(tokens) == 3


def test_only_a_hash_of_the_token_is_kept(city, client):
    client.sign_in(city.person())
    token = client.http.cookies["__Host-gijo"]

    with city.look() as work:
        kept = work.session.scalars(select(StaffSession.token_hash)).one()
    assert token not in kept


@pytest.mark.parametrize("path", ["/sign-in/", "/staff/", "/me/"])
def test_no_page_sends_anybody_to_a_host_that_the_request_made_up(client, path):
    answer = client.http.get(path, headers={"Host": "evil.example"}, follow_redirects=False)

    assert (answer.status_code, answer.headers.get("location")) == (404, None)


def test_sign_in_never_leads_out_of_the_house(city, client):
    person = city.person()

    answer = client.post(
        "/sign-in", {"account": person.account, "password": "ame-no-hi-no-kasa", "next": "//evil.example/"}
    )

    assert answer.response.url.host == "testserver"


def test_a_post_from_another_site_is_refused(city, client):
    client.sign_in(city.person())

    answer = client.http.post("/me/language", data={"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
