"""What is done with programs: begun, written, carried on into the next year, sent on their route, approved."""

from collections.abc import Mapping

from sqlalchemy import select

from backoffice.db.numbering import next_number
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Department, Permission, Staff
from backoffice.inbox import opening
from backoffice.inbox.events import CaseEnded
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case
from backoffice.inbox.moving import involve_all
from backoffice.programs import queries
from backoffice.programs.checking import look, must_be_whole, names_for
from backoffice.programs.events import (
    ProgramApproved,
    ProgramBegun,
    ProgramCloned,
    ProgramDiscarded,
    ProgramDrafted,
    ProgramReturned,
    ProgramSubmitted,
    SheetWritten,
)
from backoffice.programs.models import Example, Program, ProgramAuthor, ProgramVersion
from backoffice.programs.sheets import empty_sheet, matter_of, next_year_of, renumbered, rule_kept, values_of
from backoffice.programs.workflow import VersionState
from backoffice.web.translations import _
from backoffice.work import Work
from forms.field_types import Value
from workflows.routes import RouteKind
from workflows.rules.sentences import NAME_MARKS

SUBJECT = "program_version"
"""What a case calls the version that it carries."""
NAME_LIMIT = 100
SERIES = "制度"


def begin_program(work: Work, name: str) -> ProgramVersion:
    """Begin a program in the actor's own department with a draft of its first version. Raises Invalid, NotPermitted."""
    department = _own_department(work)
    return _begin(work, department, None, {**empty_sheet(), "name_ja": _name_given(name)}, None)


def carry_on(work: Work, version: ProgramVersion) -> ProgramVersion:
    """Begin the program of the next fiscal year from one of this year: sheet, rule and examples are copied.

    Dates move on by a year; the turn of the year asks for each threshold, address and telephone anew. Raises
    NotPermitted for whoever may not write for its department.
    """
    program = version.program
    _must_reach(work, program, Permission.PROGRAM_WORDING)
    queries.lock_program(work.session, program.id)
    if work.session.scalars(select(Program.id).where(Program.predecessor_id == program.id).limit(1)).first():
        raise Overtaken(_("この制度は、もう次の年度に引き継がれています。"))
    draft = _begin(work, program.department, program, next_year_of(values_of(version)), version)
    begun = queries.find_version(work.session, draft.id)
    # Who has been granted "this program" means the new number from now on.
    begun.rule = renumbered(begun.rule, program.number, begun.program.number)
    for example in begun.examples:
        example.facts = renumbered(example.facts, program.number, begun.program.number)
    work.record(ProgramCloned(draft.program_id, program.id))
    return draft


def draft_from(work: Work, version: ProgramVersion) -> ProgramVersion:
    """Begin the next version of the same program from one of its versions. Raises NotPermitted, Overtaken.

    There is one draft or running version of a program at a time, so that two people never approve past each other.
    """
    program = version.program
    _must_reach(work, program, Permission.PROGRAM_WORDING)
    queries.lock_program(work.session, program.id)
    open_one = select(ProgramVersion.id).where(
        ProgramVersion.program_id == program.id, ProgramVersion.state.in_(queries.ROUTED)
    )
    if work.session.scalars(open_one.limit(1)).one_or_none() is not None:
        raise Overtaken(_("この制度には、もう下書きか回議中の版があります。そちらを直してください。"))
    draft = _draft(work, program, values_of(version), version)
    work.record(ProgramDrafted(program.id, draft.id, version.id))
    return draft


def write_sheet(work: Work, version: ProgramVersion, seen: int, values: Mapping[str, Value]) -> None:
    """Keep a sheet, whole or not. Raises Overtaken, NotPermitted, Invalid for one without a name."""
    must_be_writable(work, version, Permission.PROGRAM_WORDING, seen)
    version.name = _name_given(str(values.get("name_ja") or ""))
    version.sheet = {"schema": 1, "values": dict(values)}
    work.record(SheetWritten(version.id))
    written_on(work, version)


def discard(work: Work, version: ProgramVersion, seen: int) -> None:
    """Throw a draft away; its number stays used."""
    _must_reach(work, version.program, Permission.PROGRAM_WORDING)
    _must_be_as_seen(work, version, seen)
    if version.state != VersionState.DRAFT:
        raise Overtaken(_("この版はもう下書きではありません。"))
    version.state = VersionState.DISCARDED
    work.record(ProgramDiscarded(version.id))


def submit(work: Work, version: ProgramVersion, seen: int) -> Case:
    """Send a draft on the route for programs. Raises Invalid, saying what is not whole, Overtaken, NotPermitted."""
    _must_reach(work, version.program, Permission.PROGRAM_WORDING)
    _must_be_as_seen(work, version, seen)
    if version.state != VersionState.DRAFT:
        raise Overtaken(_("この版はもう下書きではありません。"))
    names = must_be_whole(work, version)
    kind = KINDS[RouteKind.PROGRAM_REGISTRATION]
    case = opening.draft(work, kind, matter_of(version, names, kind, (SUBJECT, version.id)))
    # Whoever had a hand in it drafted it, whoever presses the button: no author decides on their own words.
    involve_all(work, case, queries.authors_of(work.session, version.id), "drafter")
    opening.begin(work, case, 1)
    version.state, version.case_id = VersionState.SUBMITTED, case.id
    work.record(ProgramSubmitted(version.id, case.id))
    return case


def settle(work: Work, ended: CaseEnded) -> None:
    """Let the end of a case take effect on the version that it carried: in force, or a draft once more."""
    if ended.case_kind != RouteKind.PROGRAM_REGISTRATION:
        return
    version = queries.version_of_case(work.session, ended.case_id)
    if version is None or version.state != VersionState.SUBMITTED:
        return
    # What was mended on the way may have become no whole program any more: that never comes into force.
    if ended.outcome == "approved" and look(work, queries.find_version(work.session, version.id)).is_whole:
        today = work.today
        version.state, version.approved_at, version.effective_from = VersionState.APPROVED, work.now, today
        work.record(ProgramApproved(version.id, ended.case_id))
        return
    version.state, version.case_id = VersionState.DRAFT, None
    work.record(ProgramReturned(version.id, ended.case_id))


def written_on(work: Work, version: ProgramVersion) -> None:
    """Do what follows from any change of a version: remember whose hand it was, let its case say what it says now."""
    authors = queries.authors_of(work.session, version.id)
    if work.actor.staff_id is not None and work.actor.staff_id not in authors:
        work.session.add(ProgramAuthor(version_id=version.id, staff_id=work.actor.staff_id))
    _tell_case(work, version)


def _tell_case(work: Work, version: ProgramVersion) -> None:
    """Let the case of a version that is being mended say what the version says now: approvers decide on that."""
    if version.state != VersionState.SUBMITTED or version.case_id is None:
        return
    case = work.session.get(Case, version.case_id)
    if case is not None:
        matter = matter_of(version, names_for(work, rule_kept(version)), KINDS[case.kind], (SUBJECT, version.id))
        opening.mend(work, case, matter)


def may_write(work: Work, version: ProgramVersion, permission: Permission) -> bool:
    """Say whether the actor may write on a version now: a draft, or one that was sent back to them to mend."""
    if not work.actor.reaches(permission, version.program.department.path):
        return False
    if version.state == VersionState.DRAFT:
        return True
    if version.state != VersionState.SUBMITTED or version.case_id is None:
        return False
    case = work.session.get(Case, version.case_id)
    if case is None:
        return False
    work.session.refresh(case, ["route_version"])
    return opening.may_mend(work, case)


def must_be_writable(work: Work, version: ProgramVersion, permission: Permission, seen: int) -> None:
    """Raise NotPermitted or Overtaken where the actor may not write on a version, or has seen an older state of it."""
    _must_reach(work, version.program, permission)
    _must_be_as_seen(work, version, seen)
    if not may_write(work, version, permission):
        raise Overtaken(_("この版は今は直せません。下書きか、差し戻された版だけを直せます。"))


def _begin(
    work: Work,
    department: Department,
    predecessor: Program | None,
    values: Mapping[str, Value],
    copied: ProgramVersion | None,
) -> ProgramVersion:
    program = Program(
        number=next_number(work.session, SERIES, work.office.services.today()),
        department_id=department.id,
        predecessor_id=None if predecessor is None else predecessor.id,
        begun_at=work.now,
    )
    work.session.add(program)
    work.session.flush()
    draft = _draft(work, program, values, copied)
    work.record(ProgramBegun(program.id, draft.id))
    return draft


def _draft(work: Work, program: Program, values: Mapping[str, Value], copied: ProgramVersion | None) -> ProgramVersion:
    draft = ProgramVersion(
        program_id=program.id,
        number=queries.last_number(work.session, program.id) + 1,
        state=VersionState.DRAFT,
        name=str(values["name_ja"]),
        sheet={"schema": 1, "values": dict(values)},
        rule=None if copied is None else copied.rule,
        drafted_by_id=work.actor.staff_id,
        drafted_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    written_on(work, draft)
    for example in () if copied is None else copied.examples:
        kept = Example(
            version_id=draft.id,
            title=example.title,
            verdict=example.verdict,
            as_of=example.as_of,
            facts=example.facts,
        )
        work.session.add(kept)
    return draft


def _own_department(work: Work) -> Department:
    if work.actor.staff_id is None or work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は制度を起こせません。"))
    return work.session.scalars(select(Department).where(Department.id == work.actor.department_id)).one()


def _name_given(name: str) -> str:
    name = " ".join(name.split())
    if any(mark in name for mark in NAME_MARKS):
        raise Invalid(
            _("入力を確認してください"),
            {"name_ja": _("名前に「〈」「〉」は使えません。ルールの文で名前を囲む印です。")},
        )
    if not name or len(name) > NAME_LIMIT:
        raise Invalid(_("入力を確認してください"), {"name_ja": _("制度の名称を100文字までで入れてください。")})
    return name


def _must_reach(work: Work, program: Program, permission: Permission) -> None:
    if not work.actor.reaches(permission, program.department.path):
        raise NotPermitted(_("この制度を直せるのは、所管する部署の担当者だけです。"))


def _must_be_as_seen(work: Work, version: ProgramVersion, seen: int) -> None:
    if seen == version.version:
        return
    name = work.session.scalar(select(Staff.name).where(Staff.id == version.changed_by_id))
    if name is None:
        raise Overtaken(_("この版はもう変わっています。最新の内容を確認してください。"))
    raise Overtaken(_("%(name)sさんがこの版を先に変更しました。最新の内容を確認してください。"), name=name)
