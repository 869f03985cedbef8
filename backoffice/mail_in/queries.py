"""Which letters, rules and addresses may a person see? Those of their departments; the others are not there."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, immediateload, joinedload, selectinload

from backoffice.db import tallies
from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Department, Permission, within
from backoffice.mail_in.models import LETTERS, MailAct, MailAddress, MailEnclosure, MailLetter, MailRule
from backoffice.mail_in.workflow import ActState, LetterState
from backoffice.web.lists import PAGE_SIZE

MOST_TO_PRINT = 100
TRIED = 30


def count_by_state(session: Session, actor: Actor) -> dict[LetterState, int]:
    mine = within(actor, Permission.MAIL_READ, Tally.department_id)
    return {LetterState(mark): count for (_about, mark), count in tallies.amounts(session, LETTERS, mine).items()}


def list_letters(session: Session, actor: Actor, state: str, offset: int) -> Sequence[MailLetter]:
    mine = within(actor, Permission.MAIL_READ, MailLetter.department_id)
    statement = select(MailLetter).where(mine).options(joinedload(MailLetter.department), joinedload(MailLetter.rule))
    if state:
        statement = statement.where(MailLetter.state == state)
    files = selectinload(MailLetter.files)
    found = statement.options(files).order_by(MailLetter.id.desc()).offset(offset).limit(PAGE_SIZE)
    return session.scalars(found).all()


def holds_at_home(session: Session, actor: Actor, permission: Permission) -> bool:
    """Say whether a person holds a permission in the department where they are placed."""
    home = select(Department.id).where(Department.id == actor.department_id, within(actor, permission, Department.id))
    return session.scalar(home) is not None


def latest_letters(session: Session, actor: Actor) -> Sequence[MailLetter]:
    """Give the last letters of the person's own department that they may read, on which a rule is tried."""
    mine = within(actor, Permission.MAIL_READ, MailLetter.department_id)
    own = select(MailLetter).where(MailLetter.department_id == actor.department_id, mine)
    latest = (
        own.where(MailLetter.erased_at.is_(None))
        .options(selectinload(MailLetter.files))
        .order_by(MailLetter.id.desc())
        .limit(TRIED)
    )
    return session.scalars(latest).all()


def find_letter(
    session: Session, actor: Actor, letter_id: int, permission: Permission = Permission.MAIL_READ, *, lock: bool = False
) -> MailLetter:
    """Give a letter with its attachments and what is done with them. Raises NotThere."""
    mine = within(actor, permission, MailLetter.department_id)
    return _whole(session, select(MailLetter).where(MailLetter.id == letter_id, mine), lock=lock)


def whole_letter(session: Session, letter_id: int, *, lock: bool = False) -> MailLetter:
    """Give any department's letter to the house at work, as `find_letter` gives it to people. Raises NotThere."""
    return _whole(session, select(MailLetter).where(MailLetter.id == letter_id), lock=lock)


def has_copy(session: Session, department_id: int, digest: str, origin: str) -> bool:
    """Say whether a department has a letter, or a second copy of it."""
    same = or_(MailLetter.digest == digest, MailLetter.origin == origin)
    copy = select(MailLetter.id).where(MailLetter.department_id == department_id, same)
    return session.scalar(copy.limit(1)) is not None


def _whole(session: Session, statement: Select[MailLetter], *, lock: bool) -> MailLetter:
    """Give a letter with all that hangs on it; with `lock` nobody else changes it until the unit ends."""
    if lock:
        one_or_not_there(session, statement.with_for_update())
    acts = selectinload(MailLetter.acts).options(
        joinedload(MailAct.batch),
        joinedload(MailAct.record_import),
        joinedload(MailAct.enclosure).joinedload(MailEnclosure.file),
        immediateload(MailAct.letter),
    )
    whole = statement.options(
        acts,
        selectinload(MailLetter.files).joinedload(MailEnclosure.file),
        joinedload(MailLetter.department),
        joinedload(MailLetter.rule),
        joinedload(MailLetter.sorted_by),
    )
    return one_or_not_there(session, whole.execution_options(populate_existing=True))


def find_enclosure(session: Session, actor: Actor, letter_id: int, enclosure_id: int) -> MailEnclosure:
    """Give an attachment that was taken. Raises NotThere."""
    mine = within(actor, Permission.MAIL_READ, MailLetter.department_id)
    statement = (
        select(MailEnclosure)
        .join(MailLetter, MailLetter.id == MailEnclosure.letter_id)
        .where(MailEnclosure.id == enclosure_id, MailLetter.id == letter_id, MailEnclosure.file_id.is_not(None), mine)
        .options(joinedload(MailEnclosure.file))
    )
    return one_or_not_there(session, statement)


def to_print(session: Session, actor: Actor, act_ids: Sequence[int] | None = None) -> Sequence[MailAct]:
    """Give the attachments that wait to be printed, the oldest first; of `act_ids` those that still do."""
    found = _printable(actor, Permission.MAIL_READ, act_ids).options(
        joinedload(MailAct.enclosure).joinedload(MailEnclosure.file),
        joinedload(MailAct.letter).joinedload(MailLetter.department),
    )
    return session.scalars(found.order_by(MailAct.id).limit(MOST_TO_PRINT)).all()


def letters_to_print(session: Session, actor: Actor, act_ids: Sequence[int]) -> Sequence[MailLetter]:
    """Give the letters of attachments that somebody says were printed, locked, with all that is done with them."""
    wanted = _printable(actor, Permission.MAIL_SORT, act_ids).with_only_columns(MailAct.letter_id)
    letters = select(MailLetter).where(MailLetter.id.in_(wanted)).order_by(MailLetter.id).limit(MOST_TO_PRINT)
    whole = letters.options(selectinload(MailLetter.files), selectinload(MailLetter.acts)).with_for_update()
    return session.scalars(whole.execution_options(populate_existing=True)).all()


def _printable(actor: Actor, permission: Permission, act_ids: Sequence[int] | None) -> Select[MailAct]:
    mine = within(actor, permission, MailLetter.department_id)
    found = select(MailAct).join(MailLetter, MailLetter.id == MailAct.letter_id)
    found = found.where(MailAct.state == ActState.TO_PRINT, mine)
    return found if act_ids is None else found.where(among(MailAct.id, act_ids))


def list_rules(session: Session, actor: Actor) -> Sequence[MailRule]:
    """Give the rules of the person's own department in the order in which they are tried."""
    mine = within(actor, Permission.MAIL_SORT, MailRule.department_id)
    own = select(MailRule).where(MailRule.department_id == actor.department_id, mine)
    return session.scalars(own.order_by(MailRule.place, MailRule.id)).all()


def find_rule(session: Session, actor: Actor, rule_id: int) -> MailRule:
    """Give a rule of the person's own department. Raises NotThere."""
    mine = within(actor, Permission.MAIL_SORT, MailRule.department_id)
    own = select(MailRule).where(MailRule.department_id == actor.department_id, mine)
    return one_or_not_there(session, own.where(MailRule.id == rule_id))


def list_addresses(session: Session) -> Sequence[MailAddress]:
    statement = select(MailAddress).options(joinedload(MailAddress.department)).order_by(MailAddress.address)
    return session.scalars(statement.limit(2_000)).all()


def departments(session: Session) -> Sequence[Department]:
    """Give the departments to which a letter may go."""
    return session.scalars(
        select(Department).where(Department.closed.is_(False)).order_by(Department.name, Department.id).limit(2_000)
    ).all()
