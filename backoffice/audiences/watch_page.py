"""How does the sending fare? From tallies and a few rows at the edges of indexes: nobody of the audience is counted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from backoffice.audiences import queries
from backoffice.audiences.claiming import Rest, elapsed, why_rest
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import CAME_BACK, reasons_of, sent_lately, states_of
from backoffice.audiences.pages import people_said, said_or_hidden
from backoffice.audiences.pausing import STALE_FEED, WHY
from backoffice.audiences.run_frame import common
from backoffice.audiences.run_pages import Cell, CellTable, Standing, WatchPage
from backoffice.audiences.workflow import (
    REASON_NAMES,
    RECIPIENT_NAMES,
    Reason,
    RecipientState,
    RunState,
)
from backoffice.consents.workflow import ChannelKind
from backoffice.drawing.queries import closures
from backoffice.web.showing import moment, number
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.notices.hours import next_opening, open_after
from workflows.rules.disclosure import SMALLEST, publishable, rounded, told

LATELY = 10
"""Minutes over which the pace is told."""
TO_GO = (RecipientState.WAITING, RecipientState.TAKEN, RecipientState.HANDING)
LISTED = (RecipientState.UNKNOWN, RecipientState.FAILED)
"""Whoever is in one of these is listed one by one, for a person to see to: their number is told as it is."""
FAILURES = (Reason.TURNED_DOWN, Reason.GAVE_UP, Reason.NOT_ARRIVED)
RESTS: Mapping[Rest, str] = {
    Rest.STALE_FEED: STALE_FEED,
    Rest.SHUT: _("バックアップから復元したため休んでいます。担当者が確かめて再開します。"),
}
QUIET = _("夜間・休日のため休んでいます。%(at)s から再開します。")
NOT_BEGUN = _("%(at)s から送り始めます。")
PAUSED = _("一時停止しています。送る直前だった人も、順番待ちに戻っています。")
NO_MAIL = _("メールサーバーが設定されていないため、メールを送れません。情報システム担当に知らせてください。")
NO_LINE = _("LINEの鍵が設定されていないため、LINEを送れません。情報システム担当に知らせてください。")
STALLED = _("順番が来た人がいるのに、%(n)s分のあいだ1人も送れていません。情報システム担当に知らせてください。")


def watch_page(work: Work, run: NoticeRun) -> WatchPage:
    """Give the page on which a run is watched while it leaves, and looked at afterwards."""
    states, reasons = states_of(work.session, run.id), reasons_of(work.session, run.id)
    waiting = sum(states.get(state, 0) for state in TO_GO)
    total = sum(states.values())
    is_sending = run.state == RunState.SENDING
    lately = sent_lately(work.session, run.id, work.now, LATELY) if is_sending else 0
    last = queries.last_turns(work.session, run.id) if is_sending else {}
    shut = closures(work.session)
    told_total = max(SMALLEST, rounded(total)) if total else 0
    return WatchPage(
        **common(work, run, _("送信の様子"), "watch", states),
        is_moving=run.state in (RunState.RELEASED, RunState.SENDING),
        rest=_rest(work, run, shut) or _unserved(work, run, last, lately),
        states=[_standing(state, states.get(state, 0)) for state in RecipientState] + _came_back(reasons),
        reasons=_reasons(reasons),
        done=told_total if not waiting else min(told_total, rounded(total - waiting)),
        total=told_total,
        rate=rounded(lately) // LATELY if is_sending else None,
        ends_at=_forecast(work, run, last, waiting * LATELY // lately) if last and lately else None,
        open_ends=[
            (translate(RECIPIENT_NAMES[state]), f"/audiences/{run.id}/open-ends?state={state}", number(states[state]))
            for state in LISTED
            if states.get(state)
        ],
    )


def _standing(state: RecipientState, people: int) -> Standing:
    said = translate(_("%(n)s人"), n=number(people)) if state in LISTED or not people else people_said(told(people))
    return Standing(RECIPIENT_NAMES[state], said)


def _came_back(reasons: Mapping[str, int]) -> list[Standing]:
    """Say how many of the mails that left came back: of failures that are listed nowhere, hence as they may be told."""
    people = reasons.get(CAME_BACK, 0)
    return [Standing(_("うち戻ってきた"), people_said(told(people)))] if people else []


def _reasons(reasons: Mapping[str, int]) -> list[CellTable]:
    """Give why some were not written to, and why some could not be: the first tells of people, so small cells go."""
    stopped = {each: people for each, people in reasons.items() if each not in (*FAILURES, CAME_BACK) and people > 0}
    failed = {reason: people for reason, people in reasons.items() if reason in FAILURES and people > 0}
    told_of = publishable(stopped)
    tables = (
        CellTable(_("送らなかった理由"), [_cell(each, told_of[each]) for each in _in_order(stopped)]),
        CellTable(
            _("送れなかった理由"),
            [
                Cell(translate(REASON_NAMES[each]), translate(_("%(n)s人"), n=number(failed[each])), failed[each])
                for each in _in_order(failed)
            ],
        ),
    )
    return [table for table in tables if table.rows]


def _in_order(found: Mapping[str, int]) -> Sequence[str]:
    return [reason for reason in REASON_NAMES if reason in found]


def _cell(reason: str, people: int | None) -> Cell:
    return Cell(translate(REASON_NAMES[reason]), said_or_hidden(people), people or 0)


def _rest(work: Work, run: NoticeRun, shut: frozenset[date]) -> str:
    """Say why nothing leaves now, in words; nothing where it may."""
    if run.state == RunState.PAUSED:
        return translate(WHY.get(run.trouble, PAUSED))
    if run.state == RunState.RELEASED:
        return translate(NOT_BEGUN, at=moment(next_opening(max(run.send_from, work.now), shut)))
    if run.state != RunState.SENDING:
        return ""
    rest = why_rest(work, run)
    if rest is Rest.QUIET:
        return translate(QUIET, at=moment(next_opening(work.now, shut)))
    return "" if rest is None else translate(RESTS[rest])


def _unserved(work: Work, run: NoticeRun, last: Mapping[ChannelKind, int], lately: int) -> str:
    """Say what keeps the messages of a run that may leave from leaving, as far as that shows."""
    settings = work.office.settings
    if ChannelKind.MAIL in last and not settings.smtp_host:
        return translate(NO_MAIL)
    if ChannelKind.LINE in last and settings.line_token_file is None:
        return translate(NO_LINE)
    if not last or lately or run.began_at is None:
        return ""
    overdue = elapsed(work, run) - LATELY
    is_stalled = overdue > 0 and queries.is_due(work.session, run.id, overdue, work.now)
    return translate(STALLED, n=LATELY) if is_stalled else ""


def _forecast(work: Work, run: NoticeRun, last: Mapping[ChannelKind, int], minutes: int) -> datetime:
    """Say when it will be over: by the last one's turn, or in so many minutes at the present pace; the later counts."""
    shut = closures(work.session)
    turn = max(last.values()) - elapsed(work, run)
    return max(open_after(work.now, each, shut) for each in (turn, minutes))
