"""How do machines of other systems send records? Form by form, as a department lets them; each is checked whole."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.clients.models import MachineClient
from backoffice.clients.scopes import Scope, scopes_in
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid, NotPermitted
from backoffice.form_designs.models import FormDesign, FormVersion
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Actor, Permission, within
from backoffice.records import service
from backoffice.records.events import SenderAllowed, SenderEnded
from backoffice.records.matching import askable
from backoffice.records.models import Record
from backoffice.records.sender_models import FormSender
from backoffice.records.workflow import Source
from backoffice.web.answers_in import Checked, check_answers, label_of, sentence
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition, FormField
from forms.field_types import NUMBERS, FieldType

MOST_CLIENTS = 500
WRONG = _("errors にある値を直して、もう一度送ってください。")

Sent = Mapping[str, str | int | bool | None]


def allow(work: Work, design: FormDesign, client_id: int) -> FormSender:
    """Let a machine send into the list of the person's department. Raises Invalid, NotPermitted."""
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は許可できません。"))
    if client_id not in {client.id for client in machines_to_choose(work.session, design.id)}:
        raise Invalid(_("許可する外部システムを選んでください。"))
    sender = FormSender(
        design_id=design.id,
        department_id=work.actor.department_id,
        client_id=client_id,
        allowed_by_id=work.actor.staff_id,
        allowed_at=work.now,
    )
    work.session.add(sender)
    work.record(SenderAllowed(design.id, client_id))
    return sender


def end(work: Work, design_id: int, sender_id: int) -> None:
    """Let a machine send no more; what it has sent stays. Raises NotThere."""
    mine = within(work.actor, Permission.FORM_BUILD, FormSender.department_id)
    statement = select(FormSender).where(FormSender.id == sender_id, FormSender.design_id == design_id, mine)
    sender = one_or_not_there(work.session, statement)
    work.session.delete(sender)
    work.record(SenderEnded(design_id, sender.client_id))


def senders_of(session: Session, actor: Actor, design_id: int) -> Sequence[FormSender]:
    """Give the machines that send into the lists of the person's departments."""
    mine = within(actor, Permission.FORM_BUILD, FormSender.department_id)
    statement = (
        select(FormSender)
        .where(FormSender.design_id == design_id, mine)
        .options(joinedload(FormSender.client), joinedload(FormSender.allowed_by), joinedload(FormSender.department))
        .order_by(FormSender.id)
    )
    return session.scalars(statement).all()


def machines_to_choose(session: Session, design_id: int) -> list[MachineClient]:
    """Give the machines that the DX office lets send records, without those that do so for this form already."""
    taken = select(FormSender.client_id).where(FormSender.design_id == design_id)
    statement = (
        select(MachineClient)
        .where(MachineClient.switched_off.is_(False), MachineClient.is_sandbox.is_(False))
        .where(MachineClient.id.not_in(taken))
        .order_by(MachineClient.name, MachineClient.id)
        .limit(MOST_CLIENTS)
    )
    return [client for client in session.scalars(statement) if Scope.FORMS in scopes_in(client.scopes)]


def form_for(session: Session, client_id: int, code: str) -> tuple[FormSender, FormDefinition]:
    """Give the form that a machine may send, as it asks now. Raises NotThere alike for no form and for no leave."""
    sender = one_or_not_there(
        session,
        select(FormSender)
        .join(FormDesign, FormDesign.id == FormSender.design_id)
        .where(FormSender.client_id == client_id, FormDesign.code == code, FormDesign.state != DesignState.DRAFT)
        .options(joinedload(FormSender.design)),
    )
    newest = select(FormVersion.definition).where(FormVersion.design_id == sender.design_id)
    stored = session.scalars(newest.order_by(FormVersion.number.desc()).limit(1)).one()
    return sender, FormDefinition.model_validate(stored)


def take(work: Work, code: str, client_id: int, sent: Sent) -> tuple[Record, Checked]:
    """Keep what a machine sent as a record. Raises NotThere; Invalid, with each question that is to be mended.

    What a person would be asked to look at again is no reason to refuse: it is told.
    """
    sender, definition = form_for(work.session, client_id, code)
    checked = check_answers(definition, _as_typed(definition, sent))
    if checked.refusing:
        labels = {one.key: label_of(one) for one in definition.questions}
        wrong = {key: f"{labels.get(key, key)}: {sentence(problem)}" for key, problem in checked.refusing.items()}
        raise Invalid(WRONG, wrong)
    values = checked.values
    record = service.enter(work, sender.design, definition, values, Source.SYSTEM, sender.department_id)
    return record, checked


def _as_typed(definition: FormDefinition, sent: Sent) -> dict[str, str]:
    """Give what was sent as if it had been typed. Raises Invalid for what the form's schema does not have."""
    questions = {question.key: question for question in askable(definition)}
    wrong: dict[str, str] = {}
    typed: dict[str, str] = {}
    for key, value in sent.items():
        question = questions.get(key)
        if question is None:
            wrong[key] = translate(_("この様式にない項目です。"))
        elif value is not None and not _is_of(question, value):
            wrong[key] = f"{label_of(question)}: {translate(_('値の型が違います。/schema で確かめてください。'))}"
        else:
            typed[key] = _written(value)
    if wrong:
        raise Invalid(WRONG, wrong)
    return typed


def _is_of(question: FormField, value: str | int | bool) -> bool:  # noqa: FBT001 -- an answer, not a switch
    if question.type is FieldType.CHECKBOX:
        return isinstance(value, bool)
    if question.type in NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _written(value: str | int | bool | None) -> str:  # noqa: FBT001 -- as above
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)
