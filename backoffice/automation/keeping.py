"""What does a night commit, unit by unit? Its seat at the account, the record at hand, SUBMITTING, receipt, outcome.

Every function here looks at the rows before it writes: a step of the durable engine may run twice, and people act in
between.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Literal

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from backoffice.automation import handing_over, queries
from backoffice.automation.bots import PROCEDURES
from backoffice.automation.by_day.models import ChosenItem, LiveScreen, Watcher
from backoffice.automation.events import CredentialLocked, ItemMoved, ItemSubmitting, LeaseTaken, NightEnded
from backoffice.automation.leasing import LEASE_TIME
from backoffice.automation.models import READY, Credential, Evidence, Lease, Night, TargetSystem, WorkItem
from backoffice.automation.queue.order import Hold
from backoffice.automation.systems import stops
from backoffice.automation.systems.credentials import password_of, turn_over
from backoffice.automation.taken.uploading import uploads_of
from backoffice.automation.timeline import move, note
from backoffice.automation.workflow import REFERENCE, Ending, ItemState, NightState, RunKind, WhyEnded
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.recordings import proposing
from backoffice.recordings import queries as recordings
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.service import digest_of, recording_of
from backoffice.recordings.workflow import Purpose, problems_of
from backoffice.recordings.writing import names_of, row_of
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Work
from forms.definition import FormDefinition
from rpa_bots.outcomes import Cause, Record
from rpa_bots.recording.keying import Taught
from rpa_bots.recording.page.endings import Proposed
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.secret import Secret
from rpa_bots.target import Target
from rpa_bots.window import may_claim

CRASHED = _("登録の途中で担当機が止まりました。")


class WithdrawnError(Exception):
    """The record or the night is no longer ours to submit: nothing is clicked."""


class HandedOverError(Exception):
    """A person takes the record at hand: nothing is clicked."""


@dataclass(frozen=True)
class Seat:
    """A worker's place at a system's account for one night."""

    night_id: int
    kind: RunKind
    worker: str
    procedure: str | Taught
    target_id: int
    target: Target
    password: Secret
    password_set_at: datetime
    pictures: bool
    margin_seconds: int
    pace_seconds: int
    """So long it rests between two records."""
    seconds: tuple[float, ...] = field(repr=False)
    """How long the last records took."""
    unknown: tuple[int, ...]
    """Records of unknown outcome, to be looked up."""

    @property
    def looks_up(self) -> bool:
        """Say whether its bot can search for a record; otherwise people settle what is unknown."""
        return not isinstance(self.procedure, Taught) or self.procedure.look_up is not None


@dataclass(frozen=True)
class AtHand:
    """The record a worker has taken up."""

    item_id: int
    reference: str
    record: Record = field(repr=False)
    tries: int


@dataclass(frozen=True)
class Proof:
    """A picture that lies in the vault."""

    stage: str
    file: StoredFile


def take_seat(work: Work, night_id: int, worker: str) -> Seat | WhyEnded:
    """Take the account's lease for a night, or say why the night cannot go on.

    What the seat's last holder left SUBMITTING becomes UNKNOWN: nobody knows whether the click was made.
    """
    night = _night(work, night_id)
    target = night.target
    why = _why_shut(work, night)
    if why is not None:
        return why
    if target.credential is None:
        return WhyEnded.NO_CREDENTIAL
    turn_over(work, target)
    if target.credential.locked_cause:
        return WhyEnded.LOCKED
    if not _take_lease(work, night, target.credential.account, worker):
        return WhyEnded.LEASED
    doubt_submitting(work, target.id, night.id)
    return _seat(work, night, worker)


def _seat(work: Work, night: Night, worker: str) -> Seat | WhyEnded:
    procedure = bot_of(work, night.target, night.version_id)
    if procedure is None:
        return WhyEnded.NO_BOT
    if night.tried and digest_of(work.session.get_one(BotVersion, night.version_id)) != night.tried:
        return WhyEnded.MENDED
    target, credential = night.target, night.target.credential
    if credential is None:
        raise LookupError(night.target_id)
    unknown = select(WorkItem.id).where(WorkItem.target_id == target.id, WorkItem.state == ItemState.UNKNOWN)
    if night.kind != RunKind.NIGHT:
        unknown = unknown.where(_is_chosen(night.id))
    return Seat(
        night_id=night.id,
        kind=RunKind(night.kind),
        worker=worker,
        procedure=procedure,
        target_id=target.id,
        target=Target(target.url, credential.account, target.late_commit_seconds),
        password=password_of(work.office, target, credential),
        password_set_at=credential.set_at,
        pictures=target.pictures,
        margin_seconds=target.margin_seconds,
        pace_seconds=target.pace_seconds if night.kind == RunKind.BY_DAY else 0,
        seconds=tuple(queries.recent_seconds(work.session, target.id)),
        unknown=tuple(work.session.scalars(unknown.order_by(WorkItem.id))),
    )


def bot_of(work: Work, target: TargetSystem, version_id: int | None = None) -> str | Taught | None:
    """Give the code of a bot that the house ships, or what is released of what a clerk recorded; None for neither.

    `version_id`: of what a clerk recorded, the version that is tried.
    """
    if target.procedure in PROCEDURES:
        return target.procedure
    if version_id is None:
        version = recordings.released(work.session, target.procedure)
    else:
        version = recordings.on_trial(work.session, version_id)
    if version is None:
        return None
    definition = newest_definitions(work.session, [target.procedure])[target.procedure]
    recording = recording_of(version)
    if problems_of(recording, names_of(definition)):
        return None  # the form has lost a question since
    return Taught(recording, partial(row_of, definition), uploads_of(work.office), _look_up(work, target, definition))


def _look_up(work: Work, target: TargetSystem, definition: FormDefinition) -> Recording | None:
    """Give what is released for looking up records of unknown outcome; None where it is none any more."""
    version = recordings.released(work.session, target.procedure, Purpose.LOOKING_UP)
    if version is None or problems_of(recording_of(version), names_of(definition), Purpose.LOOKING_UP):
        return None
    return recording_of(version)


def _take_lease(work: Work, night: Night, account: str, worker: str) -> bool:
    """A worker takes up at once what its own id held before a crash: there is one process an id."""
    lease = lease_of_account(work, night.target_id, account)
    if lease.worker not in {"", worker} and lease.until is not None and lease.until > work.now:
        return False
    handing_over.give_if_asked(work, lease)
    lease.night_id, lease.worker, lease.until = night.id, worker, work.now + LEASE_TIME
    lease.item_id = lease.item_since = lease.handed_over_by_id = None
    work.record(LeaseTaken(night.id, night.target_id))
    return True


def lease_of_account(work: Work, target_id: int, account: str) -> Lease:
    """Give the one lease of an account, locked, whoever has it or nobody."""
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    mine = dialect.insert(Lease).values(target_id=target_id, account=account, worker="")
    work.session.execute(mine.on_conflict_do_nothing())
    return work.session.scalars(
        select(Lease).where(Lease.target_id == target_id, Lease.account == account).with_for_update()
    ).one()


def doubt_submitting(work: Work, target_id: int, night_id: int) -> None:
    """Make UNKNOWN what stands SUBMITTING at a system; the caller holds its lease or knows it is free."""
    left = select(WorkItem).where(WorkItem.target_id == target_id, WorkItem.state == ItemState.SUBMITTING)
    for item in work.session.scalars(left.with_for_update()):
        item.night_id = night_id
        move(work, item, ItemState.UNKNOWN, "crashed", CRASHED, night_id)
        work.record(ItemMoved(item.id, night_id, item.state, item.outcome))


def take_up(
    work: Work, seat: Seat, p95_seconds: float, set_aside: Collection[int] = ()
) -> AtHand | WhyEnded | Literal[NightState.PAUSED] | None:
    """Take up the next record (`order.turn_of`), or say why none more may be; None when none waits.

    Those `set_aside` come after all others: the target has failed them since it last did one well. Taking up a record
    of a trial pauses it: nothing follows until a person has looked.
    """
    night = _night(work, seat.night_id, locked=seat.kind is RunKind.TRIAL)
    why = _why_shut(work, night)
    if why is not None:
        return why
    if not may_claim(work.now, night.closes_at, p95_seconds, seat.margin_seconds):
        return WhyEnded.OUT_OF_SERVICE if stops.is_out_of_service(work, night) else WhyEnded.CLOSING
    item = _next(work, seat, set_aside) or _next(work, seat)
    paused = item is not None and night.state == NightState.PAUSED
    lease = _lease(work, seat)
    if lease is None:
        return WhyEnded.LEASED
    lease.until, lease.handed_over_by_id = work.now + LEASE_TIME, None
    lease.item_id, lease.item_since = (item.id, work.now) if item and not paused else (None, None)
    if paused:
        return NightState.PAUSED
    if item is None:
        return None
    if seat.kind is RunKind.TRIAL:
        night.state = NightState.PAUSED
    item.night_id, item.entered = night.id, None
    return AtHand(item.id, item.reference, {REFERENCE: item.reference, **item.values}, item.tries)


def why_not_on(work: Work, seat: Seat) -> WhyEnded | None:
    """Say, while a run by day rests, why it goes no further; None where it does. Writes nothing."""
    why = _why_shut(work, _night(work, seat.night_id))
    if why is not None:
        return why
    return None if work.session.scalar(_ready(seat).with_only_columns(WorkItem.id).limit(1)) else WhyEnded.FINISHED


def _next(work: Work, seat: Seat, set_aside: Collection[int] = ()) -> WorkItem | None:
    """Read one entry of the index of what is ready, however many there are."""
    return work.session.scalars(
        _ready(seat)
        .where(WorkItem.id.not_in(set_aside))
        .order_by(WorkItem.priority, WorkItem.due_on, WorkItem.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _ready(seat: Seat) -> Select[WorkItem]:
    """What the run may take up: all that is ready, or what was chosen of it."""
    ready = select(WorkItem).where(READY, WorkItem.target_id == seat.target_id)
    return ready if seat.kind is RunKind.NIGHT else ready.where(_is_chosen(seat.night_id))


def _is_chosen(night_id: int) -> ColumnElement[bool]:
    return WorkItem.id.in_(select(ChosenItem.item_id).where(ChosenItem.night_id == night_id))


def _why_shut(work: Work, night: Night) -> WhyEnded | None:
    if night.state == NightState.ENDED:
        return WhyEnded(night.why_ended)
    if night.state == NightState.STOPPING:
        return WhyEnded.STOPPED
    if work.office.settings.pause_path.exists():
        return WhyEnded.PAUSED
    return None


def begin_submitting(work: Work, seat: Seat, at_hand: AtHand) -> None:
    """Commit SUBMITTING, right before the click. Raises WithdrawnError or HandedOverError, and nothing is clicked.

    The record may have been reopened, deferred, put behind another or cancelled while it was typed, the night ended,
    the lease lost; or a person wants it.
    """
    lease, item = _lease(work, seat), _item(work, at_hand.item_id)
    still_ours = lease is not None and lease.item_id == item.id and item.night_id == seat.night_id
    if still_ours and lease is not None and lease.handed_over_by_id is not None and item.state == ItemState.WAITING:
        raise HandedOverError  # also where it was changed meanwhile: the person has the change too
    if (
        not still_ours
        or item.state != ItemState.WAITING
        or item.not_before is not None
        or item.hold != Hold.NONE
        or dict(at_hand.record) != {REFERENCE: item.reference, **item.values}
    ):
        raise WithdrawnError
    item.submitted_at = work.now
    move(work, item, ItemState.SUBMITTING, "submitting", "", seat.night_id)
    work.record(ItemSubmitting(item.id, seat.night_id))


def keep_receipt(work: Work, at_hand: AtHand, number: str) -> None:
    """Keep the target's number as soon as it is seen."""
    _item(work, at_hand.item_id).receipt = number


def keep_ending(
    work: Work, seat: Seat, at_hand: AtHand, ending: Ending, proofs: Sequence[Proof], seconds: float
) -> bool:
    """Keep what became of the record at hand, with its proof; False where people moved it meanwhile: it stays."""
    lease, item = _lease(work, seat), _item(work, at_hand.item_id)
    is_ours = lease is not None and lease.item_id == item.id and item.night_id == seat.night_id
    if lease is None or not is_ours or item.state not in {ItemState.WAITING, ItemState.SUBMITTING}:
        return False
    item.seconds = seconds
    _end(work, seat, item, ending)
    if item.state == ItemState.WAITING and lease.handed_over_by_id is not None:
        handing_over.give(work, lease, item, seat.night_id)
    for proof in proofs:
        work.session.add(proof.file)
        work.session.flush()
        work.session.add(Evidence(item_id=item.id, file_id=proof.file.id, stage=proof.stage, taken_at=work.now))
    return True


def keep_handed_over(work: Work, seat: Seat, at_hand: AtHand, entered: Collection[str]) -> None:
    """Give the record at hand to people, with the names of what stood on the screen; nothing was registered."""
    lease, item = _lease(work, seat), _item(work, at_hand.item_id)
    if lease is None or lease.item_id != item.id or item.state != ItemState.WAITING:
        return
    handing_over.give(work, lease, item, seat.night_id, entered)


def to_look_up(work: Work, item_id: int) -> AtHand | None:
    """Give an unknown record for a look-up; None when people settled it meanwhile."""
    item = _item(work, item_id)
    if item.state != ItemState.UNKNOWN:
        return None
    return AtHand(item.id, item.reference, {REFERENCE: item.reference, **item.values}, item.tries)


def keep_settling(work: Work, seat: Seat, at_hand: AtHand, ending: Ending) -> None:
    """Keep what a look-up found out about an unknown record."""
    item, lease = _item(work, at_hand.item_id), _lease(work, seat)
    if item.state != ItemState.UNKNOWN or lease is None:
        return
    lease.until = work.now + LEASE_TIME
    item.night_id = seat.night_id
    _end(work, seat, item, ending)


def _end(work: Work, seat: Seat, item: WorkItem, ending: Ending) -> None:
    item.tries += ending.counts
    if ending.receipt:
        item.receipt = ending.receipt
    if ending.read_back is not None:
        item.read_back = dict(ending.read_back)
    if ending.state == item.state:  # a failure that leaves it waiting
        item.outcome, item.reason, item.changed_at = ending.code, ending.reason, work.now
        note(work, item, seat.night_id)
    else:
        move(work, item, ending.state, ending.code, ending.reason, seat.night_id)
    work.record(ItemMoved(item.id, seat.night_id, item.state, item.outcome))


def lock_account(work: Work, seat: Seat, cause: Cause) -> None:
    """Let nobody use the account until a person has set a new password."""
    lock_credential(work, seat.target_id, cause, seat.password_set_at)


def lock_credential(work: Work, target_id: int, cause: Cause, set_at: datetime) -> None:
    """Let nobody use a system's account until a person has set a new password.

    `set_at` names the password that was refused: one that was set meanwhile is not locked for it.
    """
    credential = work.session.scalars(select(Credential).where(Credential.target_id == target_id)).one_or_none()
    if credential is not None and not credential.locked_cause and credential.set_at == set_at:
        credential.locked_cause, credential.locked_at = str(cause), work.now
        work.record(CredentialLocked(target_id, str(cause)))


def keep_proposals(work: Work, seat: Seat, proposed: Sequence[Proposed]) -> None:
    """Keep what a recorded bot would look for elsewhere, for people to take in."""
    if not proposed or not isinstance(seat.procedure, Taught):
        return
    procedure = select(TargetSystem.procedure).where(TargetSystem.id == seat.target_id).scalar_subquery()
    bot_id = work.session.scalars(
        select(RecordedBot.id)
        .join(FormDesign, FormDesign.id == RecordedBot.design_id)
        .where(FormDesign.code == procedure, RecordedBot.purpose == Purpose.KEYING)
    ).one()
    proposing.collect(work, bot_id, seat.procedure.recording, proposed)


def end(work: Work, night_id: int, why: WhyEnded) -> None:
    """End a night and free its account; what is left SUBMITTING becomes UNKNOWN."""
    night = work.session.scalars(select(Night).where(Night.id == night_id).with_for_update()).one()
    if night.state == NightState.ENDED:
        return
    lease = work.session.scalars(select(Lease).where(Lease.night_id == night_id).with_for_update()).one_or_none()
    if lease is not None:
        doubt_submitting(work, night.target_id, night_id)
        handing_over.give_if_asked(work, lease)
        lease.worker, lease.until = "", None
        lease.item_id = lease.item_since = lease.handed_over_by_id = None
    for seen_only_while_it_runs in (LiveScreen, Watcher):
        work.session.execute(delete(seen_only_while_it_runs).where(seen_only_while_it_runs.night_id == night_id))
    night.state, night.ended_at, night.why_ended = NightState.ENDED, work.now, why
    work.record(NightEnded(night_id, str(why)))


def end_from(work: Work, seat: Seat, why: WhyEnded) -> bool:
    """End a night for the worker at its seat; False where it lost the seat: the night is another's to end."""
    night = work.session.scalars(select(Night).where(Night.id == seat.night_id).with_for_update()).one()
    if night.state != NightState.ENDED and _lease(work, seat) is None:
        return False
    end(work, seat.night_id, why)
    return True


def has_to_do(session: Session, target_id: int) -> bool:
    """Say whether a night would find something to do: what is ready, and unknown to be looked up."""
    unsettled = WorkItem.state.in_((ItemState.UNKNOWN, ItemState.SUBMITTING))
    some = (select(WorkItem.id).where(WorkItem.target_id == target_id, which) for which in (READY, unsettled))
    return any(session.scalar(each.limit(1)) is not None for each in some)


def _night(work: Work, night_id: int, *, locked: bool = False) -> Night:
    wanted = select(Night).where(Night.id == night_id)
    if locked:
        wanted = wanted.with_for_update(of=Night).execution_options(populate_existing=True)
    return work.session.scalars(wanted.options(joinedload(Night.target).joinedload(TargetSystem.credential))).one()


def _item(work: Work, item_id: int) -> WorkItem:
    return work.session.scalars(select(WorkItem).where(WorkItem.id == item_id).with_for_update()).one()


def _lease(work: Work, seat: Seat) -> Lease | None:
    """The seat's lease while it is still ours: also past its time, as long as nobody has taken it over."""
    return work.session.scalars(
        select(Lease).where(Lease.night_id == seat.night_id, Lease.worker == seat.worker).with_for_update()
    ).one_or_none()
