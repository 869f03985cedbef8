"""Wordings of a program's notice for tests that look at pages: a draft after some that were approved."""

from __future__ import annotations

from backoffice.identity import Staff
from backoffice.notices.catalogue import every_wording
from backoffice.notices.models import NoticeAuthor, NoticeTemplate, NoticeVersion
from backoffice.notices.workflow import NoticeState
from backoffice.work import Work
from workflows.notices.template import written

APPROVED = 3


def add_notices(work: Work, program_id: int, person: Staff) -> dict[str, object]:
    """Add a draft that `person` writes on, with approved wordings before it."""
    template = NoticeTemplate(program_id=program_id, begun_at=work.now)
    work.session.add(template)
    work.session.flush()
    made = [
        NoticeVersion(
            template_id=template.id,
            number=number,
            state=NoticeState.APPROVED if number <= APPROVED else NoticeState.DRAFT,
            content=written(every_wording()["standard"]),
            drafted_by_id=person.id,
            drafted_at=work.now,
            decided_by_id=person.id if number <= APPROVED else None,
            decided_at=work.now if number <= APPROVED else None,
            returned_because="期限の書き方を直してください。" if number > APPROVED else "",
        )
        for number in range(1, APPROVED + 2)
    ]
    work.session.add_all(made)
    work.session.flush()
    work.session.add(NoticeAuthor(version_id=made[-1].id, staff_id=person.id))
    return {"notice_id": made[-1].id}
