"""May this route be used for this kind of case, in this office? Everything that is asked before it is activated."""

from collections.abc import Iterator

from forms.field_types import FieldType
from workflows.routes import messages
from workflows.routes.domains import exact, uses_of
from workflows.routes.exploring import LIMIT, approvals_nobody_vouched_for, walk
from workflows.routes.kinds import problems_of_conditions
from workflows.routes.known import Known
from workflows.routes.parts import (
    DRAFTER,
    GUARDED,
    Assignment,
    Decision,
    GatewayKind,
    Outcome,
    Problem,
    ProblemSeverity,
    Route,
    RouteKind,
    Step,
)
from workflows.tables import TableProblem, table_problems

LONGEST_NAME = 120
LONGEST_STEP_ID = 58
LONGEST_WITH_TIMER = 57
"""Of a step's id and its timer's together: with their counts they must fit where a running case keeps them."""


def check_route(route: Route, kind: RouteKind, known: Known, limit: int = LIMIT) -> tuple[Problem, ...]:
    """Find everything that keeps the route from being used, and what its drawer should look at (warnings).

    Once the settings are right, every way is walked too: what `explore` finds is among the answers. No error means:
    whatever people decide and clocks do, a case of this kind has an open step or an end, and where the kind is guarded
    it is never approved by its drafter alone.
    """
    found = [
        *_approving_end(route),
        *(problem for step in route.steps.values() for problem in _of_step(route, step, kind, known)),
        *(problem for step in route.steps.values() for problem in _too_long(route, step)),
        *problems_of_conditions(route, known),
        *(problem for table in route.tables for problem in _of_table(route, table)),
        *_without_default(route),
    ]
    if any(problem.severity is ProblemSeverity.ERROR for problem in found):
        return tuple(found)
    walked = walk(route, limit, known)
    found += walked.problems.values()
    if kind in GUARDED and walked.complete:
        found += approvals_nobody_vouched_for(route, walked)
    return tuple(found)


def _approving_end(route: Route) -> Iterator[Problem]:
    if not any(end.outcome is Outcome.APPROVED for end in route.ends.values()):
        yield messages.problem(messages.NO_APPROVING_END)


def _of_step(route: Route, step: Step, kind: RouteKind, known: Known) -> Iterator[Problem]:
    def say(sentence: messages.Sentence, **params: object) -> Problem:
        return messages.problem(sentence, step.id, name=route.name_of(step.id), **params)

    if step.form is not None and step.form not in known.forms:
        yield say(messages.UNKNOWN_FORM, value=step.form)
    if step.due_fact is not None and not _is_day(step.due_fact, known):
        yield say(messages.DUE_FACT_WRONG, value=step.due_fact)
    if step.assignment.person == DRAFTER and kind in GUARDED and Decision.APPROVE in step.decisions:
        yield say(messages.DRAFTER_APPROVES)
    for assignment in (step.assignment, step.escalate_to):
        if assignment is not None:
            for sentence, value in _of_assignment(route, step, assignment, known):
                yield say(sentence, value=value)
    for sentence, params in (*_of_numbers(step), *_of_days(step)):
        yield say(sentence, **params)


def _is_day(key: str, known: Known) -> bool:
    return key in known.facts and known.facts[key].type is FieldType.DATE


def _too_long(route: Route, step: Step) -> Iterator[Problem]:
    name = route.name_of(step.id)
    if len(step.name) > LONGEST_NAME:
        yield messages.problem(messages.NAME_TOO_LONG, step.id, name=name, limit=LONGEST_NAME)
    if len(step.id) > LONGEST_STEP_ID:
        yield messages.problem(messages.ID_TOO_LONG, step.id, name=name, limit=LONGEST_STEP_ID)
    for timer in route.timers_of(step.id):
        left = LONGEST_WITH_TIMER - len(step.id)
        if len(timer.id) > left:
            yield messages.problem(messages.ID_TOO_LONG, timer.id, name=route.name_of(timer.id), limit=max(1, left))


def _of_assignment(
    route: Route, step: Step, asked: Assignment, known: Known
) -> Iterator[tuple[messages.Sentence, str | None]]:
    if asked.role is None and asked.person is None:
        yield messages.NOBODY_ASKED, None
    if asked.role is not None:
        yield from _of_role(asked, asked.role, known)
    if asked.person == DRAFTER and asked.not_drafter:
        yield messages.DRAFTER_EXCLUDED, None
    elif asked.person not in (None, DRAFTER):
        if known.accounts is not None and asked.person not in known.accounts:
            yield messages.UNKNOWN_PERSON, asked.person
        if asked.not_drafter:
            yield messages.ONE_PERSON_ONLY, None
    for other in asked.not_deciders_of:
        if other == step.id:
            yield messages.NOT_ITSELF, None
        elif other not in route.steps:
            yield messages.UNKNOWN_STEP, other


def _of_role(asked: Assignment, role: str, known: Known) -> Iterator[tuple[messages.Sentence, str | None]]:
    if asked.person is not None:
        yield messages.ROLE_AND_PERSON, None
    if role not in known.roles:
        yield messages.UNKNOWN_ROLE, role
    if asked.place not in known.places:
        yield messages.UNKNOWN_PLACE, asked.place


def _of_numbers(step: Step) -> Iterator[tuple[messages.Sentence, dict[str, object]]]:
    asked = step.assignment
    if asked.of is not None and asked.quorum > asked.of:
        yield messages.QUORUM_TOO_LARGE, {"of": asked.of, "quorum": asked.quorum}
    if asked.person is not None and asked.quorum > 1:
        yield messages.QUORUM_OF_ONE, {"quorum": asked.quorum}


def _of_days(step: Step) -> Iterator[tuple[messages.Sentence, dict[str, object]]]:
    if step.due_days is None:
        if step.due_fact is not None or step.remind_days is not None or step.escalate_days is not None:
            yield messages.DAYS_WITHOUT_DUE, {}
    elif step.remind_days is not None and step.remind_days >= step.due_days:
        yield messages.REMIND_TOO_EARLY, {"remind": step.remind_days, "due": step.due_days}
    if (step.escalate_days is None) is not (step.escalate_to is None):
        yield messages.ESCALATION_INCOMPLETE, {}


_OF_TABLES = {
    "gap": messages.TABLE_GAP,
    "overlap": messages.TABLE_OVERLAP,
    "never": messages.TABLE_NEVER,
    "too_complex": messages.TABLE_TOO_COMPLEX,
}


def _of_table(route: Route, table_id: str) -> Iterator[Problem]:
    table = route.tables[table_id]
    for found in table_problems(table):
        example = "、".join(
            f"{column.label}: {value}" for column, value in zip(table.inputs, found.example, strict=False)
        )
        params = _rows(found) | {"example": example}
        yield messages.problem(_OF_TABLES[found.code], table_id, name=route.name_of(table_id), **params)


def _rows(found: TableProblem) -> dict[str, object]:
    return dict(zip(("first", "second"), found.rows, strict=False))


def _without_default(route: Route) -> Iterator[Problem]:
    """A condition that counts or compares answers is not tried with all of them: there must be a way besides."""
    uses = uses_of(route)
    for gateway in route.gateways.values():
        names = [
            name
            for arrow in route.leaving[gateway.id]
            if arrow.expression is not None
            for name in arrow.expression.names
        ]
        if gateway.kind is GatewayKind.EXCLUSIVE and gateway.default is None and not exact(names, uses):
            yield messages.problem(messages.NEEDS_DEFAULT, gateway.id, name=route.name_of(gateway.id))
