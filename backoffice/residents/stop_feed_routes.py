"""The page of the stop feed: when it last came, how old it is, what it brought, what was refused. Nobody is shown.

How many rows a feed has is not told: with the kinds that many are of, it would tell how few are of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.identity import Permission
from backoffice.residents import stop_queries, words
from backoffice.residents.models import RefusedFeed, StopFeed
from backoffice.residents.pages import BY_COMMAND, of_people
from backoffice.residents.stop_feeds import BY_FOLDER, IDLE, TAKEN_BACK
from backoffice.residents.stop_file import FeedRefused, StopKind
from backoffice.web import Crumb, MenuItem, Page, Reading, StaffRouter, render
from backoffice.web.translations import _, translate
from workflows.rules.brought_files import Refused

MENU = (MenuItem(_("異動連携"), "/stop-feed", Permission.JOB_VIEW, in_menu=False),)
BY_WORKER = _("連携の置き場から")

staff = StaffRouter()


@dataclass(frozen=True)
class FeedRowShown:
    feed: StopFeed
    counts: Sequence[tuple[str, str]]
    """What of which kind, how many; few are not told apart."""
    who: str

    @classmethod
    def of(cls, feed: StopFeed) -> "FeedRowShown":
        kinds = [(words.STOP_NAMES[kind], feed.counts.get(kind, 0)) for kind in StopKind]
        others = [(_("取り消し"), feed.counts.get(TAKEN_BACK, 0)), (_("変わりなし"), feed.counts.get(IDLE, 0))]
        counts = [(name, of_people(count)) for name, count in (*kinds, *others) if count]
        by_itself = BY_WORKER if feed.source == BY_FOLDER else BY_COMMAND
        return cls(feed, counts, feed.received_by.name if feed.received_by else translate(by_itself))


@dataclass(frozen=True)
class RefusedRow:
    refused: RefusedFeed
    said: str


@dataclass(frozen=True, kw_only=True)
class StopFeedPage(Page):
    covered_until: datetime | None
    hours: int
    is_old: bool
    is_one_missing: bool
    folder: bool
    feeds: Sequence[FeedRowShown]
    refused_last: bool
    """The latest file that came was refused."""
    refused: Sequence[RefusedRow]


@staff.page("/stop-feed", Permission.JOB_VIEW)
def stop_feed(request: Request, work: Reading) -> HTMLResponse:
    until = stop_queries.covered_until(work.session)
    feeds, refused = stop_queries.newest_feeds(work.session), stop_queries.refused_feeds(work.session)
    age = max(work.now - until, timedelta(0)) if until else timedelta(0)
    shown = StopFeedPage(
        title=_("異動連携"),
        crumbs=(Crumb(_("処理の状況"), "/jobs"),),
        covered_until=until,
        hours=int(age / timedelta(hours=1)),
        is_old=age > timedelta(hours=work.office.settings.stop_feed_hours),
        is_one_missing=stop_queries.is_one_missing(work.session),
        folder=work.office.settings.stop_feed_dir is not None,
        feeds=[FeedRowShown.of(each) for each in feeds],
        refused_last=bool(refused) and (not feeds or refused[0].at > feeds[0].received_at),
        refused=[RefusedRow(each, _said(each)) for each in refused],
    )
    return render(request, "residents/stop_feed.html", shown)


def _said(refused: RefusedFeed) -> str:
    known = words.FEED_REFUSALS[FeedRefused(refused.why)] if refused.why in set(FeedRefused) else ""
    return translate(known or words.REFUSALS[Refused(refused.why)], place=refused.place)
