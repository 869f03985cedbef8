"""Which programs does the demonstration city have? The shipped ones, most as drafts, some on their way or in force."""

from collections.abc import Mapping

from sqlalchemy import select

from backoffice.demo.cases import DRAFTER, Step, decide_step, find_case
from backoffice.demo.city import HOUSE, actor_of
from backoffice.identity import Department
from backoffice.inbox import talking
from backoffice.programs import catalogue, queries, service, shipping
from backoffice.programs.models import Program, ProgramVersion
from backoffice.work import Office
from forms.field_types import Value
from workflows.routes import Decision
from workflows.rules.tree import NotGranted, leaves

KEEPER = "学事課"
"""Keeps all programs: the demonstration's clerk sits there, the departments that own them are not played."""
IN_FORCE = ("shugaku-enjo", "daisanshi-yugu", "koreisha-joshaken")
FRESH = "gan-nyu"
CHECKED = "yoka-dock"
SENT_BACK = "shika-fushime"

PRIVACY_ANSWERS: Mapping[str, Value] = {"within_purpose": True, "minimal": True, "sensitive": False}
DX_ANSWERS: Mapping[str, Value] = {"rule_checked": True, "wording_checked": True, "trial_count": 40}


def register(office: Office) -> int:
    """Take in the shipped programs, let the people of the city approve some, and give how many there are.

    What is approved is in force once its minute of grace is over, as for everybody.
    """
    with office.unit(HOUSE) as work:
        keeper = work.session.scalars(select(Department).where(Department.name == KEEPER)).one()
        taken = shipping.take_in_shipped(work, keeper)
    for code in IN_FORCE:
        _approve(office, _submit(office, code))
    return taken


def send_on_route(office: Office) -> None:
    """Let the people of the city send some more on their route."""
    _talk_about(office, _submit(office, FRESH))
    checked = _submit(office, CHECKED)
    decide_step(office, checked, Step("yamada", "head_review"))
    decide_step(office, checked, Step("mori", "privacy_review", answers=PRIVACY_ANSWERS))
    words = "自己負担額が「所管課で確認」のままです。額を確かめて直してください。"
    decide_step(office, _submit(office, SENT_BACK), Step("yamada", "head_review", Decision.SEND_BACK, words))


def asked_of(office: Office) -> tuple[str, ...]:
    """Give the numbers of the programs whose earlier grants a rule asks about."""
    asking = [
        each.code
        for each in catalogue.every_program()
        if any(isinstance(leaf, NotGranted) for leaf in leaves(each.rule))
    ]
    with office.look(HOUSE) as work:
        numbers = select(Program.number).where(Program.shipped_as.in_(asking)).order_by(Program.number)
        return tuple(work.session.scalars(numbers))


def _submit(office: Office, code: str) -> int:
    with office.unit(actor_of(office, DRAFTER)) as work:
        shipped = select(ProgramVersion.id).join(ProgramVersion.program).where(Program.shipped_as == code)
        version = queries.find_version(work.session, work.session.scalars(shipped).one())
        return service.submit(work, version, version.version).id


def _approve(office: Office, case_id: int) -> None:
    decide_step(office, case_id, Step("yamada", "head_review"))
    decide_step(office, case_id, Step("mori", "privacy_review", answers=PRIVACY_ANSWERS))
    decide_step(office, case_id, Step("inoue", "dx_check", answers=DX_ANSWERS))
    decide_step(office, case_id, Step("nakano", "dx_approval"))


def _talk_about(office: Office, case_id: int) -> None:
    with office.unit(actor_of(office, DRAFTER)) as work:
        talking.comment(work, find_case(work, case_id), "@yamada 来週の局内会議の前に見てください。")
