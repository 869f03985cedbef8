"""Rehearsals for tests that look at pages: of one version one that has ended, with a picture, and one that waits."""

from __future__ import annotations

from datetime import timedelta

from backoffice.recordings.models import RecordedBot
from backoffice.recordings.proposal_models import BotProposal
from backoffice.rehearsals.models import Rehearsal, RehearsedRow, RehearsedStep
from backoffice.rehearsals.workflow import RehearsalState
from backoffice.work import Work
from tests.backoffice.recordings.teaching import NOBODY


def add_rehearsals(work: Work, version_id: int, target_id: int, file_id: int, rows: int) -> dict[str, object]:
    """As many that have ended as `rows`, each with one step; proposals of every bot."""
    found: dict[str, object] = {"rehearsal_id": NOBODY, "rehearsed_step_id": NOBODY, "bot_proposal_id": NOBODY}
    if version_id == NOBODY:
        return found
    for number in range(rows):
        rehearsal = Rehearsal(
            version_id=version_id,
            target_id=target_id,
            state=RehearsalState.ENDED if number else RehearsalState.WAITING,
            asked_at=work.now - timedelta(days=number),
            ended_at=work.now if number else None,
            why_ended="finished" if number else "",
            rows=[
                RehearsedRow(
                    number="R8-公民館-0001",
                    letters={"schema": 1, "columns": {}},
                    outcome="done",
                    seconds=2.5,
                    steps=[RehearsedStep(place=1, verdict="ok", seconds=0.5, file_id=file_id)],
                )
            ],
        )
        work.session.add(rehearsal)
        work.session.flush()
        found |= {"rehearsal_id": rehearsal.id, "rehearsed_step_id": rehearsal.rows[0].steps[0].id}
    ways = [["tr:nth-of-type(2) input"], ["#k"]]
    for bot_id in [row[0] for row in work.session.query(RecordedBot.id)]:
        proposal = BotProposal(
            bot_id=bot_id,
            spot={"schema": 1, "pressed": 1, "target": "main", "frame": [], "ways": ways},
            new="#kana",
            label="",
            reason="元の見つけ方では見つかりません",
            times=2,
            day=work.today,
        )
        work.session.add(proposal)
        work.session.flush()
        found["bot_proposal_id"] = proposal.id
    return found
