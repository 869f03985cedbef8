"""The auditors' page: who did what, when, from where; and whether the chain is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backoffice.audit import AuditEvent, Event, event_named
from backoffice.audit.chain import Broken, heads, verify
from backoffice.audit.events import all_events
from backoffice.audit.publishing import published_heads
from backoffice.clients.models import MachineClient
from backoffice.identity import Permission, Staff
from backoffice.web import Crumb, MenuItem, Page, Reading, StaffRouter, render
from backoffice.web.lists import PAGE_SIZE, Paging
from backoffice.web.translations import _, translate

MENU = (MenuItem(_("監査記録"), "/audit", Permission.AUDIT_READ),)

ORIGINS = {
    "page": _("画面"),
    "worker": _("自動処理"),
    "command_line": _("コマンド"),
    "demonstration": _("演習の準備"),
    "gateway": _("入口(ほかのシステム)"),
}

staff = StaffRouter()


@dataclass(frozen=True)
class Entry:
    id: int
    at: datetime
    who: str
    origin: str
    address: str
    kind: str
    sentence: str
    params: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class TrailPage(Page):
    entries: Sequence[Entry]
    paging: Paging
    kind: str
    staff_id: str
    kinds: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ChainPage(Page):
    broken: Broken | None
    published: int


@staff.page("/audit", Permission.AUDIT_READ)
def trail(request: Request, work: Reading, kind: str = "", who: str = "", page: int = 1) -> HTMLResponse:
    statement = _filtered(kind, who)
    total = _count(work.session, statement) if kind or who else sum(head.position for head in heads(work.session))
    paging = Paging("/audit", total, page, {"kind": kind, "who": who})
    rows = work.session.execute(
        statement.add_columns(func.coalesce(Staff.name, MachineClient.name))
        .outerjoin(Staff, Staff.id == AuditEvent.staff_id)
        .outerjoin(MachineClient, MachineClient.id == AuditEvent.client_id)
        .order_by(AuditEvent.fiscal_year.desc(), AuditEvent.position.desc())
        .limit(PAGE_SIZE).offset(paging.offset)
    )  # fmt: skip
    kinds = [("", _("すべて"))] + [
        (event.kind, event.kind) for event in sorted(all_events(), key=lambda each: each.kind)
    ]
    shown = TrailPage(
        title=_("監査記録"),
        entries=[_entry(event, name) for event, name in rows],
        paging=paging,
        kind=kind,
        staff_id=who,
        kinds=kinds,
    )
    return render(request, "activity/trail.html", shown)


@staff.page("/audit/chain", Permission.AUDIT_READ)
def chain(request: Request, work: Reading) -> HTMLResponse:
    published = published_heads(work.office.settings.audit_heads_path)
    shown = ChainPage(
        title=_("鎖の確認"),
        crumbs=(Crumb(_("監査記録"), "/audit"),),
        broken=verify(work.session, published),
        published=len(published),
    )
    return render(request, "activity/chain.html", shown)


def _count(session: Session, statement: Select[AuditEvent]) -> int:
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _filtered(kind: str, who: str) -> Select[AuditEvent]:
    statement = select(AuditEvent)
    if kind:
        statement = statement.where(AuditEvent.kind == kind)
    if who.isdecimal():
        statement = statement.where(AuditEvent.staff_id == int(who))
    return statement


def _entry(event: AuditEvent, name: str | None) -> Entry:
    known: type[Event] | None = event_named(event.kind)
    return Entry(
        id=event.id,
        at=event.at,
        who=name or translate(_("技助(自動)")),
        origin=ORIGINS.get(event.origin, event.origin),
        address=event.address,
        kind=event.kind,
        sentence=known.sentence if known else event.kind,
        params=event.data if known else {},
    )
