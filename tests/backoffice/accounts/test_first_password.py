"""A password that an administrator chose opens nothing but the page on which the person chooses their own."""

from __future__ import annotations

import pytest

from backoffice.accounts import service as accounts
from backoffice.errors import Invalid
from backoffice.identity import Role, Staff
from tests.backoffice.accounts.people import knock, set_up_code
from tests.backoffice.office import PASSWORD
from tests.backoffice.staff_client import StaffClient

GIVEN, OWN = "kaze-no-hi-no-tegami", "umi-no-mieru-oka"


@pytest.fixture
def newcomer(city) -> Staff:
    person = city.person(Role.CLERK)
    accounts.set_password(city.office, city.actor(city.person(Role.ADMINISTRATOR)), person.id, GIVEN)
    return person


@pytest.fixture
def client(city) -> StaffClient:
    return StaffClient(city)


def test_with_a_given_password_one_chooses_ones_own_before_anything_else(client, newcomer):
    page = knock(client, newcomer, GIVEN)
    elsewhere = client.get("/inbox")
    acts = client.http.post("/me/language", data={"language": "en"})

    assert (page.path, elsewhere.path, acts.status_code) == ("/first-password", "/first-password", 401)
    assert 'href="/inbox"' not in page.text


def test_after_it_one_signs_in_with_ones_own_and_with_no_other(client, newcomer):
    knock(client, newcomer, GIVEN)

    after = client.post("/first-password", {"new": OWN})

    assert after.path == "/sign-in"
    knock(client, newcomer, GIVEN, status=422)
    client.city.clock.pass_(minutes=5)
    assert knock(client, newcomer, OWN).path == "/second-factor"


@pytest.mark.parametrize(("new", "said"), [(GIVEN, "別のパスワード"), ("mijikai", "8文字以上")])
def test_the_same_password_or_a_poor_one_is_none_of_ones_own(client, newcomer, new, said):
    knock(client, newcomer, GIVEN)

    refused = client.post("/first-password", {"new": new}, status=422)

    assert said in refused.text


def test_a_second_factor_set_up_before_it_opens_no_way_around(client, newcomer):
    knock(client, newcomer, GIVEN)
    set_up_code(client)

    assert client.get("/inbox").path == "/first-password"


def test_whoever_chose_their_password_themselves_is_not_asked(city, client):
    person = city.person()
    knock(client, person)

    page = client.get("/first-password")
    refused = client.post("/first-password", {"new": OWN}, status=409)

    assert page.path == "/"
    assert "自分の設定" in refused.text
    knock(client, person, PASSWORD)


def test_whoever_is_added_by_hand_changes_their_first_password(city, client):
    administrator = city.person(Role.ADMINISTRATOR)
    department = administrator.department_id
    typed = {"account": "shinjin", "name": "新人 一郎", "department": department, "password": GIVEN}

    StaffClient(city).sign_in(administrator).post("/staff/new", typed)

    assert client.post("/sign-in", {"account": "shinjin", "password": GIVEN}).path == "/first-password"


@pytest.mark.parametrize("account", ["新人", "a b", "x" * 65, "a@b"])
def test_by_hand_an_account_has_the_shape_that_personnel_files_ask_for(city, account):
    with pytest.raises(Invalid) as refused, city.unit() as work:
        accounts.add_staff(work, account, "新人 一郎", city.department(), "")

    assert "account" in refused.value.fields
