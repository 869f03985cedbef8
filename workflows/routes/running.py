"""What happens to a case when somebody decides, or when a clock rings? Pure: a state goes in, the next comes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.field_types import Value
from workflows.routes.engine import Move, move
from workflows.routes.parts import (
    CASE,
    DRAFTER,
    Decision,
    DecisionNotOfferedError,
    End,
    Outcome,
    Route,
    RouteStuckError,
    StepNotOpen,
)
from workflows.routes.state import Open, State, from_json
from workflows.tables import TableResult

DECISION = "decision"


@dataclass(frozen=True)
class OpenStep:
    """A step that waits for a decision; `token` names this opening of it, and no other."""

    token: str
    step_id: str


@dataclass(frozen=True)
class OpenTimer:
    """A clock that runs while its step is open. The back office counts the days and calls `fire` once."""

    token: str
    timer_id: str
    attached_step_token: str
    business_days: int
    interrupting: bool


@dataclass(frozen=True)
class Progress:
    """Where the case stands after a move. `data`: by step, table or "case" the decision and what the route reads."""

    state: dict[str, Any]
    open: tuple[OpenStep, ...]
    timers: tuple[OpenTimer, ...]
    end: End | None
    tables: tuple[TableResult, ...]
    data: Mapping[str, Mapping[str, Value]]
    vouched: bool
    """Whether somebody other than the drafter has approved since the case was last sent back or mended."""


def start(route: Route, facts: Mapping[str, Value]) -> Progress:
    """Begin a case. `facts` are what conditions read as `case.…`."""
    kept = _kept(route, CASE, facts)
    state = State(kept={CASE: kept} if kept else {})
    return _went_on(route, state, next(iter(route.starts)))


def complete(
    route: Route,
    state: Mapping[str, Any],
    token: str,
    decision: Decision,
    answers: Mapping[str, Value],
    facts: Mapping[str, Value] | None = None,
) -> Progress:
    """Take the decision on an open step; `facts` are those of the case, read anew where its drafter has mended it.

    Raises StepNotOpen, DecisionNotOfferedError or RouteStuckError.
    """
    before = from_json(state)
    taken = next((each for each in before.open if each.token == token), None)
    if taken is None:
        raise StepNotOpen(token)
    if decision not in route.steps[taken.step_id].decisions:
        raise DecisionNotOfferedError(taken.step_id, decision)
    said = {DECISION: decision.value, **_kept(route, taken.step_id, answers)}
    # Anywhere else facts stay what they were when others decided on them: every way is checked with just these changes.
    mends = route.steps[taken.step_id].assignment.person == DRAFTER
    mended = {CASE: _kept(route, CASE, facts)} if mends and facts is not None else {}
    others = tuple(each for each in before.open if each is not taken)
    still_open = {each.step_id for each in others}
    vouching = before.vouching.after(route.steps[taken.step_id], decision, still_open)
    kept = {**before.kept, **mended, taken.step_id: said}
    now = replace(before, open=others, kept=kept, vouching=vouching)
    return _went_on(route, now, taken.step_id)


def fire(route: Route, state: Mapping[str, Any], timer_token: str) -> Progress:
    """Let a clock ring; an interrupting one takes its step away. Raises StepNotOpen where it does not run."""
    before = from_json(state)
    for each in before.open:
        for timer in running_timers(route, each):
            if timer.token == timer_token:
                return _went_on(route, _rung(before, each, timer), timer.timer_id)
    raise StepNotOpen(timer_token)


def running_timers(route: Route, step: Open) -> tuple[OpenTimer, ...]:
    """Give the clocks on the edge of an open step that have not rung."""
    return tuple(
        OpenTimer(f"{step.token}/{timer.id}", timer.id, step.token, timer.business_days, timer.interrupting)
        for timer in route.timers_of(step.step_id)
        if timer.id not in step.fired
    )


def _rung(before: State, step: Open, timer: OpenTimer) -> State:
    others = tuple(each for each in before.open if each is not step)
    if timer.interrupting:
        return replace(before, open=others, vouching=before.vouching.without(step.step_id))
    return replace(before, open=(*others, replace(step, fired=(*step.fired, timer.timer_id))))


def _kept(route: Route, place: str, answers: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in answers.items() if name != DECISION and f"{place}.{name}" in route.reads}


def _went_on(route: Route, before: State, at: str) -> Progress:
    moved = move(route, at, before.waiting, before.values())
    return progress_of(route, _after(route, before, moved), moved.decided)


def _after(route: Route, before: State, moved: Move) -> State:
    """Count what a move did into the state. Fields of a step that opens (again) are cleared."""
    ends = (*before.ends, *moved.ends)
    tables = {result.table_id: dict(result.outputs) for result in moved.decided}
    kept = {place: said for place, said in {**before.kept, **tables}.items() if place not in moved.opened}
    if any(route.ends[end].terminates for end in moved.ends):
        return State(before.opened, (), {}, kept, ends, before.vouching)
    opened = tuple(
        Open(f"{step_id}.{number}", step_id) for number, step_id in enumerate(moved.opened, start=before.opened + 1)
    )
    return State(before.opened + len(opened), (*before.open, *opened), moved.waiting, kept, ends, before.vouching)


def progress_of(route: Route, state: State, tables: Iterable[TableResult] = ()) -> Progress:
    """Say where a state stands. Raises RouteStuckError where nothing is open and no end was reached."""
    end = None
    if not state.open:
        if state.waiting or not state.ends:
            raise RouteStuckError(next(iter(state.waiting), None), "nothing is open, and the case is not at an end")
        end = deciding_end(route, state.ends)
    return Progress(
        state=state.to_json(),
        open=tuple(OpenStep(each.token, each.step_id) for each in state.open),
        timers=tuple(timer for each in state.open for timer in running_timers(route, each)),
        end=end,
        tables=tuple(tables),
        data=state.kept,
        vouched=state.vouching.vouched,
    )


def deciding_end(route: Route, ends: Iterable[str]) -> End:
    """Of the ends that a case reached, give the one that tells its outcome: the last that is not "done"."""
    reached = [route.ends[end] for end in ends]
    return next((end for end in reversed(reached) if end.outcome is not Outcome.DONE), reached[-1])
