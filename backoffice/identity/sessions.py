"""Who is signed in with this token, how far do they get, and until when?"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from backoffice.errors import NewPasswordNeeded, SecondFactorNeeded, SignInNeeded
from backoffice.identity.actor import Actor, Grant, Origin
from backoffice.identity.models import Department, RoleGrant, Staff, StaffSession
from backoffice.identity.permissions import Role
from backoffice.services import TOKYO
from backoffice.settings import Settings

SEEN_EVERY = timedelta(minutes=1)
"""A sign-in's last use is written at most this often: a write a click would be a lock a click."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def enter(
    session: Session, token: str, settings: Settings, now: datetime, address: str, origin: Origin = Origin.PAGE
) -> tuple[StaffSession, Actor]:
    """Let the sign-in behind `token` become a person who acts: the one place where that happens.

    Where a second factor is due and not yet proved, or the password is to be changed first, the person is on the
    threshold and holds no role. Raises SignInNeeded.
    """
    found = find_session(session, token, settings, now) if token else None
    if found is None:
        raise SignInNeeded("サインインしてください。")
    proofs = (found.started_at, found.factor_at, found.proved_at)
    proved = max(each for each in proofs if each is not None)
    actor = replace(actor_for(session, found.staff, now, address, origin), session_id=found.id, proved_at=proved)
    if found.must_change:
        return found, replace(actor, grants=(), on_threshold=True, must_change_password=True)
    if found.factor_at is None and (found.asks_factor or actor.needs_second_factor):
        return found, replace(actor, grants=(), on_threshold=True)
    return found, actor


def must_be_inside(actor: Actor) -> Actor:
    """Give the person back. Raises NewPasswordNeeded or SecondFactorNeeded for whoever is on the threshold."""
    if actor.must_change_password:
        raise NewPasswordNeeded("渡されたパスワードを、先に画面で自分のものに変えてください。")
    if actor.on_threshold:
        raise SecondFactorNeeded("2つめの確認が必要です。")
    return actor


def find_session(session: Session, token: str, settings: Settings, now: datetime) -> StaffSession | None:
    """Give the live sign-in of a token: neither idle nor old beyond the settings, its person active."""
    found = session.scalars(
        select(StaffSession)
        .join(StaffSession.staff)
        .join(Staff.department)
        .options(contains_eager(StaffSession.staff).contains_eager(Staff.department))
        .where(StaffSession.token_hash == hash_of(token), Staff.active)
    ).one_or_none()
    if found is None or not is_alive(found, settings, now):
        return None
    return found


def is_alive(found: StaffSession, settings: Settings, now: datetime) -> bool:
    idle_end = found.seen_at + timedelta(minutes=settings.session_idle_minutes)
    absolute_end = found.started_at + timedelta(hours=settings.session_absolute_hours)
    return now < min(idle_end, absolute_end)


def actor_for(session: Session, staff: Staff, now: datetime, address: str, origin: Origin = Origin.PAGE) -> Actor:
    """Give the acting person with the roles they hold today (Asia/Tokyo)."""
    today = now.astimezone(TOKYO).date()
    grants = session.execute(
        select(RoleGrant.role, Department.path)
        .join(RoleGrant.department)
        .where(
            RoleGrant.staff_id == staff.id,
            RoleGrant.starts <= today,
            or_(RoleGrant.ends.is_(None), RoleGrant.ends >= today),
        )
    )
    return Actor(
        staff_id=staff.id,
        name=staff.name,
        department_id=staff.department_id,
        department_name=staff.department.name,
        grants=tuple(Grant(Role(role), path) for role, path in grants),
        language=staff.language,
        origin=origin,
        address=address,
        text_size=staff.text_size,
    )


def start_session(
    session: Session,
    staff_id: int,
    token: str,
    now: datetime,
    *,
    address: str = "",
    asks_factor: bool = False,
    must_change: bool = False,
) -> StaffSession:
    started = StaffSession(
        token_hash=hash_of(token),
        staff_id=staff_id,
        started_at=now,
        seen_at=now,
        address=address,
        asks_factor=asks_factor,
        must_change=must_change,
    )
    session.add(started)
    session.flush()
    return started


def let_inside(session: Session, session_id: int, token: str, now: datetime) -> None:
    """Note that the second factor was proved; the sign-in goes on under a new token."""
    session.execute(
        update(StaffSession).where(StaffSession.id == session_id).values(token_hash=hash_of(token), factor_at=now)
    )


def note_proof(session: Session, session_id: int, now: datetime) -> None:
    """Note that the person, being inside, has shown their password once more."""
    session.execute(update(StaffSession).where(StaffSession.id == session_id).values(proved_at=now))


def touch_session(session: Session, session_id: int, now: datetime) -> None:
    session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_at=now))


def end_session(session: Session, token: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == hash_of(token)))


def end_all_sessions(session: Session, staff_id: int, *, but: int | None = None) -> int:
    """End a person's sign-ins on every device, all or all `but` one, and give how many there were."""
    statement = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    ended = session.execute(statement if but is None else statement.where(StaffSession.id != but))
    return int(ended.rowcount)  # type: ignore[attr-defined] # a DELETE's result counts its rows


def end_old_sessions(session: Session, settings: Settings, now: datetime) -> None:
    """Forget sign-ins that are past their absolute end."""
    oldest = now - timedelta(hours=settings.session_absolute_hours)
    session.execute(delete(StaffSession).where(StaffSession.started_at < oldest))
