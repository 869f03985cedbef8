"""Who watches a run, what do they see of it, and how does a person take the record at hand out of the bot's hands?"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select

from backoffice.automation.by_day.models import LiveScreen, Watcher
from backoffice.automation.events import HandOverAsked, NightPaused, NightResumed, NightWatched
from backoffice.automation.keeping import AtHand, Seat
from backoffice.automation.models import Lease, Night, WorkItem
from backoffice.automation.queries import visible_items
from backoffice.automation.workflow import ItemState, NightState, RunKind
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import NotPermitted, NotThere, Overtaken
from backoffice.web.translations import _
from backoffice.work import Office, Work
from rpa_bots.journal import Standing

WATCHED_FOR = timedelta(minutes=15)
STANDING = ("state", "version")


@dataclass(frozen=True)
class Asked:
    """What people ask of a run just now."""

    hands_over: bool
    is_watched: bool


def asked_of(work: Work, seat: Seat) -> Asked:
    """Look in one statement: the bot stands still meanwhile."""
    watched = exists().where(Watcher.night_id == seat.night_id, Watcher.until > work.now)
    mine = select(Lease.handed_over_by_id, watched).where(Lease.night_id == seat.night_id, Lease.worker == seat.worker)
    row = work.session.execute(mine).first()
    return Asked(row is not None and row[0] is not None, row is not None and bool(row[1]))


def sealed(office: Office, night_id: int, picture: bytes) -> bytes:
    """Seal a picture for the one row that holds it; it lies nowhere else."""
    return office.cipher.seal(picture, _purpose(night_id))


def keep_screen(work: Work, seat: Seat, at_hand: AtHand, standing: Standing, sealed_picture: bytes | None) -> None:
    """Write the screen of a run over the one before; of a run that has ended none is kept."""
    night = work.session.scalars(select(Night).where(Night.id == seat.night_id).with_for_update()).one()
    if night.state == NightState.ENDED:
        return
    row = work.session.get(LiveScreen, seat.night_id)
    if row is None:
        row = LiveScreen(night_id=seat.night_id)
        work.session.add(row)
    row.item_id, row.step, row.steps = at_hand.item_id, standing.step, standing.steps
    row.at, row.sealed_picture = work.now, sealed_picture


def watch(work: Work, night: Night) -> None:
    """Let a person see the screen of a run for a while. Raises Overtaken where it has ended."""
    _must_run(work, night)
    staff_id = work.actor.staff_id
    if staff_id is None:
        raise NotPermitted(_("職員だけが画面を見られます。"))
    watcher = work.session.get(Watcher, (night.id, staff_id))
    if watcher is None:
        watcher = Watcher(night_id=night.id, staff_id=staff_id)
        work.session.add(watcher)
    watcher.until = work.now + WATCHED_FOR
    work.record(NightWatched(night.id))


def _is_watching(work: Work, night_id: int) -> bool:
    watcher = work.session.get(Watcher, (night_id, work.actor.staff_id or 0))
    return watcher is not None and watcher.until > work.now


def picture_of(work: Work, night_id: int) -> bytes:
    """Give the picture of the screen. Raises NotThere unless the person watches the run and may read its record."""
    if not _is_watching(work, night_id):
        raise NotThere("この画面は示していません。")
    mine = visible_items(work.actor).with_only_columns(WorkItem.id)
    shown = select(LiveScreen).where(
        LiveScreen.night_id == night_id, LiveScreen.item_id.in_(mine), LiveScreen.sealed_picture.is_not(None)
    )
    screen = one_or_not_there(work.session, shown)
    return work.office.cipher.open(screen.sealed_picture or b"", _purpose(night_id))


def pause(work: Work, night: Night) -> None:
    """Let a run wait after the record at hand. Raises Overtaken unless it goes on."""
    _must_run(work, night)
    if night.state != NightState.RUNNING:
        raise Overtaken(_("この入力はもう止められています。最新の内容を確認してください。"))
    night.state = NightState.PAUSED
    work.record(NightPaused(night.id))


def resume(work: Work, night: Night) -> None:
    """Let a run go on. Raises Overtaken where it does not wait, or a trial still has a record at hand."""
    _must_run(work, night)
    lease = work.session.scalars(select(Lease).where(Lease.night_id == night.id).with_for_update()).one_or_none()
    busy = night.kind == RunKind.TRIAL and (lease is None or lease.item_id is not None)
    if night.state != NightState.PAUSED or busy:
        raise Overtaken(_("この入力はもう動いています。最新の内容を確認してください。"))
    night.state = NightState.RUNNING
    work.record(NightResumed(night.id))


def hand_over(work: Work, night: Night, item_id: int) -> None:
    """Ask the bot for the record at hand: it lets go before it registers, and the run goes on with the next.

    Raises Overtaken where it has finished the record, or is registering it (then its end is told as ever), and for
    what the person may not read.
    """
    _must_run(work, night)
    lease = work.session.scalars(select(Lease).where(Lease.night_id == night.id).with_for_update()).one_or_none()
    state = work.session.scalar(
        visible_items(work.actor).with_only_columns(WorkItem.state).where(WorkItem.id == item_id)
    )
    if lease is None or lease.item_id != item_id or state != ItemState.WAITING:
        raise Overtaken(_("ロボットはこの案件の登録に進んだか、もう終えています。結果を確かめてください。"))
    if lease.handed_over_by_id is None:
        lease.handed_over_by_id = work.actor.staff_id
        work.record(HandOverAsked(item_id, night.id))


def _must_run(work: Work, night: Night) -> None:
    work.session.refresh(night, STANDING, with_for_update=True)  # the worker ends it, and pauses a trial
    if night.state == NightState.ENDED:
        raise Overtaken(_("この入力はもう終わっています。"))


def _purpose(night_id: int) -> str:
    return f"screen:{night_id}"
