"""An office with a department at work and so many other tasks waiting, for benches of cases and in-trays.

The waiting ones are rows as the services leave them, without their story: a bench looks at what they cost others.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import insert, select

from backoffice.drawing.models import RouteVersion
from backoffice.inbox.desks import role_desk
from backoffice.inbox.models import Case, Pile, Task, TrayEntry
from backoffice.work import Work
from tests.backoffice.inbox.cases import Bureau, found_bureau
from tests.backoffice.office import PASSWORD, copy_template, make_template, open_city
from workflows.routes import RouteKind

KIND = str(RouteKind.PROGRAM_REGISTRATION)
AT_ONCE = 5_000


@contextlib.contextmanager
def busy_office(waiting: int) -> Iterator[Bureau]:
    """Give a department whose head has `waiting` tasks in their tray; everything is gone afterwards."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "template").mkdir()
        url = copy_template(make_template(folder / "template"), folder)
        with open_city(folder, url, quick) as city:
            bureau = found_bureau(city)
            for start in range(0, waiting, AT_ONCE):
                with city.unit() as work:
                    _let_wait(work, bureau, range(start, min(waiting, start + AT_ONCE)))
            yield bureau


def _let_wait(work: Work, bureau: Bureau, numbers: range) -> None:
    version = work.session.scalars(select(RouteVersion.id).where(RouteVersion.kind == KIND)).one()
    cases = [_case(work, bureau, version, number) for number in numbers]
    ids = work.session.scalars(insert(Case).returning(Case.id, sort_by_parameter_order=True), cases).all()
    tasks = [_task(work, case_id, number) for case_id, number in zip(ids, numbers, strict=True)]
    task_ids = work.session.scalars(insert(Task).returning(Task.id, sort_by_parameter_order=True), tasks).all()
    desk = role_desk("head", bureau.department.id)
    entries = [
        {"task_id": task_id, "desk": desk, "pile": Pile.OPEN, "sort_at": task["due_at"], "escalated": False}
        for task_id, task in zip(task_ids, tasks, strict=True)
    ]
    work.session.execute(insert(TrayEntry), entries)


def _case(work: Work, bureau: Bureau, version: int, number: int) -> dict[str, object]:
    return {
        "number": f"R8-課伺-9{number:06d}",
        "kind": KIND,
        "route_version_id": version,
        "department_id": bureau.department.id,
        "drafter_id": bureau.drafter.id,
        "responsible_id": bureau.drafter.id,
        "title": f"歯科節目健診の案内 その{number + 1}",
        "form_code": "program-registration",
        "form_version": 1,
        "answers": {"schema": 1, "values": {}},
        "state": "running",
        "steps_now": ["所属長承認"],
        "engine": {},
        "moves": 1,
        "retention_years": 10,
        "decision_level": "division",
        "begun_at": work.now,
    }


def _task(work: Work, case_id: int, number: int) -> dict[str, object]:
    return {
        "case_id": case_id,
        "token": f"head_review.{number}",
        "step_id": "head_review",
        "step_name": "所属長承認",
        "state": "open",
        "opened_at": work.now,
        "opened_in_move": 1,
        "due_at": work.now + timedelta(minutes=number - 500),
    }
