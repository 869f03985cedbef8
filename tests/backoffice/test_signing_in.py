"""Who gets in, and for how long?"""

from backoffice.identity import Role
from tests.backoffice.staff_client import StaffClient


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page_asked_for(city, client):
    person = city.person(Role.ADMINISTRATOR)

    asked = client.get("/staff")
    signed = client.post("/sign-in", {"account": person.account, "password": "ame-no-hi-no-kasa", "next": "/staff"})

    assert asked.path == "/sign-in"
    assert signed.path == "/staff"


def test_a_wrong_password_and_an_unknown_account_read_the_same(city, client):
    person = city.person()

    wrong = client.post("/sign-in", {"account": person.account, "password": "nope nope"}, status=422)
    unknown = client.post("/sign-in", {"account": "nobody", "password": "nope nope"}, status=422)

    assert "職員IDまたはパスワードが違います。" in wrong.text
    assert wrong.text.replace(person.account, "nobody") == unknown.text


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(city, client):
    person = city.person()
    for _ in range(5):
        client.post("/sign-in", {"account": person.account, "password": "wrong wrong"}, status=422)

    right = {"account": person.account, "password": "ame-no-hi-no-kasa"}
    client.post("/sign-in", right, status=422)
    city.clock.pass_(minutes=16)

    client.post("/sign-in", right)
    assert client.get("/me").path == "/me"


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
