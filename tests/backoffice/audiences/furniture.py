"""Runs for tests that look at pages: one under way with messages in every state, and many more before and after it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backoffice.audiences.messages import mail_kept
from backoffice.audiences.models import NoticeRun, Recipient, RunBody, RunPattern
from backoffice.audiences.moving import REASONS, key_of, minute_key
from backoffice.audiences.workflow import Reason, RecipientState, RunState
from backoffice.carriers.mime import Blank
from backoffice.consents.models import Registrant
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff
from backoffice.programs.models import Program, ProgramVersion
from backoffice.programs.workflow import VersionState
from backoffice.work import Work

TEXT = ("乳がん検診を受けられます。番号 ", Blank("reference"), "\n")
REASONS_TOLD = {
    **{key: {"why": ["40歳以上だから"], "used": ["生年月日"]} for key in ("ja", "easy")},
    "en": {"why": ["you are 40 or over"], "used": ["date of birth"]},
}
OF = {
    RecipientState.FAILED: Reason.TURNED_DOWN,
    RecipientState.STOPPED: Reason.CONSENT,
}


def add_runs(work: Work, department: Department, person: Staff, runs: int) -> dict[str, object]:
    """Add so many runs of a program of the department; the first is under way."""
    version = work.session.scalars(
        select(ProgramVersion)
        .join(ProgramVersion.program)
        .where(Program.department_id == department.id, ProgramVersion.state == VersionState.APPROVED)
        .limit(1)
    ).one_or_none()
    if version is None or not runs:
        return {}
    states = itertools.chain((RunState.SENDING,), itertools.cycle(RunState))
    made = [_run(work, version, person, number, state) for number, state in zip(range(runs), states, strict=False)]
    work.session.add_all(made)
    work.session.flush()
    _add_recipients(work, made[0], runs)
    return {"run_id": made[0].id}


def _run(work: Work, version: ProgramVersion, person: Staff, number: int, state: RunState) -> NoticeRun:
    return NoticeRun(
        number=f"R8-配信-9{number:03d}",
        program_id=version.program_id,
        program_version_id=version.id,
        period="2026",
        state=state,
        topic="health",
        as_of=work.today,
        send_from=work.now,
        last_day=work.today + timedelta(days=30),
        pace={"schema": 1, "per_hour": 5000, "ward_per_day": {"chuo": 800}},
        drafted_by_id=person.id,
        drafted_at=work.now,
        frozen_at=None if state is RunState.FREEZING else work.now,
        frozen_sha256=None if state is RunState.FREEZING else "0" * 64,
        counts=None if state is RunState.FREEZING else _counts(),
        began_at=work.now if state is RunState.SENDING else None,
        paused_at=work.now if state is RunState.PAUSED else None,
    )


def _counts(**more: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "hit": 8200,
        "recipients": 7900,
        "without_address": 300,
        "verdicts": {"eligible": 8200, "not_eligible": 90_000, "unknown": 40, "no_consent": None},
        "channels": {"mail": 5000, "line": 2900},
        "languages": {"ja": 7000, "easy": 880, "en": None},
        "wards": {"chuo": 3000, "nishi": 4900},
        "before": {"joined": 900, "left": None},
        **more,
    }


def _add_recipients(work: Work, run: NoticeRun, people: int) -> None:
    pattern = RunPattern(
        run_id=run.id, number=0, states=["true"], own_consents=1, household_consents=0,
        reasons={"schema": 1, **REASONS_TOLD},
    )  # fmt: skip
    body = RunBody(run_id=run.id, kind="mail", language="ja", sha256="0" * 64, content=mail_kept("検診", TEXT, TEXT))
    work.session.add_all((pattern, body))
    work.session.flush()
    run.counts = _counts(texts=[[body.id, 7900]], reasons=[[pattern.id, 7900]], days=_days(work), later=None)
    registrants = work.session.scalars(select(Registrant.id).order_by(Registrant.id).limit(people)).all()
    for registrant_id, state in zip(registrants, itertools.cycle(reversed(RecipientState)), strict=False):
        reason = OF.get(state, "")
        work.session.add(
            Recipient(
                run_id=run.id, registrant_id=registrant_id, kind="mail", language="ja", pattern_id=pattern.id,
                body_id=body.id, ward="chuo", turn=0, reference=f"{registrant_id:016x}", state=state, reason=reason,
                code="550 5.1.1" if state is RecipientState.FAILED else "", handed_at=work.now, settled_at=work.now,
            )
        )  # fmt: skip
        work.counted[key_of(run.id, state)] += 1
        if reason:
            work.counted[TallyKey(REASONS, run.id, 0, reason)] += 1
        if state is RecipientState.ACCEPTED:
            work.counted[minute_key(run.id, work.now)] += 1


def _days(work: Work) -> list[dict[str, Any]]:
    return [
        {
            "day": (work.today + timedelta(days=ahead)).isoformat(),
            "sends": 2600,
            "second": 400,
            "third": None,
            "wards": {"chuo": 1000, "nishi": 1600},
        }
        for ahead in range(3)
    ]
