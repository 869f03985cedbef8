"""Who is asked next, and what follows from what they say? Approval routes: read from a drawing, checked, run.

Only this package knows the BPMN engine.
"""

from workflows.routes.checking import check_route
from workflows.routes.comparing import Change, Difference, differences
from workflows.routes.drawing import ordered_steps, parts_not_drawn
from workflows.routes.exploring import explore
from workflows.routes.known import Known
from workflows.routes.messages import ALL_MESSAGES, DECISION_NAMES
from workflows.routes.parts import (
    ANYWHERE,
    CASE,
    COORDINATING,
    DRAFTER,
    GUARDED,
    OWNER,
    Arrow,
    Assignment,
    Decision,
    DecisionNotOfferedError,
    End,
    Gateway,
    GatewayKind,
    Outcome,
    Problem,
    ProblemSeverity,
    Route,
    RouteError,
    RouteKind,
    RouteRefused,
    RouteStuckError,
    Shape,
    Start,
    Step,
    StepKind,
    StepNotOpen,
    Timer,
    TransferRefused,
)
from workflows.routes.reading import read_route
from workflows.routes.rewriting import accept_drawing
from workflows.routes.running import OpenStep, OpenTimer, Progress, complete, fire, start
from workflows.routes.state import StateError
from workflows.routes.transferring import transfer
from workflows.routes.written_tables import (
    EMPTY_TABLE,
    WrittenInput,
    WrittenOutput,
    WrittenRow,
    WrittenTable,
    look_at_table,
    with_table,
    written_table,
)

__all__ = [
    "ALL_MESSAGES",
    "ANYWHERE",
    "CASE",
    "COORDINATING",
    "DECISION_NAMES",
    "DRAFTER",
    "EMPTY_TABLE",
    "GUARDED",
    "OWNER",
    "Arrow",
    "Assignment",
    "Change",
    "Decision",
    "DecisionNotOfferedError",
    "Difference",
    "End",
    "Gateway",
    "GatewayKind",
    "Known",
    "OpenStep",
    "OpenTimer",
    "Outcome",
    "Problem",
    "ProblemSeverity",
    "Progress",
    "Route",
    "RouteError",
    "RouteKind",
    "RouteRefused",
    "RouteStuckError",
    "Shape",
    "Start",
    "StateError",
    "Step",
    "StepKind",
    "StepNotOpen",
    "Timer",
    "TransferRefused",
    "WrittenInput",
    "WrittenOutput",
    "WrittenRow",
    "WrittenTable",
    "accept_drawing",
    "check_route",
    "complete",
    "differences",
    "explore",
    "fire",
    "look_at_table",
    "ordered_steps",
    "parts_not_drawn",
    "read_route",
    "start",
    "transfer",
    "with_table",
    "written_table",
]
