"""Is it still the person who signed in? Before what opens the account to others, they show it once more."""

from datetime import timedelta

from sqlalchemy import select

from backoffice.accounts import devices, passwords
from backoffice.accounts.tries import Place, counters_of, give_back, take
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import FreshProofNeeded, Invalid
from backoffice.identity import Actor, Staff
from backoffice.identity.sessions import note_proof
from backoffice.web.translations import _
from backoffice.work import Office, Work

FRESH = timedelta(minutes=10)
"""So long a password, or a second factor, counts as just shown."""


def must_be_fresh(work: Work) -> None:
    """Raise FreshProofNeeded unless the person has shown their password or a second factor within the last minutes."""
    proved = work.actor.proved_at
    if proved is None or work.now - proved > FRESH:
        raise FreshProofNeeded(_("時間がたっています。「自分の設定」から、もう一度本人であることを確かめてください。"))


def prove_by_password(office: Office, actor: Actor, typed: str, device: str) -> None:
    """Note that the person knows their password. Raises Invalid for a wrong one, and TooSoon like a sign-in."""
    with office.unit(actor) as work:
        staff = one_or_not_there(work.session, select(Staff).where(Staff.id == actor.staff_id))
        known = devices.known_as(work.session, device, staff.id, work.now)
        counters = counters_of(office.cipher, "password", staff.account, Place(actor.address, known))
        take(work, counters)
    if not passwords.is_right(staff.password_hash, typed):
        raise Invalid(_("入力を確認してください"), {"password": _("パスワードが違います。")})
    with office.unit(actor) as work:
        give_back(work, counters)
        if actor.session_id is not None:
            note_proof(work.session, actor.session_id, work.now)
