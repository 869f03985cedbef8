"""What is done with registrants and consents at the counter: entered, found for a reason, given, withdrawn.

What the portal does of the same stands in `portal`; how a consent is kept and ended is one and the same for both.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.consents import queries
from backoffice.consents.events import (
    CardSeen,
    ConsentReplaced,
    ConsentTaken,
    ConsentWithdrawn,
    RegistrantEntered,
    RegistrantSeen,
    RegistrantSoughtInVain,
)
from backoffice.consents.models import Consent, ConsentEvent, Registrant, RegistrantLook
from backoffice.consents.notices import LANGUAGES, Notice, shown_on
from backoffice.consents.workflow import Assurance, Giver, Happened, ProvenBy, Standing, Way, last_day, standing_of
from backoffice.errors import Invalid, NotPermitted, Overtaken, TooSoon
from backoffice.vault import Cipher
from backoffice.web.free_text import NO_MY_NUMBER, pseudonym_given, reason_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number
from forms.widths import plain
from workflows.rules.vocabulary import ConsentClass

PSEUDONYM, REASON, EVIDENCE = "registrant.pseudonym", "registrant_look.reason", "consent.evidence"
"""What sealed texts and marks are bound to."""
LOOK_LASTS = timedelta(minutes=30)
"""One person at the counter; whoever needs longer gives the reason anew."""
MOST_IN_VAIN, VAIN_COUNTS_FOR = 20, timedelta(hours=1)
"""So many mistyped numbers an hour happen at a busy counter; whoever guesses needs more."""
WRONG = _("入力を確認してください")
LONGEST_EVIDENCE = 80


@dataclass(frozen=True)
class Proof:
    """What shows later that a consent was given: only the mark of `text` is kept."""

    way: Way
    kind: str
    text: str


@dataclass(frozen=True)
class Given:
    """How a consent was given. `evidence`: of the counter, the number of the paper; only its mark is kept."""

    kind: ConsentClass
    notice_version: int
    language: str
    giver: Giver
    evidence: str
    power_ends: date | None = None
    """Of a legal representative."""
    seen: int = 0
    """The last thing that had happened to the registrant's consents when the notice was opened."""


def mark_of(cipher: Cipher, pseudonym: str) -> str:
    return cipher.mark(pseudonym, PSEUDONYM)


def enter(work: Work, pseudonym: str, language: str, reason: str, *, card_seen: bool) -> RegistrantLook:
    """Enter a registrant at the counter, and open a look at them. Raises Invalid.

    Whoever's card was not seen is kept as 自己申告: the city writes to nobody on another's word.
    """
    pseudonym = pseudonym_given(pseudonym)
    spoken(language)
    mark = mark_of(work.office.cipher, pseudonym)
    if queries.registrant_by_mark(work.session, mark) is not None:
        raise Invalid(WRONG, {"pseudonym": _("もう登録されています。同意の窓口でさがしてください。")})
    registrant = Registrant(
        mark=mark,
        sealed_pseudonym=work.office.cipher.seal(pseudonym.encode(), PSEUDONYM),
        language=language,
        assurance=Assurance.CARD_VERIFIED if card_seen else Assurance.SELF_DECLARED,
        proven_by=ProvenBy.COUNTER if card_seen else None,
        proven_at=work.now if card_seen else None,
        registered_at=work.now,
    )
    work.session.add(registrant)
    work.session.flush()
    work.record(RegistrantEntered(registrant.id))
    return _opened(work, registrant, reason)


def is_registered(work: Work, pseudonym: str) -> bool:
    """Say whether somebody is registered. Raises Invalid. Whoever is told of it opens a look: it is an answer."""
    mark = mark_of(work.office.cipher, pseudonym_given(pseudonym))
    return queries.registrant_by_mark(work.session, mark) is not None


def open_look(work: Work, pseudonym: str, reason: str) -> RegistrantLook | None:
    """Find a registrant by exact pseudonym and open a look at them; None where nobody is found, which is recorded too.

    Raises Invalid for no reason given, TooSoon after too many searches in vain.
    """
    reason = reason_given(reason, "reason")
    mark = mark_of(work.office.cipher, pseudonym_given(pseudonym))
    return open_look_at(work, queries.registrant_by_mark(work.session, mark), reason)


def open_look_at(work: Work, found: Registrant | None, reason: str) -> RegistrantLook | None:
    """Open a look at whom a search has found, or record that it found nobody.

    Raises TooSoon after too many in vain, whatever this one found: nobody is to guess until somebody is there.
    """
    if queries.count_vain(work.session, work.actor.staff_id, work.now - VAIN_COUNTS_FOR) >= MOST_IN_VAIN:
        raise TooSoon(_("見つからない検索が続きました。1時間ほど後に試してください。"), seconds=VAIN_COUNTS_FOR.seconds)
    if found is None:
        work.record(RegistrantSoughtInVain())
        return None
    return _opened(work, found, reason)


def look_at(work: Work, registrant_id: int, reason: str) -> RegistrantLook:
    """Open a look at somebody whom another record is about; no page says who it is before. Raises Invalid."""
    registrant = work.session.get_one(Registrant, registrant_id)
    return _opened(work, registrant, reason_given(reason, "reason"))


def look_of(work: Work, look_id: int) -> RegistrantLook:
    """Give a look that the actor opened in the last half hour. Raises NotThere."""
    return queries.find_look(work.session, look_id, work.actor.staff_id, work.now - LOOK_LASTS)


def see_card(work: Work, registrant: Registrant) -> None:
    """Note that a registrant's My Number card was seen: from now on their consents count."""
    prove(work, registrant, ProvenBy.COUNTER)


def prove(work: Work, registrant: Registrant, by: ProvenBy) -> None:
    """Keep how a registrant was proven, the first time; it is never lowered again."""
    if registrant.assurance != Assurance.CARD_VERIFIED:
        registrant.assurance = Assurance.CARD_VERIFIED
        registrant.proven_by, registrant.proven_at = by, work.now
        work.record(CardSeen(registrant.id))


def give(work: Work, registrant: Registrant, given: Given) -> Consent:
    """Take a consent at the counter; an older one of the same class is replaced by it.

    Raises Invalid naming what is wrong, Overtaken where another wording is shown by now, or where something has
    happened since the notice was opened: a form sent twice would open what was withdrawn in between.
    """
    notice = notice_read(work, given)
    proof = Proof(Way.COUNTER, _EVIDENCE[given.giver], evidence_given(given.evidence))
    spoken(given.language)
    queries.lock_registrant(work.session, registrant.id)
    if queries.last_event(work.session, registrant.id) != given.seen:
        raise Overtaken("この人の同意は、そのあと変わっています。最新の内容を確認してください。")
    return keep(work, registrant, given, notice, proof)


def notice_read(work: Work, given: Given) -> Notice:
    """Give the notice that was read. Raises Overtaken where another wording is shown by now."""
    notice = shown_on(given.kind, work.today)
    if notice.version != given.notice_version:
        raise Overtaken("説明文が新しくなっています。読み直してもらってください。")
    return notice


def keep(work: Work, registrant: Registrant, given: Given, notice: Notice, proof: Proof) -> Consent:
    """Keep a consent of a registrant who is locked; an older one of its class is replaced by it. Raises Invalid."""
    today = work.today
    before = queries.live_consent(work.session, registrant.id, given.kind, today)
    consent = Consent(
        reference=work.office.services.random_bytes(8).hex(),
        registrant_id=registrant.id,
        kind=given.kind,
        notice_version=notice.version,
        notice_sha256=notice.sha256,
        language=given.language,
        giver=given.giver,
        way=proof.way,
        evidence_kind=proof.kind,
        evidence_sha256=work.office.cipher.mark(proof.text, EVIDENCE),
        given_at=work.now,
        expires_on=ends_on(today, notice.months, given.giver, given.power_ends),
    )
    work.session.add(consent)
    work.session.flush()
    _happened(work, consent, Happened.GIVEN)
    work.record(ConsentTaken(registrant.id, consent.id))
    if before is not None:
        _happened(work, before, Happened.REPLACED)
        work.record(ConsentReplaced(registrant.id, before.id))
    return consent


def withdraw(work: Work, registrant: Registrant, consent_id: int) -> None:
    """End a consent, from this moment. Raises NotThere, Overtaken where it has ended already."""
    queries.lock_registrant(work.session, registrant.id)
    consent = queries.find_consent(work.session, registrant.id, consent_id)
    if not end_if_live(work, consent):
        raise Overtaken("この同意はもう終わっています。最新の内容を確認してください。")


def end_if_live(work: Work, consent: Consent) -> bool:
    """Withdraw a consent of a registrant who is locked, and say whether it was live until now."""
    if standing_of((event.kind for event in consent.events), consent.expires_on, work.today) is not Standing.LIVE:
        return False
    _happened(work, consent, Happened.WITHDRAWN)
    work.record(ConsentWithdrawn(consent.registrant_id, consent.id))
    return True


_EVIDENCE = {Giver.ONESELF: "application_number", Giver.REPRESENTATIVE: "representative_document"}


def _opened(work: Work, registrant: Registrant, reason: str) -> RegistrantLook:
    if work.actor.staff_id is None:
        raise NotPermitted(_("職員としてサインインしてください。"))
    look = RegistrantLook(
        registrant=registrant,
        staff_id=work.actor.staff_id,
        sealed_reason=work.office.cipher.seal(reason_given(reason, "reason").encode(), REASON),
        opened_at=work.now,
    )
    work.session.add(look)
    work.session.flush()
    work.record(RegistrantSeen(registrant.id, look.id))
    return look


def evidence_given(text: str) -> str:
    """Give the number of a paper as it was typed. Raises Invalid for none, a long one or a 個人番号."""
    evidence = text.strip()
    if not evidence or len(evidence) > LONGEST_EVIDENCE:
        raise Invalid(WRONG, {"evidence": _("申込書か証明書の番号を80文字までで入れてください。")})
    if holds_my_number(evidence):
        raise Invalid(NO_MY_NUMBER, {"evidence": NO_MY_NUMBER})
    return plain(evidence)


def spoken(language: str) -> str:
    """Give a language in which notices are written. Raises Invalid."""
    if language not in LANGUAGES:
        raise Invalid(WRONG, {"language": _("言語を選んでください。")})
    return language


def ends_on(today: date, months: int, giver: Giver, power_ends: date | None) -> date:
    """Give the last day of a consent. Raises Invalid where a representative's power has ended, or has no end.

    A representative's consent ends with their power: a child who comes of age is asked anew.
    """
    usual = last_day(today, months)
    if giver is Giver.ONESELF:
        return usual
    if power_ends is None or power_ends < today:
        raise Invalid(WRONG, {"power_ends": _("法定代理人の代理権が終わる日を、今日以後で入れてください。")})
    return min(usual, power_ends)


def _happened(work: Work, consent: Consent, kind: Happened) -> None:
    work.session.add(ConsentEvent(consent_id=consent.id, kind=kind, at=work.now, staff_id=work.actor.staff_id))
    work.session.flush()
