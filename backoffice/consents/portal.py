"""What does a resident do through the portal? Register, say where to write, consent, withdraw, read what is held.

The portal says of every call how its visitor was proven. On a mere word nobody reads, changes or ends anything of
somebody who was once proven with their card: such a call is answered as if nobody were registered.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from backoffice.consents import queries, service
from backoffice.consents.events import (
    ChannelRemoved,
    ChannelSet,
    InterestsSaid,
    LanguageChosen,
    OwnRecordShown,
    RegistrantEntered,
    RegistrantSoughtInVain,
)
from backoffice.consents.models import Consent, Registrant, RegistrantChannel, RegistrantLook
from backoffice.consents.service import PSEUDONYM, Given, Proof, mark_of
from backoffice.consents.workflow import Assurance, ChannelKind, Giver, ProvenBy, Way
from backoffice.errors import CardNeeded, Invalid, NotThere
from backoffice.vault import Cipher
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number
from forms.widths import plain

ADDRESS = "registrant_channel.address"
LONGEST_MAIL = 254
MAIL = re.compile(r'[^\s<>()\\",;:@\x00-\x1f\x7f-\U0010ffff]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+')
LINE_USER = re.compile(r"U[0-9a-f]{32}")
NOBODY = _("該当する登録がないか、この確認の方法では扱えません。先に PUT /portal/registrant で登録してください。")
EVIDENCE_KINDS = {Giver.ONESELF: "portal_message", Giver.REPRESENTATIVE: "portal_representative"}


@dataclass(frozen=True)
class Visitor:
    """Who is at the portal, and how the portal proved it in this visit; `proven_by` is None for a mere word."""

    pseudonym: str
    proven_by: ProvenBy | None

    @property
    def is_proven(self) -> bool:
        return self.proven_by is not None


@dataclass(frozen=True)
class Said:
    """A consent as it was given at the portal."""

    given: Given
    message_id: UUID
    """The portal's own message: with it the portal shows later what the person pressed."""
    document: str
    """Of a representative: the number of the paper that shows their power. Only its mark is kept."""


@dataclass(frozen=True)
class OwnRecord:
    """All that is held of one person."""

    registrant: Registrant
    channels: Sequence[RegistrantChannel]
    consents: Sequence[Consent]
    looks: Sequence[RegistrantLook]


def register(work: Work, visitor: Visitor, language: str) -> None:
    """Register a visitor, or note how they were proven and what they want to be written in.

    A visitor on a mere word changes nothing of somebody who was proven, and is not told so.
    """
    mark = mark_of(work.office.cipher, visitor.pseudonym)
    known = queries.registrant_by_mark(work.session, mark)
    if known is None:
        _enter(work, visitor, mark, language)
        return
    if not _may_act_for(visitor, known):
        return
    if visitor.proven_by is not None:
        service.prove(work, known, visitor.proven_by)
    if known.language != language:
        known.language = language
        work.record(LanguageChosen(known.id))


def set_channel(work: Work, visitor: Visitor, kind: ChannelKind, address: str) -> None:
    """Keep where a visitor wants to be written to. Raises Invalid, NotThere."""
    address = _address_given(kind, address)
    registrant = registrant_of(work, visitor)
    cipher = work.office.cipher
    channel = queries.channel_of(work.session, registrant.id, kind)
    if channel is None:
        channel = RegistrantChannel(registrant_id=registrant.id, kind=kind)
        work.session.add(channel)
    elif address_of(cipher, channel) == address:
        return
    channel.mark = cipher.mark(address, ADDRESS)
    channel.sealed_address = cipher.seal(address.encode(), ADDRESS)
    channel.set_at = work.now
    work.session.flush()
    work.record(ChannelSet(registrant.id, channel.id))


def remove_channel(work: Work, visitor: Visitor, kind: ChannelKind) -> None:
    """Forget an address; where there is none, nothing happens. Raises NotThere."""
    registrant = registrant_of(work, visitor)
    channel = queries.channel_of(work.session, registrant.id, kind)
    if channel is not None:
        work.session.delete(channel)
        work.record(ChannelRemoved(registrant.id, channel.id))


def say_interests(work: Work, visitor: Visitor, interests: Sequence[str]) -> None:
    """Keep what a visitor likes to read of. Raises NotThere."""
    registrant = registrant_of(work, visitor)
    chosen = sorted(set(interests))
    if chosen != (registrant.interests or []):
        registrant.interests = chosen
        work.record(InterestsSaid(registrant.id))


def give(work: Work, visitor: Visitor, said: Said) -> Consent:
    """Take a consent. Raises CardNeeded for a mere word, NotThere, Invalid, Overtaken for an older wording.

    Nothing is consented to on a mere word: it would come alive when the person is proven, whoever had said it.
    """
    if not visitor.is_proven:
        raise CardNeeded("同意は、カードで本人を確かめてから受け付けます。")
    notice = service.notice_read(work, said.given)
    evidence = evidence_text(said.given.giver, said.message_id, said.document)
    proof = Proof(Way.PORTAL, EVIDENCE_KINDS[said.given.giver], evidence)
    registrant = registrant_of(work, visitor, locked=True)
    if registrant.assurance != Assurance.CARD_VERIFIED:
        raise NotThere(NOBODY)
    return service.keep(work, registrant, said.given, notice, proof)


def is_kept(work: Work, visitor: Visitor, said: Said) -> bool:
    """Say whether this very message of the portal is a consent already. Raises NotThere, Invalid."""
    registrant = registrant_of(work, visitor, locked=True)
    mark = work.office.cipher.mark(evidence_text(said.given.giver, said.message_id, said.document), service.EVIDENCE)
    return queries.consent_with_evidence(work.session, registrant.id, said.given.kind, mark)


def withdraw(work: Work, visitor: Visitor, reference: str) -> Consent:
    """End a consent from this moment; one that has ended stays as it is. No reason is asked. Raises NotThere."""
    registrant = registrant_of(work, visitor, locked=True)
    consent = queries.consent_called(work.session, registrant.id, reference)
    if consent is None:
        raise NotThere("該当する同意がありません。受付番号を確かめてください。")
    if service.end_if_live(work, consent):
        work.session.refresh(consent, ["events"])
    return consent


def own_record(work: Work, visitor: Visitor) -> OwnRecord | None:
    """Give all that is held of a visitor; None for nobody, or somebody they may not act for.

    That it was shown, or sought in vain, goes on the trail in the same unit: whoever answers None lets it commit. A
    unit of its own, as pages have, would take a second connection: many at once would wait for one another.
    """
    try:
        registrant = registrant_of(work, visitor)
    except NotThere:
        work.record(RegistrantSoughtInVain())
        return None
    work.record(OwnRecordShown(registrant.id))
    return record_of(work, registrant, queries.MOST_LOOKS)


def record_of(work: Work, registrant: Registrant, most_looks: int | None = None) -> OwnRecord:
    """Give all that is held of a registrant; of who looked at them the latest, or everybody."""
    return OwnRecord(
        registrant,
        queries.channels_of(work.session, registrant.id),
        queries.consents_of(work.session, registrant.id),
        queries.looks_at(work.session, registrant.id, most_looks),
    )


def registrant_of(work: Work, visitor: Visitor, *, locked: bool = False) -> Registrant:
    """Give the visitor's registration. Raises NotThere, the same for nobody and for somebody they may not act for."""
    mark = mark_of(work.office.cipher, visitor.pseudonym)
    found = queries.registrant_by_mark(work.session, mark, locked=locked)
    if found is None or not _may_act_for(visitor, found):
        raise NotThere(NOBODY)
    return found


def address_of(cipher: Cipher, channel: RegistrantChannel) -> str:
    return cipher.open(channel.sealed_address, ADDRESS).decode()


def _may_act_for(visitor: Visitor, registrant: Registrant) -> bool:
    return visitor.is_proven or registrant.assurance != Assurance.CARD_VERIFIED


def _enter(work: Work, visitor: Visitor, mark: str, language: str) -> None:
    registrant = Registrant(
        mark=mark,
        sealed_pseudonym=work.office.cipher.seal(visitor.pseudonym.encode(), PSEUDONYM),
        language=language,
        assurance=Assurance.CARD_VERIFIED if visitor.is_proven else Assurance.SELF_DECLARED,
        proven_by=visitor.proven_by,
        proven_at=work.now if visitor.is_proven else None,
        registered_at=work.now,
    )
    work.session.add(registrant)
    work.session.flush()
    work.record(RegistrantEntered(registrant.id))


def _address_given(kind: ChannelKind, address: str) -> str:
    address = address.strip()
    fits = LINE_USER.fullmatch(address) if kind is ChannelKind.LINE else MAIL.fullmatch(address)
    if not fits or len(address) > LONGEST_MAIL:
        raise Invalid(service.WRONG, {"address": _("メールアドレスか、LINEのユーザーID(Uと32桁)を入れてください。")})
    # LINE's ids are the platform's own: of 250 one has twelve digits in it that pass the check digit by chance.
    if kind is ChannelKind.MAIL and holds_my_number(address):
        raise Invalid(NO_MY_NUMBER, {"address": NO_MY_NUMBER})
    return address


def evidence_text(giver: Giver, message_id: UUID, document: str) -> str:
    """Write what is marked: the portal's message, and of a representative the number of their paper after it.

    Raises Invalid for a 個人番号.
    """
    if giver is Giver.ONESELF:
        return str(message_id)
    if holds_my_number(document):
        raise Invalid(NO_MY_NUMBER, {"representative/document": NO_MY_NUMBER})
    return f"{message_id}\n{plain(document)}"
