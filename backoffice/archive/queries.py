"""Which paper is kept, which may go, and what went? Found by number, reference, form and day; never by what it says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from backoffice.archive.models import ARCHIVED, MAY_EXPIRE, ArchivedSheet, Disposal, RetentionRule
from backoffice.archive.workflow import ArchiveState, DisposalState, is_due
from backoffice.db import tallies
from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.db.numbering import APRIL
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Department, Permission, within
from backoffice.inbox.models import Case
from backoffice.intake.models import PaperFile, Sheet, SheetPage
from backoffice.intake.workflow import SheetState
from backoffice.rights.models import RightsRequest
from backoffice.rights.workflow import RightsKind, RightsOutcome
from backoffice.services import TOKYO
from backoffice.verification.models import FieldSample
from backoffice.web.lists import PAGE_SIZE

RECORD = "record"
"""What a case calls the record that it is about."""


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. `number` is a sheet's or a case's number, or the reference printed on a copy."""

    number: str = ""
    form: str = ""
    department_id: int | None = None
    settled_from: date | None = None
    settled_to: date | None = None
    state: str = ""

    @property
    def narrows(self) -> bool:
        """Say whether more is asked than the tallies know."""
        return bool(self.number or self.form or self.department_id or self.settled_from or self.settled_to)


def visible(actor: Actor, permission: Permission = Permission.ARCHIVE_READ) -> Select[ArchivedSheet]:
    return select(ArchivedSheet).where(within(actor, permission, ArchivedSheet.department_id))


def count_by_state(session: Session, actor: Actor) -> dict[ArchiveState, int]:
    counted = tallies.amounts(session, ARCHIVED, within(actor, Permission.ARCHIVE_READ, Tally.department_id))
    return {ArchiveState(state): count for (_, state), count in counted.items()}


def count_found(session: Session, actor: Actor, wanted: Wanted) -> int:
    """Count what was found by more than its state; without that `count_by_state` knows."""
    return session.scalar(select(func.count()).select_from(_found(actor, wanted).subquery())) or 0


def list_found(session: Session, actor: Actor, wanted: Wanted, offset: int) -> Sequence[ArchivedSheet]:
    return session.scalars(
        _found(actor, wanted)
        .options(
            contains_eager(ArchivedSheet.sheet), joinedload(ArchivedSheet.department), joinedload(ArchivedSheet.rule)
        )
        .order_by(ArchivedSheet.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def _found(actor: Actor, wanted: Wanted) -> Select[ArchivedSheet]:
    """The names of files are not looked through: people write residents' names there."""
    statement = visible(actor).join(Sheet, Sheet.id == ArchivedSheet.sheet_id)
    if wanted.number:
        of_case = select(Case.subject_id).where(Case.number == wanted.number, Case.subject_kind == RECORD)
        named = or_(
            Sheet.number.startswith(wanted.number, autoescape=True),
            Sheet.serial == wanted.number,
            Sheet.record_id.in_(of_case),
        )
        statement = statement.where(named)
    if wanted.form:
        statement = statement.where(Sheet.form_code == wanted.form)
    if wanted.department_id is not None:
        statement = statement.where(ArchivedSheet.department_id == wanted.department_id)
    if wanted.settled_from:
        statement = statement.where(ArchivedSheet.settled_on >= wanted.settled_from)
    if wanted.settled_to:
        statement = statement.where(ArchivedSheet.settled_on <= wanted.settled_to)
    return statement.where(ArchivedSheet.state == wanted.state) if wanted.state else statement


def departments(session: Session, actor: Actor) -> Sequence[Department]:
    """Give the departments that keep paper the actor may see."""
    keeping = select(RetentionRule.department_id)
    may = within(actor, Permission.ARCHIVE_READ, Department.id)
    return session.scalars(select(Department).where(may, Department.id.in_(keeping)).order_by(Department.id)).all()


def find(
    session: Session, actor: Actor, archived_id: int, permission: Permission = Permission.ARCHIVE_READ
) -> ArchivedSheet:
    """Give one sheet that is kept. Raises NotThere, also for another department's."""
    return one_or_not_there(
        session,
        visible(actor, permission)
        .where(ArchivedSheet.id == archived_id)
        .options(
            joinedload(ArchivedSheet.sheet),
            joinedload(ArchivedSheet.department),
            joinedload(ArchivedSheet.rule),
            joinedload(ArchivedSheet.file),
            joinedload(ArchivedSheet.held_by),
            joinedload(ArchivedSheet.disposal),
        ),
    )


def archived_of(session: Session, sheet_id: int) -> ArchivedSheet | None:
    return session.scalars(
        select(ArchivedSheet)
        .where(ArchivedSheet.sheet_id == sheet_id)
        .options(joinedload(ArchivedSheet.file))
        .with_for_update(of=ArchivedSheet)
    ).one_or_none()


def to_be_made(session: Session, archived_id: int, *, lock: bool = False) -> ArchivedSheet | None:
    """Give a sheet whose file is to be made, with its pages and fields; None where that is done or no longer wanted."""
    statement = (
        select(ArchivedSheet)
        .where(ArchivedSheet.id == archived_id, ArchivedSheet.state == ArchiveState.WAITING)
        .options(
            joinedload(ArchivedSheet.sheet).options(
                selectinload(Sheet.pages).joinedload(SheetPage.picture), selectinload(Sheet.fields)
            )
        )
    )
    return session.scalars(statement.with_for_update(of=ArchivedSheet) if lock else statement).one_or_none()


def settled_and_not_kept(session: Session, most: int) -> Sequence[Sheet]:
    """Give settled sheets with a picture of which there is no row yet, the oldest first; locked."""
    kept = select(ArchivedSheet.id).where(ArchivedSheet.sheet_id == Sheet.id)
    return session.scalars(
        select(Sheet)
        .where(
            Sheet.state == SheetState.SETTLED,
            Sheet.settled_at.is_not(None),
            Sheet.pages.any(SheetPage.picture_id.is_not(None)),
            ~kept.exists(),
        )
        .order_by(Sheet.id)
        .limit(most)
        .with_for_update()
    ).all()


def rules(session: Session, actor: Actor) -> Sequence[RetentionRule]:
    """Give how long the actor's departments keep what they keep: a row a form."""
    return session.scalars(
        select(RetentionRule)
        .where(within(actor, Permission.ARCHIVE_READ, RetentionRule.department_id))
        .options(joinedload(RetentionRule.department), joinedload(RetentionRule.set_by))
        .order_by(RetentionRule.department_id, RetentionRule.form_code)
    ).all()


def find_rule(session: Session, actor: Actor, rule_id: int) -> RetentionRule:
    """Give one, for whoever may set it. Raises NotThere."""
    may = within(actor, Permission.ARCHIVE_KEEP, RetentionRule.department_id)
    return one_or_not_there(session, select(RetentionRule).where(may, RetentionRule.id == rule_id))


def due(
    session: Session, actor: Actor, every: Sequence[RetentionRule], today: date
) -> list[tuple[RetentionRule, int, int]]:
    """Give what may be thrown away today: rule, fiscal year in which it was settled, and how many sheets."""
    may = within(actor, Permission.ARCHIVE_READ, Tally.department_id)
    counted = tallies.amounts(session, MAY_EXPIRE, may)
    known = {rule.id: rule for rule in every}
    return [
        (known[rule_id], int(year), count)
        for (rule_id, year), count in sorted(counted.items())
        if rule_id in known and is_due(int(year), known[rule_id].years, today)
    ]


def that_may_expire(session: Session, rule_id: int, fiscal_year: int, most: int) -> Sequence[ArchivedSheet]:
    """Give sheets of a form and a year that nothing keeps but their years, the oldest first; locked."""
    return session.scalars(
        select(ArchivedSheet)
        .where(
            ArchivedSheet.rule_id == rule_id,
            ArchivedSheet.fiscal_year == fiscal_year,
            ArchivedSheet.state == ArchiveState.KEPT,
            ArchivedSheet.held_at.is_(None),
            ArchivedSheet.disposal_id.is_(None),
        )
        .order_by(ArchivedSheet.id)
        .limit(most)
        .with_for_update()
    ).all()


def granted_stop(session: Session, case_number: str, department_id: int) -> RightsRequest | None:
    """Give the request that a case carries, if it asks that use stops and was granted, at least in part.

    No sheet says whose it is, so that no request proves to be about one: a department's sheets go by cases alone that
    it owns, or was asked in.
    """
    return session.scalars(
        select(RightsRequest)
        .join(Case, Case.id == RightsRequest.case_id)
        .where(
            Case.number == case_number,
            or_(Case.department_id == department_id, Case.coordinating_department_id == department_id),
            RightsRequest.kind == RightsKind.STOP,
            RightsRequest.outcome.in_((RightsOutcome.GRANTED, RightsOutcome.PARTLY)),
        )
    ).one_or_none()


def _disposals(actor: Actor, permission: Permission = Permission.ARCHIVE_READ) -> Select[Disposal]:
    return (
        select(Disposal)
        .where(within(actor, permission, Disposal.department_id))
        .options(
            joinedload(Disposal.department),
            joinedload(Disposal.rule),
            joinedload(Disposal.proposed_by),
            joinedload(Disposal.decided_by),
        )
    )


def list_disposals(session: Session, actor: Actor, offset: int, most: int) -> Sequence[Disposal]:
    """Give disposals, the newest first; one more than a page tells that there is a next."""
    return session.scalars(_disposals(actor).order_by(Disposal.id.desc()).limit(most).offset(offset)).all()


def find_disposal(
    session: Session,
    actor: Actor,
    disposal_id: int,
    permission: Permission = Permission.ARCHIVE_READ,
    *,
    lock: bool = False,
) -> Disposal:
    """Give one disposal. Raises NotThere, also for another department's."""
    statement = _disposals(actor, permission).where(Disposal.id == disposal_id)
    return one_or_not_there(session, statement.with_for_update(of=Disposal) if lock else statement)


def case_numbers(session: Session, request_ids: Collection[int]) -> Mapping[int, str]:
    """Give the number of the case that carries each request."""
    rows = session.execute(
        select(RightsRequest.id, Case.number)
        .join(Case, Case.id == RightsRequest.case_id)
        .where(among(RightsRequest.id, request_ids))
    )
    return {request.id: request.number for request in rows}


def sheets_in_disposal(session: Session, disposal_id: int) -> Sequence[ArchivedSheet]:
    """Give what a disposal names, 500 sheets at most, without a value of any."""
    return session.scalars(
        select(ArchivedSheet)
        .where(ArchivedSheet.disposal_id == disposal_id)
        .options(joinedload(ArchivedSheet.sheet), joinedload(ArchivedSheet.file))
        .order_by(ArchivedSheet.id)
    ).all()


def sheets_to_dispose(session: Session, disposal_id: int) -> Sequence[ArchivedSheet]:
    """Give the same with all that is erased of each; locked, in the order of their ids."""
    return session.scalars(
        select(ArchivedSheet)
        .where(ArchivedSheet.disposal_id == disposal_id)
        .options(
            joinedload(ArchivedSheet.file),
            joinedload(ArchivedSheet.sheet).options(
                selectinload(Sheet.pages).joinedload(SheetPage.picture), selectinload(Sheet.fields)
            ),
        )
        .order_by(ArchivedSheet.id)
        .with_for_update(of=ArchivedSheet)
    ).all()


def paper_files_of(session: Session, sheet_ids: Collection[int]) -> Sequence[PaperFile]:
    """Give the files in which pages of these sheets came; locked, in the order of their ids."""
    pages = select(SheetPage.paper_file_id).where(among(SheetPage.sheet_id, sheet_ids))
    return session.scalars(
        select(PaperFile)
        .where(PaperFile.id.in_(pages))
        .options(joinedload(PaperFile.file))
        .order_by(PaperFile.id)
        .with_for_update(of=PaperFile)
    ).all()


def sheets_left_in(session: Session, file_id: int) -> Sequence[Sheet]:
    """Give the sheets with a page in a file that have not been thrown away."""
    gone = select(ArchivedSheet.sheet_id).where(ArchivedSheet.state == ArchiveState.DISPOSED)
    return session.scalars(
        select(Sheet)
        .where(Sheet.pages.any(SheetPage.paper_file_id == file_id), Sheet.id.not_in(gone))
        .options(selectinload(Sheet.pages).joinedload(SheetPage.picture), selectinload(Sheet.fields))
        .order_by(Sheet.id)
    ).all()


def samples_of(session: Session, sheet_ids: Collection[int]) -> Sequence[FieldSample]:
    return session.scalars(select(FieldSample).where(among(FieldSample.sheet_id, sheet_ids))).all()


def register(session: Session, actor: Actor, fiscal_year: int) -> Sequence[ArchivedSheet]:
    """Give every sheet that was thrown away in a fiscal year, in the order in which that happened."""
    begins, ends = (datetime(year, APRIL, 1, tzinfo=TOKYO) for year in (fiscal_year, fiscal_year + 1))
    return session.scalars(
        visible(actor)
        .join(Disposal, Disposal.id == ArchivedSheet.disposal_id)
        .where(Disposal.state == DisposalState.DONE, Disposal.decided_at >= begins, Disposal.decided_at < ends)
        .options(
            joinedload(ArchivedSheet.sheet),
            joinedload(ArchivedSheet.file),
            joinedload(ArchivedSheet.department),
            contains_eager(ArchivedSheet.disposal).options(
                joinedload(Disposal.proposed_by), joinedload(Disposal.decided_by)
            ),
        )
        .order_by(Disposal.decided_at, ArchivedSheet.id)
    ).all()
