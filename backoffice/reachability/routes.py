"""The pages for staff: one person's addresses and stops at the counter, and what operators look after."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.consents import service as counter
from backoffice.consents.pages import DESK
from backoffice.consents.workflow import ChannelKind
from backoffice.identity import Permission
from backoffice.reachability import queries, stopping
from backoffice.reachability.bounces import DOUBT_NAMES, Doubt
from backoffice.reachability.models import DoubtfulMail
from backoffice.reachability.of_person import KIND_NAMES, STATE_CHIPS, ChannelRow, StopRow, reach_of
from backoffice.reachability.workflow import EVERYTHING, AddressState, StopWay, Topic, name_of
from backoffice.web import Crumb, MenuItem, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.chips import Chip
from backoffice.web.forms_in import FormLists
from backoffice.web.showing import number
from backoffice.web.translations import _, translate
from workflows.rules.manifest import FEW

MENU = (MenuItem(_("届け先の状態"), "/reachability", Permission.JOB_VIEW, in_menu=False),)

staff = StaffRouter()


@dataclass(frozen=True)
class Choice:
    """Something that can be stopped."""

    code: str
    name: str
    is_stopped: bool


@dataclass(frozen=True, kw_only=True)
class OwnReachPage(Page):
    look_id: int
    channels: Sequence[ChannelRow]
    stops: Sequence[StopRow]
    choices: Sequence[Choice]
    seen: str


@dataclass(frozen=True)
class DeadRow:
    kind: str
    chip: Chip
    count: str


@dataclass(frozen=True)
class DoubtfulRow:
    mail: DoubtfulMail
    why: str


@dataclass(frozen=True, kw_only=True)
class ReachabilityPage(Page):
    dead: Sequence[DeadRow]
    doubtful: Sequence[DoubtfulRow]
    reads_bounces: bool
    hears_line: bool


@staff.page("/consents/looks/{look_id}/reach", Permission.CONSENT_TAKE)
def own_reach(request: Request, work: Reading, look_id: int) -> HTMLResponse:
    look = counter.look_of(work, look_id)
    reach = reach_of(work.session, work.office.cipher, look.registrant_id)
    names = [(str(code), name_of(code)) for code in (EVERYTHING, *Topic)]
    shown = OwnReachPage(
        title=_("届け先と、止めたお知らせ"),
        crumbs=(DESK, Crumb(_("登録者の同意"), f"/consents/looks/{look.id}")),
        look_id=look.id,
        channels=reach.channels,
        stops=reach.stops,
        choices=[Choice(code, name, code in reach.stopped) for code, name in names],
        seen=queries.last_change(work.session, look.registrant_id),
    )
    return render(request, "reachability/own_reach.html", shown)


@staff.action("/consents/looks/{look_id}/reach", Permission.CONSENT_TAKE)
def settle(work: Writing, look_id: int, form: FormLists) -> Response:
    """Stop what the person at the counter wants stopped, and nothing else. Raises Overtaken."""
    look = counter.look_of(work, look_id)
    wanted = stopping.CHOICES.intersection(form.get("stopped", ()))
    seen = next(iter(form.get("seen", ())), "")
    stopping.settle(work, look.registrant_id, wanted, StopWay.COUNTER, seen=seen)
    return go_to(f"/consents/looks/{look.id}/reach", _("本人が望んだとおりにしました。今この時から効きます。"))


@staff.page("/reachability", Permission.JOB_VIEW)
def reachability(request: Request, work: Reading) -> HTMLResponse:
    settings = work.office.settings
    shown = ReachabilityPage(
        title=_("届け先の状態"),
        crumbs=(Crumb(_("処理の状況"), "/jobs"),),
        dead=[
            DeadRow(KIND_NAMES[ChannelKind(kind)], STATE_CHIPS[AddressState(state)], _of_addresses(count))
            for (kind, state), count in sorted(queries.count_standings(work.session).items())
        ],
        doubtful=[DoubtfulRow(each, DOUBT_NAMES[Doubt(each.why)]) for each in queries.doubtful_mails(work.session)],
        reads_bounces=settings.bounce_maildir is not None,
        hears_line=settings.line_channel_secret_file is not None,
    )
    return render(request, "reachability/reachability.html", shown)


def _of_addresses(count: int) -> str:
    """Write how many; few are not told apart."""
    return translate(_("%(few)s件未満"), few=FEW) if 0 < count < FEW else translate(_("%(n)s件"), n=number(count))
