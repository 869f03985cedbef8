"""What is done with the shipped programs: taken in as drafts of the departments that own them, nothing approved."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from backoffice.db.numbering import next_number
from backoffice.errors import Invalid
from backoffice.identity import Department
from backoffice.programs import catalogue
from backoffice.programs.catalogue import ShippedProgram, ShippedThreshold
from backoffice.programs.events import ProgramBegun, ThresholdEntered
from backoffice.programs.models import Example, Program, ProgramVersion, Threshold, ThresholdValue
from backoffice.programs.service import SERIES
from backoffice.programs.sheets import empty_sheet
from backoffice.programs.workflow import VersionState
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.rules.writing import written

DEPARTMENTS: Mapping[str, str] = {
    "gakuji": "学事課",
    "kodomo": "こども家庭課",
    "boshi": "こども健やか課",
    "koreisha": "高齢福祉課",
    "shogai": "障がい福祉課",
    "kenko": "健康増進課",
    "sesshu": "予防接種課",
    "hoken": "保険年金課",
    "kankyo": "収集管理課",
    "jutaku": "住宅管理課",
}
"""The code that a shipped program carries → what the department is called."""


def take_in_shipped(work: Work, otherwise: Department | None = None) -> int:
    """Begin the shipped programs that are not here yet, each as a draft of its department, and give how many.

    A program whose department the city does not have goes to `otherwise`; without it, it is left out. Thresholds come
    with their value, which nobody has confirmed. Raises Invalid where the city calls another threshold the same.
    """
    taken = 0
    for shipped, department in _waiting(work, otherwise):
        if department is None:
            continue
        for threshold in shipped.thresholds:
            _enter(work, threshold, department)
        _begin(work, shipped, department)
        taken += 1
    return taken


def left_out(work: Work) -> Sequence[ShippedProgram]:
    """Give the shipped programs that are not here yet since the city does not have their department."""
    return [shipped for shipped, department in _waiting(work, None) if department is None]


def number_of(work: Work, code: str) -> str | None:
    """Give the number of the program that was taken in from a working definition."""
    return work.session.scalar(select(Program.number).where(Program.shipped_as == code))


def _waiting(work: Work, otherwise: Department | None) -> list[tuple[ShippedProgram, Department | None]]:
    known = set(work.session.scalars(select(Program.shipped_as).where(Program.shipped_as.is_not(None))))
    named = select(Department).where(Department.name.in_(DEPARTMENTS.values()), Department.closed.is_(False))
    departments = {each.name: each for each in work.session.scalars(named.order_by(Department.id.desc()))}
    return [
        (shipped, departments.get(DEPARTMENTS[shipped.department], otherwise))
        for shipped in catalogue.every_program()
        if shipped.code not in known
    ]


def _enter(work: Work, shipped: ShippedThreshold, department: Department) -> None:
    """Enter a threshold where there is none of its code; what a city has entered itself stays."""
    same_name = or_(Threshold.name_ja == shipped.name_ja, Threshold.name_en == shipped.name_en)
    there = work.session.scalars(select(Threshold.code).where((Threshold.code == shipped.code) | same_name)).all()
    if shipped.code in there:
        return
    if there:
        raise Invalid(_("「%(name)s」という基準額が、別の符号でもうあります。"), name=shipped.name_ja)
    threshold = Threshold(
        code=shipped.code,
        name_ja=shipped.name_ja,
        name_en=shipped.name_en,
        unit=shipped.unit,
        is_table=shipped.is_table,
        department_id=department.id,
    )
    work.session.add(threshold)
    work.session.flush()
    value = ThresholdValue(
        threshold_id=threshold.id,
        starts=shipped.starts,
        ends=shipped.ends,
        content=dict(shipped.content),
        legal_reference=shipped.legal_reference,
    )
    work.session.add(value)
    work.session.flush()
    work.record(ThresholdEntered(threshold.id, value.id))


def _begin(work: Work, shipped: ShippedProgram, department: Department) -> None:
    program = Program(
        number=next_number(work.session, SERIES, work.office.services.today()),
        department_id=department.id,
        begun_at=work.now,
        shipped_as=shipped.code,
    )
    work.session.add(program)
    work.session.flush()
    draft = ProgramVersion(
        program_id=program.id,
        number=1,
        state=VersionState.DRAFT,
        name=shipped.name,
        sheet={"schema": 1, "values": {**empty_sheet(), **shipped.sheet}},
        rule=written(shipped.rule_for(program.number)),
        drafted_by_id=work.actor.staff_id,
        drafted_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    for example in shipped.examples:
        facts = dict(shipped.facts_for(program.number, example))
        kept = Example(
            version_id=draft.id, title=example.title, verdict=example.verdict, as_of=example.as_of, facts=facts
        )
        work.session.add(kept)
    work.record(ProgramBegun(program.id, draft.id))
