"""Which recorded bots are there, and which version of each counts?"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.db.lookup import one_or_not_there
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Actor, Permission, within
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.workflow import MAY_BE_REHEARSED, BotState, Purpose
from backoffice.web.lists import PAGE_SIZE


def count_bots(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(RecordedBot)) or 0


def list_bots(session: Session, offset: int) -> Sequence[RecordedBot]:
    """Give a page of the bots with form, department and versions, the newest first."""
    return session.scalars(
        select(RecordedBot)
        .options(joinedload(RecordedBot.design), joinedload(RecordedBot.department))
        .options(selectinload(RecordedBot.versions).defer(BotVersion.recording, raiseload=True))
        .order_by(RecordedBot.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def forms_to_teach(session: Session, actor: Actor) -> Sequence[FormDesign]:
    """Give the forms in use of the person's departments."""
    mine = within(actor, Permission.BOT_TEACH, FormDesign.department_id)
    return session.scalars(
        select(FormDesign)
        .where(mine, FormDesign.state != DesignState.DRAFT)
        .options(joinedload(FormDesign.department))
        .order_by(FormDesign.title, FormDesign.id)
        .limit(500)
    ).all()


def find_version(session: Session, version_id: int) -> BotVersion:
    """Give a version with its bot, form, department and case. Raises NotThere."""
    statement = select(BotVersion).where(BotVersion.id == version_id)
    return one_or_not_there(
        session,
        statement.options(
            joinedload(BotVersion.bot).joinedload(RecordedBot.design),
            joinedload(BotVersion.bot).joinedload(RecordedBot.department),
            joinedload(BotVersion.next_bot).joinedload(RecordedBot.design),
            joinedload(BotVersion.made_by),
            joinedload(BotVersion.case),
        ),
    )


def versions_of(session: Session, bot_id: int) -> Sequence[BotVersion]:
    """Give the versions of a bot without their recordings, the newest first."""
    return session.scalars(
        select(BotVersion)
        .where(BotVersion.bot_id == bot_id)
        .options(joinedload(BotVersion.made_by))
        .order_by(BotVersion.number.desc())
    ).all()


def compared_with(session: Session, version: BotVersion) -> BotVersion | None:
    """Give the version beside which one is judged: what is released, or for that (and the older) the one before it."""
    others = select(BotVersion).where(BotVersion.bot_id == version.bot_id, BotVersion.id != version.id)
    others = others.options(joinedload(BotVersion.next_bot).joinedload(RecordedBot.design))
    before = others.where(BotVersion.number < version.number, BotVersion.state != BotState.DISCARDED)
    newest = before.order_by(BotVersion.number.desc()).limit(1)
    if version.state not in {BotState.DRAFT, BotState.SUBMITTED}:
        return session.scalars(newest).one_or_none()
    released = others.where(BotVersion.state == BotState.RELEASED)
    return session.scalars(released).one_or_none() or session.scalars(newest).one_or_none()


def draft_of(session: Session, bot_id: int) -> BotVersion | None:
    """Give what is being mended or on its route: there is one at a time."""
    under_way = (BotState.DRAFT, BotState.SUBMITTED)
    return session.scalars(
        select(BotVersion).where(BotVersion.bot_id == bot_id, BotVersion.state.in_(under_way))
    ).one_or_none()


def bot_of_design(session: Session, design_id: int, purpose: Purpose) -> RecordedBot | None:
    mine = select(RecordedBot).where(RecordedBot.design_id == design_id, RecordedBot.purpose == purpose)
    return session.scalars(mine).one_or_none()


def newest_released(session: Session, bot_id: int) -> BotVersion | None:
    wanted = select(BotVersion).where(BotVersion.bot_id == bot_id, BotVersion.state == BotState.RELEASED)
    return session.scalars(wanted).one_or_none()


def version_of_case(session: Session, case_id: int) -> BotVersion | None:
    return session.scalars(select(BotVersion).where(BotVersion.case_id == case_id)).one_or_none()


def released(session: Session, form_code: str, purpose: Purpose = Purpose.KEYING) -> BotVersion | None:
    """Give the version that works on the records of a form today, None where none is released."""
    return session.scalars(
        select(BotVersion)
        .join(RecordedBot, RecordedBot.id == BotVersion.bot_id)
        .join(FormDesign, FormDesign.id == RecordedBot.design_id)
        .where(FormDesign.code == form_code, RecordedBot.purpose == purpose, BotVersion.state == BotState.RELEASED)
    ).one_or_none()


def on_trial(session: Session, version_id: int) -> BotVersion | None:
    """Give a version that is tried, None once its case gave it back: what is mended then is nobody's to run."""
    tried = select(BotVersion).where(BotVersion.state.in_((BotState.SUBMITTED, BotState.RELEASED)))
    return session.scalars(tried.where(BotVersion.id == version_id)).one_or_none()


def taught_forms(session: Session, actor: Actor) -> Sequence[FormDesign]:
    """Give the forms that have a bot, in the departments where the person sets up systems.

    It need not be released: it is rehearsed before, at the system and with the account of the nights.
    """
    taught = (
        select(RecordedBot.design_id)
        .join(BotVersion, BotVersion.bot_id == RecordedBot.id)
        .where(BotVersion.state.in_(MAY_BE_REHEARSED), RecordedBot.purpose == Purpose.KEYING)
    )
    return session.scalars(
        select(FormDesign)
        .where(FormDesign.id.in_(taught), within(actor, Permission.TARGET_EDIT, FormDesign.department_id))
        .order_by(FormDesign.title, FormDesign.id)
    ).all()
