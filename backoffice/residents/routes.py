"""The pages of snapshots: what was taken in, how far it is known, what changed. They count people and show nobody."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.identity import Permission
from backoffice.residents import pages, queries
from backoffice.web import Crumb, MenuItem, Reading, StaffRouter, render
from backoffice.web.lists import Paging
from backoffice.web.translations import _

MENU = (MenuItem(_("住民データ"), "/snapshots", Permission.RESIDENT_SNAPSHOT_VIEW),)

staff = StaffRouter()


@staff.page("/snapshots", Permission.RESIDENT_SNAPSHOT_VIEW)
def snapshots(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    paging = Paging("/snapshots", queries.count_snapshots(work.session), page)
    rows = [pages.SnapshotRow.of(each) for each in queries.list_snapshots(work.session, paging.offset)]
    shown = pages.SnapshotsPage(title=_("住民データ"), rows=rows, paging=paging)
    return render(request, "residents/snapshots.html", shown)


@staff.page("/snapshots/{snapshot_id}", Permission.RESIDENT_SNAPSHOT_VIEW)
def snapshot(request: Request, work: Reading, snapshot_id: int) -> HTMLResponse:
    found = queries.find_snapshot(work.session, snapshot_id)
    crumbs = (Crumb(_("住民データ"), "/snapshots"),)
    return render(request, "residents/snapshot.html", pages.SnapshotPage.of(found, _("住民データの内容"), crumbs))
