"""How is a system given its account, and the password that takes the place of this one? Sealed at once, never shown."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backoffice.automation import queries
from backoffice.automation.events import CredentialSet, NextPasswordDropped, NextPasswordSet, PasswordTurnedOver
from backoffice.automation.models import Credential, TargetSystem
from backoffice.errors import Invalid
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Office, Work
from rpa_bots.secret import Secret
from rpa_bots.target import origin_of

ACCOUNT_LIMIT = 64
PASSWORD_LIMIT = 200
WARNED_BEFORE = timedelta(days=14)
"""So long before a password expires the page of nights says so."""
TAKES_OVER_AT = time(12)
"""Whoever changes it at the system does so in the morning: the night that ends then still has the old one."""
NOTHING_TYPED = _("パスワードを入れてください。")


@dataclass(frozen=True)
class NextPassword:
    """`expires_on`: its last day; None where it never expires."""

    password: str
    begins_on: date
    expires_on: date | None = None


def set_credential(
    work: Work, target: TargetSystem, account: str, password: str, expires_on: date | None = None
) -> None:
    """Seal the account's password and open the account for use; `expires_on` is the password's last day.

    Raises Invalid; no other account while a night runs. What was waiting to take its place is forgotten.
    """
    wrong = {}
    if not account.strip() or len(account) > ACCOUNT_LIMIT:
        wrong["account"] = _("アカウントを入れてください。")
    if not password or len(password) > PASSWORD_LIMIT:
        wrong["password"] = NOTHING_TYPED
    if expires_on is not None and expires_on < work.today:
        wrong["expires_on"] = _("今日かそれよりあとの日を入れてください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    credential = target.credential
    if credential and credential.account != account.strip() and queries.open_night(work.session, target.id):
        raise Invalid(_("夜間の入力が動いている間はアカウントを変えられません。"))
    if credential is None:
        credential = target.credential = Credential(target_id=target.id)
        work.session.add(credential)
    credential.account = account.strip()
    credential.sealed_password = _sealed(work, target, credential.account, password)
    credential.set_at, credential.set_by_id, credential.expires_on = work.now, work.actor.staff_id, expires_on
    credential.next_sealed, credential.next_begins_on, credential.next_expires_on = None, None, None
    credential.locked_cause, credential.locked_at = "", None
    work.record(CredentialSet(target.id))


def set_next(work: Work, target: TargetSystem, following: NextPassword) -> None:
    """Keep the password that takes over on its day: it may be changed there by day, and nobody sits up at night.

    Raises Invalid, naming the field.
    """
    credential, wrong = target.credential, {}
    if credential is None:
        raise Invalid(_("対象システムのアカウントとパスワードが登録されていません。"))
    if not following.password or len(following.password) > PASSWORD_LIMIT:
        wrong["next_password"] = NOTHING_TYPED
    if following.begins_on < work.today:
        wrong["next_begins_on"] = _("今日かそれよりあとの日を入れてください。")
    if following.expires_on is not None and following.expires_on < following.begins_on:
        wrong["next_expires_on"] = _("使い始める日かそれよりあとの日を入れてください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    credential.next_sealed = _sealed(work, target, credential.account, following.password)
    credential.next_begins_on, credential.next_expires_on = following.begins_on, following.expires_on
    work.record(NextPasswordSet(target.id))
    turn_over(work, target)


def drop_next(work: Work, target: TargetSystem) -> None:
    """Forget the password that was to take over; where none waits, nothing happens."""
    credential = target.credential
    if credential is None or credential.next_sealed is None:
        return
    credential.next_sealed, credential.next_begins_on, credential.next_expires_on = None, None, None
    work.record(NextPasswordDropped(target.id))


def turn_over(work: Work, target: TargetSystem) -> None:
    """Let the next password take over where its noon has come: a locked account opens with it, as with any new one."""
    credential = target.credential
    if credential is None or credential.next_sealed is None or not _next_has_come(credential, work.now):
        return
    credential.sealed_password, credential.set_at = credential.next_sealed, work.now
    credential.expires_on = credential.next_expires_on
    credential.next_sealed, credential.next_begins_on, credential.next_expires_on = None, None, None
    credential.locked_cause, credential.locked_at = "", None
    work.record(PasswordTurnedOver(target.id))


def is_locked(credential: Credential, now: datetime) -> bool:
    """Say whether nobody may sign in until a person sets a password: none that waits takes over by now."""
    return bool(credential.locked_cause) and not _next_has_come(credential, now)


def _next_has_come(credential: Credential, now: datetime) -> bool:
    begins_on = credential.next_begins_on
    return begins_on is not None and now >= datetime.combine(begins_on, TAKES_OVER_AT, TOKYO)


def runs_out_on(credential: Credential, today: date) -> date | None:
    """Give the day after which nobody gets in, where it is near and nothing takes over by its noon.

    What takes over on the day after comes at noon: the night before it would be left without a password.
    """
    last = credential.expires_on
    if last is None or last > today + WARNED_BEFORE:
        return None
    follows = credential.next_begins_on is not None and credential.next_begins_on <= last
    return None if follows else last


def purpose_of(target_id: int, url: str, account: str) -> str:
    """Give what a password is sealed for: it opens for this system, at this address, for this account."""
    return f"credential:{target_id}:{origin_of(url)}:{account}"


def password_of(office: Office, target: TargetSystem, credential: Credential) -> Secret:
    """Open the password of a system's account."""
    sealed_for = purpose_of(target.id, target.url, credential.account)
    return Secret(office.cipher.open(credential.sealed_password, sealed_for).decode())


def _sealed(work: Work, target: TargetSystem, account: str, password: str) -> bytes:
    return work.office.cipher.seal(password.encode(), purpose_of(target.id, target.url, account))
