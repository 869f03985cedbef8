"""How does a token move? On SpiffWorkflow, one move at a time: from a decision to the next steps, joins and ends.

The engine never sees a drawing: its specification is built from a checked Route, out of the eight classes named below,
so nothing else can be reached whatever a file says. Its script engine is replaced by one that knows the compiled
conditions of the route and can run nothing. Its own clocks are not used (they read the time), nor its stored form: a
tree of every task ever run, 8,464 bytes after eight decisions of a route whose state here takes 281. A move starts from
the places where tokens are and ends there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.defaults import (
    EndEvent,
    ExclusiveGateway,
    ManualTask,
    ParallelGateway,
    StartEvent,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from forms.evaluation import ExpressionError
from forms.field_types import RuleValue
from workflows.routes.parts import Arrow, GatewayKind, Route, RouteStuckError, StepKind
from workflows.tables import TableError, TableResult, evaluate

KEPT_SPECIFICATIONS = 64


class ClockTask(SimpleBpmnTask):  # type: ignore[misc]  # the engine has no types
    """A clock that was fired: the token just passes. When it fires is the back office's matter."""


class TableTask(SimpleBpmnTask):  # type: ignore[misc]  # the engine has no types
    """A business rule task: its decision table answers."""

    def _run_hook(self, my_task: Task) -> bool:
        my_task.workflow.script_engine.decide(self.name)
        return True


class Conditions:
    """Stands where the engine keeps its script engine: looks up compiled conditions and tables, runs no text."""

    def __init__(self, route: Route, values: dict[str, RuleValue]) -> None:
        self._route = route
        self._values = values
        self.decided: list[TableResult] = []

    def evaluate(self, task: Task, condition: str, external_context: Mapping[str, Any] | None = None) -> bool:  # noqa: ARG002 - the engine's own signature
        """Tell whether the arrow named `condition` is open. An answer not given leaves it shut."""
        arrow = self._route.arrows[condition]
        if arrow.expression is None:
            return False
        try:
            return arrow.expression.value(self._values) is True
        except ExpressionError as reason:
            raise RouteStuckError(arrow.id, str(reason)) from reason

    def decide(self, table_id: str) -> None:
        """Let a table answer, and let conditions read its answers."""
        try:
            result = evaluate(self._route.tables[table_id], self._values)
        except TableError as reason:
            raise RouteStuckError(table_id, str(reason)) from reason
        self._values.update({f"{table_id}.{name}": value for name, value in result.outputs.items()})
        self.decided.append(result)

    def execute(self, task: Task, script: str, external_context: Mapping[str, Any] | None = None) -> bool:  # noqa: ARG002 - the engine's own signature
        """Refuse: a route has no scripts."""
        raise RouteStuckError(task.task_spec.name, "a route has no scripts")


@dataclass(frozen=True)
class Move:
    """What one move did: steps that opened, what waits at joins now, ends that were reached, tables that answered."""

    opened: tuple[str, ...]
    waiting: Mapping[str, tuple[str, ...]]
    ends: tuple[str, ...]
    decided: tuple[TableResult, ...]


@lru_cache(maxsize=KEPT_SPECIFICATIONS)
def specification(route: Route) -> BpmnProcessSpec:
    """Build the engine's own specification of a route. It is never changed afterwards, so threads may share it."""
    spec = BpmnProcessSpec(name=route.id)
    built = _tasks(spec, route)
    for arrows in route.leaving.values():
        for arrow in arrows:
            _connect(arrow, built)
    for start in route.starts:
        spec.start.connect(built[start])
    for timer in route.timers.values():
        # The engine asks that every task has a way in; a clock's is the start, which is over before any move.
        spec.start.connect(built[timer.id])
    return spec


def _tasks(spec: BpmnProcessSpec, route: Route) -> dict[str, TaskSpec]:
    steps = {StepKind.USER: UserTask, StepKind.MANUAL: ManualTask}
    gateways = {GatewayKind.EXCLUSIVE: ExclusiveGateway, GatewayKind.PARALLEL: ParallelGateway}
    built: dict[str, TaskSpec] = {}
    for start in route.starts:
        built[start] = StartEvent(spec, start, NoneEventDefinition())
    for step in route.steps.values():
        built[step.id] = steps[step.kind](spec, step.id)
    for gateway in route.gateways.values():
        built[gateway.id] = gateways[gateway.kind](spec, gateway.id)
    for table in route.tables:
        built[table] = TableTask(spec, table)
    for timer in route.timers:
        built[timer] = ClockTask(spec, timer)
    for end in route.ends:
        built[end] = EndEvent(spec, end, NoneEventDefinition())
    return built


def _connect(arrow: Arrow, built: Mapping[str, TaskSpec]) -> None:
    source, target = built[arrow.source], built[arrow.target]
    if isinstance(source, ExclusiveGateway) and arrow.condition is not None:
        # The engine is given the arrow's id where it would keep a text to run.
        source.connect_outgoing_if(arrow.id, target)
    else:
        source.connect(target)


def move(route: Route, start: str, waiting: Mapping[str, tuple[str, ...]], values: dict[str, RuleValue]) -> Move:
    """Let the token that stands on `start` move on, as far as people are not asked.

    `waiting` names, for each join, the elements whose tokens have arrived. `values` are what conditions read, by dotted
    name; tables add theirs. Raises RouteStuckError.
    """
    conditions = Conditions(route, values)
    workflow = BpmnWorkflow(specification(route), script_engine=conditions, deserializing=True)
    root = Task(workflow, workflow.spec.start, state=TaskState.COMPLETED)
    workflow.task_tree = root
    for join, arrived in waiting.items():
        for source in arrived:
            _place(_place(root, source, TaskState.COMPLETED), join, TaskState.WAITING)
    moving = _place(root, start, TaskState.FUTURE)
    try:
        moving.task_spec._predict(moving, mask=TaskState.NOT_FINISHED_MASK)  # noqa: SLF001 - as the engine begins itself
        moving.task_spec._update(moving)  # noqa: SLF001 - as the engine begins itself
        moving.run()
        workflow.do_engine_steps()
    except WorkflowException as reason:
        raise RouteStuckError(getattr(reason.task_spec, "name", None), str(reason)) from reason
    return _moved(route, workflow, moving, conditions)


def _place(parent: Task, name: str, state: int) -> Task:
    spec = parent.workflow.spec.task_specs[name]
    return Task(parent.workflow, spec, parent, state=state)


def _moved(route: Route, workflow: BpmnWorkflow, moving: Task, conditions: Conditions) -> Move:
    opened: list[str] = []
    ends: list[str] = []
    arrived: dict[str, list[str]] = {}
    passed: set[str] = set()
    for task in workflow.get_tasks():
        name = task.task_spec.name
        if name in route.gateways and task.parent is not None and task.parent.state == TaskState.COMPLETED:
            arrived.setdefault(name, []).append(task.parent.task_spec.name)
        if task.state == TaskState.COMPLETED:
            passed.add(name)
        if task.state == TaskState.COMPLETED and name in route.ends:
            ends.append(name)
        if task.state == TaskState.READY and name in route.steps and task is not moving:
            opened.append(name)
    waiting = {
        join: tuple(dict.fromkeys(sources))
        for join, sources in arrived.items()
        if join not in passed and route.gateways[join].kind is GatewayKind.PARALLEL
    }
    return Move(tuple(opened), waiting, tuple(ends), tuple(conditions.decided))
