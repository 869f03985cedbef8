"""What does a person see of their own account, and what may they change themselves?"""

from __future__ import annotations

import re

from backoffice.accounts import history
from backoffice.app import create_app
from backoffice.audit.events import all_events
from backoffice.identity import Role
from tests.backoffice.accounts.people import code_now, knock, set_up_code
from tests.backoffice.staff_client import StaffClient


def sessions_on(page) -> list[str]:
    return re.findall(r"/me/sessions/(\d+)/end", page.text)


def test_a_person_sees_where_they_are_signed_in_and_which_one_is_here(city, client):
    person = city.person()
    StaffClient(city).sign_in(person)
    city.clock.pass_(minutes=5)
    client.sign_in(person)

    page = client.get("/me")

    assert len(sessions_on(page)) == 1
    assert page.text.count("この端末") == 1
    assert "testclient" in page.text


def test_a_sign_in_that_has_run_out_is_not_listed(city, client):
    person = city.person()
    StaffClient(city).sign_in(person)
    city.clock.pass_(minutes=31)

    assert sessions_on(client.sign_in(person).get("/me")) == []


def test_one_sign_in_is_ended_from_another(city, client):
    person, left_behind = city.person(), StaffClient(city)
    left_behind.sign_in(person)
    client.sign_in(person)

    [session_id] = sessions_on(client.get("/me"))
    client.post(f"/me/sessions/{session_id}/end")

    assert (client.get("/me").path, left_behind.get("/me").path) == ("/me", "/sign-in")


def test_everywhere_else_is_ended_at_once(city, client):
    person = city.person()
    others = [StaffClient(city).sign_in(person) for _ in range(3)]
    client.sign_in(person)

    page = client.post("/me/sessions/end-others")

    assert "ほかのサインインを3件終わらせました。" in page.text
    assert [each.get("/me").path for each in others] == ["/sign-in"] * 3


def test_nobody_ends_a_colleagues_sign_in(city, client):
    person = city.person()
    colleague, elsewhere = StaffClient(city).sign_in(person), StaffClient(city).sign_in(person)
    [session_id] = sessions_on(elsewhere.get("/me"))

    client.sign_in(city.person()).post(f"/me/sessions/{session_id}/end", status=404)

    assert colleague.get("/me").path == "/me"


def test_what_happened_to_an_account_is_shown_to_its_owner_with_who_did_it(city, client):
    person = city.person(Role.CLERK, department=city.department("学事課"))
    knock(client, person, "a wrong password", status=422)
    administrator = city.person(Role.ADMINISTRATOR, department=None)
    with city.unit(city.actor(administrator)) as work:
        history.tell_owner(work, history.events.BreakGlassSet(person.id, on=True))
    client.sign_in(person)

    page = client.get("/me/history")

    for said in (
        "サインインを断りました",
        "部署 学事課 の役割 担当者",
        "非常用の設定",
        administrator.name,
        "testclient",
    ):
        assert said in page.text
    assert page.text.index("2つめの確認を待っています") < page.text.index("サインインを断りました")


def test_a_person_does_not_see_what_happened_to_others(city, client):
    other = city.person()
    StaffClient(city).sign_in(other)

    page = client.sign_in(city.person()).get("/me/history")

    assert f"職員番号 {other.id} " not in page.text


def test_every_event_about_an_account_is_one_that_its_owner_sees(city):
    create_app(city.office)

    about_accounts = {
        kind.kind
        for kind in all_events()
        if kind.__module__.startswith("backoffice.accounts") and "staff_id" in kind.__annotations__
    }

    assert about_accounts == {kind.kind for kind in history.OWNER_SEES}
    assert set(history.OWNER_SEES) <= set(city.office.follow_ups)


def test_text_size_is_the_persons_own_and_stands_on_every_page(city, client):
    client.sign_in(city.person())

    client.post("/me/text-size", {"size": "largest"})

    assert 'data-text="largest"' in client.get("/").text
    assert "data-text" not in StaffClient(city).sign_in(city.person()).get("/").text
    client.post("/me/text-size", {"size": "enormous"}, status=422)


def test_where_the_morning_mail_goes_is_set_and_taken_back(city, client):
    client.sign_in(city.person())

    client.post("/me/mail", {"mail": " tanaka@city.example.jp "})
    kept = client.get("/me").text
    wrong = client.post("/me/mail", {"mail": "no address"}, status=422)
    client.post("/me/mail", {"mail": ""})

    assert 'value="tanaka@city.example.jp"' in kept
    assert "メールアドレスの形ではありません" in wrong.text
    assert 'value="no address"' in wrong.text
    assert "tanaka@city.example.jp" not in client.get("/me").text


def test_an_administrator_resets_what_a_colleague_lost_and_the_colleague_sees_it(city, client):
    office = city.department("DX推進課")
    person = city.person(Role.CLERK, department=office)
    knock(client, person)
    set_up_code(client)
    administrator = StaffClient(city).sign_in(city.person(Role.ADMINISTRATOR, department=office))

    administrator.post(f"/staff/{person.id}/second-factor/reset")

    assert client.get("/me").path == "/sign-in"
    city.clock.pass_(minutes=1)
    assert "認証アプリを登録する" in knock(client, person).text
    set_up_code(client)
    assert "2つめの確認をすべて取り消し" in client.get("/me/history").text


def test_nobody_resets_their_own_factor(city):
    person = city.person(Role.ADMINISTRATOR)
    administrator = StaffClient(city)
    knock(administrator, person)
    secret = set_up_code(administrator)

    page = administrator.post(f"/staff/{person.id}/second-factor/reset")
    administrator.post("/me/code/remove")
    administrator.post("/sign-out")
    city.clock.pass_(minutes=1)
    knock(administrator, person)

    assert "自分の2つめの確認は取り消せません" in page.text
    assert administrator.post("/second-factor/code", {"code": code_now(city, secret)}).path == "/"


def test_a_factor_that_no_role_asks_for_may_be_taken_away(city, client):
    person = city.person()
    knock(client, person)
    set_up_code(client)

    client.post("/me/code/remove")
    client.post("/sign-out")

    assert knock(client, person).path == "/"


def test_an_administrator_gives_a_new_password_and_old_sign_ins_end(city, client):
    office = city.department("DX推進課")
    person = city.person(department=office)
    client.sign_in(person)
    administrator = StaffClient(city).sign_in(city.person(Role.ADMINISTRATOR, department=office))

    administrator.post(f"/staff/{person.id}/password", {"password": "short"}, status=422)
    administrator.post(f"/staff/{person.id}/password", {"password": "yuki-no-hi-no-naga-gutsu"})

    assert client.get("/me").path == "/sign-in"
    assert knock(client, person, "yuki-no-hi-no-naga-gutsu").path == "/first-password"


def test_an_administrator_marks_an_account_for_the_day_the_provider_fails_and_it_is_shown(city, client):
    office = city.department("DX推進課")
    person = city.person(department=office)
    administrator = StaffClient(city).sign_in(city.person(Role.ADMINISTRATOR, department=office))

    administrator.post(f"/staff/{person.id}/break-glass")
    listed = administrator.get("/staff").text
    administrator.post(f"/staff/{person.id}/break-glass/end")

    assert listed.count("▲") == 1
    assert "▲" not in administrator.get("/staff").text
    client.sign_in(person)
    assert client.get("/me/history").text.count("非常用の設定を切り替えました") == 2
