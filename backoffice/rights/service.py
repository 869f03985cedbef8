"""What is done with a person's request: taken at the counter, given more time, settled, handed over, carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from backoffice.consents import queries as people
from backoffice.consents import service as counter
from backoffice.consents.models import Registrant, RegistrantLook
from backoffice.data_links import consenting
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Staff
from backoffice.inbox import opening
from backoffice.inbox.events import CaseEnded
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.opening import Matter
from backoffice.inbox.redating import redate
from backoffice.residents import protecting
from backoffice.rights import queries
from backoffice.rights.events import RightsAsked, RightsExtended, RightsHandedOver, RightsSettled, RightsStopped
from backoffice.rights.models import RightsRequest
from backoffice.rights.package import package_of
from backoffice.rights.workflow import EXTENSION_DAYS, Identity, RightsKind, RightsOutcome, decide_by
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms import catalogue
from forms.widths import plain
from workflows.routes import RouteKind

SUBJECT = "rights_request"
"""What a case calls the request that it is about."""
WRONG = _("入力を確認してください")
TITLES: Mapping[RightsKind, str] = {
    RightsKind.DISCLOSE: "保有個人情報の開示の請求",
    RightsKind.CORRECT: "保有個人情報の訂正の請求",
    RightsKind.STOP: "保有個人情報の利用停止の請求",
}
"""Who asks stands in no title: it is read in lists."""


ONLY_ONESELF = _("支援措置の対象者です。代理人からの請求は受けず、本人に確かめてください。")


@dataclass(frozen=True)
class Asked:
    kind: RightsKind
    identity: Identity
    requested_on: date
    what: str


def take(work: Work, look: RegistrantLook, asked: Asked) -> RightsRequest:
    """Take a request of the person at the counter and send its case on its way.

    Raises Invalid where the same person asks the same already, naming the case, where the words name the person, and
    where somebody else asks for a person under 支援措置: whom they hide from may hold papers too.
    """
    registrant = look.registrant
    people.lock_registrant(work.session, registrant.id)
    if _is_hidden_from(work, registrant, asked.identity):
        raise Invalid(WRONG, {"identity": ONLY_ONESELF})
    number = queries.number_of_open(work.session, registrant.id, asked.kind)
    if number is not None:
        said = translate(_("同じ請求が、案件 %(number)s でまだ決まっていません。"), number=number)
        raise Invalid(WRONG, {"kind": said})
    _must_not_name(work, registrant, asked.what)
    kind = KINDS[RouteKind.DISCLOSURE]
    case = opening.draft(work, kind, _matter(asked))
    opening.begin(work, case, catalogue.definition(kind.form_code).version)
    request = RightsRequest(
        registrant_id=registrant.id,
        kind=asked.kind,
        identity=asked.identity,
        requested_on=asked.requested_on,
        decide_by=decide_by(asked.requested_on),
        case_id=case.id,
        outcome=RightsOutcome.OPEN,
        received_at=work.now,
        received_by_id=work.actor.staff_id,
    )
    work.session.add(request)
    work.session.flush()
    case.subject_kind, case.subject_id = SUBJECT, request.id
    work.record(RightsAsked(request.id, case.id))
    return request


def extend(work: Work, request: RightsRequest, seen: int, reason: str) -> None:
    """Give a decision thirty days more, once, before its day is over. Raises Invalid, Overtaken."""
    if seen != request.version:
        name = work.session.scalar(select(Staff.name).where(Staff.id == request.changed_by_id))
        raise Overtaken(_("%(name)sさんが先に変更しました。最新の内容を確認してください。"), name=name or "—")
    if not may_extend(work, request):
        raise Overtaken(_("期限を延ばせるのは、決まる前に1度、期限の日までです。"))
    reason = reason_given(reason, "reason")
    request.decide_by += timedelta(days=EXTENSION_DAYS)
    request.extended_at = work.now
    redate(work, request.case_id, {"decide_by": request.decide_by.isoformat()}, reason)
    work.record(RightsExtended(request.id))


def may_extend(work: Work, request: RightsRequest) -> bool:
    return request.outcome == RightsOutcome.OPEN and request.extended_at is None and work.today <= request.decide_by


def settle(work: Work, ended: CaseEnded) -> None:
    """Let the end of a case take effect on its request; the use of what is held stops where that was granted."""
    if ended.case_kind != RouteKind.DISCLOSURE:
        return
    request = queries.request_of_case(work.session, ended.case_id)
    if request is None or request.outcome != RightsOutcome.OPEN:
        return
    outcome = _outcome(work, ended)
    request.outcome, request.settled_at = outcome, work.now
    work.record(RightsSettled(request.id, outcome))
    if request.kind == RightsKind.STOP and outcome is RightsOutcome.GRANTED:
        work.record(RightsStopped(request.id, stop_all(work, request.registrant)))


def stop_all(work: Work, registrant: Registrant) -> int:
    """End every consent of a person, to facts and to links, in the usual ways; gives how many.

    What was queued, issued or handed over because of them goes the way of any withdrawal: deletions are asked. Links
    come first, so that each machine is asked once, for all that it got.
    """
    session, today = work.session, work.today
    people.lock_registrant(session, registrant.id)
    references = queries.live_link_consents(session, registrant.id, today)
    for reference in references:  # these first: a fact that closes would have its part of the data deleted once more
        consenting.withdraw_for(work, registrant, reference)
    ended = sum(counter.end_if_live(work, each) for each in people.consents_of(session, registrant.id))
    return ended + len(references)


def hand_over(work: Work, look: RegistrantLook, request_id: int) -> bytes:
    """Give what is held of the person at the counter, as it is now. Raises Overtaken unless seeing it was granted."""
    request = queries.own_request(work.session, look.registrant_id, request_id)
    if request.kind != RightsKind.DISCLOSE or request.outcome != RightsOutcome.GRANTED:
        raise Overtaken(_("写しを渡せるのは、開示の請求に応じると決まった後だけです。"))
    if _is_hidden_from(work, look.registrant, request.identity):
        raise NotPermitted(ONLY_ONESELF)
    request.handed_at = work.now
    work.record(RightsHandedOver(request.id))
    return package_of(work, look.registrant)


def _outcome(work: Work, ended: CaseEnded) -> RightsOutcome:
    if ended.outcome == "withdrawn":
        return RightsOutcome.WITHDRAWN
    return queries.proposed(work.session, ended.case_id) if ended.outcome == "approved" else RightsOutcome.REFUSED


def _is_hidden_from(work: Work, registrant: Registrant, identity: str) -> bool:
    """Say whether a person is under protection, and it is not they themselves who ask."""
    pseudonym = work.office.cipher.open(registrant.sealed_pseudonym, counter.PSEUDONYM).decode()
    return protecting.is_protected(work, pseudonym) and identity == Identity.REPRESENTATIVE


def _must_not_name(work: Work, registrant: Registrant, what: str) -> None:
    """A case is read by more people than a look: who it is must not stand in it."""
    pseudonym = work.office.cipher.open(registrant.sealed_pseudonym, counter.PSEUDONYM).decode()
    if pseudonym.casefold() in plain(what).casefold():
        raise Invalid(WRONG, {"asked": _("仮名は案件に書けません。消してからやり直してください。")})


def _matter(asked: Asked) -> Matter:
    kind = KINDS[RouteKind.DISCLOSURE]
    answers = {
        "request_kind": str(asked.kind),
        "requested_on": asked.requested_on.isoformat(),
        "identity": str(asked.identity),
        "asked": asked.what,
        "decide_by": decide_by(asked.requested_on).isoformat(),
    }
    return Matter(TITLES[asked.kind], answers, kind.retention_years, kind.decision_level)
