"""Which papers do people bring no more? Counted by procedure against the city's targets; every change can be undone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.data_links.models import Link
from backoffice.identity import Role
from backoffice.paperless import queries
from backoffice.paperless.importing import COLUMNS
from backoffice.paperless.workflow import TARGETS, Area, done_in
from tests.backoffice.staff_client import StaffClient

PAPER = {"area": "elderly", "procedure": "老人保護措置", "document": "所得証明書", "state": "waiting", "means": ""}


@pytest.fixture
def department(city):
    return city.department("高齢福祉課")


@pytest.fixture
def clerk(city, department) -> StaffClient:
    return StaffClient(city).sign_in(city.person(Role.CLERK, department=department))


def entered(clerk: StaffClient, department, **said: str) -> str:
    """Enter a paper as a clerk does; gives its page."""
    return clerk.post("/paperless/new", {**PAPER, "department": str(department.id), **said}).path


def seen(clerk: StaffClient, page: str) -> str:
    return clerk.get(page).field("version")


def changed(clerk: StaffClient, page: str, department, status: int = 200, **said: str):
    data = {**PAPER, "department": str(department.id), "version": seen(clerk, page), **said}
    return clerk.post(f"{page}/edit", data, status=status)


def brought(clerk: StaffClient, *rows: str, status: int = 200):
    text = "\r\n".join((",".join(COLUMNS), *rows)).encode("utf-8-sig")
    return clerk.post("/paperless/import", files={"file": ("papers.csv", text, "text/csv")}, status=status)


def test_a_procedure_is_done_when_each_of_its_papers_is_needless():
    rows = [
        ("elderly", "甲", "needless", 1),
        ("elderly", "甲", "waiting", 1),
        ("elderly", "乙", "needless", 1),
        ("elderly", "乙", "needless", 2),
        ("assistance", "丙", "needed", 1),
    ]

    assert done_in(rows) == {Area.ELDERLY: (2, 3), Area.DISABILITY: (0, 0), Area.ASSISTANCE: (0, 1)}


def test_the_targets_are_those_of_the_citys_plan():
    assert {area: (each.now_r4, each.by_r6, each.by_r8) for area, each in TARGETS.items()} == {
        Area.ELDERLY: (0, 16, 17),
        Area.DISABILITY: (8, 15, 16),
        Area.ASSISTANCE: (1, 3, 8),
    }


def test_a_paper_becomes_needless_only_where_something_replaces_it(clerk: StaffClient, department):
    page = entered(clerk, department)

    refused = changed(clerk, page, department, status=422, state="needless")
    changed(clerk, page, department, state="needless", means="情報提供ネットワーク")

    assert "代わりになる連携を選ぶか" in refused.text
    assert "1／17" in clerk.get("/paperless").text


def test_the_last_change_is_undone_and_comes_again(clerk: StaffClient, department):
    page = entered(clerk, department)
    changed(clerk, page, department, document="所得課税証明書")

    clerk.post(f"{page}/undo", {"version": seen(clerk, page)})
    assert clerk.get(page).field("document") == "所得証明書"
    clerk.post(f"{page}/undo", {"version": seen(clerk, page)})

    assert clerk.get(page).field("document") == "所得課税証明書"


def test_what_was_entered_by_mistake_is_undone_too(clerk: StaffClient, department):
    page = entered(clerk, department)

    clerk.post(f"{page}/undo", {"version": seen(clerk, page)})

    assert "台帳から外した" in clerk.get(page).text
    assert "老人保護措置" not in clerk.get("/paperless").text
    entered(clerk, department)


def test_the_same_paper_stands_once_in_the_register(clerk: StaffClient, department):
    entered(clerk, department)

    refused = clerk.post("/paperless/new", {**PAPER, "department": str(department.id)}, status=422)

    assert "もう台帳にあります" in refused.text


def test_what_was_taken_out_does_not_come_again_beside_its_successor(clerk: StaffClient, department):
    page = entered(clerk, department)
    clerk.post(f"{page}/undo", {"version": seen(clerk, page)})
    entered(clerk, department)

    refused = clerk.post(f"{page}/undo", {"version": seen(clerk, page)}, status=409)

    assert "別の行で台帳に入っています" in refused.text
    assert "台帳から外した" in clerk.get(page).text


def test_nobody_undoes_a_paper_into_another_department(city):
    bureau = city.department("福祉局")
    other, place = city.department("障がい福祉課", bureau), city.department("地域福祉課", bureau)
    office = StaffClient(city).sign_in(city.person(Role.CLERK, department=bureau))
    page = entered(office, place)
    changed(office, page, other)
    their_clerk = StaffClient(city).sign_in(city.person(Role.CLERK, department=other))

    their_clerk.post(f"{page}/undo", {"version": seen(their_clerk, page)}, status=403)

    assert their_clerk.get(page).field("version") == "2"


def test_two_people_at_one_paper_are_told_of_each_other(city, clerk: StaffClient, department):
    page = entered(clerk, department)
    version = seen(clerk, page)
    changed(clerk, page, department, document="課税証明書")

    clerk.post(f"{page}/undo", {"version": version}, status=409)


def test_another_departments_papers_are_read_and_not_changed(city, clerk: StaffClient, department):
    page = entered(clerk, department)
    other = StaffClient(city).sign_in(city.person(Role.CLERK))

    assert "保存" not in other.get(page).text
    other.post(f"{page}/undo", {"version": seen(clerk, page)}, status=403)


def test_a_file_is_taken_in_and_given_back_as_it_was(city, clerk: StaffClient, department):
    clerk_rows = (
        "障がい福祉,緊急通報システム,所得証明書,,,,要る,",
        "高齢者福祉,老人保護措置,所得証明書,,,情報提供ネットワーク,不要になった,R8.4.1",
    )

    brought(clerk, *clerk_rows)
    again = clerk.get("/paperless/export.csv").response.content
    answer = clerk.post("/paperless/import", files={"file": ("again.csv", again, "text/csv")})

    assert "入れた 0件、直した 0件" in answer.text
    with city.look() as work:
        assert len(queries.every_paper(work.session)) == 2
        kinds = list(work.session.scalars(select(AuditEvent.kind)))
    assert kinds.count("papers_imported") == 2


def test_of_a_file_with_a_wrong_row_nothing_is_taken_in_and_each_row_is_named(city, clerk: StaffClient, department):
    refused = brought(
        clerk,
        "障がい福祉,緊急通報システム,所得証明書,,,,要る,",
        "児童,緊急通報システム,所得証明書,,,,要る,",
        "障がい福祉,,所得証明書,,,,要る,",
        "障がい福祉,住宅改造助成,所得証明書,,no-such-link,,済み,いつか",
        "障がい福祉,緊急通報システム,所得証明書,,,,連携待ち,",
        status=422,
    )

    lines = [line for line in (2, 3, 4, 5, 6) if f"{line}行目" in refused.text]
    assert lines == [3, 4, 5, 6]
    with city.look() as work:
        assert queries.every_paper(work.session) == []


def test_of_departments_with_one_name_a_clerks_own_is_meant(city, clerk: StaffClient, department):
    city.department(department.name, parent=city.department("東区"))
    row = f"高齢者福祉,老人保護措置,所得証明書,{department.name},,,要る,"

    refused = brought(StaffClient(city).sign_in(city.person(Role.DX_OFFICE)), row, status=422)
    brought(clerk, row)

    assert "いくつもあります" in refused.text
    with city.look() as work:
        assert [each.department_id for each in queries.every_paper(work.session)] == [department.id]


def test_a_file_that_is_no_list_of_papers_is_refused(clerk: StaffClient):
    files = {"file": ("x.csv", b"a,b\r\n1,2", "text/csv")}

    assert "見出し" in clerk.post("/paperless/import", files=files, status=422).text


def test_while_its_link_is_shut_the_paper_is_marked(city, clerk: StaffClient, department):
    with city.unit() as work:
        link = Link(code="income", name="所得の連携", department_id=department.id, begun_at=work.now, shut_at=work.now)
        work.session.add(link)
        work.session.flush()
        link_id = str(link.id)

    entered(clerk, department, state="needless", link=link_id)

    assert "連携を止めています" in clerk.get("/paperless").text
