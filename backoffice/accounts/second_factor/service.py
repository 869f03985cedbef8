"""What is done with second factors: proving one, setting one up, taking one away, resetting a colleague's."""

import base64
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from backoffice.accounts import devices
from backoffice.accounts.events import SignedIn
from backoffice.accounts.fresh_proof import must_be_fresh
from backoffice.accounts.second_factor import codes, keys
from backoffice.accounts.second_factor.events import FactorAdded, FactorRefused, FactorRemoved, FactorReset
from backoffice.accounts.second_factor.models import SecurityKey, TotpFactor
from backoffice.accounts.second_factor.queries import Held, held_by
from backoffice.accounts.tries import Place, counters_of, give_back, take
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Origin, Staff, StaffSession
from backoffice.identity.sessions import end_all_sessions, let_inside
from backoffice.web.translations import _
from backoffice.work import Work

CHALLENGE_TIME = timedelta(minutes=5)
NAME_LIMIT = 40
CODE, KEY = "totp", "key"


@dataclass(frozen=True)
class LetIn:
    """What the browser holds from now on: a new token for the sign-in, and its own lasting one."""

    token: str
    device: str


def prove_code(work: Work, typed: str, device: str) -> LetIn | None:
    """Let the person inside for a right code, never used before; None for another. Raises TooSoon."""
    staff_id = _who(work)
    place = Place(work.actor.address, devices.known_as(work.session, device, staff_id, work.now))
    counters = counters_of(work.office.cipher, "code", str(staff_id), place)
    take(work, counters)
    if not _take_code(work, staff_id, typed):
        work.record(FactorRefused(staff_id, CODE))
        return None
    give_back(work, counters)
    return _proved(work, device)


def ask_keys(work: Work) -> str:
    """Give, as JSON, what the browser is to ask the person's keys. Raises Invalid where there is no key to ask."""
    held = held_by(work.session, _who(work))
    if not held.keys:
        raise Invalid(_("登録したセキュリティキーがありません。"))
    return keys.ask_known(_site(work), _new_challenge(work), [key.credential_id for key in held.keys])


def prove_key(work: Work, answer: str, device: str) -> LetIn | None:
    """Let the person inside for the answer of one of their keys to the challenge last given; None for another."""
    staff_id, challenge = _who(work), _spend_challenge(work)
    key = _key_that_answers(work, staff_id, answer)
    count = keys.count_in(_site(work), challenge, answer, key.public_key, key.sign_count) if challenge and key else None
    if key is None or count is None:
        work.record(FactorRefused(staff_id, KEY))
        return None
    key.sign_count, key.used_at = count, work.now
    return _proved(work, device)


def begin_code(work: Work) -> None:
    """Make a new secret that waits for its first code; one in use stays in use until then."""
    totp = may_add(work).totp
    if totp is None:
        totp = TotpFactor(staff_id=_who(work))
        work.session.add(totp)
    totp.sealed_pending = work.office.cipher.seal(_new_secret(work), _purpose(totp.staff_id))


def hand_out(work: Work, staff_id: int) -> None:
    """Give a person of the demonstration an authenticator that only `ready_code` reads. Else raises NotPermitted."""
    if work.actor.origin is not Origin.DEMONSTRATION:
        raise NotPermitted(_("演習用の市だけで使えます。"))
    secret = _new_secret(work)
    sealed = work.office.cipher.seal(secret, _purpose(staff_id))
    work.session.add(TotpFactor(staff_id=staff_id, sealed_secret=sealed, added_at=work.now))
    work.record(FactorAdded(staff_id, CODE))


def pending_secret(work: Work) -> str | None:
    """Give the secret that waits for its first code."""
    totp = may_add(work).totp
    return _opened(work, totp, totp.sealed_pending) if totp and totp.sealed_pending else None


def confirm_code(work: Work, typed: str, device: str) -> LetIn:
    """Put the waiting secret into use. Raises Invalid for a wrong first code."""
    totp = may_add(work).totp
    secret = _opened(work, totp, totp.sealed_pending) if totp and totp.sealed_pending else None
    step = codes.step_of(secret, typed, work.now, None) if secret else None
    if totp is None or step is None:
        trouble = _("コードが違います。表示されている6桁をもう一度入れてください。")
        raise Invalid(trouble, {"code": trouble})
    totp.sealed_secret, totp.sealed_pending = totp.sealed_pending, None
    totp.last_step, totp.added_at = step, work.now
    return _added(work, CODE, device)


def own_account_name(work: Work) -> str:
    return work.session.scalars(select(Staff.account).where(Staff.id == _who(work))).one()


def ask_new_key(work: Work) -> str:
    """Give, as JSON, what the browser is to ask a new key."""
    held = may_add(work)
    person = one_or_not_there(work.session, select(Staff).where(Staff.id == _who(work)))
    known = [key.credential_id for key in held.keys]
    return keys.ask_for_new(_site(work), _new_challenge(work), (person.id, person.account, person.name), known)


def add_key(work: Work, name: str, answer: str, device: str) -> LetIn | None:
    """Keep a new key; None for an answer that is not a new key's answer to the challenge last given."""
    may_add(work)
    challenge = _spend_challenge(work)
    new = keys.read_new(_site(work), challenge, answer) if challenge else None
    taken = (
        new
        and work.session.scalars(
            select(SecurityKey.id).where(SecurityKey.credential_id == new.credential_id)
        ).one_or_none()
    )
    if new is None or taken:
        return None
    work.session.add(
        SecurityKey(
            staff_id=_who(work),
            name=name.strip()[:NAME_LIMIT] or keys.NAME,
            credential_id=new.credential_id,
            public_key=new.public_key,
            sign_count=new.sign_count,
            added_at=work.now,
        )
    )
    return _added(work, KEY, device)


def remove_code(work: Work) -> None:
    """Take the person's own authenticator away. Raises Invalid for the last factor of someone who needs one."""
    _lock_person(work)
    held = held_by(work.session, _who(work))
    if held.totp is None:
        return
    _must_keep_one(work, only_one=held.has_code and held.only_one)
    work.session.delete(held.totp)
    work.record(FactorRemoved(held.totp.staff_id, CODE))


def remove_key(work: Work, key_id: int) -> None:
    """Take one of the person's own keys away. Raises Invalid for the last factor of someone who needs one."""
    staff_id = _who(work)
    _lock_person(work)
    key = one_or_not_there(
        work.session, select(SecurityKey).where(SecurityKey.id == key_id, SecurityKey.staff_id == staff_id)
    )
    _must_keep_one(work, only_one=held_by(work.session, staff_id).only_one)
    work.session.delete(key)
    work.record(FactorRemoved(staff_id, KEY))


def reset(work: Work, staff_id: int) -> None:
    """Take all of a colleague's factors away, who lost them: they set up a new one when they next sign in."""
    if staff_id == work.actor.staff_id:
        raise Invalid(_("自分の2つめの確認は取り消せません。ほかのシステム管理者に頼んでください。"))
    for table in (TotpFactor, SecurityKey):
        work.session.execute(delete(table).where(table.staff_id == staff_id))
    devices.forget(work.session, staff_id)
    end_all_sessions(work.session, staff_id)
    work.record(FactorReset(staff_id))


def ready_code(work: Work) -> str | None:
    """Give a code that would be taken now: in a demonstration only, where nobody has the authenticators."""
    totp = held_by(work.session, work.actor.staff_id).totp
    if not work.office.settings.demonstration or totp is None:
        return None
    if totp.sealed_pending and not (work.actor.on_threshold and totp.sealed_secret):
        return codes.next_code(_opened(work, totp, totp.sealed_pending), work.now, None)
    return (
        codes.next_code(_opened(work, totp, totp.sealed_secret), work.now, totp.last_step)
        if totp.sealed_secret
        else None
    )


def _take_code(work: Work, staff_id: int, typed: str) -> bool:
    totp = held_by(work.session, staff_id).totp
    if totp is None or totp.sealed_secret is None:
        return False
    step = codes.step_of(_opened(work, totp, totp.sealed_secret), typed, work.now, totp.last_step)
    if step is None:
        return False
    # The condition stands in the statement itself: of two requests with one code, one finds it taken.
    taken = work.session.execute(
        update(TotpFactor)
        .where(TotpFactor.id == totp.id, or_(TotpFactor.last_step.is_(None), TotpFactor.last_step < step))
        .values(last_step=step)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


def _key_that_answers(work: Work, staff_id: int, answer: str) -> SecurityKey | None:
    """Give the person's key, locked: its count of signatures only grows."""
    return work.session.scalars(
        select(SecurityKey)
        .where(SecurityKey.staff_id == staff_id, SecurityKey.credential_id == (keys.credential_in(answer) or b""))
        .with_for_update()
    ).one_or_none()


def _proved(work: Work, device: str) -> LetIn:
    """Whoever is inside already has only shown once more who they are."""
    if work.actor.on_threshold:
        work.record(SignedIn(_who(work)))
    return _let_in(work, device)


def _added(work: Work, code: str, device: str) -> LetIn:
    """Whoever set up a factor has just proved it; their other sign-ins have not, and end."""
    staff_id = _who(work)
    if work.actor.on_threshold:
        work.record(SignedIn(staff_id))
    work.record(FactorAdded(staff_id, code))
    end_all_sessions(work.session, staff_id, but=work.actor.session_id)
    return _let_in(work, device)


def _let_in(work: Work, device: str) -> LetIn:
    token = work.office.services.token()
    let_inside(work.session, _session_id(work), token, work.now)
    return LetIn(token, devices.remember(work, device, _who(work)))


def may_add(work: Work) -> Held:
    """Give what the person holds. Raises NotPermitted on the threshold for whoever holds a factor already.

    Otherwise whoever knows a password would prove themselves with a factor of their own. Raises FreshProofNeeded
    inside, where the last proof is too long ago: a screen that was left alone is no place to add a key.
    """
    if not work.actor.on_threshold:
        must_be_fresh(work)
    held = held_by(work.session, _who(work))
    if held.any and work.actor.on_threshold:
        raise NotPermitted(_("先に、登録してある方法で確かめてください。"))
    return held


def _lock_person(work: Work) -> None:
    """Of two factors taken away at once the second waits, and then finds itself the last."""
    work.session.scalars(select(Staff.id).where(Staff.id == _who(work)).with_for_update()).one()


def _must_keep_one(work: Work, *, only_one: bool) -> None:
    if only_one and work.actor.needs_second_factor:
        raise Invalid(_("あなたの役割には2つめの確認が要ります。先にほかの方法を登録してください。"))


def _new_challenge(work: Work) -> bytes:
    challenge = work.office.services.random_bytes(keys.CHALLENGE_BYTES)
    work.session.execute(
        update(StaffSession)
        .where(StaffSession.id == _session_id(work))
        .values(challenge=challenge, challenge_until=work.now + CHALLENGE_TIME)
    )
    return challenge


def _spend_challenge(work: Work) -> bytes | None:
    """Take the challenge away, whatever the answer is worth; None where there was none, or one too old."""
    row = work.session.scalars(
        select(StaffSession).where(StaffSession.id == _session_id(work)).with_for_update()
    ).one_or_none()
    if row is None:
        return None
    challenge, until = row.challenge, row.challenge_until
    row.challenge = row.challenge_until = None
    return challenge if until is not None and work.now < until else None


def _site(work: Work) -> keys.Site:
    site = keys.site_of(work.office.settings.public_address)
    if site is None:
        raise Invalid(_("この環境ではセキュリティキーを使えません。認証アプリのコードを使ってください。"))
    return site


def _new_secret(work: Work) -> bytes:
    return base64.b32encode(work.office.services.random_bytes(codes.SECRET_BYTES))


def _opened(work: Work, totp: TotpFactor, sealed: bytes) -> str:
    return work.office.cipher.open(sealed, _purpose(totp.staff_id)).decode()


def _purpose(staff_id: int) -> str:
    return f"totp:{staff_id}"


def _who(work: Work) -> int:
    if work.actor.staff_id is None:
        raise NotPermitted(_("職員だけが使えます。"))
    return work.actor.staff_id


def _session_id(work: Work) -> int:
    if work.actor.session_id is None:
        raise NotPermitted(_("職員だけが使えます。"))
    return work.actor.session_id
