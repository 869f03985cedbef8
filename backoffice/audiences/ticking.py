"""Which runs begin now, which go on, which are over? Asked of their rows by every worker, every twenty seconds.

However late it is asked, each thing is done once; at night and on holidays nothing begins and nothing goes on.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from backoffice.audiences import lanes, queries
from backoffice.audiences.claiming import Rest, elapsed, why_rest
from backoffice.audiences.events import RunDone, SendingBegan
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import states_of, stop_everybody
from backoffice.audiences.pausing import all_clear, pause_by_itself, tell_of_old_feed
from backoffice.audiences.versions import PROGRAM_ENDED, Standing, against_today
from backoffice.audiences.workflow import Reason, RecipientState, RunState
from backoffice.consents.workflow import ChannelKind
from backoffice.drawing.queries import closures
from backoffice.identity import Actor, Origin
from backoffice.jobs import JobName
from backoffice.log import place_of
from backoffice.settings import Settings
from backoffice.work import Office, Work
from workflows.notices.hours import is_open

HOUSE = Actor.house(Origin.WORKER)
BEGUN_WITHIN = timedelta(minutes=2)
"""A job that was asked for and did not begin in this time is not waited for: its worker may be dead."""
NOT_AGAIN_WITHIN = timedelta(seconds=45)
"""What could not be sent because a server does not answer waits so long at least."""
IN_HAND = (RecipientState.WAITING, RecipientState.TAKEN, RecipientState.HANDING)

log = structlog.get_logger("gijo.sending")


def tick(office: Office) -> int:
    """Begin the runs whose hour has come and ask for whatever is due; give how many jobs were asked for."""
    _settle_what_was_left(office)
    asked = 0
    for run_id in _under_way(office):
        try:
            with office.unit(HOUSE) as work:
                asked += _see_to(work, queries.lock_run(work.session, run_id))
        except Exception as trouble:  # noqa: BLE001 -- whatever one run raises, the others leave in time
            log.error("run not seen to", record_id=run_id, trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
    return asked


def _settle_what_was_left(office: Office) -> None:
    """Of every run: what was in hand when one was paused or cancelled does not wait for another to be under way."""
    try:
        with office.unit(HOUSE) as work:
            lanes.settle_dead(work)
            lanes.settle_old_keys(work)
    except Exception as trouble:  # noqa: BLE001 -- runs that may leave leave all the same
        log.error("left open", trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data


def _under_way(office: Office) -> Sequence[int]:
    with office.look(HOUSE) as work:
        return [run.id for run in queries.runs_in(work.session, RunState.RELEASED, RunState.SENDING)]


def _see_to(work: Work, run: NoticeRun) -> int:
    if against_today(work, run).standing is Standing.ENDED:
        pause_by_itself(work, run.id, PROGRAM_ENDED)
        return 0
    if run.state == RunState.RELEASED:
        _begin_if_time(work, run)
    if work.today > run.last_day:
        _end_in_time(work, run)
    finish_if_through(work, run.id)
    kinds = channels_named(work.office.settings)
    rest = why_rest(work, run)
    _tell_of_rest(work, run, rest)
    if rest is not None or not queries.is_due(work.session, run.id, elapsed(work, run), work.now, kinds):
        return 0
    if lanes.lanes_alive(work, run.id) >= work.office.settings.sending_lanes or _is_awaited(work, run):
        return 0
    run.jobs_asked, run.asked_at = run.jobs_asked + 1, work.now
    work.ask(JobName.SEND_RUN, run.id, run.jobs_asked)
    return 1


def _tell_of_rest(work: Work, run: NoticeRun, rest: Rest | None) -> None:
    """Let people hear that a run waits for the feed, in the hours in which it would send, until the feed has come."""
    if rest is Rest.STALE_FEED:
        if is_open(work.now, closures(work.session)):
            tell_of_old_feed(work, run)
    elif rest is not Rest.SHUT:
        all_clear(work, run.id)


def _begin_if_time(work: Work, run: NoticeRun) -> None:
    if run.send_from <= work.now and is_open(work.now, closures(work.session)):
        run.state, run.began_at = RunState.SENDING, work.now
        work.record(SendingBegan(run.id))


def _end_in_time(work: Work, run: NoticeRun) -> None:
    """Let nobody wait any more once the last day has passed, also where no server takes their message."""
    stop_everybody(work, run.id, Reason.TOO_LATE)
    if run.state == RunState.RELEASED:
        run.state, run.began_at = RunState.SENDING, work.now


def channels_named(settings: Settings) -> list[ChannelKind]:
    """Give the channels of which the settings name a server: for the others no worker is asked in vain."""
    has = {ChannelKind.MAIL: bool(settings.smtp_host), ChannelKind.LINE: settings.line_token_file is not None}
    return [kind for kind, named in has.items() if named]


def _is_awaited(work: Work, run: NoticeRun) -> bool:
    """Say whether a job was just asked for that has not begun, or that ended at once where no server answers."""
    since = None if run.asked_at is None else work.now - run.asked_at
    patience = BEGUN_WITHIN if run.jobs_begun < run.jobs_asked else NOT_AGAIN_WITHIN
    return since is not None and timedelta() < since < patience


def finish_if_through(work: Work, run_id: int) -> None:
    """End a run of which nobody waits any more and nothing is on its way."""
    run = work.session.get_one(NoticeRun, run_id, with_for_update=True)
    states = states_of(work.session, run_id)
    if run.state == RunState.SENDING and not any(states.get(state) for state in IN_HAND):
        run.state, run.ended_at = RunState.DONE, work.now
        all_clear(work, run_id)
        work.record(RunDone(run_id))
