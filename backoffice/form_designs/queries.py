"""Which forms may a person see, which may they build, and what do they ask?"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from backoffice.db.lookup import one_or_not_there
from backoffice.form_designs.models import FormDesign, FormDraftStep, FormVersion
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Actor, Department, Permission
from backoffice.identity.scope import within
from backoffice.web.lists import PAGE_SIZE
from forms.building.draft import FormDraft
from forms.building.keys import names_of
from forms.definition import FormDefinition
from forms.zones import ForeignPaper


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Give the condition for what a person may look at: their departments' forms, and shared ones once in use."""
    shared = and_(FormDesign.shared.is_(True), FormDesign.state != DesignState.DRAFT)
    return or_(within(actor, Permission.FORM_VIEW, FormDesign.department_id), shared)


def find_design(session: Session, actor: Actor, design_id: int) -> FormDesign:
    """Give a form that the person may see, with its department and whoever drafts. Raises NotThere."""
    return one_or_not_there(
        session,
        select(FormDesign)
        .where(FormDesign.id == design_id, visible_to(actor))
        .options(joinedload(FormDesign.department), joinedload(FormDesign.drafted_by)),
    )


def find_own(session: Session, actor: Actor, design_id: int) -> FormDesign:
    """Give a form that the person may build, with its department. Raises NotThere."""
    return one_or_not_there(
        session,
        select(FormDesign)
        .where(FormDesign.id == design_id, within(actor, Permission.FORM_BUILD, FormDesign.department_id))
        .options(joinedload(FormDesign.department), joinedload(FormDesign.drafted_by)),
    )


def count_designs(session: Session, actor: Actor, whose: str, state: str, keyword: str) -> int:
    return session.scalar(select(func.count()).select_from(_listed(actor, whose, state, keyword).subquery())) or 0


def list_designs(
    session: Session, actor: Actor, whose: str, state: str, keyword: str, offset: int
) -> Sequence[FormDesign]:
    """Give a page of the list, the newest first, without drafts."""
    return session.scalars(
        _listed(actor, whose, state, keyword)
        .options(
            joinedload(FormDesign.department),
            joinedload(FormDesign.drafted_by),
            defer(FormDesign.draft, raiseload=True),
        )
        .order_by(FormDesign.id.desc())
        .offset(offset)
        .limit(PAGE_SIZE)
    ).all()


def newest_of(session: Session, design_ids: Sequence[int]) -> dict[int, FormVersion]:
    """Give the newest version of each form that has one, without its definition."""
    newest = (
        select(FormVersion.design_id, func.max(FormVersion.number).label("number"))
        .where(FormVersion.design_id.in_(design_ids))
        .group_by(FormVersion.design_id)
        .subquery()
    )
    rows = session.scalars(
        select(FormVersion)
        .join(newest, and_(FormVersion.design_id == newest.c.design_id, FormVersion.number == newest.c.number))
        .options(defer(FormVersion.definition, raiseload=True))
    )
    return {row.design_id: row for row in rows}


def drafted(session: Session, design_ids: Sequence[int]) -> frozenset[int]:
    """Give which of these forms have a draft."""
    found = select(FormDesign.id).where(FormDesign.id.in_(design_ids), FormDesign.draft.is_not(None))
    return frozenset(session.scalars(found))


def versions_of(session: Session, design_id: int) -> Sequence[FormVersion]:
    """Give all versions of a form with their definitions, the newest first."""
    return session.scalars(
        select(FormVersion)
        .where(FormVersion.design_id == design_id)
        .options(joinedload(FormVersion.published_by))
        .order_by(FormVersion.number.desc())
    ).all()


def find_version(session: Session, design_id: int, number: int) -> FormVersion:
    """Give one version of a form. Raises NotThere."""
    return one_or_not_there(
        session,
        select(FormVersion)
        .where(FormVersion.design_id == design_id, FormVersion.number == number)
        .options(joinedload(FormVersion.published_by)),
    )


def draft_of(session: Session, design: FormDesign) -> FormDraft:
    """Give the draft of a form; where there is none, what its newest version asks, to be drafted further."""
    if design.draft is not None:
        return FormDraft.model_validate(design.draft)
    versions = versions_of(session, design.id)
    if not versions:
        return FormDraft(title=design.title)
    spent = set().union(*(names_of(definition(each).fields) for each in versions))
    return asked_by(versions[0]).with_(spent=tuple(sorted(spent)))


def asked_by(version: FormVersion) -> FormDraft:
    """Give what a version asks, and where it stands on paper of others, as a draft to compare or to go on from."""
    paper = ForeignPaper.model_validate(version.paper) if version.paper else None
    return FormDraft.of(definition(version)).with_(paper=paper)


def definition(version: FormVersion) -> FormDefinition:
    return FormDefinition.model_validate(version.definition)


def steps_kept(session: Session, design_id: int) -> tuple[int, int]:
    """Give how many changes of a draft can be undone, and how many undone ones can come again."""
    rows = session.execute(
        select(FormDraftStep.undone, func.count())
        .where(FormDraftStep.design_id == design_id)
        .group_by(FormDraftStep.undone)
    ).all()
    counted = {bool(undone): count for undone, count in rows}
    return counted.get(False, 0), counted.get(True, 0)


def departments_to_build_for(session: Session, actor: Actor) -> Sequence[Department]:
    return session.scalars(
        select(Department)
        .where(within(actor, Permission.FORM_BUILD, Department.id), Department.closed.is_(False))
        .order_by(Department.path)
    ).all()


def _listed(actor: Actor, whose: str, state: str, keyword: str) -> Select[FormDesign]:
    found = select(FormDesign).where(visible_to(actor))
    if whose == "own":
        found = found.where(within(actor, Permission.FORM_VIEW, FormDesign.department_id))
    elif whose == "shared":
        found = found.where(FormDesign.shared.is_(True))
    if state:
        found = found.where(FormDesign.state == state)
    if keyword.strip():
        found = found.where(
            or_(
                FormDesign.title.contains(keyword.strip(), autoescape=True),
                FormDesign.series.contains(keyword.strip(), autoescape=True),
            )
        )
    return found
