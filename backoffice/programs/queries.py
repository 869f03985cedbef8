"""Which programs are there, what do their versions say, and which thresholds may their rules name?"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, defer, joinedload, selectinload

from backoffice.db.lookup import one_or_not_there
from backoffice.errors import NotThere
from backoffice.identity import Staff
from backoffice.programs.models import (
    Inquiry,
    Program,
    ProgramAuthor,
    ProgramVersion,
    Reconfirmation,
    RuleStep,
    Threshold,
    ThresholdValue,
)
from backoffice.programs.workflow import VersionState
from backoffice.web.lists import PAGE_SIZE
from workflows.rules.parameters import DatedRows, DatedValue, LookupTable, Parameter, Parameters

ROUTED = (VersionState.DRAFT, VersionState.SUBMITTED)


_OTHER = aliased(ProgramVersion)
_NEWEST = ProgramVersion.number == (
    select(func.max(_OTHER.number))
    .where(_OTHER.program_id == ProgramVersion.program_id, _OTHER.state != VersionState.DISCARDED)
    .scalar_subquery()
)
"""The condition that a version is the newest of its program that was not thrown away."""


def _holds_on(day: date) -> ColumnElement[bool]:
    """The condition that a version is the one of its program that holds on a day."""
    later = (_OTHER.effective_from > ProgramVersion.effective_from) | (
        (_OTHER.effective_from == ProgramVersion.effective_from) & (_OTHER.number > ProgramVersion.number)
    )
    return and_(
        ProgramVersion.state == VersionState.APPROVED,
        ProgramVersion.effective_from <= day,
        ~exists().where(
            _OTHER.program_id == ProgramVersion.program_id,
            _OTHER.state == VersionState.APPROVED,
            _OTHER.effective_from <= day,
            later,
        ),
    )


def _listed(keyword: str, state: str) -> Select[ProgramVersion]:
    statement = select(ProgramVersion).join(ProgramVersion.program).where(_NEWEST, _called(keyword))
    return statement.where(ProgramVersion.state == state) if state else statement


def count_programs(session: Session, keyword: str, state: str) -> int:
    return session.scalar(select(func.count()).select_from(_listed(keyword, state).subquery())) or 0


def list_programs(session: Session, keyword: str, state: str, offset: int) -> Sequence[ProgramVersion]:
    """Give the newest version of each program with its department, a page of them."""
    return session.scalars(
        _listed(keyword, state)
        .options(
            defer(ProgramVersion.sheet, raiseload=True),
            defer(ProgramVersion.rule, raiseload=True),
            joinedload(ProgramVersion.program).joinedload(Program.department),
        )
        .order_by(Program.number)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def find_program(session: Session, program_id: int) -> Program:
    return one_or_not_there(
        session,
        select(Program)
        .where(Program.id == program_id)
        .options(joinedload(Program.department), joinedload(Program.predecessor)),
    )


def find_version(session: Session, version_id: int) -> ProgramVersion:
    """Give a version with its program, department and whoever drafted it. Raises NotThere."""
    return one_or_not_there(
        session,
        select(ProgramVersion)
        .where(ProgramVersion.id == version_id)
        .options(
            joinedload(ProgramVersion.program).joinedload(Program.department),
            joinedload(ProgramVersion.program).joinedload(Program.predecessor),
            joinedload(ProgramVersion.drafted_by),
            selectinload(ProgramVersion.examples),
        ),
    )


def versions_of(session: Session, program_id: int) -> Sequence[ProgramVersion]:
    """Give all versions of a program, the newest first."""
    return session.scalars(
        select(ProgramVersion)
        .where(ProgramVersion.program_id == program_id)
        .options(defer(ProgramVersion.sheet, raiseload=True), joinedload(ProgramVersion.drafted_by))
        .order_by(ProgramVersion.number.desc())
    ).all()


def in_force(session: Session, program_id: int, day: date) -> ProgramVersion | None:
    """Give the version of a program that holds on a day: of those approved whose day has come, the newest."""
    return session.scalars(
        select(ProgramVersion).where(ProgramVersion.program_id == program_id, _holds_on(day))
    ).one_or_none()


def all_in_force(session: Session, day: date) -> Sequence[ProgramVersion]:
    """Give for every program, by number, the version that holds on a day, with program and department."""
    return session.scalars(_all_in_force(day)).all()


def names_in_force(session: Session, day: date) -> Sequence[tuple[int, str, str]]:
    """Give id, number and name of every program in force, by number: to choose from, without what they say."""
    rows = session.execute(
        select(Program.id, Program.number, ProgramVersion.name)
        .join(ProgramVersion.program)
        .where(_holds_on(day))
        .order_by(Program.number)
    )
    return [(row.id, row.number, row.name) for row in rows]


def in_force_on_page(
    session: Session, day: date, keyword: str, offset: int, *where: ColumnElement[bool]
) -> Sequence[ProgramVersion]:
    """Give a page of what `all_in_force` gives, of those that meet `where`."""
    wanted = _all_in_force(day).where(_called(keyword), *where)
    return session.scalars(wanted.limit(PAGE_SIZE).offset(offset)).all()


def count_in_force(session: Session, day: date, keyword: str, *where: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(ProgramVersion).join(ProgramVersion.program)
    return session.scalar(counted.where(_holds_on(day), _called(keyword), *where)) or 0


def _all_in_force(day: date) -> Select[ProgramVersion]:
    return (
        select(ProgramVersion)
        .join(ProgramVersion.program)
        .where(_holds_on(day))
        .options(contains_eager(ProgramVersion.program).joinedload(Program.department))
        .options(contains_eager(ProgramVersion.program).joinedload(Program.predecessor))
        .order_by(Program.number)
    )


def _called(keyword: str) -> ColumnElement[bool]:
    """The condition that a program's name or number holds a keyword, if there is one."""
    if not keyword:
        return true()
    return ProgramVersion.name.contains(keyword, autoescape=True) | Program.number.contains(keyword, autoescape=True)


def version_of_case(session: Session, case_id: int) -> ProgramVersion | None:
    return session.scalars(select(ProgramVersion).where(ProgramVersion.case_id == case_id)).one_or_none()


def authors_of(session: Session, version_id: int) -> Sequence[int]:
    """Give everybody who has written on a version."""
    return session.scalars(select(ProgramAuthor.staff_id).where(ProgramAuthor.version_id == version_id)).all()


def last_number(session: Session, program_id: int) -> int:
    return session.scalar(select(func.max(ProgramVersion.number)).where(ProgramVersion.program_id == program_id)) or 0


def rule_steps(session: Session, version_id: int) -> Sequence[int]:
    """Give the places of the steps that a rule can go back or forward to."""
    return session.scalars(
        select(RuleStep.place).where(RuleStep.version_id == version_id).order_by(RuleStep.place)
    ).all()


def program_names(session: Session, numbers: Collection[str] | None = None) -> Mapping[str, str]:
    """Give number and newest name of every program, or of some, for rules that ask about earlier grants."""
    wanted = select(Program.number, ProgramVersion.name).join(ProgramVersion.program).where(_NEWEST)
    if numbers is not None:
        wanted = wanted.where(Program.number.in_(numbers))
    return {row.number: row.name for row in session.execute(wanted)}


def list_thresholds(session: Session) -> Sequence[Threshold]:
    return session.scalars(
        select(Threshold)
        .options(selectinload(Threshold.values), joinedload(Threshold.department))
        .order_by(Threshold.code)
    ).all()


def find_threshold(session: Session, threshold_id: int) -> Threshold:
    return one_or_not_there(
        session,
        select(Threshold)
        .where(Threshold.id == threshold_id)
        .options(selectinload(Threshold.values), joinedload(Threshold.department)),
    )


def parameters_of(thresholds: Sequence[Threshold]) -> Parameters:
    """Give what rules may name, from thresholds with their values."""
    return Parameters(
        {each.code: _parameter(each) for each in thresholds if not each.is_table},
        {each.code: _table(each) for each in thresholds if each.is_table},
    )


def parameters(session: Session) -> Parameters:
    return parameters_of(list_thresholds(session))


def reconfirmations(session: Session, fiscal_year: int, programs: Collection[int]) -> Sequence[Reconfirmation]:
    return session.scalars(
        select(Reconfirmation)
        .where(Reconfirmation.fiscal_year == fiscal_year, Reconfirmation.program_id.in_(programs))
        .options(joinedload(Reconfirmation.confirmed_by))
    ).all()


def _parameter(threshold: Threshold) -> Parameter:
    values = tuple(
        DatedValue(each.starts, each.ends, each.content["value"], each.legal_reference, _who(each))
        for each in threshold.values
    )
    return Parameter(threshold.code, threshold.name_ja, threshold.name_en, threshold.unit, values)


def _table(threshold: Threshold) -> LookupTable:
    versions = tuple(
        DatedRows(
            each.starts,
            each.ends,
            tuple((int(key), int(bound)) for key, bound in each.content["rows"]),
            each.legal_reference,
            _who(each),
        )
        for each in threshold.values
    )
    return LookupTable(threshold.code, threshold.name_ja, threshold.name_en, threshold.unit, versions)


def _who(value: ThresholdValue) -> str:
    return "" if value.confirmed_by_id is None else str(value.confirmed_by_id)


def count_inquiries(session: Session, mark: str = "") -> int:
    wanted = select(func.count()).select_from(Inquiry)
    return session.scalar(wanted.where(Inquiry.mark == mark) if mark else wanted) or 0


def list_inquiries(session: Session, offset: int, mark: str = "") -> Sequence[Inquiry]:
    """Give a page of who asked why, the newest first; or of those only that were about the resident with `mark`."""
    wanted = select(Inquiry).where(Inquiry.mark == mark) if mark else select(Inquiry)
    return session.scalars(
        wanted.options(
            joinedload(Inquiry.staff),
            joinedload(Inquiry.version).defer(ProgramVersion.sheet, raiseload=True),
            joinedload(Inquiry.version).defer(ProgramVersion.rule, raiseload=True),
            joinedload(Inquiry.version).joinedload(ProgramVersion.program),
        )
        .order_by(Inquiry.id.desc())
        .offset(offset)
        .limit(PAGE_SIZE)
    ).all()


def lock_program(session: Session, program_id: int) -> None:
    """Let whoever else locks this program wait until the unit is over."""
    session.scalars(select(Program.id).where(Program.id == program_id).with_for_update()).one()


def lock_person(session: Session, staff_id: int) -> None:
    """Let whatever else the same person does that locks them wait until the unit is over."""
    session.scalars(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True)).one()


def version_in_force_by_number(session: Session, number: str, day: date) -> ProgramVersion:
    """Give the version of a program that holds on a day, by the program's number. Raises NotThere."""
    program = one_or_not_there(session, select(Program).where(Program.number == number))
    version = in_force(session, program.id, day)
    if version is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return version
