"""At the counter: to which links does the person here consent, and what was handed over of them? They may withdraw.

The page stands behind a look at the registrant, which the consent counter opens for a reason and which lasts half an
hour: nobody comes here by browsing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.consents import service as counter
from backoffice.consents.pages import DESK
from backoffice.data_links import consenting, live
from backoffice.data_links.models import Link
from backoffice.data_links.of_person import LinkConsentRow, UseRow, use_rows
from backoffice.identity import Permission
from backoffice.web import Crumb, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.translations import _

MOST_OFFERED = 20

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class OwnLinksPage(Page):
    look_id: int
    consents: Sequence[LinkConsentRow]
    uses: Sequence[UseRow]
    offered: Sequence[Link]
    """To which they may consent now: not yet, or not for long any more."""
    keyword: str
    is_cut: bool
    """There may be more: they are sought by name."""


@staff.page("/consents/looks/{look_id}/links", Permission.CONSENT_TAKE)
def own_links(request: Request, work: Reading, look_id: int, q: str = "") -> HTMLResponse:
    look = counter.look_of(work, look_id)
    today = work.today
    rows = [LinkConsentRow.of(each, today) for each in live.consents_of(work.session, look.registrant_id)]
    settled = {row.consent.link_id for row in rows if row.is_live and not row.ends_soon}
    offered = live.offered_links(work.session, q.strip(), MOST_OFFERED)
    shown = OwnLinksPage(
        title=_("連携への同意と使われ方"),
        crumbs=(DESK, Crumb(_("登録者の同意"), f"/consents/looks/{look.id}")),
        look_id=look.id,
        consents=rows,
        uses=use_rows(work.session, look.registrant_id),
        keyword=q.strip(),
        offered=[each.link for each in offered if consenting.is_open(work, each) and each.link_id not in settled],
        is_cut=len(offered) == MOST_OFFERED,
    )
    return render(request, "data_links/own_links.html", shown)


@staff.action("/consents/looks/{look_id}/links/{link_consent}/withdraw", Permission.CONSENT_TAKE)
def withdraw(work: Writing, look_id: int, link_consent: str) -> Response:
    look = counter.look_of(work, look_id)
    consenting.withdraw_for(work, look.registrant, link_consent)
    return go_to(f"/consents/looks/{look.id}/links", _("同意を取り消しました。今この時から渡りません。"))
