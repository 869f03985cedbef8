"""The other system asks; what is it told? Decided and written into the use log in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.clients.once import KEPT_FOR
from backoffice.consents.workflow import Assurance
from backoffice.data_links import live, one_look
from backoffice.data_links.consenting import ANSWER, VALUES
from backoffice.data_links.endings import is_live
from backoffice.data_links.events import LinkAnswered, LinkDeletionDone
from backoffice.data_links.held import Held, opened_by_all
from backoffice.data_links.models import LinkDeletion, LinkRequest, LinkVersion
from backoffice.data_links.one_look import Asker, Seen
from backoffice.data_links.weighing import terms_in
from backoffice.data_links.workflow import RequestState, link_state
from backoffice.errors import Invalid, NotThere, Overtaken
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Work
from forms import codabar
from workflows.links import (
    ATTRIBUTES,
    Claim,
    Person,
    PersonState,
    Refused,
    Released,
    Request,
    Standing,
    Terms,
    Usage,
    decide,
)
from workflows.links import LinkConsent as Agreed
from workflows.rules.vocabulary import ConsentClass

WRONG_NUMBER = _("番号のチェックデジットが合いません。")
OTHER_ANSWER = _("この申込みには、もう別の答えがあります。")
NO_SUCH_LINK = _("この記号の連携はないか、この呼び出し元に開かれていません。")


def link_of_caller(work: Work, code: str) -> LinkVersion:
    """Give the version that counts of a link that the calling machine may use. Raises NotThere: another's is none."""
    version = live.version_of_link(work.session, code)
    if version is None or version.link.client_id is None or version.link.client_id != work.actor.client_id:
        raise NotThere(NO_SUCH_LINK)
    return version


def waiting(work: Work, version: LinkVersion, after: str) -> Sequence[LinkRequest]:
    """Give the oldest requests that wait, of those that came after one where it is named. Raises NotThere for no such.

    Some may wait in vain, and nobody is to hear which: so the other system can read on past them.
    """
    if not after:
        return live.open_requests(work.session, version.link_id, work.now, 0)
    known = live.request_called(work.session, version.link_id, after)
    if known is None:
        raise NotThere("該当する申込みがありません。")
    return live.open_requests(work.session, version.link_id, work.now, known.id)


@dataclass(frozen=True)
class Call:
    """What the other system asks. `reference` names the person's request; `key_hash` makes the call one."""

    reference: str
    purpose: str
    attributes: frozenset[str]
    key_hash: str


def release(work: Work, code: str, call: Call) -> Released | Refused | None:
    """Release or refuse, and write it into the use log either way. None: its key was used for another call.

    Raises NotThere for a link that is not the caller's. A call that comes twice is decided anew, so
    that nothing is handed over after a withdrawal, and counts once. The unit must be a writing one.
    """
    client_id = work.actor.client_id
    asker = Asker(client_id, code, call.reference, call.key_hash, work.now - KEPT_FOR)
    turn = one_look.take_turn(work.session, asker, work.now)
    if turn is None:
        raise NotThere(NO_SUCH_LINK)
    seen = one_look.look(work.session, turn, asker, work.now)
    if seen is None:
        raise NotThere(NO_SUCH_LINK)
    before = seen.known_released if seen.known_outcome == live.RELEASED else None
    decision = (
        None if _is_another(seen, call) else _decided(work, seen, call, turn.tries - 1, is_again=before is not None)
    )
    if decision is None:
        released, outcome = [], live.OTHER_CALL
    elif isinstance(decision, Released):
        released = sorted(decision.claims)
        outcome = live.RELEASED_AGAIN if released == before else live.RELEASED
    else:
        released, outcome = [], str(decision.reason)
    one_look.keep(
        work.session,
        {
            "link_id": turn.link_id,
            "version_id": seen.version_id,
            "client_id": client_id,
            "registrant_id": seen.registrant_id if seen.is_open(work.now) else None,
            "request_id": seen.request_id,
            "key_hash": call.key_hash,
            "purpose": call.purpose,
            "asked": sorted(call.attributes),
            "released": released,
            "outcome": outcome,
            "at": work.now,
        },
    )
    return decision


def _is_another(seen: Seen, call: Call) -> bool:
    """Say whether the key of this call came before with another one."""
    before = (seen.known_request_id, seen.known_purpose, seen.known_asked)
    return seen.known_outcome is not None and before != (seen.request_id, call.purpose, sorted(call.attributes))


def _decided(work: Work, seen: Seen, call: Call, tries: int, *, is_again: bool) -> Released | Refused:
    terms, today = terms_in(seen.terms), work.today
    held = _held(work, seen, today)
    counted = () if is_again else (seen.of_person_today, seen.of_person_this_year)
    return decide(
        Request(call.purpose, call.attributes),
        terms,
        Standing(link_state(terms, seen.shut_at, today, wider_waits=False), seen.number, seen.scope),
        _agreed(work, seen, call, terms, held or Held({})),
        _person(work, seen, call.reference, held),
        Usage(tries, *counted),
        work.now,
    )


def answer(work: Work, version: LinkVersion, reference: str, card_number: str) -> None:
    """Keep what the other system made for a request; what the portal had handed over for it is erased.

    Raises NotThere, also where the consent is over and nobody has noted it yet, Overtaken where it has another answer,
    Invalid for a number that fails its check.
    """
    if not codabar.passes(card_number):
        raise Invalid(WRONG_NUMBER, {"card_number": WRONG_NUMBER})
    request = _answerable(work, version, reference)
    if request.sealed_answer is not None:
        if work.office.cipher.open(request.sealed_answer, f"{ANSWER}:{reference}").decode() == card_number:
            return
        raise Overtaken(OTHER_ANSWER)
    request.sealed_answer = work.office.cipher.seal(card_number.encode(), f"{ANSWER}:{reference}")
    request.sealed_values = None
    request.state, request.answered_at = RequestState.ANSWERED, work.now
    work.record(LinkAnswered(version.link_id, request.id))


def _answerable(work: Work, version: LinkVersion, reference: str) -> LinkRequest:
    """Give a request, held, for which something has left and the consent still holds. Raises NotThere."""
    request = live.lock_request(work.session, version.link_id, reference)
    if request is not None and request.state != RequestState.CLOSED and live.was_released_for(work.session, request.id):
        consent = live.latest_consent(work.session, request.registrant_id, version.link_id)
        if consent is not None and is_live(work, consent):
            return request
    raise NotThere("該当する申込みがありません。")


def acknowledge(work: Work, version: LinkVersion, reference: str) -> LinkDeletion:
    """Note that the other system has deleted what it got; said twice, it counts once. Raises NotThere."""
    deletion = live.deletion_called(work.session, version.link_id, work.actor.client_id, reference)
    if deletion is None:
        raise NotThere("該当する削除の依頼がありません。")
    if deletion.done_at is None:
        deletion.done_at = work.now
        work.record(LinkDeletionDone(version.link_id, deletion.id))
    return deletion


def _person(work: Work, seen: Seen, reference: str, held: Held | None) -> Person:
    """Give whom a request is about; nobody for one that is closed, and for whom the office has nothing to say."""
    if not seen.is_open(work.now):
        return Person(PersonState.UNKNOWN)
    if seen.assurance != Assurance.CARD_VERIFIED:
        return Person(PersonState.SELF_DECLARED)
    if held is None:
        return Person(PersonState.UNKNOWN)
    handed: Mapping[str, Claim] = {}
    if seen.sealed_values is not None:
        handed = json.loads(work.office.cipher.open(seen.sealed_values, f"{VALUES}:{reference}"))
    ward, age = held.claims.get("ward"), held.claims.get("age")
    return Person(
        PersonState.KNOWN,
        {**held.claims, **handed},
        ward if isinstance(ward, str) else None,
        age if isinstance(age, int) else None,
    )


def _held(work: Work, seen: Seen, today: date) -> Held | None:
    """Give what may be said of a person today; None where there is nothing, or a birthday has made it old."""
    if seen.registrant_id is None or seen.sealed is None or (seen.good_until is not None and seen.good_until < today):
        return None
    return Held.opened(work.office.cipher, seen.registrant_id, seen.sealed)


def _agreed(work: Work, seen: Seen, call: Call, terms: Terms, held: Held) -> Agreed | None:
    """Give what the person agreed to, if ever; where the household must agree, what each of it withdrew counts, too."""
    if seen.given_at is None or seen.expires_on is None or not seen.is_open(work.now):
        return None
    return Agreed(
        scope=seen.agreed_scope or 0,
        purposes=frozenset(terms.allowed),
        attributes=frozenset(seen.agreed_to or ()),
        given_on=seen.given_at.astimezone(TOKYO).date(),
        until=seen.expires_on,
        withdrawn=seen.ended,
        classes=seen.opened,
        household_classes=_opened_by_all(work, seen, call, held),
    )


def _opened_by_all(work: Work, seen: Seen, call: Call, held: Held) -> frozenset[ConsentClass]:
    """Give what all of the household have opened now; none, unasked, where nothing in the call needs it."""
    if not any(ATTRIBUTES[each].household_consents for each in call.attributes & ATTRIBUTES.keys()):
        return frozenset()
    return opened_by_all(work, held, seen.opened)
