"""Grants for tests: a form with a rent and the lease that proves it, its paper, and a clerk who reviews."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.collation import service
from backoffice.form_designs import service as form_service
from backoffice.form_designs.paper import draw
from backoffice.identity import Department, Role, Staff
from backoffice.records import queries as lists
from backoffice.records import service as records
from backoffice.records.models import Record, RecordFile
from backoffice.records.workflow import Source
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.intake.piles import office_with_a_form

LEASE = (
    Sketch("借主の名称", FieldType.TEXT, required=True),
    Sketch("月額の賃料", FieldType.YEN, required=True),
)
GRANT = (
    Sketch("法人名", FieldType.TEXT, required=True, max_length=40),
    Sketch("月額賃料", FieldType.YEN, required=True, maximum=5_000_000),
    Sketch("賃貸借の証明", FieldType.FILE),
)
NAME, RENT, PROOF = "a1", "a2", "a3"
APPLIED = {NAME: "株式会社架空ソフト", RENT: 300_000}


@dataclass(frozen=True)
class Grants:
    paper: object
    """As `piles.office_with_a_form` gives it: the department, its form on paper, who reads it."""
    design_id: int
    clerk: Staff
    department: Department


def office_with_grants(city, *, rule: bool = True, also: tuple[Sketch, Sketch] | None = None) -> Grants:
    """`also`: one more question of the form (a4) and of its paper (a3), which say the same."""
    asked, printed = ((*GRANT, also[0]), (*LEASE, also[1])) if also else (GRANT, LEASE)
    paper = office_with_a_form(city, printed, "賃貸借の証明書")
    clerk = city.person(Role.CLERK, department=paper.department)
    with city.unit(city.actor(clerk)) as work:
        draft = acts.add(FormDraft(title="立地交付金の申請"), asked)[0]
        design = form_service.begin(work, draft.title, "立地", paper.department.id, draft)
        drawn = draw(form_service.definition_to_draw(work, design))
        form_service.publish(work, design, design.version, "", drawn, confirmed=False)
        if rule:
            pairs = [(NAME, "a1"), (RENT, "a2"), *([("a4", "a3")] if also else [])]
            service.set_rule(work, design, PROOF, paper.form_code, pairs)
    return Grants(paper, design.id, clerk, paper.department)


def apply(city, grants: Grants, file: bytes = b"%PDF-1.7 lease", **written: object) -> Record:
    """An application with its lease; without one where `file` is empty."""
    with city.unit(city.actor(grants.clerk)) as work:
        design, definition = lists.find_form(work.session, work.actor, grants.design_id)
        proof = {PROOF: _bring(work, grants, file)} if file else {}
        return records.enter(work, design, definition, {**APPLIED, **written, **proof}, Source.SCREEN)


def replace_lease(city, grants: Grants, record: Record, file: bytes) -> None:
    with city.unit(city.actor(grants.clerk)) as work:
        now = lists.find_record(work.session, work.actor, record.id)
        _design, definition = lists.find_form(work.session, work.actor, grants.design_id)
        records.change(work, now, now.version, definition, {**now.values, PROOF: _bring(work, grants, file)})


def _bring(work, grants: Grants, file: bytes) -> str:
    row = RecordFile(
        design_id=grants.design_id,
        department_id=grants.department.id,
        key=PROOF,
        file=work.office.files.put(file, "application/pdf", work.now),
        name="lease.pdf",
        added_by_id=work.actor.staff_id,
        added_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return str(row.id)


def record_now(city, record_id: int) -> Record:
    with city.look() as work:
        return work.session.get_one(Record, record_id)
