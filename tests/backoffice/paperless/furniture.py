"""A register of papers for tests that look at pages: the first row was changed once."""

from __future__ import annotations

from dataclasses import replace

from backoffice.identity import Department
from backoffice.paperless import service
from backoffice.paperless.service import Told
from backoffice.paperless.workflow import Area, PaperState
from backoffice.work import Work

NOBODY = 2_000_000_000


def told(work: Work, department: Department, **said) -> Told:
    """What somebody says of a paper that people still bring, unless the test says otherwise."""
    usual = {"area": Area.ELDERLY, "procedure": "架空の手続", "document": "架空の書類", "department_id": department.id}
    return Told(**{**usual, "link_id": None, "means": "", "state": PaperState.NEEDED, "since": work.today, **said})


def add_papers(work: Work, department: Department, link_id: object, rows: int) -> dict[str, object]:
    if not rows:
        return {"paper_id": NOBODY}
    linked = {"link_id": link_id, "state": PaperState.WAITING}
    said = [told(work, department, procedure=f"架空の手続{number}", **linked) for number in range(rows)]
    papers = [service.enter(work, each) for each in said]
    service.change(work, papers[0], papers[0].version, replace(said[0], state=PaperState.NEEDLESS))
    return {"paper_id": papers[0].id}
