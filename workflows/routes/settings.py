"""What did the drawer set for one element? Our own attributes under extensionElements, read into values."""

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from workflows.routes import messages
from workflows.routes.parts import Assignment, Decision, End, Outcome, Problem, Step, StepKind, Timer
from workflows.routes.vocabulary import BPMN, GIJO
from workflows.routes.xml_tree import Node
from workflows.tables import CellType, DecisionTable, Hit, TableError, TableOutput
from workflows.tables.table import MAX_COLUMNS, MAX_RULES, read_input, read_rule

Word = TypeVar("Word", bound=StrEnum)

STEP_KINDS = {"userTask": StepKind.USER, "manualTask": StepKind.MANUAL}
MAX_DAYS = 365
MAX_DIGITS = 20


class Settings:
    """Reads one element's settings; what cannot be read becomes a problem, and the reader goes on."""

    def __init__(self, node: Node, problems: list[Problem]) -> None:
        self.node = node
        self.id = node.get("id")
        self.name = node.get("name") or self.id
        self._problems = problems

    def say(self, sentence: messages.Sentence, **params: object) -> None:
        """Note a problem of this element."""
        self._problems.append(messages.problem(sentence, self.id, name=self.name, **params))

    def own(self, tag: str) -> Node | None:
        """Give our own element of this name, if it is set."""
        extensions = self.node.first(BPMN, "extensionElements")
        return None if extensions is None else extensions.first(GIJO, tag)

    def count(self, own: Node, setting: str) -> int | None:
        """Read a number of at least 1; None where nothing is set."""
        text = own.get(setting)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS) or not 1 <= int(text) <= MAX_DAYS:
            self.say(messages.NUMBER_WRONG, setting=setting, value=text[:MAX_DIGITS])
            return None
        return int(text)

    def truth(self, own: Node, setting: str, *, otherwise: bool = False) -> bool:
        """Read true or false."""
        text = own.get(setting)
        if text not in ("", "true", "false"):
            self.say(messages.SETTING_WRONG, setting=setting, value=text)
        return {"true": True, "false": False}.get(text, otherwise)

    def word(self, kind: type[Word], setting: str, text: str) -> Word | None:
        """Read one of the words of `kind`."""
        try:
            return kind(text)
        except ValueError:
            self.say(messages.SETTING_WRONG, setting=setting, value=text)
            return None


def read_step(node: Node, problems: list[Problem]) -> Step | None:
    """Read who is asked for what, and by when."""
    settings = Settings(node, problems)
    own = settings.own("step")
    if own is None:
        settings.say(messages.STEP_SETTINGS_MISSING)
        return None
    assignment = _assignment(settings, own)
    note = node.first(BPMN, "documentation")
    return Step(
        id=settings.id,
        name=node.get("name"),
        kind=STEP_KINDS[node.tag],
        assignment=assignment,
        form=own.get("form") or None,
        decisions=_decisions(settings, own),
        due_days=settings.count(own, "dueDays"),
        remind_days=settings.count(own, "remindDays"),
        escalate_days=settings.count(own, "escalateDays"),
        escalate_to=_escalation(own, assignment),
        documentation="" if note is None else note.text.strip(),
        due_fact=own.get("dueFact") or None,
    )


def _assignment(settings: Settings, own: Node) -> Assignment:
    return Assignment(
        role=own.get("role") or None,
        place=own.get("place", "owner") or "owner",
        person=own.get("person") or None,
        not_drafter=settings.truth(own, "notDrafter"),
        not_deciders_of=tuple(own.get("notDecidersOf").split()),
        quorum=settings.count(own, "quorum") or 1,
        of=settings.count(own, "of"),
    )


def _escalation(own: Node, assignment: Assignment) -> Assignment | None:
    """Whoever gets the step by escalation is bound by the same exclusions: it opens no way around them."""
    role, person = own.get("escalateRole") or None, own.get("escalatePerson") or None
    if role is None and person is None:
        return None
    place = own.get("escalatePlace", "owner") or "owner"
    return replace(assignment, role=role, place=place, person=person, quorum=1, of=None)


def _decisions(settings: Settings, own: Node) -> tuple[Decision, ...]:
    written = own.get("decisions").split()
    found = [settings.word(Decision, "decisions", word) for word in written]
    if not written:
        settings.say(messages.NO_DECISIONS)
    return tuple(dict.fromkeys(decision for decision in found if decision is not None))


def read_end(node: Node, problems: list[Problem]) -> End:
    """Read what an end means for the case; an end that says nothing is "done"."""
    settings = Settings(node, problems)
    own = settings.own("end")
    written = "" if own is None else own.get("outcome")
    outcome = settings.word(Outcome, "outcome", written) if written else Outcome.DONE
    terminates = node.first(BPMN, "terminateEventDefinition") is not None
    return End(settings.id, node.get("name"), outcome or Outcome.DONE, terminates)


def read_timer(node: Node, problems: list[Problem]) -> Timer | None:
    """Read a clock on the edge of a step."""
    settings = Settings(node, problems)
    own = settings.own("timer")
    days = None if own is None else settings.count(own, "businessDays")
    if days is None:
        settings.say(messages.TIMER_DAYS_MISSING)
        return None
    interrupting = settings.truth(node, "cancelActivity", otherwise=True)
    return Timer(settings.id, node.get("name"), node.get("attachedToRef"), days, interrupting)


def read_table(node: Node, problems: list[Problem]) -> DecisionTable | None:
    """Read the decision table of a business rule task."""
    settings = Settings(node, problems)
    own = settings.own("table")
    if own is None:
        settings.say(messages.TABLE_MISSING)
        return None
    try:
        return _table(settings, own)
    except TableError as reason:
        settings.say(messages.TABLE_WRONG, reason=str(reason))
        return None


def _table(settings: Settings, own: Node) -> DecisionTable:
    rows = own.all(GIJO, "rule")
    columns = len(own.all(GIJO, "input")), len(own.all(GIJO, "output"))
    if not rows or not all(columns):
        raise TableError("条件の列・答えの列・行が、それぞれ1つ以上要ります。")
    if len(rows) > MAX_RULES or max(columns) > MAX_COLUMNS:
        raise TableError(f"表は{MAX_RULES}行、条件と答えはそれぞれ{MAX_COLUMNS}列までです。")
    inputs = tuple(
        read_input(each.get("label"), each.get("expression"), each.get("type"), each.get("values"))
        for each in own.all(GIJO, "input")
    )
    outputs = tuple(_output(each) for each in own.all(GIJO, "output"))
    rules = tuple(
        read_rule(number, row.get("id") or f"{settings.id}_{number}", _cells(row), inputs, outputs)
        for number, row in enumerate(rows, start=1)
    )
    hit = own.get("hit", Hit.UNIQUE)
    if hit not in tuple(Hit):
        raise TableError(f"当てはめ方「{hit}」はありません。unique か first にしてください。")
    return DecisionTable(settings.id, settings.node.get("name"), inputs, outputs, rules, Hit(hit))


def _output(column: Node) -> TableOutput:
    name, kind = column.get("name"), column.get("type", CellType.TEXT)
    if not name.isidentifier() or not name.isascii() or not name[0].islower() or name == "decision":
        raise TableError(f"答えの列の名前「{name}」は使えません。英小文字で始まる英数字と「_」にしてください。")
    if kind not in tuple(CellType):
        raise TableError(f"答えの列「{name}」の種類「{kind}」はありません。")
    return TableOutput(name, column.get("label") or name, CellType(kind))


def _cells(row: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    whens = tuple(cell.text.strip() for cell in row.all(GIJO, "when"))
    return whens, tuple(cell.text.strip() for cell in row.all(GIJO, "then"))
