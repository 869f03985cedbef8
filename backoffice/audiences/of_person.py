"""Which notices went to one person, and why? For whoever is asked by that very person."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from backoffice.audiences.models import NoticeRun, Recipient, RunBody, RunPattern
from backoffice.programs.models import ProgramVersion


def notices_to(
    session: Session, registrant_id: int, most: int
) -> Sequence[Row[Recipient, NoticeRun, ProgramVersion, RunPattern, RunBody]]:
    """Give the newest notices to a person, each with its run, program, reasons and text."""
    return session.execute(
        select(Recipient, NoticeRun, ProgramVersion, RunPattern, RunBody)
        .join(NoticeRun, NoticeRun.id == Recipient.run_id)
        .join(ProgramVersion, ProgramVersion.id == NoticeRun.program_version_id)
        .join(RunPattern, RunPattern.id == Recipient.pattern_id)
        .join(RunBody, RunBody.id == Recipient.body_id)
        .where(Recipient.registrant_id == registrant_id)
        .order_by(Recipient.id.desc())
        .limit(most)
    ).all()
