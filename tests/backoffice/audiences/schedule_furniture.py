"""Schedules of runs for tests that look at pages: each recurrence in turn, one that misses something."""

from __future__ import annotations

from datetime import date, timedelta

from backoffice.audiences.models import RunSchedule
from backoffice.identity import Staff
from backoffice.work import Work
from workflows.notices.schedules import Recurrence

NOBODY = 2_000_000_000


def add_schedules(work: Work, program_id: object, person: Staff, rows: int) -> dict[str, object]:
    if not rows:
        return {"schedule_id": NOBODY}
    made = [
        RunSchedule(
            program_id=program_id,
            recurrence=list(Recurrence)[number % len(Recurrence)],
            day=10,
            month=4,
            age=40,
            days_to_send=14,
            per_hour=2_000,
            is_on=True,
            next_on=work.today + timedelta(days=number + 1),
            next_month=date(2026, 12, 1),
            trouble="承認された文面がありません。先に文面を書いて、承認を受けてください。" if number == 0 else "",
            made_by_id=person.id,
            made_at=work.now,
        )
        for number in range(rows)
    ]
    work.session.add_all(made)
    work.session.flush()
    return {"schedule_id": made[0].id}
