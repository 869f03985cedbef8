"""Who may do what, where and until when?"""

from datetime import date

import pytest
from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Permission, Role, RoleGrant, Staff
from tests.backoffice.staff_client import StaffClient


@pytest.fixture
def administrator(city, client):
    office = city.department("DX推進課")
    person = city.person(Role.ADMINISTRATOR, department=office)
    with city.unit() as work:
        top = office.parent_id
        accounts.grant_role(work, person.id, Role.ADMINISTRATOR, top, date(2026, 4, 1), None)
    return client.sign_in(person)


def test_an_administrator_adds_a_person_and_gives_a_role_that_opens_its_page(city, administrator):
    department = city.department("学事課")
    new = {"account": "tanaka", "name": "田中 美咲", "department": department.id, "password": "nagai-himitsu"}

    added = administrator.post("/staff/new", new)
    before = StaffClient(city)
    before.post("/sign-in", {"account": "tanaka", "password": "nagai-himitsu"})
    before.post("/first-password", {"new": "motto-nagai-himitsu"})
    before.post("/sign-in", {"account": "tanaka", "password": "motto-nagai-himitsu"})
    before.get("/sheets", status=403)
    administrator.post(f"{added.path}/roles", {"role": "clerk", "department": department.id, "starts": "", "ends": ""})

    before.get("/sheets")


def test_what_was_typed_stays_when_a_person_cannot_be_added(city, administrator):
    department = city.department()
    short = {"account": "x1", "name": "名前 だけ", "department": department.id, "password": "short"}

    answer = administrator.post("/staff/new", short, status=422)

    assert "8文字以上" in answer.text
    assert "名前 だけ" in answer.text


def test_an_account_is_given_once(city, administrator):
    city.person(account="tanaka")
    again = {"account": "tanaka", "name": "別人", "department": city.department().id, "password": "nagai-himitsu"}

    assert "この職員IDは使われています。" in administrator.post("/staff/new", again, status=422).text


def test_a_role_counts_from_its_first_to_its_last_day(city):
    person, department = city.person(), city.department()
    with city.unit() as work:
        accounts.grant_role(work, person.id, Role.CLERK, department.id, date(2026, 11, 24), date(2026, 11, 25))

    today = city.actor(person).may(Permission.SHEET_UPLOAD)
    city.clock.pass_(days=1)
    last_day = city.actor(person).may(Permission.SHEET_UPLOAD)
    city.clock.pass_(days=1)
    after = city.actor(person).may(Permission.SHEET_UPLOAD)

    assert (today, last_day, after) == (True, True, False)


def test_a_role_reaches_the_departments_below_and_no_others(city):
    bureau = city.department("教育委員会")
    section, elsewhere = city.department("学事課", bureau), city.department("水道局")
    person = city.person(Role.CLERK, department=bureau)

    reach = city.actor(person).reach(Permission.SHEET_READ)

    assert any(section.path.startswith(path) for path in reach)
    assert not any(elsewhere.path.startswith(path) for path in reach)


def test_a_role_that_is_ended_is_gone_at_once(city, administrator):
    person = city.person(Role.CLERK)
    clerk = StaffClient(city).sign_in(person)
    clerk.get("/sheets")

    page = administrator.get(f"/staff/{person.id}")
    end = next(
        each.attributes["action"] for each in page.seen.elements if each.attributes.get("action", "").endswith("/end")
    )
    administrator.post(end)

    clerk.get("/sheets", status=403)


def test_a_person_who_is_stopped_is_out_on_every_device(city, administrator):
    person = city.person(Role.CLERK)
    device = StaffClient(city).sign_in(person)

    administrator.post(f"/staff/{person.id}/stop")

    assert device.get("/sheets").path == "/sign-in"
    assert (
        "職員IDまたはパスワードが違います。"
        in device.post("/sign-in", {"account": person.account, "password": "ame-no-hi-no-kasa"}, status=422).text
    )


def test_a_role_that_is_over_stays_as_it_was(city):
    person, department = city.person(), city.department()
    with city.unit() as work:
        grant = accounts.grant_role(work, person.id, Role.CLERK, department.id, date(2024, 4, 1), date(2025, 3, 31))

    with city.unit() as work:
        accounts.end_role(work, person.id, grant.id)

    with city.look() as work:
        assert work.session.get(RoleGrant, grant.id).ends == date(2025, 3, 31)


def test_a_role_that_is_still_to_come_can_be_taken_back(city, administrator):
    person, department = city.person(), city.department()
    with city.unit() as work:
        accounts.grant_role(work, person.id, Role.CLERK, department.id, date(2027, 4, 1), None)

    page = administrator.get(f"/staff/{person.id}")
    end = next(
        each.attributes["action"] for each in page.seen.elements if each.attributes.get("action", "").endswith("/end")
    )
    administrator.post(end)
    city.clock.pass_(days=365)

    assert not city.actor(person).grants


def test_the_same_role_is_not_given_twice_for_the_same_days(city, administrator):
    person, department = city.person(), city.department()
    role = {"role": "clerk", "department": department.id, "starts": "", "ends": ""}
    administrator.post(f"/staff/{person.id}/roles", role)

    again = administrator.post(f"/staff/{person.id}/roles", role, status=422)

    assert "もう与えてあります" in again.text
    with city.look() as work:
        assert len(work.session.scalars(select(RoleGrant).where(RoleGrant.staff_id == person.id)).all()) == 1


class TestWhoAdministersOneSectionOnly:
    @pytest.fixture
    def section(self, city):
        return city.department("学事課")

    @pytest.fixture
    def client(self, city, section):
        """Somebody who gives roles in one section, and who also looks at the whole city's staff as an auditor."""
        person = city.person(Role.ADMINISTRATOR, department=section)
        with city.unit() as work:
            accounts.grant_role(work, person.id, Role.AUDITOR, section.parent_id, date(2026, 4, 1), None)
        return StaffClient(city).sign_in(person)

    def test_gives_no_role_beyond_it(self, city, section, client):
        colleague = city.person(department=section)
        wide = {"role": "administrator", "department": section.parent_id, "starts": "", "ends": ""}

        client.post(f"/staff/{colleague.id}/roles", wide, status=404)
        client.post(f"/staff/{colleague.id}/roles", wide | {"department": section.id})

        assert [grant.department_path for grant in city.actor(colleague).grants] == [section.path]

    @pytest.mark.parametrize(
        ("act", "form"),
        [
            ("roles", {"role": "clerk", "department": "0"}),
            ("stop", {}),
            ("resume", {}),
            ("mail", {"mail": ""}),
            ("password", {"password": "nagai-himitsu"}),
            ("second-factor/reset", {}),
            ("break-glass", {}),
            ("break-glass/end", {}),
        ],
    )
    def test_touches_nobody_elsewhere_and_nobody_whose_roles_reach_further(self, city, section, client, act, form):
        elsewhere, wider = city.person(), city.person(department=section)
        with city.unit() as work:
            accounts.grant_role(work, wider.id, Role.DX_OFFICE, section.parent_id, date(2026, 4, 1), None)

        for person in (elsewhere, wider):
            page = client.get(f"/staff/{person.id}")
            client.post(f"/staff/{person.id}/{act}", form, status=403)
            assert f"/staff/{person.id}/stop" not in page.text


def test_nobody_gives_a_role_to_themselves_or_stops_themselves(city):
    person = city.person(Role.ADMINISTRATOR)
    actor, department = city.actor(person), city.department()

    with city.unit(actor) as work, pytest.raises(Invalid):
        accounts.grant_role(work, person.id, Role.CLERK, department.id, date(2026, 4, 1), None)
    with city.unit(actor) as work, pytest.raises(Invalid):
        accounts.switch_staff(work, person.id, active=False)


def test_the_second_of_two_people_to_save_is_told_that_the_first_did(city_on_postgres):
    """On PostgreSQL, where two writing units run side by side; SQLite lets one in at a time."""
    city = city_on_postgres
    person = city.person()

    with pytest.raises(Overtaken):
        _rename_while_another_does(city, person.id)

    with city.look() as work:
        assert work.session.get(Staff, person.id).name == "先の 変更"


def _rename_while_another_does(city, staff_id):
    with city.unit() as late:
        stale = late.session.get(Staff, staff_id)
        with city.unit() as early:
            early.session.get(Staff, staff_id).name = "先の 変更"
        stale.name = "後の 変更"


def test_a_new_password_ends_all_sign_ins_and_opens_the_next(city, client):
    person = city.person()
    client.sign_in(person)

    client.post("/me/password", {"current": "ame-no-hi-no-kasa", "new": "yuki-no-hi-no-naga-gutsu"})

    assert client.get("/me").path == "/sign-in"
    client.post("/sign-in", {"account": person.account, "password": "yuki-no-hi-no-naga-gutsu"})
    assert client.get("/me").path == "/me"


def test_language_is_the_persons_own(city, client):
    person = city.person()
    client.sign_in(person)

    client.post("/me/language", {"language": "en"})

    assert 'lang="en"' in client.get("/me").text
