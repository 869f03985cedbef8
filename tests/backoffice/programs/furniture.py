"""Programs for tests that look at pages: a draft of the person's own department with all it may hold, and many more."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from backoffice.identity import Department, Staff
from backoffice.programs import asking, protected_asking
from backoffice.programs.models import (
    Example,
    Inquiry,
    Program,
    ProgramVersion,
    ProtectedQuestion,
    Threshold,
    ThresholdValue,
)
from backoffice.programs.protected_workflow import QuestionState
from backoffice.programs.workflow import VersionState
from backoffice.work import Work
from tests.backoffice.programs.offices import SHEET
from workflows.rules.examples import Someone, written_someone
from workflows.rules.tree import Age, All, AnyOf, Compare, Counted, Not, OneOf, Op, ParameterRef
from workflows.rules.writing import written

RULE = All(
    (
        OneOf("sex", ("female",)),
        AnyOf((Age("birth_date", Counted.FISCAL_YEAR_END, 40, 74), Age("birth_date", Counted.BIRTHDAY, 70, None))),
        Not(OneOf("ward", ("higashi", "nishi"))),
        Compare("household_income", Op.AT_MOST, ParameterRef("income-limit")),
    )
)


def add_programs(work: Work, department: Department, person: Staff, programs: int) -> dict[str, object]:
    """Add so many programs; the first is a draft with a rule in which something was found, others are in force."""
    threshold = Threshold(
        code="income-limit",
        name_ja="所得限度額",
        name_en="income limit",
        unit="円",
        is_table=False,
        department_id=department.id,
        values=[
            ThresholdValue(
                starts=date(2026, 4, 1),
                content={"schema": 1, "value": 2_000_000},
                legal_reference="要綱第3条",
                entered_by_id=None,
            )
        ],
    )
    work.session.add(threshold)
    made = [add_program(work, department, person, number) for number in range(programs)]
    work.session.flush()
    add_questions(work, made, person)
    if not made:
        return {"threshold_id": threshold.id}
    return {
        "program_id": made[0].program_id,
        "program_version_id": made[0].id,
        "example_id": made[0].examples[0].id,
        "threshold_id": threshold.id,
        "value_id": threshold.values[0].id,
    }


def add_questions(work: Work, versions: list[ProgramVersion], person: Staff, about: str = "shizuka") -> None:
    """For each program an inquiry about a resident, and a question of the 支援措置 desk, in each state in turn."""
    cipher = work.office.cipher
    colleague = work.session.scalars(select(Staff).where(Staff.id != person.id).order_by(Staff.id).limit(1)).first()
    for number, version in enumerate(versions):
        pseudonym = f"{about}-{number:04d}"
        work.session.add(
            Inquiry(
                program_id=version.program_id,
                version_id=version.id,
                staff_id=person.id,
                day=work.office.services.today(),
                asked_at=work.now,
                mark=asking.mark_of(cipher, pseudonym),
                sealed_pseudonym=cipher.seal(pseudonym.encode(), asking.PSEUDONYM),
                sealed_reason=cipher.seal("申出 R8-50".encode(), asking.REASON),
            )
        )
        state = list(QuestionState)[number % len(QuestionState)]
        asker = person if number % 8 < len(QuestionState) or colleague is None else colleague
        work.session.add(
            ProtectedQuestion(
                program_id=version.program_id,
                mark=cipher.mark(pseudonym, protected_asking.PSEUDONYM),
                sealed_pseudonym=cipher.seal(pseudonym.encode(), protected_asking.PSEUDONYM),
                sealed_reason=cipher.seal("申出 R8-31".encode(), protected_asking.REASON),
                state=state,
                asked_at=work.now,
                asked_by_id=asker.id,
                decided_at=None if state is QuestionState.ASKED else work.now,
                decided_by_id=None if state is QuestionState.ASKED or colleague is None else colleague.id,
                sealed_declining_reason=cipher.seal("申出の取下げ R8-32".encode(), protected_asking.REASON)
                if state is QuestionState.DECLINED
                else None,
            )
        )
    work.session.flush()


def add_program(work: Work, department: Department, person: Staff, number: int) -> ProgramVersion:
    program = Program(number=f"R8-見本-{number + 1:04d}", department_id=department.id, begun_at=work.now)
    work.session.add(program)
    work.session.flush()
    name = f"乳がん検診 {number}"
    draft = number == 0
    version = ProgramVersion(
        program_id=program.id,
        number=1,
        state=VersionState.DRAFT if draft else VersionState.APPROVED,
        name=name,
        sheet={"schema": 1, "values": {**SHEET, "name_ja": name}},
        rule=written(RULE),
        drafted_by_id=person.id,
        drafted_at=work.now,
        effective_from=None if draft else date(2026, 4, 1),
        examples=[
            Example(
                title="基本の例",
                verdict="eligible",
                as_of=date(2026, 11, 27),
                facts=written_someone(Someone({"sex": "female", "birth_date": date(1980, 1, 1), "ward": "chuo"})),
            )
        ]
        if draft
        else [],
    )
    work.session.add(version)
    work.session.flush()
    return version
