"""One matter that cannot move on holds up no other; people see it until it does."""

from __future__ import annotations

import json

from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from backoffice.audit import AuditEvent
from backoffice.errors import Overtaken
from backoffice.identity import Role
from backoffice.inbox.events import MatterMovesAgain, MatterStuck
from backoffice.inbox.models import CaseEntry, StuckMatter, Task
from backoffice.inbox.stuck import MOMENTS, count_all
from backoffice.inbox.ticking import Ticked, tick
from backoffice.operations import premises
from backoffice.worker import do_what_is_due
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.staff_client import StaffClient
from workflows.routes import Decision

NOWHERE = "a-step-that-is-not-on-the-route"


def poison(bureau: Bureau, case_id: int) -> None:
    """Let an overdue task name a step that its route does not have, as after a damaged restore."""
    rename(bureau, case_id, NOWHERE)


def rename(bureau: Bureau, case_id: int, step_id: str) -> None:
    with bureau.city.unit() as work:
        work.session.scalars(select(Task).where(Task.case_id == case_id)).one().step_id = step_id


def stuck(bureau: Bureau) -> list[StuckMatter]:
    with bureau.city.look() as work:
        return list(work.session.scalars(select(StuckMatter).order_by(StuckMatter.id)))


def story(bureau: Bureau, case_id: int) -> list[str]:
    with bureau.city.look() as work:
        entries = select(CaseEntry.kind).where(CaseEntry.case_id == case_id).order_by(CaseEntry.id)
        return list(work.session.scalars(entries))


def on_the_trail(bureau: Bureau, *kinds: str) -> int:
    with bureau.city.look() as work:
        return len(work.session.scalars(select(AuditEvent.id).where(AuditEvent.kind.in_(kinds))).all())


def test_a_matter_that_raises_stops_neither_the_others_nor_the_worker(bureau_on_both):
    bureau = bureau_on_both
    broken, sound = bureau.begin(title="壊れた件"), bureau.begin(title="ふつうの件")
    poison(bureau, broken)
    bureau.city.clock.pass_(days=14)

    done = tick(bureau.city.office)

    assert done == Ticked(effects=0, reminders=2, escalations=1, timers=0, failed=1)
    assert [(matter.case_id, matter.duty, matter.trouble) for matter in stuck(bureau)] == [
        (broken, "escalation", "KeyError")
    ]
    assert ("stuck" in story(bureau, broken), "stuck" in story(bureau, sound)) == (True, False)


def test_it_is_tried_again_ever_more_seldom_and_told_once(bureau):
    case_id = bureau.begin()
    poison(bureau, case_id)
    bureau.city.clock.pass_(days=14)

    failed = []
    for _minute in range(8):
        failed.append(tick(bureau.city.office).failed)
        bureau.city.clock.pass_(minutes=1)

    assert failed == [1, 1, 0, 1, 0, 0, 0, 1]
    assert (story(bureau, case_id).count("stuck"), on_the_trail(bureau, MatterStuck.kind)) == (1, 1)


def test_when_its_cause_is_mended_it_is_done_and_leaves_the_list(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    poison(bureau, case_id)
    bureau.city.clock.pass_(days=14)
    tick(bureau.city.office)

    rename(bureau, case_id, "head_review")
    bureau.city.clock.pass_(minutes=1)
    done = tick(bureau.city.office)

    assert (done.escalations, done.failed, stuck(bureau)) == (1, 0, [])
    assert story(bureau, case_id)[-1] == "moves_again"
    assert on_the_trail(bureau, MatterMovesAgain.kind) == 1


def test_what_people_did_meanwhile_leaves_the_list_too(bureau):
    case_id = bureau.begin()
    poison(bureau, case_id)
    bureau.city.clock.pass_(days=14)
    tick(bureau.city.office)
    rename(bureau, case_id, "head_review")
    bureau.decide(bureau.head, case_id, "head_review", Decision.REJECT)

    tick(bureau.city.office)

    assert stuck(bureau) == []


def test_a_database_that_is_locked_for_a_moment_leaves_no_mark(bureau):
    case_id = bureau.begin()
    bureau.city.clock.pass_(days=14)
    engine = bureau.city.office.engine

    def locked(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("UPDATE task"):
            raise OperationalError(statement, {}, Exception("database is locked"))

    event.listen(engine, "before_cursor_execute", locked)
    first = tick(bureau.city.office)
    event.remove(engine, "before_cursor_execute", locked)
    second = tick(bureau.city.office)

    assert (first.failed, second.failed, second.reminders, second.escalations) == (2, 0, 1, 1)
    assert (stuck(bureau), "stuck" in story(bureau, case_id)) == ([], False)


def test_what_was_there_already_at_every_single_tick_is_no_moment_and_is_shown(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    bureau.city.clock.pass_(days=14)
    engine = bureau.city.office.engine

    def quicker(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("UPDATE task"):
            raise Overtaken("同じものが先に登録されました。")

    event.listen(engine, "before_cursor_execute", quicker)
    seen = []
    for _minute in range(MOMENTS):
        tick(bureau.city.office)
        bureau.city.clock.pass_(minutes=1)
        with bureau.city.look() as work:
            seen.append(count_all(work.session))
    event.remove(engine, "before_cursor_execute", quicker)

    assert seen == [0, 0, 0, 0, 2]
    assert on_the_trail(bureau, MatterStuck.kind) == 2
    assert story(bureau, case_id).count("stuck") == 2


def test_an_upkeep_that_cannot_be_done_stops_neither_cases_nor_personnel_files(bureau, capsys):
    case_id = bureau.begin(title="福岡 花子 の件")
    bureau.city.clock.pass_(days=14)
    with bureau.city.office.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE staff_session")

    do_what_is_due(bureau.city.office)

    assert "escalated" in story(bureau, case_id)
    assert "福岡" not in "".join(capsys.readouterr())


def test_the_check_and_the_operators_page_say_how_many_do_not_move(bureau):
    case_id = bureau.begin()
    poison(bureau, case_id)
    bureau.city.clock.pass_(days=14)
    tick(bureau.city.office)
    operator = StaffClient(bureau.city).sign_in(bureau.operator)

    page = operator.get("/jobs")
    with bureau.city.office.engine.connect() as connection:
        row = premises.matters(connection)

    assert "自動で進められない件が 1件" in page.text
    assert bureau.case(case_id).number in page.text
    assert (row.ok, "1件" in row.detail) == (False, True)


def test_whoever_opens_the_case_is_told(bureau):
    case_id = bureau.begin()
    poison(bureau, case_id)
    bureau.city.clock.pass_(days=14)
    tick(bureau.city.office)
    rename(bureau, case_id, "head_review")
    clerk = StaffClient(bureau.city).sign_in(bureau.city.person(Role.CLERK, department=bureau.department))

    page = clerk.get(f"/cases/{case_id}")

    assert "自動の手続" in page.text
    assert "自動の手続を進められなかった" in page.text


def test_the_log_names_the_matter_and_nothing_of_its_content(bureau, capsys):
    case_id = bureau.begin(title="福岡 花子 の件")
    poison(bureau, case_id)
    bureau.city.clock.pass_(days=14)

    tick(bureau.city.office)

    said = "".join(capsys.readouterr())
    assert ("KeyError" in said, "福岡" in said, json.dumps("福岡") in said) == (True, False, False)
