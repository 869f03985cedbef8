"""Programs for tests that look at pages: a draft of the person's own department with all it may hold, and many more."""

from __future__ import annotations

from datetime import date

from backoffice.identity import Department, Staff
from backoffice.programs.models import Example, Program, ProgramVersion, Threshold, ThresholdValue
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
    if not made:
        return {"threshold_id": threshold.id}
    return {
        "program_id": made[0].program_id,
        "program_version_id": made[0].id,
        "example_id": made[0].examples[0].id,
        "threshold_id": threshold.id,
        "value_id": threshold.values[0].id,
    }


def add_program(work: Work, department: Department, person: Staff, number: int) -> ProgramVersion:
    program = Program(number=f"R8-制度-{number + 1:04d}", department_id=department.id, begun_at=work.now)
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
