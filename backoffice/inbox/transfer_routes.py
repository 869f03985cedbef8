"""The page that moves running cases to the version in force: first what would happen, then a deliberate button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.drawing.kinds import TITLES, kind_of
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.queries import cases_on_versions, find_version, list_versions, version_in_force
from backoffice.drawing.routes import ROUTES
from backoffice.drawing.words import say
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.inbox.inputs import whole_numbers
from backoffice.inbox.models import Case
from backoffice.inbox.transferring import Moved, cases_on, movable, move_cases
from backoffice.web import Crumb, Page, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.forms_in import FormLists, whole_number
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.routes import RouteKind

MANY = 200

staff = StaffRouter()


@dataclass(frozen=True)
class Answered:
    """What a posted form leaves on the page: what was chosen and typed, what is wrong, what was moved."""

    chosen: Sequence[int] = ()
    reason: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    moved: Moved | None = None


@dataclass(frozen=True, kw_only=True)
class TransferPage(Page):
    kind: RouteKind
    old: RouteVersion | None
    new: RouteVersion | None
    others: Sequence[tuple[str, str, int]]
    """Versions with cases on them that are not the one in force: id, number, how many cases."""
    rows: Sequence[tuple[Case, Sequence[str]]]
    total: int
    chosen: frozenset[int] = frozenset()
    reason: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    moved: Moved | None = None


@staff.page("/routes/{kind}/cases", Permission.ROUTE_ACTIVATE)
def cases_by_version(request: Request, work: Reading, kind: str, version: int = 0) -> HTMLResponse:
    return _show(request, work, kind_of(kind), version)


@staff.action("/routes/{kind}/cases", Permission.ROUTE_ACTIVATE)
def move(request: Request, actor: SignedIn, kind: str, form: FormLists) -> Response:
    """Move the chosen cases; those that cannot go stay, each with its reason."""
    office: Office = request.app.state.office
    known = kind_of(kind)
    typed = {name: values[-1] for name, values in form.items() if values}
    from_id, to_id = (whole_number(typed.get(name, "")) or 0 for name in ("version", "to"))
    ids = whole_numbers(form.get("case", []))[:MANY]
    try:
        moved = move_cases(office, actor, ids, from_id, to_id, typed.get("reason", ""))
    except Invalid as refusal:
        with office.look(actor) as work:
            answered = Answered(ids, typed.get("reason", ""), refusal.fields)
            return _show(request, work, known, from_id, answered)
    if moved.stayed:
        with office.look(actor) as work:
            return _show(request, work, known, from_id, Answered(moved=moved))
    return go_to(f"/routes/{kind}/cases", _("%(count)s件を移しました。"), count=moved.count)


def _show(
    request: Request, work: Work, kind: RouteKind, version_id: int, answered: Answered | None = None
) -> HTMLResponse:
    answered = answered or Answered()
    new = version_in_force(work.session, kind, work.today)
    counts = cases_on_versions(work.session)
    others = [
        (str(each.id), str(each.number), counts[each.id])
        for each in list_versions(work.session, kind)
        if each.id in counts and (new is None or each.id != new.id)
    ]
    version_id = version_id or int(others[0][0]) if others else version_id
    old = find_version(work.session, version_id) if version_id else None
    if old is not None and old.kind != kind:
        raise NotThere("お探しの記録は見つかりませんでした。")
    cases = cases_on(work.session, old.id) if old else []
    found = movable(work.session, cases, old, new) if old and new else []
    shown = TransferPage(
        title=_("進行中の案件を移す"),
        crumbs=(ROUTES, Crumb(TITLES[kind], f"/routes/{kind}")),
        kind=kind,
        old=old,
        new=new,
        others=others,
        rows=[(each.case, [say(reason) for reason in each.reasons]) for each in found],
        total=counts.get(old.id, 0) if old else 0,
        chosen=frozenset(answered.chosen),
        reason=answered.reason,
        wrong=answered.wrong,
        moved=answered.moved,
    )
    return render(request, "inbox/transfer.html", shown, status=422 if answered.wrong else 200)
