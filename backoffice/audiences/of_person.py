"""Which notices went to one person, and why? For whoever is asked by that very person.

Also for the gateway: tables and nothing else of programs stand behind it (an import contract says so).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from backoffice.audiences.models import NoticeRun, Recipient, RunBody, RunPattern
from backoffice.audiences.workflow import REACHED, RecipientState
from backoffice.consents.models import Registrant
from backoffice.programs.models import ProgramVersion

TOLD_FOR = timedelta(days=366)
"""So long a notice is told again, at the help desk and at the portal; the whole is handed over on a request."""
MOST_TOLD = 100
LEFT = (*REACHED, RecipientState.FAILED)


@dataclass(frozen=True)
class Told:
    """A notice that was handed to a server for somebody, as they may hear of it."""

    reference: str
    run: str
    program: str
    kind: str
    state: str
    at: datetime
    why: Sequence[str]
    used: Sequence[str]
    is_veiled: bool
    """The notice itself does not tell its reason: others read the same telephone."""


def notices_to(
    session: Session, registrant_id: int, most: int, handed_since: datetime | None = None
) -> Sequence[Row[Recipient, NoticeRun, ProgramVersion, RunPattern, RunBody]]:
    """Give the newest notices to a person, each with its run, program, reasons and text.

    With `handed_since` those alone that left, not before it.
    """
    found = (
        select(Recipient, NoticeRun, ProgramVersion, RunPattern, RunBody)
        .join(NoticeRun, NoticeRun.id == Recipient.run_id)
        .join(ProgramVersion, ProgramVersion.id == NoticeRun.program_version_id)
        .join(RunPattern, RunPattern.id == Recipient.pattern_id)
        .join(RunBody, RunBody.id == Recipient.body_id)
        .where(Recipient.registrant_id == registrant_id)
        .order_by(Recipient.id.desc())
        .limit(most)
    )
    return session.execute(found if handed_since is None else found.where(Recipient.handed_at >= handed_since)).all()


def told_to(session: Session, registrant_id: int, now: datetime, language: str) -> Sequence[Told]:
    """Give what left for a person in the last year, with their reasons, in a language.

    Who was held back is no part of it: another's withdrawal or protection may have been why.
    """
    rows = notices_to(session, registrant_id, MOST_TOLD, now - TOLD_FOR)
    return [_told(*row, language) for row in rows if row[0].state in LEFT]


def registrant_with_reference(session: Session, reference: str) -> Registrant | None:
    """Give to whom the mail of this reference code went."""
    return session.scalars(
        select(Registrant)
        .join(Recipient, Recipient.registrant_id == Registrant.id)
        .where(Recipient.reference == reference)
    ).one_or_none()


def _told(
    recipient: Recipient, run: NoticeRun, version: ProgramVersion, pattern: RunPattern, _body: RunBody, language: str
) -> Told:
    sheet: Mapping[str, Any] = version.sheet["values"]
    reasons: Mapping[str, Sequence[str]] = pattern.reasons.get(language, {})
    return Told(
        reference=recipient.reference,
        run=run.number,
        program=str(sheet.get(f"name_{language}") or version.name),
        kind=recipient.kind,
        state=recipient.state,
        at=recipient.handed_at or run.send_from,
        why=reasons.get("why", ()),
        used=reasons.get("used", ()),
        is_veiled=sheet.get("body_class") != "open",
    )
