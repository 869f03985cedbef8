"""What happened to my account? Each event about a person is also written where they themselves see it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from backoffice.accounts import events
from backoffice.accounts.hr_import import events as hr_events
from backoffice.accounts.models import AccountEntry
from backoffice.accounts.pages import Happened
from backoffice.accounts.second_factor import events as factor_events
from backoffice.audit import Event, event_named
from backoffice.identity import Department, Role, Staff
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web.translations import _, translate
from backoffice.work import Work

OWNER_SEES: tuple[type[Event], ...] = (
    events.SignedIn,
    events.PasswordAccepted,
    events.SignInRefused,
    events.SignedOut,
    events.SessionsEnded,
    events.PasswordChanged,
    events.LanguageChosen,
    events.TextSizeChosen,
    events.MailChanged,
    events.MorningMailChosen,
    events.StaffAdded,
    events.StaffSwitched,
    events.RoleGranted,
    events.RoleEnded,
    events.BreakGlassSet,
    events.BreakGlassUsed,
    factor_events.FactorAdded,
    factor_events.FactorRemoved,
    factor_events.FactorReset,
    factor_events.FactorRefused,
    hr_events.StaffMoved,
    hr_events.StaffLeft,
    hr_events.StaffRenamed,
)
CODE_NAMES = {"totp": _("認証アプリ"), "key": _("セキュリティキー")}


def tell_owner(work: Work, happened: Event) -> None:
    """Write the event where its person sees it, in the same unit."""
    data = happened.data()
    if data["staff_id"] is None:
        return
    work.session.add(
        AccountEntry(
            staff_id=data["staff_id"],
            at=work.now,
            kind=happened.kind,
            by_id=work.actor.staff_id,
            origin=str(work.actor.origin),
            address=work.actor.address,
            data=data,
        )
    )


def count_entries(session: Session, staff_id: int | None) -> int:
    return session.scalar(select(func.count()).where(AccountEntry.staff_id == staff_id)) or 0


def latest_entries(session: Session, staff_id: int | None, limit: int, offset: int = 0) -> Sequence[Happened]:
    """Give what happened to one account, the newest first, with names in the place of ids."""
    by = aliased(Staff)
    rows = session.execute(
        select(AccountEntry, by.name)
        .outerjoin(by, by.id == AccountEntry.by_id)
        .where(AccountEntry.staff_id == staff_id)
        .order_by(AccountEntry.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    departments = _names_of(session, [entry for entry, _name in rows])
    return [_readable(entry, name or "", departments) for entry, name in rows]


def _readable(entry: AccountEntry, who: str, departments: dict[int, str]) -> Happened:
    known = event_named(entry.kind)
    params = dict(entry.data) if known else {}
    for name in ("department_id", "from_id", "to_id"):
        if name in params:
            params[name] = departments.get(params[name], params[name])
    if params.get("role") in set(Role):
        params["role"] = translate(ROLE_NAMES[Role(params["role"])])
    if params.get("code") in CODE_NAMES:
        params["code"] = translate(CODE_NAMES[str(params["code"])])
    return Happened(entry.at, known.sentence if known else entry.kind, params, who, entry.address)


def _names_of(session: Session, entries: Sequence[AccountEntry]) -> dict[int, str]:
    ids = {
        entry.data[name] for entry in entries for name in ("department_id", "from_id", "to_id") if name in entry.data
    }
    if not ids:
        return {}
    rows = session.execute(select(Department.id, Department.name).where(Department.id.in_(ids)))
    return {found.id: found.name for found in rows}
