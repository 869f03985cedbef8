"""Is this the same call again? With its idempotency key it does nothing twice and gets the same answer for a day.

The answer is kept in the transaction that does the work: there is never one without the other.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from backoffice.clients.gate import Calling
from backoffice.clients.models import KeptAnswer
from backoffice.clients.tokens import Caller
from backoffice.errors import KeyUsedOtherwise, StillOnItsWay
from backoffice.web.translations import _
from backoffice.work import Office, Work

KEPT_FOR = timedelta(hours=24)
PURPOSE, CALL = "kept_answer.body", "kept_answer.call"
IN_FLIGHT = _("同じ Idempotency-Key の呼び出しを処理しています。少し待って、同じ内容でもう一度送ってください。")
OTHER_CALL = _("この Idempotency-Key は別の内容で使われています。新しい呼び出しには新しい値を付けてください。")
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=16,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="呼び出しごとに新しい値(UUID など)。再送のときは同じ値 / new for every call, the same for a retry",
    ),
]


@dataclass(frozen=True)
class Answer:
    """What an act answers, and with which status. A refusal that is to be kept with its row is an answer too."""

    said: BaseModel
    status: HTTPStatus = HTTPStatus.OK
    media_type: str = "application/json"


@dataclass(frozen=True)
class Once:
    """One call with its key. `do` runs an act in a unit of its own, or gives what the same call was answered."""

    office: Office
    caller: Caller
    key_hash: str
    call_mark: str

    def do(self, act: Callable[[Work], Answer]) -> Response:
        """Answer with what `act` says; the unit is over before the answer leaves.

        Raises KeyUsedOtherwise for a key that was used for another call, StillOnItsWay while this one is on its way.
        What is refused by raising is not kept: the caller mends it and may send the same key.
        """
        with self.office.unit(self.caller.actor) as work:
            self._alone(work.session)
            kept = self._kept(work)
            if kept is None:
                kept = self._keep(work, act(work))
        body = self.office.cipher.open(kept.sealed_body, self._purpose)
        media_type, _, said = body.partition(b"\n")
        return Response(said, kept.status, media_type=media_type.decode(), headers={"Cache-Control": "no-store"})

    @property
    def _purpose(self) -> str:
        return f"{PURPOSE}:{self.caller.client_id}:{self.key_hash}"

    def _alone(self, session: Session) -> None:
        """On PostgreSQL the second of two at once is told so; on SQLite a writing unit is alone anyway: it waits."""
        if session.get_bind().dialect.name != "postgresql":
            return
        number = int(hashlib.sha256(self._purpose.encode()).hexdigest()[:15], 16)
        if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}):
            raise StillOnItsWay(IN_FLIGHT)

    def _kept(self, work: Work) -> KeptAnswer | None:
        found = work.session.scalars(
            select(KeptAnswer).where(
                KeptAnswer.client_id == self.caller.client_id, KeptAnswer.key_hash == self.key_hash
            )
        ).one_or_none()
        if found is not None and found.at <= work.now - KEPT_FOR:
            work.session.delete(found)
            work.session.flush()
            return None
        if found is not None and found.call_mark != self.call_mark:
            raise KeyUsedOtherwise(OTHER_CALL)
        return found

    def _keep(self, work: Work, answer: Answer) -> KeptAnswer:
        body = f"{answer.media_type}\n{answer.said.model_dump_json()}".encode()
        kept = KeptAnswer(
            client_id=self.caller.client_id,
            key_hash=self.key_hash,
            call_mark=self.call_mark,
            status=int(answer.status),
            sealed_body=self.office.cipher.seal(body, self._purpose),
            at=work.now,
        )
        work.session.add(kept)
        return kept


async def once(request: Request, caller: Calling, key: Key) -> Once:
    """Give the call with its key; the body was read already, it is only marked here."""
    office: Office = request.app.state.office
    call = f"{request.url.path}\n".encode() + await request.body()
    call_mark = office.cipher.mark(hashlib.sha256(call).hexdigest(), CALL)
    return Once(office, caller, hashlib.sha256(key.encode()).hexdigest(), call_mark)


OnlyOnce = Annotated[Once, Depends(once)]


def forget_old(session: Session, now: datetime) -> None:
    """Delete answers that are no longer given."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.at <= now - KEPT_FOR))
