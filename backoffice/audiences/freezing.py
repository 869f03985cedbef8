"""How is an audience frozen? Program version × snapshot × consents at one moment: who, and the truth behind each.

It takes seconds for a city, so it is a job. Rows come in portions: no other writer waits long for them. Whoever lacks
a registration, a proof by card or an address is counted and not written down.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from backoffice.audiences import queries
from backoffice.audiences.basis import basis_of
from backoffice.audiences.counting import Counted, Counts, counts_of, counts_shown, steady
from backoffice.audiences.events import AudienceFrozen, FreezingFailed
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import stop_everybody
from backoffice.audiences.wording import Wording, wording_of
from backoffice.audiences.workflow import Reason, RunState
from backoffice.audiences.writing_down import ToWrite, forget_attempt, write_down
from backoffice.errors import Invalid
from backoffice.identity import Actor, Origin
from backoffice.jobs.worker import Steps
from backoffice.programs import queries as programs
from backoffice.programs.previewing import REMEMBERED
from backoffice.programs.sheets import rule_kept
from backoffice.residents.opening import load_snapshot
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.notices.metering import Pace
from workflows.rules import UnaskableError, read_population
from workflows.rules.audience import Audience, audience_of, people_in, to_parquet
from workflows.rules.binding import bound
from workflows.rules.facts import CITY_FACTS
from workflows.rules.parameters import ParameterTroubleError
from workflows.rules.reading import rule_of
from workflows.rules.tree import All, Node

HOUSE = Actor.house(Origin.WORKER)
MEDIA_TYPE = "application/vnd.apache.parquet"


@dataclass(frozen=True)
class Asked:
    """What is frozen: a rule, its thresholds written in, on a snapshot, on a day."""

    run_id: int
    snapshot_id: int
    rule: Node
    wording: Wording
    pace: Pace


@dataclass(frozen=True, eq=False)
class Frozen:
    """What came of it."""

    audience: Audience
    counted: Counted
    file: StoredFile
    moment: datetime


def freeze_run(office: Office, run_id: int, steps: Steps) -> None:
    """Freeze a run's audience; what cannot be frozen is noted on the run, for people."""
    steps.run("freeze", lambda: freeze(office, run_id))


def freeze(office: Office, run_id: int) -> str:
    """Do the same, and say what came of it; a run that was frozen by an earlier attempt is left as it is.

    Of one that was cancelled, nobody waits whom an earlier attempt wrote down before it was cut off.
    """
    with office.unit(HOUSE) as work:
        run = queries.find_run(work.session, run_id)
        if run.state != RunState.FREEZING:
            return _as_it_stands(work, run)
        try:
            asked = _asked(work, run)
        except (Invalid, ParameterTroubleError) as trouble:
            return _failed(work, run, type(trouble).__name__)
        moment = work.now
    forget_attempt(office, run_id)
    try:
        population = load_snapshot(office, HOUSE, asked.snapshot_id, read_population)
        audience = audience_of(asked.rule, population, run.as_of)
    except UnaskableError as trouble:
        with office.unit(HOUSE) as work:
            return _failed(work, queries.find_run(work.session, run_id), type(trouble).__name__)
    file = office.files.put(to_parquet(audience), MEDIA_TYPE, moment)
    counted = write_down(office, ToWrite(run_id, asked.wording, asked.pace), audience)
    return _finish(office, asked, Frozen(audience, counted, file, moment))


def _asked(work: Work, run: NoticeRun) -> Asked:
    """Read what is to be frozen. Raises Invalid, ParameterTroubleError."""
    version = programs.find_version(work.session, run.program_version_id)
    rule = rule_kept(version)
    if rule is None or run.snapshot_id is None:
        raise Invalid(_("ルールか住民データがないため、対象を確定できません。"))
    pace = Pace(run.pace["per_hour"], run.pace["ward_per_day"])
    written = bound(rule, programs.parameters(work.session), run.as_of)
    asked = written if run.narrowing is None else All((written, rule_of(run.narrowing, CITY_FACTS)))
    return Asked(run.id, run.snapshot_id, asked, wording_of(work, run, version, (written, asked)), pace)


def _failed(work: Work, run: NoticeRun, cause: str) -> str:
    run.state, run.trouble = RunState.CANCELLED, cause[:24]
    work.record(FreezingFailed(run.id, cause))
    return _as_it_stands(work, run)


def _as_it_stands(work: Work, run: NoticeRun) -> str:
    """Say how a run stands that is not frozen here; of a cancelled one nobody waits."""
    if run.state == RunState.CANCELLED:
        stop_everybody(work, run.id, Reason.CANCELLED)
    return run.state


def _finish(office: Office, asked: Asked, frozen: Frozen) -> str:
    """Let the run be frozen: only now anybody sees its people."""
    before = _people_before(office, asked.run_id)
    with office.look(HOUSE) as work:
        run = queries.find_run(work.session, asked.run_id)
        basis = basis_of(work, run)
        earlier = queries.counted_before(work.session, run, work.now - REMEMBERED)
    counts = steady(counts_of(frozen.audience, frozen.counted, before), [_read(office, file) for file in earlier])
    kept = office.files.put(json.dumps(counts).encode(), "application/json", frozen.moment)
    with office.unit(HOUSE) as work:
        run = queries.lock_run(work.session, asked.run_id)
        if run.state != RunState.FREEZING:  # cancelled meanwhile: it stays so
            return _as_it_stands(work, run)
        work.session.add_all((frozen.file, kept))
        work.session.flush()
        run.frozen_file_id, run.frozen_sha256, run.frozen_at = frozen.file.id, frozen.file.sha256, frozen.moment
        run.counted_file_id, run.counts = kept.id, counts_shown(counts) | basis
        run.state = RunState.FROZEN
        work.record(AudienceFrozen(run.id, asked.snapshot_id))
    return RunState.FROZEN


def _read(office: Office, file: StoredFile) -> Counts:
    counts: Counts = json.loads(office.files.read(file))
    return counts


def _people_before(office: Office, run_id: int) -> frozenset[str] | None:
    """Give whom the last run of the program hit; None where there was none."""
    with office.look(HOUSE) as work:
        before = queries.run_before(work.session, run_id)
        file = None if before is None else before.frozen_file
    return None if file is None else people_in(office.files.read(file))
