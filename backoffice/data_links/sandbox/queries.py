"""Which sandbox is a machine's, what waits in it, what was tried?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.clients.models import MachineClient
from backoffice.data_links.models import Link, LinkVersion
from backoffice.data_links.sandbox.models import ContractReport, Sandbox, SandboxCall, SandboxDeletion, SandboxRequest
from backoffice.data_links.workflow import OPEN, RequestState

MOST_LISTED = 200
MOST_CALLS = 2_000
"""Of the newest calls a report is made: a partner that runs wild is not to make a page slow."""
CALLS_KEPT = timedelta(days=365)
RELEASE = "release"


def version_tried(session: Session, client_id: int | None, code: str) -> LinkVersion | None:
    """Give the version that a sandbox's machine tries out now: the one of its link that is written or on its route."""
    return session.scalars(
        select(LinkVersion)
        .join(LinkVersion.link)
        .join(Sandbox, Sandbox.link_id == Link.id)
        .where(Sandbox.client_id == client_id, Link.code == code, LinkVersion.state.in_(OPEN))
        .options(joinedload(LinkVersion.link))
    ).one_or_none()


def lock_sandbox(session: Session, link_id: int) -> None:
    """Let whoever else tries the same link out at this moment wait."""
    session.scalars(select(Sandbox.id).where(Sandbox.link_id == link_id).with_for_update()).one_or_none()


def sandbox_of(session: Session, link_id: int) -> Sandbox | None:
    """Give the sandbox of a link with its machine and keys."""
    return session.scalars(
        select(Sandbox)
        .where(Sandbox.link_id == link_id)
        .options(joinedload(Sandbox.client).options(selectinload(MachineClient.keys)))
    ).one_or_none()


def waiting(session: Session, version_id: int, after_id: int) -> Sequence[SandboxRequest]:
    return session.scalars(
        select(SandboxRequest)
        .where(
            SandboxRequest.version_id == version_id,
            SandboxRequest.state == RequestState.OPEN,
            SandboxRequest.id > after_id,
        )
        .order_by(SandboxRequest.id)
        .limit(MOST_LISTED)
    ).all()


def request_called(session: Session, version_id: int, reference: str) -> SandboxRequest | None:
    return session.scalars(
        select(SandboxRequest).where(SandboxRequest.version_id == version_id, SandboxRequest.reference == reference)
    ).one_or_none()


def open_personas(session: Session, version_id: int) -> Sequence[SandboxRequest]:
    """Give the invented people whose requests were opened last, whatever became of them."""
    newest = select(func.max(SandboxRequest.id)).where(SandboxRequest.version_id == version_id)
    return session.scalars(
        select(SandboxRequest)
        .where(SandboxRequest.id.in_(newest.group_by(SandboxRequest.persona)))
        .order_by(SandboxRequest.id)
    ).all()


def known_call(session: Session, version_id: int, key_hash: str, since: datetime) -> SandboxCall | None:
    """Give the newest release that came with this key, if it was one that counted."""
    return session.scalars(
        select(SandboxCall)
        .where(
            SandboxCall.version_id == version_id,
            SandboxCall.act == RELEASE,
            SandboxCall.key_hash == key_hash,
            SandboxCall.at > since,
            SandboxCall.outcome.not_in(("released_again", "key_used_otherwise")),
        )
        .order_by(SandboxCall.id.desc())
        .limit(1)
    ).one_or_none()


def count_tries(session: Session, version_id: int, since: datetime) -> int:
    tried = select(func.count()).where(
        SandboxCall.version_id == version_id, SandboxCall.act == RELEASE, SandboxCall.at >= since
    )
    return session.scalar(tried) or 0


def released_for(session: Session, request_id: int) -> list[str]:
    """Give all that was handed over for a request."""
    calls = select(SandboxCall.released).where(SandboxCall.request_id == request_id, SandboxCall.act == RELEASE)
    return sorted({code for released in session.scalars(calls) for code in released})


def count_releases(session: Session, request_id: int, since: datetime) -> int:
    released = select(func.count()).where(
        SandboxCall.request_id == request_id, SandboxCall.outcome == "released", SandboxCall.at >= since
    )
    return session.scalar(released) or 0


def calls_of(session: Session, version_id: int, terms_mark: str) -> Sequence[SandboxCall]:
    """Give the newest calls about a version as it says now, in their order."""
    newest = session.scalars(
        select(SandboxCall)
        .where(SandboxCall.version_id == version_id, SandboxCall.terms_mark == terms_mark)
        .order_by(SandboxCall.id.desc())
        .limit(MOST_CALLS)
    ).all()
    return newest[::-1]


def deletions_due(session: Session, version_id: int) -> Sequence[SandboxDeletion]:
    return session.scalars(
        select(SandboxDeletion)
        .where(SandboxDeletion.version_id == version_id, SandboxDeletion.done_at.is_(None))
        .order_by(SandboxDeletion.due_on, SandboxDeletion.id)
        .limit(MOST_LISTED)
    ).all()


def deletion_called(session: Session, version_id: int, reference: str) -> SandboxDeletion | None:
    return session.scalars(
        select(SandboxDeletion).where(SandboxDeletion.version_id == version_id, SandboxDeletion.reference == reference)
    ).one_or_none()


def frozen_report(session: Session, version_id: int) -> ContractReport | None:
    """Give the report that went along when a version was sent on its route; the last, where it was sent twice."""
    return session.scalars(
        select(ContractReport)
        .where(ContractReport.version_id == version_id)
        .order_by(ContractReport.id.desc())
        .limit(1)
    ).one_or_none()


def forget_old(session: Session, now: datetime) -> None:
    """Delete calls of a year ago: what they showed stands in the reports that were kept."""
    session.execute(delete(SandboxCall).where(SandboxCall.at < now - CALLS_KEPT))
