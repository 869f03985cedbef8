"""The other system asks; what is it told? Decided and written into the use log in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.clients.once import KEPT_FOR, OTHER_CALL
from backoffice.consents.models import Registrant
from backoffice.consents.service import today_of
from backoffice.consents.workflow import Assurance, Happened
from backoffice.data_links import live
from backoffice.data_links.consenting import ANSWER, VALUES, state_of
from backoffice.data_links.events import LinkAnswered, LinkDeletionDone
from backoffice.data_links.models import LinkConsent, LinkDeletion, LinkMinute, LinkRequest, LinkUse, LinkVersion
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.workflow import RequestState
from backoffice.errors import Invalid, KeyUsedOtherwise, NotThere, Overtaken
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Work
from forms import codabar
from workflows.links import Claim, Person, PersonState, Refused, Released, Request, Standing, Usage, decide
from workflows.links import LinkConsent as Agreed
from workflows.rules.vocabulary import ConsentClass

HOLDING = "link_holding.claims"
NO_SUCH_LINK = _("この記号の連携はないか、この呼び出し元に開かれていません。")


@dataclass(frozen=True)
class Held:
    """What the office may say of one person, as it was made of a snapshot."""

    claims: Mapping[str, Claim]
    others: tuple[int, ...] = ()
    """Who else of the household is registered: what they withdraw closes at once."""
    household: frozenset[ConsentClass] = frozenset()
    """What all of the household consented to when it was made."""

    def written(self) -> bytes:
        said = {"schema": 1, "claims": dict(self.claims), "others": self.others, "household": sorted(self.household)}
        return json.dumps(said, ensure_ascii=False).encode()

    @classmethod
    def read(cls, written: bytes) -> "Held":
        said = json.loads(written)
        household = frozenset(ConsentClass(each) for each in said["household"])
        return cls(said["claims"], tuple(said["others"]), household)


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


def release(work: Work, code: str, call: Call) -> Released | Refused:
    """Release or refuse, and write it into the use log either way. Raises NotThere, KeyUsedOtherwise.

    The row of the minute is taken first: whoever uses the same link stands in line, and no ceiling is passed by two at
    once. A call that comes twice is decided anew, so that nothing is handed over after a withdrawal, and counts once.
    The unit must be a writing one.
    """
    tries = _one_more(work.session, link_of_caller(work, code).link_id, work.now.replace(second=0, microsecond=0))
    version = link_of_caller(work, code)  # anew: it may have been shut or narrowed while this call stood in line
    request = live.request_called(work.session, version.link_id, call.reference)
    before = _came_before(work, call, request)
    person, registrant, held = _person(work, request)
    decision = decide(
        Request(call.purpose, call.attributes),
        terms_of(version),
        Standing(state_of(work, version), version.number, version.scope),
        None if registrant is None else _agreed(work, version, registrant, held or Held({})),
        person,
        _usage(work, version.link_id, registrant, tries - 1, is_again=before is not None),
        work.now,
    )
    use = LinkUse(
        link_id=version.link_id,
        version_id=version.id,
        client_id=work.actor.client_id,
        registrant_id=None if registrant is None else registrant.id,
        request_id=None if request is None else request.id,
        key_hash=call.key_hash,
        purpose=call.purpose,
        asked=sorted(call.attributes),
        released=[],
        outcome="",
        at=work.now,
    )
    if isinstance(decision, Released):
        use.released = sorted(decision.claims)
        use.outcome = live.RELEASED_AGAIN if use.released == before else live.RELEASED
    else:
        use.outcome = str(decision.reason)
    work.session.add(use)
    return decision


def _came_before(work: Work, call: Call, request: LinkRequest | None) -> list[str] | None:
    """Give what the same call was given before; None for nothing. Raises KeyUsedOtherwise for another with its key."""
    known = live.call_known(work.session, work.actor.client_id, call.key_hash, work.now - KEPT_FOR)
    if known is None:
        return None
    same = (known.request_id, known.purpose, known.asked) == (
        None if request is None else request.id,
        call.purpose,
        sorted(call.attributes),
    )
    if not same:
        raise KeyUsedOtherwise(OTHER_CALL)
    return known.released if known.outcome == live.RELEASED else None


def answer(work: Work, version: LinkVersion, reference: str, card_number: str) -> None:
    """Keep what the other system made for a request; what the portal had handed over for it is erased.

    Raises NotThere, Overtaken where it has another answer, Invalid for a number that fails its check.
    """
    if not codabar.passes(card_number):
        raise Invalid(
            _("番号のチェックデジットが合いません。"), {"card_number": _("番号のチェックデジットが合いません。")}
        )
    request = live.lock_request(work.session, version.link_id, reference)
    if request is None or request.state == RequestState.CLOSED or not live.was_released_for(work.session, request.id):
        raise NotThere("該当する申込みがありません。")
    if request.sealed_answer is not None:
        if work.office.cipher.open(request.sealed_answer, f"{ANSWER}:{reference}").decode() == card_number:
            return
        raise Overtaken(_("この申込みには、もう別の答えがあります。"))
    request.sealed_answer = work.office.cipher.seal(card_number.encode(), f"{ANSWER}:{reference}")
    request.sealed_values = None
    request.state, request.answered_at = RequestState.ANSWERED, work.now
    work.record(LinkAnswered(version.link_id, request.id))


def acknowledge(work: Work, version: LinkVersion, reference: str) -> LinkDeletion:
    """Note that the other system has deleted what it got; said twice, it counts once. Raises NotThere."""
    deletion = live.deletion_called(work.session, version.link_id, reference)
    if deletion is None:
        raise NotThere("該当する削除の依頼がありません。")
    if deletion.done_at is None:
        deletion.done_at = work.now
        work.record(LinkDeletionDone(version.link_id, deletion.id))
    return deletion


def _one_more(session: Session, link_id: int, minute: datetime) -> int:
    """Count a try in this minute and give which one it is."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(LinkMinute).values(link_id=link_id, minute=minute, tries=1)
    statement = statement.on_conflict_do_update(
        index_elements=["link_id", "minute"], set_={"tries": LinkMinute.tries + 1}
    )
    return session.execute(statement.returning(LinkMinute.tries)).scalar_one()


def _person(work: Work, request: LinkRequest | None) -> tuple[Person, Registrant | None, Held | None]:
    """Give whom a request is about; nobody for one that is closed, and for whom the office has nothing to say."""
    if request is None or request.state == RequestState.CLOSED or request.closes_at <= work.now:
        return Person(PersonState.UNKNOWN), None, None
    registrant = live.steady_registrant(work.session, request.registrant_id)
    if registrant.assurance != Assurance.CARD_VERIFIED:
        return Person(PersonState.SELF_DECLARED), registrant, None
    held = _held(work, registrant)
    if held is None:
        return Person(PersonState.UNKNOWN), registrant, None
    cipher = work.office.cipher
    handed: Mapping[str, Claim] = {}
    if request.sealed_values is not None:
        handed = json.loads(cipher.open(request.sealed_values, f"{VALUES}:{request.reference}"))
    ward, age = held.claims.get("ward"), held.claims.get("age")
    return (
        Person(
            PersonState.KNOWN,
            {**held.claims, **handed},
            ward if isinstance(ward, str) else None,
            age if isinstance(age, int) else None,
        ),
        registrant,
        held,
    )


def _held(work: Work, registrant: Registrant) -> Held | None:
    """Give what may be said of a person today; None where there is nothing, or a birthday has made it old."""
    holding = live.holding_of(work.session, registrant.id)
    if holding is None or holding.sealed is None:
        return None
    if holding.good_until is not None and holding.good_until < today_of(work):
        return None
    return Held.read(work.office.cipher.open(holding.sealed, f"{HOLDING}:{registrant.id}"))


def _agreed(work: Work, version: LinkVersion, registrant: Registrant, held: Held) -> Agreed | None:
    consent = live.latest_consent(work.session, registrant.id, version.link_id)
    if consent is None:
        return None
    terms, today = terms_of(version), today_of(work)
    household = held.household
    opened = live.facts_opened(work.session, (registrant.id, *held.others), today)
    for each in opened.values():
        household &= each
    return Agreed(
        scope=consent.scope,
        purposes=frozenset(terms.allowed),
        attributes=frozenset(consent.attributes),
        given_on=consent.given_at.astimezone(TOKYO).date(),
        until=consent.expires_on,
        withdrawn=_ended(consent),
        classes=opened[registrant.id],
        household_classes=household,
    )


def _ended(consent: LinkConsent) -> bool:
    return any(each.kind in (Happened.WITHDRAWN, Happened.REPLACED) for each in consent.events)


def _usage(work: Work, link_id: int, registrant: Registrant | None, tries: int, *, is_again: bool) -> Usage:
    if registrant is None or is_again:
        return Usage(tries)
    return Usage(tries, *live.count_releases(work.session, link_id, registrant.id, work.now))
