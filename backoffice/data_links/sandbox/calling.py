"""A partner tries a link out; what is it told? Decided by the same rule as for residents, about invented people.

Of registrants, their consents and the use log nothing is read or written here; a test counts the statements.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from backoffice.clients.once import KEPT_FOR
from backoffice.data_links.endings import DELETION_DAYS
from backoffice.data_links.models import LinkVersion
from backoffice.data_links.releasing import NO_SUCH_LINK, OTHER_ANSWER, WRONG_NUMBER, Call
from backoffice.data_links.sandbox import queries
from backoffice.data_links.sandbox.models import SandboxCall, SandboxDeletion, SandboxRequest
from backoffice.data_links.sandbox.queries import RELEASE
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.workflow import RequestState
from backoffice.errors import Invalid, NotThere, Overtaken
from backoffice.services import TOKYO
from backoffice.work import Work
from forms import codabar
from forms.ages import fiscal_year
from workflows.links import Persona, Refused, Released, Request, Usage, decide, invented, written_terms
from workflows.links.contract import ANSWERED, DELETED, NOTHING_LEFT, OTHER_CALL, RELEASED, RELEASED_AGAIN, WRONG_CHECK

ANSWER, DELETION = "answer", "deletion"
MET_BY_MACHINES = (
    *("direction", "purposes", "uses", "subjects"),
    *("per_person_day", "per_person_year", "per_minute"),
)
"""The fields of an agreement that a partner's program meets; of others, nothing need be tried anew."""


def mark_of(version: LinkVersion) -> str:
    """Give a mark of what a version says to machines."""
    said = written_terms(terms_of(version))["terms"]
    met = {name: said[name] for name in MET_BY_MACHINES}
    return hashlib.sha256(json.dumps(met, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def tried_by_caller(work: Work, code: str) -> LinkVersion:
    """Give the version that the calling machine tries out. Raises NotThere where there is none of this name."""
    version = queries.version_tried(work.session, work.actor.client_id, code)
    if version is None:
        raise NotThere(NO_SUCH_LINK)
    return version


def waiting(work: Work, code: str, after: str) -> Sequence[SandboxRequest]:
    """Give the oldest requests of invented people that wait, of those after one where it is named. Raises NotThere."""
    version = tried_by_caller(work, code)
    if not after:
        return queries.waiting(work.session, version.id, 0)
    known = queries.request_called(work.session, version.id, after)
    if known is None:
        raise NotThere("該当する申込みがありません。")
    return queries.waiting(work.session, version.id, known.id)


def release(work: Work, code: str, call: Call) -> Released | Refused | None:
    """Release or refuse, and keep what was tried. None: its key was used for another call. Raises NotThere."""
    version = _locked(work, code)
    request = queries.request_called(work.session, version.id, call.reference)
    known = queries.known_call(work.session, version.id, call.key_hash, work.now - KEPT_FOR)
    if known is not None and _said(known) != (request and request.id, call.purpose, sorted(call.attributes)):
        _keep(work, version, RELEASE, request, call, OTHER_CALL)
        return None
    is_again = known is not None and known.outcome == RELEASED
    decision = _decided(work, version, request, call, is_again=is_again)
    if isinstance(decision, Refused):
        _keep(work, version, RELEASE, request, call, decision.reason, retry_after=decision.retry_after or 0)
        return decision
    released = sorted(decision.claims)
    outcome = RELEASED_AGAIN if known is not None and is_again and released == known.released else RELEASED
    _keep(work, version, RELEASE, request, call, outcome, released=released)
    return decision


def note_answer(work: Work, code: str, reference: str, number: str) -> None:
    """Keep that an answer was handed back, also one that is then refused. Raises NotThere."""
    version = _locked(work, code)
    request = queries.request_called(work.session, version.id, reference)
    if not codabar.passes(number):
        outcome = WRONG_CHECK
    else:
        outcome = ANSWERED if request is not None and _was_released(work, request) else NOTHING_LEFT
    _keep(work, version, ANSWER, request, None, outcome)


def answer(work: Work, code: str, reference: str, number: str) -> None:
    """Take what the partner made for a request, as it is taken of residents. Raises NotThere, Overtaken, Invalid."""
    version = _locked(work, code)
    if not codabar.passes(number):
        raise Invalid(WRONG_NUMBER, {"card_number": WRONG_NUMBER})
    request = queries.request_called(work.session, version.id, reference)
    if request is None or request.state == RequestState.CLOSED or not _was_released(work, request):
        raise NotThere("該当する申込みがありません。")
    if request.answer is not None:
        if request.answer == number:
            return
        raise Overtaken(OTHER_ANSWER)
    request.answer, request.state = number, RequestState.ANSWERED
    if request.persona == Persona.WITHDRAWS:
        _let_leave(work, version, request)


def deletions(work: Work, code: str) -> Sequence[SandboxDeletion]:
    """Give what the partner is still to delete. Raises NotThere."""
    return queries.deletions_due(work.session, tried_by_caller(work, code).id)


def acknowledge(work: Work, code: str, reference: str) -> None:
    """Note that the partner has deleted what it got; said twice, it counts once. Raises NotThere."""
    version = _locked(work, code)
    deletion = queries.deletion_called(work.session, version.id, reference)
    if deletion is None:
        raise NotThere("該当する削除の依頼がありません。")
    if deletion.done_at is None:
        deletion.done_at = work.now
        _keep(work, version, DELETION, None, None, DELETED)


def _locked(work: Work, code: str) -> LinkVersion:
    version = tried_by_caller(work, code)
    queries.lock_sandbox(work.session, version.link_id)
    return version


def _said(known: SandboxCall) -> tuple[int | None, str, list[str]]:
    return known.request_id, known.purpose, known.asked


def _decided(
    work: Work, version: LinkVersion, request: SandboxRequest | None, call: Call, *, is_again: bool
) -> Released | Refused:
    persona = Persona.UNKNOWN if request is None else Persona(request.persona)
    whole = invented(
        persona,
        terms_of(version),
        version.number,
        _usage(work, version, request, is_again=is_again),
        work.today,
        has_left=request is not None and request.has_left,
    )
    asked = Request(call.purpose, call.attributes)
    return decide(asked, whole.terms, whole.standing, whole.consent, whole.person, whole.usage, work.now)


def _usage(work: Work, version: LinkVersion, request: SandboxRequest | None, *, is_again: bool) -> Usage:
    tries = queries.count_tries(work.session, version.id, work.now.replace(second=0, microsecond=0))
    if request is None or is_again:
        return Usage(tries)
    midnight = datetime.combine(work.today, time(), TOKYO)
    year_began = midnight.replace(year=fiscal_year(work.today), month=4, day=1)
    return Usage(
        tries,
        queries.count_releases(work.session, request.id, midnight),
        queries.count_releases(work.session, request.id, year_began),
    )


def _was_released(work: Work, request: SandboxRequest) -> bool:
    return queries.count_releases(work.session, request.id, request.opened_at) > 0


def _let_leave(work: Work, version: LinkVersion, request: SandboxRequest) -> None:
    """Let an invented person withdraw: what was handed over of them is to be deleted."""
    request.state, request.has_left = RequestState.CLOSED, True
    deletion = SandboxDeletion(
        reference=work.office.services.random_bytes(16).hex(),
        version_id=version.id,
        requests=[request.reference],
        attributes=queries.released_for(work.session, request.id),
        due_on=work.today + timedelta(days=DELETION_DAYS),
    )
    work.session.add(deletion)


def _keep(  # noqa: PLR0913 -- a row has so many columns
    work: Work,
    version: LinkVersion,
    act: str,
    request: SandboxRequest | None,
    call: Call | None,
    outcome: str,
    *,
    released: Sequence[str] = (),
    retry_after: int = 0,
) -> None:
    kept = SandboxCall(
        version_id=version.id,
        terms_mark=mark_of(version),
        act=act,
        request_id=None if request is None else request.id,
        persona=None if request is None else request.persona,
        key_hash="" if call is None else call.key_hash,
        purpose="" if call is None else call.purpose,
        asked=[] if call is None else sorted(call.attributes),
        released=list(released),
        outcome=str(outcome),
        retry_after=retry_after,
        at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
