"""What does the system at the other end of a link ask? What waits for it, data for a request, and it answers.

It names a person only by the request that the person made at the portal. A refusal tells what to mend about the call
and nothing of the person: unknown, protected, unwilling and gone are one and the same. A machine that tries a link
out meets invented people by the same routes (`sandbox`), and nobody else.
"""

import hashlib
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Response

from backoffice.clients.gate import Calling, Looking, MachineRouter, Opening, answer
from backoffice.clients.once import OTHER_CALL, Answer, Key, OnlyOnce
from backoffice.clients.scopes import Scope
from backoffice.data_links import live, releasing
from backoffice.data_links.api_said import (
    REFERENCE,
    AnswerIn,
    Code,
    DeletedIn,
    DeletionsOut,
    Done,
    ReleaseIn,
    ReleaseOut,
    ToDelete,
    Waiting,
    WaitingOut,
)
from backoffice.data_links.models import LinkDeletion, LinkRequest
from backoffice.data_links.releasing import Call
from backoffice.data_links.sandbox import calling as trying
from backoffice.data_links.sandbox.models import SandboxDeletion, SandboxRequest
from backoffice.errors import KeyUsedOtherwise
from backoffice.web.problem_json import MEDIA_TYPE, TYPES, Problem
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.links import Outward, Refused

machines = MachineRouter()
After = Annotated[
    str,
    Query(
        pattern=f"^$|{REFERENCE}",
        description="前の答えの最後の番号。それより後のものを答える / the last that was told: those after it",
    ),
]

REFUSALS: Mapping[Outward, tuple[HTTPStatus, str, str]] = {
    Outward.LINK_SHUT: (
        HTTPStatus.FORBIDDEN,
        _("この連携は今、閉じています"),
        _("止めているか、期間の外です。市の担当に確かめてください。"),
    ),
    Outward.NOT_IN_AGREEMENT: (
        HTTPStatus.FORBIDDEN,
        _("協定にないものを求めています"),
        _("次のものが、今の協定にありません: %(about)s"),
    ),
    Outward.NOTHING_ASKED: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("求める項目がありません"),
        _("attributes に、協定にある項目を1つ以上入れてください。"),
    ),
    Outward.TOO_MANY_REQUESTS: (
        HTTPStatus.TOO_MANY_REQUESTS,
        _("協定の回数に達しました"),
        _("%(seconds)s秒後に、新しい Idempotency-Key で送ってください。"),
    ),
    Outward.NOT_AVAILABLE: (
        HTTPStatus.NOT_FOUND,
        _("この申込みでは渡せません"),
        _("理由はお伝えできません。本人に、ポータルで確かめてもらってください。"),
    ),
}


@machines.look("/links/{code}/requests", Scope.LINKS, WaitingOut)
def waiting(work: Looking, caller: Calling, code: Code, after: After = "") -> Response:
    """待っている申込み。古いものから200件まで / the requests that wait for an answer, the 200 oldest."""
    found: Sequence[LinkRequest | SandboxRequest]
    if caller.is_sandbox:
        found = trying.waiting(work, code, after)
    else:
        found = releasing.waiting(work, releasing.link_of_caller(work, code), after)
    said = [Waiting(request=each.reference, purpose=each.purpose, opened_at=each.opened_at) for each in found]
    return answer(WaitingOut(requests=said))


@machines.act("/links/{code}/release", Scope.LINKS, ReleaseOut)
def release(unit: Opening, caller: Calling, code: Code, body: ReleaseIn, key: Key) -> Response:
    """1件の申込みについて、目的を名のって項目を受け取る / get the data of one request, naming what for.

    同じ呼び出しを同じ Idempotency-Key で送り直すと、回数には数えず、もう一度判定する(取り消しの後は渡らない)。
    """
    call = Call(body.request, body.purpose, frozenset(body.attributes), hashlib.sha256(key.encode()).hexdigest())
    with unit() as work:
        decision = (trying if caller.is_sandbox else releasing).release(work, code, call)
    if decision is None:
        raise KeyUsedOtherwise(OTHER_CALL)
    if isinstance(decision, Refused):
        return _refused(decision)
    return answer(ReleaseOut(claims=dict(decision.claims), version=decision.version))


@machines.act("/links/{code}/answer", Scope.LINKS, Done)
def hand_back(once: OnlyOnce, unit: Opening, caller: Calling, code: Code, body: AnswerIn) -> Response:
    """作ったカードの番号を返す / hand back the number of the card that was made."""
    if caller.is_sandbox:
        with unit() as work:  # of its own: also what is then refused stands in the report
            trying.note_answer(work, code, body.request, body.card_number)

    def act(work: Work) -> Answer:
        if caller.is_sandbox:
            trying.answer(work, code, body.request, body.card_number)
        else:
            releasing.answer(work, releasing.link_of_caller(work, code), body.request, body.card_number)
        return Answer(Done())

    return once.do(act)


@machines.look("/links/{code}/deletions", Scope.LINKS, DeletionsOut)
def deletions(work: Looking, caller: Calling, code: Code) -> Response:
    """削除の依頼。期限の近いものから / what is to be deleted, the most pressing first."""
    found: Sequence[LinkDeletion | SandboxDeletion]
    if caller.is_sandbox:
        found = trying.deletions(work, code)
    else:
        version = releasing.link_of_caller(work, code)
        found = live.deletions_due(work.session, version.link_id, work.actor.client_id)
    said = [_to_delete(each) for each in found]
    return answer(DeletionsOut(deletions=said))


@machines.act("/links/{code}/deletions/done", Scope.LINKS, Done)
def deleted(once: OnlyOnce, caller: Calling, code: Code, body: DeletedIn) -> Response:
    """削除を終えたことを知らせる / say that it was deleted."""

    def act(work: Work) -> Answer:
        if caller.is_sandbox:
            trying.acknowledge(work, code, body.deletion)
        else:
            releasing.acknowledge(work, releasing.link_of_caller(work, code), body.deletion)
        return Answer(Done())

    return once.do(act)


def _to_delete(deletion: LinkDeletion | SandboxDeletion) -> ToDelete:
    return ToDelete(
        deletion=deletion.reference,
        requests=deletion.requests,
        attributes=deletion.attributes,
        due_on=deletion.due_on,
    )


def _refused(decision: Refused) -> Response:
    status, title, detail = REFUSALS[decision.outward]
    seconds = decision.retry_after or 0
    problem = Problem(
        type=f"{TYPES}/{decision.outward.replace('_', '-')}",
        title=translate(title),
        status=status,
        detail=translate(detail, about=", ".join(decision.about), seconds=seconds),
    )
    headers = {"Retry-After": str(seconds)} if seconds else {}
    return Response(
        problem.model_dump_json(), int(status), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store", **headers}
    )
