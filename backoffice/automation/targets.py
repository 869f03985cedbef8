"""How is a target system registered, changed, given its account? The password is sealed at once, never shown back."""

from dataclasses import dataclass
from datetime import time

from backoffice.automation import queries
from backoffice.automation.events import CredentialDropped, CredentialSet, TargetAdded, TargetChanged
from backoffice.automation.models import Credential, TargetSystem
from backoffice.automation.queueing import queue_settled_sheets
from backoffice.errors import Invalid
from backoffice.web.translations import _
from backoffice.work import Office, Work
from rpa_bots.secret import Secret
from rpa_bots.target import origin_of

ACCOUNT_LIMIT = 64
PASSWORD_LIMIT = 200


@dataclass(frozen=True)
class TargetSettings:
    """What may be set about a target system; times are Asia/Tokyo."""

    name: str
    url: str
    opens: time
    closes: time
    margin_seconds: int
    late_commit_seconds: int
    pictures: bool


def add_target(work: Work, procedure: str, settings: TargetSettings, department_id: int) -> TargetSystem:
    """Register a system for the records of a form, and queue the sheets settled so far. Raises Invalid."""
    if queries.target_of_procedure(work.session, procedure) is not None:
        message = _("この様式の対象システムは登録されています。")
        raise Invalid(message, {"procedure": message})
    _check_url(settings.url)
    target = TargetSystem(procedure=procedure, department_id=department_id, created_at=work.now, credential=None)
    _put(target, settings)
    work.session.add(target)
    work.session.flush()
    work.record(TargetAdded(target.id))
    queue_settled_sheets(work, target)
    return target


def change_target(work: Work, target: TargetSystem, settings: TargetSettings) -> None:
    """Change a system (with its credential). Raises Invalid, also while a night runs.

    Another address means another machine: the account is forgotten, so that its password is never typed elsewhere.
    """
    _check_url(settings.url)
    if queries.open_night(work.session, target.id) is not None:
        raise Invalid(_("夜間の入力が動いている間は変えられません。"))
    moved = origin_of(settings.url) != origin_of(target.url)
    _put(target, settings)
    if moved and target.credential is not None:
        work.session.delete(target.credential)
        work.session.flush()
        target.credential = None
        work.record(CredentialDropped(target.id))
    work.record(TargetChanged(target.id))


def settings_of(target: TargetSystem) -> TargetSettings:
    """Give the settings as they are, to be changed with `dataclasses.replace`."""
    return TargetSettings(
        name=target.name,
        url=target.url,
        opens=target.opens,
        closes=target.closes,
        margin_seconds=target.margin_seconds,
        late_commit_seconds=target.late_commit_seconds,
        pictures=target.pictures,
    )


def set_credential(work: Work, target: TargetSystem, account: str, password: str) -> None:
    """Seal the account's password and open the account for use. Raises Invalid; no other account while a night runs."""
    wrong = {}
    if not account.strip() or len(account) > ACCOUNT_LIMIT:
        wrong["account"] = _("アカウントを入れてください。")
    if not password or len(password) > PASSWORD_LIMIT:
        wrong["password"] = _("パスワードを入れてください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    credential = target.credential
    if credential and credential.account != account.strip() and queries.open_night(work.session, target.id):
        raise Invalid(_("夜間の入力が動いている間はアカウントを変えられません。"))
    if credential is None:
        credential = target.credential = Credential(target_id=target.id)
        work.session.add(credential)
    credential.account = account.strip()
    credential.sealed_password = work.office.cipher.seal(
        password.encode(), purpose_of(target.id, target.url, credential.account)
    )
    credential.set_at, credential.set_by_id = work.now, work.actor.staff_id
    credential.locked_cause, credential.locked_at = "", None
    work.record(CredentialSet(target.id))


def purpose_of(target_id: int, url: str, account: str) -> str:
    """Give what a password is sealed for: it opens for this system, at this address, for this account."""
    return f"credential:{target_id}:{origin_of(url)}:{account}"


def password_of(office: Office, target: TargetSystem, credential: Credential) -> Secret:
    """Open the password of a system's account."""
    sealed_for = purpose_of(target.id, target.url, credential.account)
    return Secret(office.cipher.open(credential.sealed_password, sealed_for).decode())


def _put(target: TargetSystem, settings: TargetSettings) -> None:
    target.name, target.url, target.pictures = settings.name, settings.url, settings.pictures
    target.opens, target.closes = settings.opens, settings.closes
    target.margin_seconds, target.late_commit_seconds = settings.margin_seconds, settings.late_commit_seconds


def _check_url(url: str) -> None:
    try:
        origin_of(url)
    except ValueError as wrong:
        message = _("URLを http:// または https:// で始まる形で入れてください。")
        raise Invalid(message, {"url": message}) from wrong
