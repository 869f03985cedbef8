"""The 支援措置 desk: whom do only people handle? One person adds, at once; two lift.

Nothing else in the house asks who stands here, but for taking them out of what is evaluated: elsewhere a protected
resident is a pseudonym that nobody knows.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.residents import queries
from backoffice.residents.events import LiftingProposed, LiftingWithdrawn, ProtectionAdded, ProtectionLifted
from backoffice.residents.models import Protection
from backoffice.vault import Cipher
from backoffice.web.free_text import pseudonym_given, reason_given
from backoffice.web.translations import _
from backoffice.work import Office, Work

PSEUDONYM, REASON = "protected_resident.pseudonym", "protected_resident.reason"
"""What sealed texts are bound to."""
WRONG = _("入力を確認してください")


@dataclass(frozen=True)
class Protected:
    """Who is taken out of whatever a machine looks at."""

    pseudonyms: frozenset[str]
    marks: tuple[str, ...]
    """The same people, in a form that may lie about: it changes when anybody is added or lifted."""


def add(work: Work, pseudonym: str, reason: str) -> Protection:
    """Put a resident under protection; it holds from this unit on. Raises Invalid naming what is wrong.

    Whether a snapshot knows the pseudonym is not asked: the answer would tell.
    """
    pseudonym = pseudonym_given(pseudonym)
    reason = reason_given(reason, "reason")
    mark = mark_of(work.office.cipher, pseudonym)
    if queries.list_protections(work.session, 0, mark):
        raise Invalid(WRONG, {"pseudonym": _("もう登録されています。")})
    protection = Protection(
        mark=mark,
        sealed_pseudonym=work.office.cipher.seal(pseudonym.encode(), PSEUDONYM),
        sealed_reason=work.office.cipher.seal(reason.encode(), REASON),
        added_at=work.now,
        added_by_id=work.actor.staff_id,
    )
    work.session.add(protection)
    work.session.flush()
    work.record(ProtectionAdded(protection.id))
    return protection


def propose_lifting(work: Work, protection: Protection, reason: str) -> None:
    """Ask a second person to lift a protection; it holds until they do."""
    if protection.proposed_at is not None:
        raise Overtaken("解除はもう提案されています。最新の内容を確認してください。")
    reason = reason_given(reason, "lifting_reason")
    protection.proposed_at, protection.proposed_by_id = work.now, work.actor.staff_id
    protection.sealed_lifting_reason = work.office.cipher.seal(reason.encode(), REASON)
    work.record(LiftingProposed(protection.id))


def withdraw_proposal(work: Work, protection: Protection) -> None:
    """Leave a protection as it was; anyone at the desk may say so."""
    _must_be_proposed(protection)
    protection.proposed_at = protection.proposed_by_id = protection.sealed_lifting_reason = None
    work.record(LiftingWithdrawn(protection.id))


def lift(work: Work, protection: Protection) -> None:
    """End a protection that another person proposed to end. Raises NotPermitted for that same person."""
    _must_be_proposed(protection)
    if not may_confirm(protection, work.actor.staff_id):
        raise NotPermitted("解除を提案した本人は確定できません。別の個人情報保護担当が確かめてください。")
    protection.lifted_at, protection.lifted_by_id = work.now, work.actor.staff_id
    work.record(ProtectionLifted(protection.id))


def may_confirm(protection: Protection, staff_id: int | None) -> bool:
    return protection.proposed_at is not None and staff_id is not None and protection.proposed_by_id != staff_id


def is_protected(work: Work, pseudonym: str) -> bool:
    """Say whether somebody is under protection now; for nobody, an empty pseudonym, it asks as much."""
    return bool(queries.list_protections(work.session, 0, mark_of(work.office.cipher, pseudonym)))


def mark_of(cipher: Cipher, pseudonym: str) -> str:
    return cipher.mark(pseudonym, PSEUDONYM)


def protected_now(office: Office, session: Session) -> Protected:
    """Give everybody who is under protection at this moment."""
    found = queries.sealed_pseudonyms(session)
    return Protected(
        frozenset(office.cipher.open(sealed, PSEUDONYM).decode() for _mark, sealed in found),
        tuple(mark for mark, _sealed in found),
    )


def _must_be_proposed(protection: Protection) -> None:
    if protection.proposed_at is None:
        raise Overtaken("解除の提案は取り下げられています。最新の内容を確認してください。")
