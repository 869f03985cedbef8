"""What does a rehearsal commit, unit by unit? Its seat at the account, each step as it is over, its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backoffice.automation import keeping as nights
from backoffice.automation import queries as automation
from backoffice.automation.models import Lease, TargetSystem
from backoffice.automation.systems.credentials import password_of, turn_over
from backoffice.automation.workflow import REFERENCE
from backoffice.form_designs.shelf import newest_definitions
from backoffice.recordings import proposing
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.service import recording_of
from backoffice.recordings.workflow import problems_of
from backoffice.recordings.writing import names_of, row_of
from backoffice.rehearsals import queries
from backoffice.rehearsals.events import RehearsalBegan, RehearsalEnded
from backoffice.rehearsals.models import Rehearsal, RehearsedRow, RehearsedStep
from backoffice.rehearsals.workflow import RehearsalState, WhyEnded
from backoffice.vault import StoredFile
from backoffice.work import Work
from forms.definition import FormDefinition
from forms.field_types import Value
from rpa_bots.outcomes import Cause
from rpa_bots.recording.page.endings import Ended
from rpa_bots.recording.rehearsing import Seen
from rpa_bots.recording.tape.binding import Row
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.secret import Secret
from rpa_bots.target import Target


class StoppedByPeopleError(Exception):
    """Somebody stopped the rehearsal, or it was given up as broken off: nothing more is done."""


@dataclass(frozen=True)
class Seat:
    """A rehearsal's place at a system's account, with what it tries."""

    rehearsal_id: int
    target_id: int
    bot_id: int
    recording: Recording = field(repr=False)
    target: Target
    password: Secret
    password_set_at: datetime
    rows: Sequence[tuple[int, Row]] = field(repr=False)
    """Id of the row here, and what the steps put in."""


def take_seat(work: Work, rehearsal_id: int) -> Seat | WhyEnded:
    """Take the account for a rehearsal, or say why it cannot be. Found under way, its worker has died."""
    rehearsal = _rehearsal(work, rehearsal_id)
    if rehearsal.state != RehearsalState.WAITING:
        return WhyEnded.BROKEN_OFF
    # A night that is started at the same moment waits here, or is waited for.
    target = work.session.scalars(
        select(TargetSystem)
        .where(TargetSystem.id == rehearsal.target_id)
        .options(selectinload(TargetSystem.credential))
        .with_for_update()
    ).one()
    turn_over(work, target)
    return _why_not(work, target) or _seated(work, rehearsal, target)


def _why_not(work: Work, target: TargetSystem) -> WhyEnded | None:
    if work.office.settings.pause_path.exists():
        return WhyEnded.PAUSED
    if target.credential is None:
        return WhyEnded.NO_CREDENTIAL
    if target.credential.locked_cause:
        return WhyEnded.LOCKED
    return WhyEnded.NIGHT if automation.open_night(work.session, target.id) is not None else None


def _seated(work: Work, rehearsal: Rehearsal, target: TargetSystem) -> Seat | WhyEnded:
    version, credential = rehearsal.version_done, target.credential
    code = version.bot.design.code
    definition, recording = newest_definitions(work.session, [code])[code], recording_of(version)
    if credential is None or problems_of(recording, names_of(definition)):
        return WhyEnded.NO_BOT
    lease = nights.lease_of_account(work, target.id, credential.account)
    if lease.worker and lease.until is not None and lease.until > work.now:
        return WhyEnded.LEASED
    lease.night_id, lease.worker, lease.until = None, queries.holder(rehearsal.id), work.now + queries.SILENT
    lease.item_id = lease.item_since = None
    rehearsal.state, rehearsal.alive_at = RehearsalState.RUNNING, work.now
    work.record(RehearsalBegan(rehearsal.id, target.id))
    return Seat(
        rehearsal.id,
        target.id,
        version.bot_id,
        recording,
        Target(target.url, credential.account, target.late_commit_seconds),
        password_of(work.office, target, credential),
        credential.set_at,
        [(row.id, _written(definition, row)) for row in rehearsal.rows],
    )


def _written(definition: FormDefinition, row: RehearsedRow) -> Row:
    values: Mapping[str, Value] = row.item.values if row.item else row.record.values if row.record else {}
    return row_of(definition, {**values, REFERENCE: row.number})


def keep_step(work: Work, seat: Seat, row_id: int, seen: Seen, picture: StoredFile | None) -> None:
    """Keep a step as it is over, and the account for the next ones. Raises StoppedByPeopleError."""
    _must_go_on(work, seat)
    if picture is not None:
        work.session.add(picture)
        work.session.flush()
    work.session.add(
        RehearsedStep(
            row_id=row_id,
            place=seen.place,
            verdict=seen.verdict,
            seconds=seen.seconds,
            charset=seen.takes.charset if seen.takes else "",
            letters_at_most=seen.takes.letters if seen.takes else None,
            file_id=picture.id if picture else None,
        )
    )


def keep_row(work: Work, seat: Seat, row_id: int, ended: Ended, seconds: float) -> None:
    """Keep how a record ended, and what was proposed. Raises StoppedByPeopleError."""
    _must_go_on(work, seat)
    row = work.session.get_one(RehearsedRow, row_id)
    row.outcome, row.message, row.seconds = ended.ending, ended.message, seconds
    proposing.collect(work, seat.bot_id, seat.recording, ended.proposals)
    if ended.stops_all:
        nights.lock_credential(work, seat.target_id, Cause.SIGN_IN_REFUSED, seat.password_set_at)


def _must_go_on(work: Work, seat: Seat) -> None:
    rehearsal = work.session.scalars(select(Rehearsal).where(Rehearsal.id == seat.rehearsal_id).with_for_update()).one()
    lease = queries.lease_of(work.session, seat.rehearsal_id)
    if rehearsal.state != RehearsalState.RUNNING or lease is None:
        raise StoppedByPeopleError
    rehearsal.alive_at, lease.until = work.now, work.now + queries.SILENT


def end(work: Work, rehearsal_id: int, why: WhyEnded) -> None:
    """End a rehearsal and free its account; one that has ended stays as it ended."""
    rehearsal = work.session.scalars(select(Rehearsal).where(Rehearsal.id == rehearsal_id).with_for_update()).one()
    if rehearsal.state == RehearsalState.ENDED:
        return
    lease: Lease | None = queries.lease_of(work.session, rehearsal_id)
    if lease is not None:
        lease.worker, lease.until = "", None
    rehearsal.state, rehearsal.ended_at, rehearsal.why_ended = RehearsalState.ENDED, work.now, why
    work.record(RehearsalEnded(rehearsal_id, str(why)))


def _rehearsal(work: Work, rehearsal_id: int) -> Rehearsal:
    wanted = select(Rehearsal).where(Rehearsal.id == rehearsal_id)
    return work.session.scalars(
        wanted.options(
            selectinload(Rehearsal.version_done).selectinload(BotVersion.bot).selectinload(RecordedBot.design),
            selectinload(Rehearsal.rows).selectinload(RehearsedRow.item),
            selectinload(Rehearsal.rows).selectinload(RehearsedRow.record),
        ).with_for_update()
    ).one()
