"""What waits in the inboxes of the demonstration city? Matters of each sort, a few steps on; all of it invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from backoffice.demo.city import actor_of
from backoffice.identity import Department, Staff
from backoffice.inbox import absences, opening
from backoffice.inbox.absences import Away
from backoffice.inbox.deciding import Said, decide
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case, Task
from backoffice.inbox.opening import Matter
from backoffice.work import Office, Work
from forms.field_types import Value
from workflows.routes import Decision, RouteKind

DRAFTER = "tanaka"
NOTHING: Mapping[str, Value] = {}


@dataclass(frozen=True)
class Step:
    """What somebody does with a step of a case."""

    account: str
    step_id: str
    decision: Decision = Decision.APPROVE
    reason: str = ""
    answers: Mapping[str, Value] | None = None


def fill_the_inboxes(office: Office) -> None:
    """Let the people of the city draft matters, other than programs, and decide the first steps of some."""
    _matters_with_others(office)
    with office.unit(actor_of(office, DRAFTER)) as work:
        kind = KINDS[RouteKind.SMALL_CHANGE]
        half = Matter("案内文の電話番号を直す", {"target": "就学援助の案内"}, kind.retention_years, kind.decision_level)
        opening.draft(work, kind, half)
    with office.unit(actor_of(office, "inoue")) as work:
        staff_id = work.session.scalars(select(Staff.id).where(Staff.account == "inoue")).one()
        tomorrow = office.services.today() + timedelta(days=1)
        absences.enter(work, staff_id, Away(tomorrow, tomorrow, "nakano"))


def _matters_with_others(office: Office) -> None:
    _begin(office, RouteKind.BOT_RELEASE, "就学援助の入力ロボットの公開", BOT)
    petition = _begin(office, RouteKind.PETITION, "公園の水飲み場の増設", PETITION, coordinating="水道局")
    decide_step(office, petition, Step(DRAFTER, "intake", Decision.DONE, answers=PETITION_INTAKE))
    _begin(office, RouteKind.PROPOSAL, "AIによる学習相談の実証の提案", PROPOSAL, coordinating="水道局")


def _begin(office: Office, kind: RouteKind, title: str, answers: Mapping[str, Value], coordinating: str = "") -> int:
    known = KINDS[kind]
    with office.unit(actor_of(office, DRAFTER)) as work:
        other = select(Department.id).where(Department.name == coordinating)
        asked = work.session.scalars(other).one() if coordinating else None
        matter = Matter(title, answers, known.retention_years, known.decision_level, asked)
        return opening.begin(work, opening.draft(work, known, matter), 1).id


def decide_step(office: Office, case_id: int, step: Step) -> None:
    """Let somebody decide the newest task of a step."""
    with office.unit(actor_of(office, step.account)) as work:
        waiting = select(Task).where(Task.case_id == case_id, Task.step_id == step.step_id)
        task = work.session.scalars(waiting.order_by(Task.id.desc()).limit(1)).one()
        decide(work, task, Said(step.decision, step.reason, step.answers or NOTHING))


def find_case(work: Work, case_id: int) -> Case:
    return work.session.get_one(Case, case_id)


BOT: Mapping[str, Value] = {
    "bot": "就学援助の入力",
    "target": "就学援助システム(演習用)",
    "work": "読取を終えた申請書を、夜間に1件ずつ入力する。",
    "items": 3200,
    "test_result": "見本24件を入力し、台帳と照合した。違いはなかった。",
}
PETITION: Mapping[str, Value] = {
    "received_on": "2026-11-20",
    "channel": "letter",
    "petitioner": "架空町内会",
    "gist": "中央公園の水飲み場が1か所しかないので、増やしてほしい。",
    "answer_wanted": True,
}
PETITION_INTAKE: Mapping[str, Value] = {
    "kind": "request",
    "received_by": "letter",
    "subject": "公園の水飲み場の増設",
    "content": "中央公園の水飲み場を2か所に増やしてほしい。",
    "answer_wanted": True,
    "urgent": False,
}
PROPOSAL: Mapping[str, Value] = {
    "proposer": "架空ラーニング株式会社",
    "received_on": "2026-11-18",
    "theme": "ai_iot",
    "summary": "学習の悩みに、夜間もAIが答える相談窓口を試したい。",
    "city_role": "中学校2校での実証の場",
    "field_test": True,
}
