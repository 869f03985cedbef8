"""Where does work wait? The page says it, at a cost that does not grow with what waits or what was decided."""

from __future__ import annotations

from backoffice.identity import Role
from backoffice.inbox import statistics
from backoffice.inbox.statistics import step_figures
from tests.backoffice.furniture import furnish, statements
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.staff_client import StaffClient
from workflows.routes import Decision

HEAD_STEP = "所属長承認"


def figures(bureau: Bureau, person):
    with bureau.city.look(bureau.city.actor(person)) as work:
        return {row.step_name: row for row in step_figures(work.session, work.actor, work.now)}


def test_a_step_says_how_long_it_took_how_often_it_sent_back_and_what_waits_there(bureau_on_both):
    bureau = bureau_on_both
    approved, sent_back = bureau.begin(title="一つ目"), bureau.begin(title="二つ目")
    bureau.city.clock.pass_(days=2)
    bureau.decide(bureau.head, approved, "head_review")
    bureau.decide(bureau.head, sent_back, "head_review", Decision.SEND_BACK)
    bureau.begin(title="三つ目")
    bureau.city.clock.pass_(days=1)

    row = figures(bureau, bureau.head)[HEAD_STEP]

    assert (row.decided, row.median_days, row.sent_back_percent) == (2, 2.0, 50.0)
    assert (row.waiting, row.oldest_days) == (1, 1.0)


def test_nobody_sees_figures_of_a_department_whose_cases_they_may_not_read(bureau):
    bureau.begin()
    stranger = bureau.city.person(Role.HEAD, department=bureau.city.department("水道局"))

    assert figures(bureau, stranger) == {}


def test_what_waits_is_counted_from_the_oldest_on_and_only_so_far(bureau, monkeypatch):
    monkeypatch.setattr(statistics, "AT_MOST", 2)
    for number in range(3):
        bureau.begin(title=f"制度{number}")
        bureau.city.clock.pass_(days=1)

    row = figures(bureau, bureau.head)[HEAD_STEP]

    assert (row.waiting, row.oldest_days) == (2, 3.0)


def test_the_page_asks_for_no_more_when_more_waits(city):
    furnished = furnish(city, sheets=60)
    client = StaffClient(city).sign_in(furnished.person)

    with statements() as asked:
        page = client.get("/cases/statistics")

    assert len(asked) <= 12
    assert "古いものから" not in page.text
