"""Which runs begin now, which go on, which are over? Asked of their rows by every worker, every twenty seconds.

However late it is asked, each thing is done once; at night and on holidays nothing begins and nothing goes on.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from backoffice.audiences import lanes, queries
from backoffice.audiences.claiming import elapsed, why_rest
from backoffice.audiences.events import RunDone, SendingBegan
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import counts_of
from backoffice.audiences.workflow import RecipientState, RunState
from backoffice.drawing.queries import closures
from backoffice.identity import Actor, Origin
from backoffice.jobs import JobName
from backoffice.log import place_of
from backoffice.work import Office, Work
from workflows.notices.hours import is_open

HOUSE = Actor.house(Origin.WORKER)
BEGUN_WITHIN = timedelta(minutes=2)
"""A job that was asked for and did not begin in this time is not waited for: its worker may be dead."""

IN_HAND = (RecipientState.WAITING, RecipientState.TAKEN, RecipientState.HANDING)

log = structlog.get_logger("gijo.sending")


def tick(office: Office) -> int:
    """Begin the runs whose hour has come and ask for whatever is due; give how many jobs were asked for."""
    asked = 0
    for run_id in _under_way(office):
        try:
            with office.unit(HOUSE) as work:
                asked += _see_to(work, queries.lock_run(work.session, run_id))
        except Exception as trouble:  # noqa: BLE001 -- whatever one run raises, the others leave in time
            log.error("run not seen to", record_id=run_id, trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
    return asked


def _under_way(office: Office) -> Sequence[int]:
    with office.look(HOUSE) as work:
        return [run.id for run in queries.runs_in(work.session, RunState.RELEASED, RunState.SENDING)]


def _see_to(work: Work, run: NoticeRun) -> int:
    lanes.settle_dead(work)
    lanes.settle_old_keys(work)
    if run.state == RunState.RELEASED:
        _begin_if_time(work, run)
    finish_if_through(work, run.id)
    if why_rest(work, run) is not None or not queries.is_due(work.session, run.id, elapsed(work, run), work.now):
        return 0
    if lanes.lanes_alive(work, run.id) >= work.office.settings.sending_lanes or _is_awaited(work, run):
        return 0
    run.jobs_asked, run.asked_at = run.jobs_asked + 1, work.now
    work.ask(JobName.SEND_RUN, run.id, run.jobs_asked)
    return 1


def _begin_if_time(work: Work, run: NoticeRun) -> None:
    if run.send_from <= work.now and is_open(work.now, closures(work.session)):
        run.state, run.began_at = RunState.SENDING, work.now
        work.record(SendingBegan(run.id))


def _is_awaited(work: Work, run: NoticeRun) -> bool:
    """Say whether a job was just asked for that has not begun."""
    lately = run.asked_at is not None and run.asked_at > work.now - BEGUN_WITHIN
    return run.jobs_begun < run.jobs_asked and lately


def finish_if_through(work: Work, run_id: int) -> None:
    """End a run of which nobody waits any more and nothing is on its way."""
    run = work.session.get_one(NoticeRun, run_id, with_for_update=True)
    states, _reasons = counts_of(work.session, run_id)
    if run.state == RunState.SENDING and not any(states.get(state) for state in IN_HAND):
        run.state, run.ended_at = RunState.DONE, work.now
        work.record(RunDone(run_id))
