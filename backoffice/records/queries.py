"""Which forms have lists that a person may see, which records stand there, and what do they come to?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.db import tallies
from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.errors import NotThere
from backoffice.form_designs.models import FormDesign, FormVersion
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Actor, Department, Permission, within
from backoffice.records.conditions import Wish, holds, ordered
from backoffice.records.models import RECORDS, ChangeSet, EntryDraft, ListRoute, Record, RecordChange, SavedView
from backoffice.records.workflow import RecordState
from backoffice.web.lists import PAGE_SIZE
from forms.definition import FormDefinition
from forms.field_types import NUMBERS, FieldType, Value

MOST_EXPORTED = 50_000
MOST_GROUPS = 60
MOST_SUMMED = 2_000
"""A list longer than this is added up where somebody asks for its totals, not each time that it is opened."""
IN_THE_LIST = tuple(state for state in RecordState if state is not RecordState.REMOVED)
EVERYTHING = Wish()


@dataclass(frozen=True)
class Listing:
    """A form's list as somebody wants to see it: who looks, what the form asks now, which records are wished for."""

    actor: Actor
    design_id: int
    definition: FormDefinition
    wish: Wish = EVERYTHING
    permission: Permission = Permission.RECORD_READ
    """What the person must be allowed with each record."""

    def records(self) -> Select[Record]:
        state = Record.state != RecordState.REMOVED
        if self.wish.state in set(RecordState):
            state = Record.state == self.wish.state
        conditions = [holds(self.definition, one) for one in self.wish.conditions]
        return visible_records(self.actor, self.design_id, self.permission).where(state, *conditions)


def forms_with_lists(session: Session, actor: Actor) -> Sequence[FormDesign]:
    """Give the forms that the person's departments use, or may use: their own and the shared ones."""
    statement = (
        select(FormDesign)
        .where(_has_list(actor))
        .options(joinedload(FormDesign.department))
        .order_by(FormDesign.title, FormDesign.id)
        .limit(500)
    )
    return session.scalars(statement).all()


def find_form(session: Session, actor: Actor, design_id: int) -> tuple[FormDesign, FormDefinition]:
    """Give a form in use and what it asks now, in one statement. Raises NotThere."""
    statement = (
        select(FormDesign, FormVersion.definition)
        .join(FormVersion, FormVersion.design_id == FormDesign.id)
        .where(FormDesign.id == design_id, _has_list(actor))
        .options(joinedload(FormDesign.department))
        .order_by(FormVersion.number.desc())
        .limit(1)
    )
    found = session.execute(statement).first()
    if found is None:
        raise NotThere("お探しの記録は見つかりませんでした。")
    design, stored = found
    return design, FormDefinition.model_validate(stored)


def _has_list(actor: Actor) -> ColumnElement[bool]:
    """Say which forms in use a person fills in: those of their departments, shared ones, and where records are."""
    mine = within(actor, Permission.RECORD_READ, FormDesign.department_id)
    recorded = select(Tally.about_id).where(
        Tally.name == RECORDS, within(actor, Permission.RECORD_READ, Tally.department_id)
    )
    return and_(FormDesign.state != DesignState.DRAFT, or_(mine, FormDesign.shared, FormDesign.id.in_(recorded)))


def counts(session: Session, actor: Actor) -> dict[tuple[int, RecordState], int]:
    """Give how many records each form has in each state, in the person's departments."""
    mine = within(actor, Permission.RECORD_READ, Tally.department_id)
    return {
        (design_id, RecordState(state)): many
        for (design_id, state), many in tallies.amounts(session, RECORDS, mine).items()
    }


def visible_records(actor: Actor, design_id: int, permission: Permission = Permission.RECORD_READ) -> Select[Record]:
    return select(Record).where(Record.design_id == design_id, within(actor, permission, Record.department_id))


def list_wished(session: Session, listing: Listing, *, offset: int = 0, size: int = PAGE_SIZE) -> Sequence[Record]:
    order = ordered(listing.definition, listing.wish)
    statement = listing.records().options(joinedload(Record.department)).order_by(*order)
    return session.scalars(statement.offset(offset).limit(size)).all()


def chosen_records(
    session: Session, actor: Actor, design_id: int, ids: Sequence[int], permission: Permission
) -> Sequence[Record]:
    """Give those of the records for which the person holds `permission`."""
    statement = visible_records(actor, design_id, permission).where(among(Record.id, ids))
    return session.scalars(statement.options(joinedload(Record.department)).order_by(Record.id)).all()


def find_record(
    session: Session, actor: Actor, record_id: int, permission: Permission = Permission.RECORD_READ
) -> Record:
    """Give a record with its form. Raises NotThere."""
    mine = within(actor, permission, Record.department_id)
    statement = select(Record).where(Record.id == record_id, mine)
    return one_or_not_there(
        session, statement.options(*(joinedload(each) for each in (Record.design, Record.department, Record.client)))
    )


@dataclass(frozen=True)
class Sum:
    """What the numbers of one question come to in a list; `of` is how many records have one."""

    key: str
    label: str
    total: int
    of: int


def count(listing: Listing, known: Mapping[tuple[int, RecordState], int]) -> int:
    """Give how many records a list has that nothing narrows, of the kept amounts (`counts`): no record is read."""
    states = [RecordState(listing.wish.state)] if listing.wish.state in set(RecordState) else IN_THE_LIST
    return sum(known.get((listing.design_id, state), 0) for state in states)


def count_and_sums(session: Session, listing: Listing) -> tuple[int, list[Sum]]:
    """Count the list and add up every question with numbers, in one statement that reads each of its records."""
    asked = [question for question in listing.definition.questions if question.type in NUMBERS]
    columns: list[ColumnElement[int]] = [func.count(Record.id)]
    for question in asked:
        number = cast(Record.values[question.key].as_string(), BigInteger)
        columns += [func.sum(number), func.count(number)]
    many, *amounts = session.execute(listing.records().with_only_columns(*columns).order_by(None)).one()
    return int(many), [
        Sum(question.key, question.label, int(amounts[place * 2] or 0), int(amounts[place * 2 + 1]))
        for place, question in enumerate(asked)
    ]


def at_a_glance(
    session: Session, listing: Listing, known: Mapping[tuple[int, RecordState], int]
) -> tuple[int, list[Sum]]:
    """Give the count of a list, and its sums unless it is long: opening one costs the same with any number in it."""
    total = count(listing, known)
    if listing.wish.conditions or total <= MOST_SUMMED:
        return count_and_sums(session, listing)
    return total, []


def routed_departments(session: Session, design_id: int) -> frozenset[int]:
    """Give the departments whose records of a form pass through an approval route."""
    return frozenset(session.scalars(select(ListRoute.department_id).where(ListRoute.design_id == design_id)))


def routes_and_draft(
    session: Session, actor: Actor, design_id: int, offers: Sequence[ColumnElement[bool]] = ()
) -> tuple[frozenset[int], bool, Sequence[bool]]:
    """Give the departments on a route, as `routed_departments`, whether the person has begun an entry, what holds.

    `offers`: conditions of other features, for this list.
    """
    begun = select(EntryDraft.id).where(
        EntryDraft.design_id == design_id, EntryDraft.staff_id == actor.staff_id, EntryDraft.record_id == 0
    )
    rows = session.execute(
        select(begun.exists(), ListRoute.department_id, *offers)
        .select_from(FormDesign)
        .outerjoin(ListRoute, ListRoute.design_id == FormDesign.id)
        .where(FormDesign.id == design_id)
    ).all()
    begun_already, offered = any(row[0] for row in rows), [bool(held) for held in rows[0][2:]] if rows else []
    return frozenset(row[1] for row in rows if row[1] is not None), begun_already, offered


def which_hold(session: Session, offers: Sequence[ColumnElement[bool]]) -> Sequence[bool]:
    """Say which conditions of other features hold, in one statement."""
    return [bool(held) for held in session.execute(select(*offers)).one()] if offers else []


def route_named(session: Session, design_id: int, department_id: int | None) -> ListRoute | None:
    statement = select(ListRoute).where(ListRoute.design_id == design_id, ListRoute.department_id == department_id)
    return session.scalars(statement).one_or_none()


class RowOut(NamedTuple):
    """A record as it leaves the house in a file."""

    number: str
    state: str
    routed: bool
    department: str
    entered_at: datetime
    values: Mapping[str, Value]


def rows_out(session: Session, listing: Listing) -> list[RowOut]:
    """Give the whole list, the first MOST_EXPORTED of it, in its order."""
    routed = Record.department_id.in_(select(ListRoute.department_id).where(ListRoute.design_id == listing.design_id))
    columns = (Record.number, Record.state, routed, Department.name, Record.entered_at, Record.values)
    statement = (
        listing.records()
        .join(Department, Department.id == Record.department_id)
        .with_only_columns(*columns)
        .order_by(*ordered(listing.definition, listing.wish))
        .limit(MOST_EXPORTED)
    )
    return [RowOut(*row) for row in session.execute(statement)]


def grouped(session: Session, listing: Listing, by: str, adding: str = "") -> list[tuple[str | None, int]]:
    """Count records, or add up `adding`, for each answer to `by`, a day by its month; the largest sixty."""
    question = listing.definition.field(by)
    written = Record.values[by].as_string()
    group = func.substr(written, 1, 7) if question.type is FieldType.DATE else written
    amount = func.sum(cast(Record.values[adding].as_string(), BigInteger)) if adding else func.count(Record.id)
    statement = (
        listing.records()
        .with_only_columns(group, amount)
        .order_by(None)
        .group_by(group)
        .order_by(amount.desc(), group)
        .limit(MOST_GROUPS)
    )
    return [(answer, int(many or 0)) for answer, many in session.execute(statement)]


def history_of(session: Session, record_id: int) -> Sequence[RecordChange]:
    statement = (
        select(RecordChange)
        .where(RecordChange.record_id == record_id)
        .options(joinedload(RecordChange.change_set).joinedload(ChangeSet.made_by))
        .order_by(RecordChange.id.desc())
        .limit(PAGE_SIZE)
    )
    return session.scalars(statement).all()


def last_changes(session: Session, actor: Actor, design_id: int) -> Sequence[ChangeSet]:
    """Give the latest actions on many records of a form: those that one would want back at once."""
    statement = (
        select(ChangeSet)
        .where(
            ChangeSet.design_id == design_id,
            within(actor, Permission.RECORD_READ, ChangeSet.department_id),
            ChangeSet.records > 1,
        )
        .options(joinedload(ChangeSet.made_by))
        .order_by(ChangeSet.id.desc())
        .limit(10)
    )
    return session.scalars(statement).all()


def find_change_set(session: Session, actor: Actor, change_set_id: int) -> ChangeSet:
    """Give an action on records. Raises NotThere."""
    mine = within(actor, Permission.RECORD_WRITE, ChangeSet.department_id)
    return one_or_not_there(session, select(ChangeSet).where(ChangeSet.id == change_set_id, mine))


def changes_in(session: Session, change_set_id: int) -> Sequence[RecordChange]:
    statement = (
        select(RecordChange)
        .where(RecordChange.change_set_id == change_set_id)
        .options(joinedload(RecordChange.record))
        .order_by(RecordChange.record_id)
    )
    return session.scalars(statement).all()


def draft_of(session: Session, actor: Actor, design_id: int, record_id: int = 0) -> EntryDraft | None:
    statement = select(EntryDraft).where(
        EntryDraft.design_id == design_id, EntryDraft.staff_id == actor.staff_id, EntryDraft.record_id == record_id
    )
    return session.scalars(statement).one_or_none()


def views_of(session: Session, design_id: int, department_id: int | None) -> Sequence[SavedView]:
    statement = select(SavedView).where(SavedView.design_id == design_id, SavedView.department_id == department_id)
    return session.scalars(statement.order_by(SavedView.name)).all()
