"""What is an approval route made of? Steps, gateways, decision tables and arrows, as drawn; nothing that runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from forms.expressions import Expression
from workflows.tables import DecisionTable

DRAFTER = "drafter"
"""`Assignment.person` of a step that goes back to whoever drafted the case. No account may have this name."""

CASE = "case"
"""The place under which a condition reads the facts of the case: `case.amount`. No step may have this id."""

OWNER = "owner"
COORDINATING = "coordinating"
ANYWHERE = "anywhere"


class RouteKind(StrEnum):
    """What a route decides about. What follows its end is the back office's matter."""

    PROGRAM_REGISTRATION = "program_registration"
    DATA_LINK = "data_link"
    BOT_RELEASE = "bot_release"
    AUDIENCE_RELEASE = "audience_release"
    SMALL_CHANGE = "small_change"
    PROPOSAL = "proposal"
    GRANT_REVIEW = "grant_review"
    PETITION = "petition"
    LINK_REVIEW = "link_review"
    DATA_BREACH = "data_breach"
    DISCLOSURE = "disclosure"
    RECORD_APPROVAL = "record_approval"
    RECORD_CHECK = "record_check"


GUARDED = frozenset(
    {
        RouteKind.PROGRAM_REGISTRATION,
        RouteKind.DATA_LINK,
        RouteKind.BOT_RELEASE,
        RouteKind.AUDIENCE_RELEASE,
        RouteKind.SMALL_CHANGE,
        RouteKind.LINK_REVIEW,
        RouteKind.RECORD_APPROVAL,
        RouteKind.RECORD_CHECK,
    }
)
"""Kinds where somebody other than the drafter approves on every path to approval."""


class Decision(StrEnum):
    APPROVE = "approve"
    SEND_BACK = "send_back"
    REJECT = "reject"
    DONE = "done"
    WITHDRAW = "withdraw"


class StepKind(StrEnum):
    USER = "user"
    MANUAL = "manual"


class Outcome(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DONE = "done"


@dataclass(frozen=True)
class Assignment:
    """Who is asked. `quorum` of `of` people asked decide (`of` None: anybody eligible); votes are counted elsewhere."""

    role: str | None
    place: str
    person: str | None
    not_drafter: bool
    not_deciders_of: tuple[str, ...]
    quorum: int
    of: int | None


@dataclass(frozen=True)
class Step:
    """One thing that people do. Days are business days: due after entry, remind before due, escalate after due.

    `due_fact`: where the case says so it is due on the day that this fact of the case names, whatever `due_days` says.
    """

    id: str
    name: str
    kind: StepKind
    assignment: Assignment
    form: str | None
    decisions: tuple[Decision, ...]
    due_days: int | None
    remind_days: int | None
    escalate_days: int | None
    escalate_to: Assignment | None
    documentation: str = ""
    due_fact: str | None = None


class GatewayKind(StrEnum):
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"


@dataclass(frozen=True)
class Gateway:
    id: str
    name: str
    kind: GatewayKind
    default: str | None
    """The arrow taken where no condition holds."""


@dataclass(frozen=True)
class Arrow:
    """`condition` is its source; `expression` what was read from it."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    expression: Expression | None


@dataclass(frozen=True)
class Timer:
    """A clock drawn on the edge of a step. It never reads the time: the back office fires it."""

    id: str
    name: str
    attached_to: str
    business_days: int
    interrupting: bool


@dataclass(frozen=True)
class Start:
    id: str
    name: str


@dataclass(frozen=True)
class End:
    """`terminates` ends the case at once, with whatever else is still open."""

    id: str
    name: str
    outcome: Outcome
    terminates: bool


@dataclass(frozen=True)
class Shape:
    """Where an element stands in the drawing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, eq=False)
class Route:
    """A route as drawn. Two routes are equal when their files are, byte for byte: `digest` is the SHA-256 of `xml`."""

    id: str
    name: str
    steps: Mapping[str, Step] = field(repr=False)
    gateways: Mapping[str, Gateway] = field(repr=False)
    arrows: Mapping[str, Arrow] = field(repr=False)
    tables: Mapping[str, DecisionTable] = field(repr=False)
    timers: Mapping[str, Timer] = field(repr=False)
    starts: Mapping[str, Start] = field(repr=False)
    ends: Mapping[str, End] = field(repr=False)
    shapes: Mapping[str, Shape] = field(repr=False)
    leaving: Mapping[str, tuple[Arrow, ...]] = field(repr=False)
    """The arrows that leave an element, in the order of the file."""
    entering: Mapping[str, tuple[Arrow, ...]] = field(repr=False)
    reads: frozenset[str] = field(repr=False)
    """Every name that a condition or a table of the route looks at."""
    digest: str
    xml: bytes = field(repr=False)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Route) and other.digest == self.digest

    def timers_of(self, step_id: str) -> tuple[Timer, ...]:
        """Give the clocks on the edge of a step."""
        return tuple(timer for timer in self.timers.values() if timer.attached_to == step_id)

    def nodes(self) -> tuple[str, ...]:
        """Give the ids of everything arrows join, in the order of the file's kinds."""
        return (*self.starts, *self.steps, *self.tables, *self.gateways, *self.timers, *self.ends)

    def name_of(self, element_id: str) -> str:
        """Give the name that stands in the drawing, or the id where it has none."""
        for kind in (self.starts, self.steps, self.tables, self.gateways, self.timers, self.ends, self.arrows):
            element = kind.get(element_id)
            if element is not None and element.name:
                return element.name
        return element_id


class ProblemSeverity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing to mend, said to whoever draws the route. `message` is a msgid with `params` in `%(name)s` style."""

    element_id: str | None
    code: str
    message: str
    params: Mapping[str, object]
    severity: ProblemSeverity = ProblemSeverity.ERROR

    def __str__(self) -> str:
        return self.message % self.params


class RouteError(Exception):
    """A route cannot be read or cannot move as asked."""


class RouteRefused(RouteError):  # noqa: N818 - what happened, as a sentence of the office says it
    """A drawing is not a route. `problems` says why, element by element."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class StepNotOpen(RouteError):  # noqa: N818 - what happened, as a sentence of the office says it
    """A token is not open (any more): decided already, taken by a clock, or never given."""

    def __init__(self, token: str) -> None:
        super().__init__(f"the step {token} is not open")
        self.token = token


class DecisionNotOfferedError(RouteError):
    """A step does not offer this decision."""

    def __init__(self, step_id: str, decision: str) -> None:
        super().__init__(f"the step {step_id} does not offer {decision}")
        self.step_id = step_id
        self.decision = decision


class TransferRefused(RouteError):  # noqa: N818 - what happened, as a sentence of the office says it
    """A running case cannot be moved to another version. `reasons` says why, open step by open step."""

    def __init__(self, reasons: Sequence[Problem]) -> None:
        super().__init__(" ".join(str(reason) for reason in reasons))
        self.reasons = tuple(reasons)


class RouteStuckError(RouteError):
    """A move found no way on: no condition holds, an answer has another kind, or a join can never be complete.

    A route that `check_route` accepted does not do this with answers its forms accept.
    """

    def __init__(self, element_id: str | None, reason: str) -> None:
        super().__init__(f"{element_id}: {reason}")
        self.element_id = element_id
