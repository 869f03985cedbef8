"""What becomes of what bots propose? Kept once a bot, shown beside the recording, taken in or dismissed by people.

Whether a proposal is open or taken in is not kept: the recording says it, by how its steps look for their elements.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.db.among import among
from backoffice.errors import Invalid
from backoffice.recordings import service
from backoffice.recordings.events import ProposalPutBack, ProposalsDismissed, ProposalsTakenIn, ProposalWantedAgain
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.proposal_models import SPOT_SCHEMA, BotProposal
from backoffice.recordings.workflow import BotState
from backoffice.web.translations import _
from backoffice.work import Work
from rpa_bots.recording.page.endings import Proposed
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.recording.tape.taking_in import Spot, found_by, places_of, spots_of

WAY_LIMIT, LABEL_LIMIT, REASON_LIMIT = 400, 200, 100
AT_MOST = 200
"""Of one bot. A page that is new each time would fill the table."""


@dataclass(frozen=True)
class Shown:
    """A proposal beside a recording. `places` from 0: the steps that it is about."""

    proposal: BotProposal
    places: tuple[int, ...]
    taken: bool

    @property
    def may_be_taken(self) -> bool:
        return not self.taken and bool(self.proposal.new) and self.proposal.dismissed_on is None


def collect(work: Work, bot_id: int, recording: Recording, proposed: Sequence[Proposed]) -> None:
    """Keep what a bot proposed while it did `recording`; what was proposed before is counted."""
    if not proposed:
        return
    # Nights and rehearsals of one bot at once wait here for one another.
    work.session.scalars(select(RecordedBot.id).where(RecordedBot.id == bot_id).with_for_update()).one()
    known = {(spot_kept(each), each.new): each for each in list_of(work.session, bot_id)}
    spots = spots_of(recording)
    for each in proposed:
        spot = spots[each.step - 1]
        new = each.proposal.new or ""
        found = known.get((spot, new))
        if found is not None:
            found.times, found.day = found.times + 1, work.today
        elif spot.ways and len(new) <= WAY_LIMIT and len(known) < AT_MOST:
            known[spot, new] = _added(work, bot_id, spot, each)


def _added(work: Work, bot_id: int, spot: Spot, each: Proposed) -> BotProposal:
    said = each.proposal
    proposal = BotProposal(
        bot_id=bot_id,
        spot={"schema": SPOT_SCHEMA, **asdict(spot)},
        new=said.new or "",
        label=said.label[:LABEL_LIMIT],
        reason=said.reason[:REASON_LIMIT],
        times=1,
        day=work.today,
        dismissed_on=None,
    )
    work.session.add(proposal)
    work.session.flush()
    return proposal


def list_of(session: Session, bot_id: int) -> Sequence[BotProposal]:
    """Give what a bot proposed, the last seen first."""
    mine = select(BotProposal).where(BotProposal.bot_id == bot_id)
    return session.scalars(mine.order_by(BotProposal.day.desc(), BotProposal.id)).all()


def beside(proposals: Sequence[BotProposal], recording: Recording) -> list[Shown]:
    """Give the proposals that are about this recording: open ones, and those that it has taken in."""
    return list(_beside(proposals, recording))


def _beside(proposals: Sequence[BotProposal], recording: Recording) -> Iterator[Shown]:
    for each in proposals:
        old = spot_kept(each)
        if places := places_of(recording, old):
            yield Shown(each, places, taken=False)
        elif each.new and (places := places_of(recording, _new_spot(each))):
            yield Shown(each, places, taken=True)


def count_open(session: Session, bot_ids: Collection[int]) -> dict[int, int]:
    """Give, for those of the bots that have any, how many proposals nobody has taken in.

    Where a version is under way it is the one that is looked at: whoever mends it has seen them.
    """
    proposals: dict[int, list[BotProposal]] = {}
    for each in session.scalars(select(BotProposal).where(among(BotProposal.bot_id, bot_ids))):
        proposals.setdefault(each.bot_id, []).append(each)
    living = (BotState.RELEASED, BotState.DRAFT, BotState.SUBMITTED)
    wanted = select(BotVersion).where(among(BotVersion.bot_id, proposals), BotVersion.state.in_(living))
    newest = {version.bot_id: version for version in session.scalars(wanted.order_by(BotVersion.number))}
    found = {
        bot_id: sum(shown.may_be_taken for shown in beside(proposals[bot_id], service.recording_of(version)))
        for bot_id, version in newest.items()
    }
    return {bot_id: count for bot_id, count in found.items() if count}


def take_in(work: Work, version: BotVersion, seen: int, chosen: Collection[int]) -> int:
    """Let a version that is being mended take chosen proposals in; gives how many.

    Raises Overtaken, NotPermitted, Invalid where none was chosen.
    """
    service.must_be_mendable(work, version, seen)
    return _taken_in(work, version, chosen)


def take_up_with(work: Work, version: BotVersion, chosen: Collection[int]) -> BotVersion:
    """Begin a draft from a version with chosen proposals taken in. Raises like `service.take_up`, and Invalid."""
    again = service.take_up(work, version)
    _taken_in(work, again, chosen)
    return again


def put_back(work: Work, version: BotVersion, seen: int, proposal_id: int) -> None:
    """Let a version that is being mended look for an element by its old ways again. Raises like `take_in`."""
    service.must_be_mendable(work, version, seen)
    recording = service.recording_of(version)
    for shown in beside(list_of(work.session, version.bot_id), recording):
        if shown.proposal.id == proposal_id and shown.taken:
            recording = found_by(recording, _new_spot(shown.proposal), spot_kept(shown.proposal).ways)
            service.keep_recording(work, version, recording)
            work.record(ProposalPutBack(version.id, proposal_id))
            return
    raise Invalid(_("この提案は取り入れられていません。"))


def dismiss(work: Work, version: BotVersion, chosen: Collection[int]) -> int:
    """Ask nobody about chosen proposals any more, however often they are seen; gives how many.

    Raises NotPermitted, Invalid where none was chosen.
    """
    service.must_teach(work.actor, version.bot.department)
    open_ones = [each for each in _beside_version(work, version) if each.may_be_taken and each.proposal.id in chosen]
    if not open_ones:
        raise Invalid(_("見送る提案を選んでください。"))
    for shown in open_ones:
        shown.proposal.dismissed_on = work.today
    work.record(ProposalsDismissed(version.id, len(open_ones)))
    return len(open_ones)


def want_again(work: Work, version: BotVersion, proposal_id: int) -> None:
    """Ask about a dismissed proposal again. Raises NotPermitted; where it is not dismissed, nothing changes."""
    service.must_teach(work.actor, version.bot.department)
    for shown in _beside_version(work, version):
        if shown.proposal.id == proposal_id and shown.proposal.dismissed_on is not None:
            shown.proposal.dismissed_on = None
            work.record(ProposalWantedAgain(version.id, proposal_id))


def _beside_version(work: Work, version: BotVersion) -> list[Shown]:
    return beside(list_of(work.session, version.bot_id), service.recording_of(version))


def _taken_in(work: Work, version: BotVersion, chosen: Collection[int]) -> int:
    recording, taken = service.recording_of(version), 0
    for each in list_of(work.session, version.bot_id):
        if each.id in chosen and each.new and each.dismissed_on is None and places_of(recording, spot_kept(each)):
            recording, taken = found_by(recording, spot_kept(each), ((each.new,),)), taken + 1
    if not taken:
        raise Invalid(_("取り入れる提案を選んでください。"))
    service.keep_recording(work, version, recording)
    work.record(ProposalsTakenIn(version.id, taken))
    return taken


def forget_old(work: Work, days: int) -> None:
    """Forget what no bot has proposed for so long."""
    work.session.execute(delete(BotProposal).where(BotProposal.day < work.today - timedelta(days=days)))


def spot_kept(proposal: BotProposal) -> Spot:
    """Read where a proposal looked."""
    kept: Mapping[str, Any] = proposal.spot
    ways = tuple(tuple(way) for way in kept["ways"])
    return Spot(kept["pressed"], kept["target"], tuple(kept["frame"]), ways)


def _new_spot(proposal: BotProposal) -> Spot:
    return replace(spot_kept(proposal), ways=((proposal.new,),))
