"""On 1 April the city is another one: what does the personnel office's file change, when, and what does it never do?"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from backoffice.accounts import service as accounts
from backoffice.accounts.hr_import import service as hr_import
from backoffice.accounts.hr_import.models import HrPlan
from backoffice.accounts.hr_import.roster import Roster, Unit
from backoffice.audit import AuditEvent
from backoffice.identity import Department, Permission, Role, RoleGrant, Staff
from backoffice.worker import do_what_is_due, take_in_personnel_file
from tests.backoffice.staff_client import StaffClient

HEADINGS = "所属コード,所属名,上位所属コード,職員ID,氏名,役割"
TOP = "0000,福岡市,,,,"
GAKUJI = "3101,学事課,0000,{},{},{}"
SUIDO = "5000,水道局,0000,{},{},{}"


@pytest.fixture
def office(city):
    return furnished(city)


def furnished(city):
    """学事課 and 水道局 below the city, Tanaka a clerk in the first; an administrator of the whole city."""
    gakuji, suido = city.department("学事課"), city.department("水道局")
    city.person(Role.CLERK, department=gakuji, account="tanaka")
    top = _department(city, "福岡市")
    city.administrator = city.person(Role.ADMINISTRATOR, department=top, account="admin")
    city.gakuji, city.suido = gakuji, suido
    return city


@pytest.fixture
def administrator(office):
    return StaffClient(office).sign_in(office.administrator)


def _department(city, name: str) -> Department:
    with city.look() as work:
        return work.session.scalars(select(Department).where(Department.name == name)).one()


def person(city, account: str) -> Staff:
    with city.look() as work:
        return work.session.scalars(select(Staff).where(Staff.account == account)).one()


def file_of(*rows: str, headings: str = HEADINGS) -> str:
    return "\r\n".join((headings, *rows)) + "\r\n"


def bring(client: StaffClient, text: str | bytes, status: int = 200, day: str = "令和9年4月1日"):
    content = text.encode("utf-8-sig") if isinstance(text, str) else text
    files = {"file": ("人事.csv", content, "text/csv")}
    answer = client.http.post("/staff/import", data={"effective": day}, files=files)
    return client._checked(answer, status)


def plan(client: StaffClient, text: str, day: str = "令和9年4月1日") -> None:
    bring(client, text, day=day)
    client.post(f"/staff/import/{open_id(client.city)}/plan")


def open_id(city) -> int:
    with city.look() as work:
        return work.session.scalars(select(HrPlan.id).where(HrPlan.state.in_(("draft", "planned")))).one()


def first_of_april(city) -> None:
    city.clock.moment = city.clock.moment.replace(year=2027, month=3, day=31, hour=15, minute=0)


def events(city) -> list[str]:
    with city.look() as work:
        return list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))


MOVES = file_of(TOP, GAKUJI.format("", "", ""), SUIDO.format("tanaka", "職員 tanaka", "所属長"))


def test_the_page_shows_what_would_change_and_nothing_has(office, administrator):
    before = events(office)

    page = bring(administrator, MOVES)

    for said in ("異動する人", "学事課", "水道局", "所属長", "担当者", "まだ何も変わっていません"):
        assert said in page.text
    assert person(office, "tanaka").department_id == office.gakuji.id
    assert events(office) == before


def test_a_planned_file_happens_on_its_day_and_not_before(office, administrator):
    plan(administrator, MOVES)

    early = hr_import.do_what_is_due(office.office)
    first_of_april(office)
    done = hr_import.do_what_is_due(office.office)

    tanaka = office.actor(person(office, "tanaka"))
    assert (early, done.state) == (None, "done")
    assert tanaka.department_id == office.suido.id
    assert [grant.role for grant in tanaka.grants] == [Role.HEAD]
    assert {"staff_moved", "role_ended", "role_granted", "hr_file_applied"} <= set(events(office))


def test_it_happens_on_either_database(city_on_both):
    office = furnished(city_on_both)
    plan(StaffClient(office).sign_in(office.administrator), MOVES)
    first_of_april(office)

    done = hr_import.do_what_is_due(office.office)

    assert (done.state, person(office, "tanaka").department_id) == ("done", office.suido.id)


def test_a_worker_that_slept_catches_up_and_does_it_once(office, administrator):
    plan(administrator, MOVES)
    first_of_april(office)
    office.clock.pass_(days=9)

    for _ in range(3):
        take_in_personnel_file(office.office)

    assert events(office).count("staff_moved") == 1
    with office.look() as work:
        starts = work.session.scalars(select(RoleGrant.starts).where(RoleGrant.role == "head")).one()
    assert starts == date(2027, 4, 1)


def test_on_the_day_before_the_old_roles_still_hold(office, administrator):
    plan(administrator, MOVES)
    office.clock.moment = office.clock.moment.replace(year=2027, month=3, day=31, hour=14, minute=59)

    take_in_personnel_file(office.office)

    assert office.actor(person(office, "tanaka")).may(Permission.SHEET_UPLOAD)


def test_who_is_not_in_the_file_leaves_and_is_out_at_once(office, administrator):
    with office.unit() as work:
        work.session.merge(office.gakuji).code = "3101"
    device = StaffClient(office).sign_in(person(office, "tanaka"))
    plan(administrator, file_of(TOP, SUIDO.format("sato", "佐藤 花子", "担当者")), "令和8年11月24日")

    hr_import.do_what_is_due(office.office)

    assert device.get("/me").path == "/sign-in"
    assert not person(office, "tanaka").active
    assert person(office, "sato").department_id == office.suido.id
    assert office.actor(person(office, "tanaka")).grants == ()
    assert _department(office, "学事課").closed
    assert "staff_left" in events(office)


def test_who_joins_gets_in_once_they_are_given_a_password(office, administrator):
    plan(administrator, file_of(TOP, SUIDO.format("sato", "佐藤 花子", "")), "令和8年11月24日")
    hr_import.do_what_is_due(office.office)
    newcomer = StaffClient(office)

    for nothing in ("", "no account has this password"):
        newcomer.post("/sign-in", {"account": "sato", "password": nothing}, status=422)
    administrator.post(f"/staff/{person(office, 'sato').id}/password", {"password": "yuki-no-hi-no-naga-gutsu"})

    came = newcomer.post("/sign-in", {"account": "sato", "password": "yuki-no-hi-no-naga-gutsu"})
    assert came.path == "/first-password"


def test_emergency_accounts_and_whoever_brings_the_file_stay(office, administrator):
    emergency = office.person(account="emergency")
    with office.unit() as work:
        work.session.merge(emergency).break_glass = True
    plan(administrator, file_of(TOP, SUIDO.format("sato", "佐藤 花子", "")), "令和8年11月24日")

    hr_import.do_what_is_due(office.office)

    assert person(office, "emergency").active
    assert person(office, "admin").active


def test_departments_are_founded_renamed_and_moved_and_the_roles_below_follow(office, administrator):
    city_rows = (
        TOP,
        "3000,教育委員会,0000,,,",
        "3101,就学支援課,3000,tanaka,職員 tanaka,担当者",
        SUIDO.format("", "", ""),
    )
    with office.unit() as work:
        work.session.merge(office.gakuji).code = "3101"

    plan(administrator, file_of(*city_rows), "令和8年11月24日")
    hr_import.do_what_is_due(office.office)

    board, section = _department(office, "教育委員会"), _department(office, "就学支援課")
    assert (section.id, section.parent_id) == (office.gakuji.id, board.id)
    assert section.path == f"/{board.parent_id}/{board.id}/{section.id}/"
    assert section.depth == 2
    assert {"department_added", "department_renamed", "department_moved"} <= set(events(office))


def test_a_file_that_was_done_changes_nothing_when_it_is_brought_again(office, administrator):
    plan(administrator, MOVES, "令和8年11月24日")
    hr_import.do_what_is_due(office.office)

    again = bring(administrator, MOVES, day="令和8年11月24日")

    assert "今と違うところがありません。" in again.text
    assert "今と違うところがありません。" in administrator.post(f"/staff/import/{open_id(office)}/plan").text


def test_without_a_column_for_roles_those_who_stay_keep_theirs_and_those_who_move_do_not(office, administrator):
    office.person(Role.CLERK, department=office.gakuji, account="suzuki")
    headings = "所属コード,所属名,上位所属コード,職員ID,氏名"
    rows = (
        "0000,福岡市,,,",
        "3101,学事課,0000,suzuki,職員 suzuki",
        "5000,水道局,0000,tanaka,職員 tanaka",
    )
    plan(administrator, file_of(*rows, headings=headings), "令和8年11月24日")

    hr_import.do_what_is_due(office.office)

    assert [grant.role for grant in office.actor(person(office, "suzuki")).grants] == [Role.CLERK]
    assert office.actor(person(office, "tanaka")).grants == ()


def test_nobody_gives_a_role_to_themselves_with_a_file(office, administrator):
    text = file_of(
        "0000,福岡市,,admin,職員 admin,システム管理者・担当者", GAKUJI.format("tanaka", "職員 tanaka", "担当者")
    )

    page = bring(administrator, text)
    refused = administrator.post(f"/staff/import/{open_id(office)}/plan")

    assert "2行目: 自分に役割を与えることはできません。" in " ".join(page.text.split())
    assert "このままでは取り込めません" in refused.text


def test_a_planned_file_is_cancelled_before_its_day(office, administrator):
    plan(administrator, MOVES)

    administrator.post(f"/staff/import/{open_id(office)}/cancel")
    first_of_april(office)

    assert hr_import.do_what_is_due(office.office) is None
    with office.look() as work:
        assert work.session.scalars(select(HrPlan.rows)).all() == [None]


def test_while_one_file_waits_no_other_is_brought(office, administrator):
    plan(administrator, MOVES)

    assert "先に取りやめてください" in bring(administrator, MOVES, status=422).text
    with office.look() as work:
        assert work.session.scalar(select(func.count()).select_from(HrPlan)) == 1


def test_a_second_file_to_look_at_takes_the_first_ones_place(office, administrator):
    bring(administrator, MOVES)
    bring(administrator, MOVES)

    with office.look() as work:
        assert sorted(work.session.scalars(select(HrPlan.state))) == ["cancelled", "draft"]


def test_what_no_longer_fits_on_its_day_changes_nothing_and_says_so(office, administrator):
    top = _department(office, "福岡市")
    plan(
        administrator,
        file_of("0000,福岡市,,admin,職員 admin,システム管理者", SUIDO.format("tanaka", "職員 tanaka", "")),
    )
    with office.unit() as work:
        grant = work.session.scalars(select(RoleGrant).where(RoleGrant.staff_id == office.administrator.id)).one()
        accounts.end_role(work, office.administrator.id, grant.id)
        accounts.grant_role(
            work, office.administrator.id, Role.ADMINISTRATOR, top.id, date(2026, 4, 1), date(2027, 3, 31)
        )
    before = person(office, "tanaka").department_id
    first_of_april(office)

    done = hr_import.do_what_is_due(office.office)

    assert done.state == "failed"
    assert person(office, "tanaka").department_id == before
    assert hr_import.do_what_is_due(office.office) is None
    assert "hr_file_failed" in events(office)


def test_whoever_administers_a_part_of_the_city_brings_no_file(office):
    part = StaffClient(office).sign_in(office.person(Role.ADMINISTRATOR, department=office.gakuji))

    assert "市全体を受け持つ" in part.get("/staff/import").text
    bring(part, MOVES, status=403)
    bring(StaffClient(office).sign_in(office.administrator), MOVES)
    for act in ("plan", "cancel"):
        part.post(f"/staff/import/{open_id(office)}/{act}", status=404)


def test_all_of_it_or_nothing(office, administrator):
    """The last of many rows fails in the database: the first ones are not there either."""
    plan(
        administrator,
        file_of(TOP, *(SUIDO.format(f"n{number}", f"新人 {number}", "担当者") for number in range(30))),
        "令和8年11月24日",
    )
    with office.office.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON staff WHEN NEW.account = 'n29'"
            " BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    before = events(office)

    with pytest.raises(Exception, match="full"):
        hr_import.do_what_is_due(office.office)

    with office.look() as work:
        assert work.session.scalar(select(func.count()).select_from(Staff).where(Staff.account.startswith("n"))) == 0
    assert events(office) == before


def test_a_day_that_has_gone_is_refused(office, administrator):
    assert "今日より前の日にはできません。" in bring(administrator, MOVES, status=422, day="令和8年4月1日").text
    assert "の形で入れてください" in bring(administrator, MOVES, status=422, day="someday").text


def test_a_file_of_an_old_spreadsheet_is_read_as_well(office, administrator):
    assert "異動する人" in bring(administrator, MOVES.encode("cp932")).text


def test_a_file_without_anybody_would_empty_the_office_and_is_refused(administrator):
    for rows in ((), (TOP,)):
        assert "全員が離れる" in bring(administrator, file_of(*rows), status=422).text


def test_a_file_that_the_database_refuses_keeps_the_worker_from_nothing_else(city_on_postgres):
    office = furnished(city_on_postgres)
    too_deep = {f"D{level}": Unit(f"D{level}", "課", "", f"D{level - 1}" if level else "0000") for level in range(80)}
    roster = Roster({"0000": Unit("0000", "福岡市", "", ""), **too_deep}, {}, has_roles=False, has_mail=False)
    with office.unit(office.actor(office.administrator)) as work:
        hr_import.bring(work, roster, office.clock().date())
    with office.unit(office.actor(office.administrator)) as work:
        hr_import.plan_for_its_day(work, open_id(office))

    do_what_is_due(office.office)

    assert not {"hr_file_applied", "hr_file_failed"} & set(events(office))
    assert open_id(office)


def test_a_file_whose_author_was_shut_out_meanwhile_changes_nothing(office, administrator):
    plan(administrator, file_of(TOP, SUIDO.format("sato", "佐藤 花子", "担当者")))
    with office.unit() as work:
        work.session.merge(office.administrator).active = False

    first_of_april(office)
    take_in_personnel_file(office.office)

    assert events(office)[-1] == "hr_file_failed"
