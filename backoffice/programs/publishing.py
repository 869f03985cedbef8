"""Which programs go out today, each with its owner from the city down? Only what is in force and still to be had."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from backoffice.errors import NotThere
from backoffice.identity import Department
from backoffice.programs import queries
from backoffice.programs.models import ProgramVersion
from backoffice.programs.public_part import Organisation, PublicProgram, is_open_to_applicants, public_part
from backoffice.work import Work
from workflows.rules.facts import CITY_FACTS
from workflows.rules.sentences import Names


def published(work: Work) -> list[PublicProgram]:
    """Give the public part of every program in force today, by number."""
    today = work.today
    held = queries.all_in_force(work.session, today)
    departments = _departments_above(work, held)
    names = _public_names(work, held)
    parts = [public_part(each, _owner(departments, each), names) for each in held]
    return [part for part in parts if is_open_to_applicants(part, today)]


def published_program(work: Work, number: str) -> PublicProgram:
    """Give the public part of one program. Raises NotThere, for drafts and for what is over as for what never was."""
    found = next((each for each in published(work) if each.number == number), None)
    if found is None:
        raise NotThere("お探しの制度はありません。")
    return found


def _public_names(work: Work, held: Sequence[ProgramVersion]) -> Names:
    """Call programs by what they are called in force: the name in a draft is not out yet."""
    called = {version.program.number: version.name for version in held}
    return Names(CITY_FACTS, queries.parameters(work.session), called)


def _departments_above(work: Work, held: Sequence[ProgramVersion]) -> Mapping[int, Department]:
    ids = {each for version in held for each in _ids_of(version.program.department.path)}
    rows = work.session.scalars(select(Department).where(Department.id.in_(ids)))
    return {department.id: department for department in rows}


def _owner(departments: Mapping[int, Department], version: ProgramVersion) -> list[Organisation]:
    above = [departments[each] for each in _ids_of(version.program.department.path)]
    return [Organisation(each.id, each.name) for each in above]


def _ids_of(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]
