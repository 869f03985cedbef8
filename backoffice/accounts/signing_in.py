"""Who gets in, how fast may they try, and what ends a sign-in?"""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.accounts import devices, passwords
from backoffice.accounts.events import (
    BreakGlassUsed,
    PasswordAccepted,
    SessionsEnded,
    SignedIn,
    SignedOut,
    SignInRefused,
)
from backoffice.accounts.second_factor.queries import held_by
from backoffice.accounts.tries import Counter, Place, counters_of, give_back, take
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import SignInNeeded
from backoffice.identity import Actor, Origin, Staff, StaffSession
from backoffice.identity.sessions import (
    end_all_sessions,
    end_old_sessions,
    end_session,
    enter,
    let_inside,
    start_session,
)
from backoffice.settings import Settings
from backoffice.web.translations import _
from backoffice.work import Office, Work

REFUSED = _("職員IDまたはパスワードが違います。")


@dataclass(frozen=True)
class Knock:
    """Who stands at the door: what they typed, from where, in which browser."""

    account: str
    password: str
    address: str
    device: str = ""
    """The browser's lasting token, if it has one."""
    origin: Origin = Origin.PAGE


@dataclass(frozen=True)
class NewSignIn:
    token: str
    staff_id: int
    device: str
    """The lasting token for the browser; nothing while the second factor is still to come."""


def sign_in(office: Office, knock: Knock) -> NewSignIn:
    """Check the password and start a session with a new token. Raises SignInNeeded for a wrong one, and TooSoon.

    The try is counted first; the slow check runs between two units. A wrong, a stopped and an unknown account are
    counted alike, take as long and read the same.
    """
    house = replace(Actor.house(knock.origin), address=knock.address)
    with office.unit(house) as work:
        staff = _staff_of(work, knock.account)
        known = devices.known_as(work.session, knock.device, staff.id if staff else None, work.now)
        counters = counters_of(office.cipher, "password", knock.account, Place(knock.address, known))
        take(work, counters)
        stored = staff.password_hash if staff and _may_use_password(staff, office.settings) else None
    right = passwords.is_right(stored, knock.password)
    with office.unit(house) as work:
        signed = _admit(work, knock, stored, counters) if right else None
        if signed is None:
            staff = _staff_of(work, knock.account)
            work.record(SignInRefused(staff.id if staff else None))
    if signed is None:
        raise SignInNeeded(REFUSED)
    return signed


def open_session(
    work: Work, staff: Staff, device: str, *, factor_proved: bool = False, must_change: bool = False
) -> NewSignIn:
    """Start a session under a new token: inside, or on the threshold where something is still to be done.

    A second factor is to be proved, or a password that an administrator gave is to be changed (`must_change`).
    """
    token, address = work.office.services.token(), work.actor.address
    end_old_sessions(work.session, work.office.settings, work.now)
    has_factor = held_by(work.session, staff.id).any
    started = start_session(
        work.session, staff.id, token, work.now, address=address, asks_factor=has_factor, must_change=must_change
    )
    if factor_proved:
        let_inside(work.session, started.id, token, work.now)
        work.session.expire(started)
    _, actor = enter(work.session, token, work.office.settings, work.now, address)
    if actor.on_threshold:
        work.record(PasswordAccepted(staff.id))
        return NewSignIn(token, staff.id, "")
    work.record(SignedIn(staff.id))
    return NewSignIn(token, staff.id, devices.remember(work, device, staff.id))


def sign_out(work: Work, token: str) -> None:
    end_session(work.session, token)
    if work.actor.staff_id is not None:
        work.record(SignedOut(work.actor.staff_id))


def end_one_session(work: Work, session_id: int) -> None:
    """End one of the person's own sign-ins. Raises NotThere for another person's."""
    found = one_or_not_there(
        work.session,
        select(StaffSession).where(StaffSession.id == session_id, StaffSession.staff_id == work.actor.staff_id),
    )
    work.session.delete(found)
    work.record(SessionsEnded(found.staff_id, 1))


def end_other_sessions(work: Work) -> int:
    """Sign the person out everywhere but here, and give how many sign-ins that ended."""
    staff_id = work.actor.staff_id
    if staff_id is None:
        return 0
    count = end_all_sessions(work.session, staff_id, but=work.actor.session_id)
    if count:
        work.record(SessionsEnded(staff_id, count))
    return count


def _admit(work: Work, knock: Knock, stored: str | None, counters: tuple[Counter, ...]) -> NewSignIn | None:
    """Open a session unless the account changed while its password was being checked."""
    staff = _staff_of(work, knock.account)
    if staff is None or staff.password_hash != stored or not _may_use_password(staff, work.office.settings):
        return None
    give_back(work, counters)
    if work.office.settings.oidc_issuer:
        work.record(BreakGlassUsed(staff.id))
    return open_session(work, staff, knock.device, must_change=staff.must_change)


def _may_use_password(staff: Staff, settings: Settings) -> bool:
    """With an identity provider, passwords are for the accounts that were marked for the day it fails."""
    return staff.active and (staff.break_glass or not settings.oidc_issuer)


def _staff_of(work: Work, account: str) -> Staff | None:
    return work.session.scalars(
        select(Staff).where(Staff.account == account).options(joinedload(Staff.department))
    ).one_or_none()
