"""Can a running case go on along another version of its route? Only from the same steps, and to an end.

Tokens keep their names, so what people have open in their inbox stays theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from forms.field_types import Value
from workflows.routes import messages
from workflows.routes.exploring import Place, approvals_nobody_vouched_for, walk, walk_from
from workflows.routes.parts import CASE, GatewayKind, Problem, ProblemSeverity, Route, TransferRefused
from workflows.routes.running import DECISION, Progress, progress_of
from workflows.routes.state import State, from_json

Answers = Mapping[str, Mapping[str, Value]]


def transfer(old: Route, new: Route, state: Mapping[str, Any], answers: Answers | None = None) -> Progress:
    """Move a running case to another version. Raises TransferRefused with a reason for each thing in the way.

    A state keeps only the answers that its own route reads. Where the new one reads others, `answers` (by step, and the
    facts under "case") brings them; without them the new route sees them as not given.
    """
    before = from_json(state)
    _refuse([*_reasons(old, new, before)])
    kept = {place: _read_by(new, place, said) for place, said in _merged(before.kept, answers or {}).items()}
    now = replace(
        before,
        open=tuple(
            replace(each, fired=tuple(timer for timer in each.fired if timer in new.timers)) for each in before.open
        ),
        kept={place: said for place, said in kept.items() if said},
    )
    _refuse([*_ahead(new, now)])
    return progress_of(new, now)


def _refuse(reasons: list[Problem]) -> None:
    if reasons:
        raise TransferRefused(reasons)


def _reasons(old: Route, new: Route, state: State) -> Iterator[Problem]:
    if not state.open:
        yield messages.problem(messages.CASE_IS_OVER)
    for step in state.open:
        if step.step_id not in new.steps:
            sentence = messages.STEP_IS_OTHER if step.step_id in new.nodes() else messages.STEP_IS_GONE
            yield messages.problem(sentence, step.step_id, name=old.name_of(step.step_id))
    for join, sources in state.waiting.items():
        gateway = new.gateways.get(join)
        arriving = {arrow.source for arrow in new.entering.get(join, ())}
        if gateway is None or gateway.kind is not GatewayKind.PARALLEL or not arriving.issuperset(sources):
            yield messages.problem(messages.JOIN_IS_GONE, join, name=old.name_of(join))
    for end in state.ends:
        if end not in new.ends:
            yield messages.problem(messages.END_IS_GONE, end, name=old.name_of(end))


def _merged(kept: Answers, answers: Answers) -> dict[str, dict[str, Value]]:
    """Join what is kept with what is brought: decisions are only ever those that were taken."""
    merged = {place: dict(said) for place, said in kept.items()}
    for place, said in answers.items():
        if place == CASE or place in merged:
            others = {key: value for key, value in said.items() if key != DECISION}
            merged[place] = {**others, **merged.get(place, {})}
    return merged


def _read_by(route: Route, place: str, said: Mapping[str, Value]) -> dict[str, Value]:
    known = place == CASE or place in route.steps or place in route.tables
    reads = (key for key in said if f"{place}.{key}" in route.reads or (key == DECISION and place in route.steps))
    return {key: said[key] for key in reads} if known else {}


def _ahead(route: Route, state: State) -> Iterator[Problem]:
    """Walk on from where the case would stand: what a new case cannot meet, this one may not meet either."""
    place = Place(
        open=frozenset(each.step_id for each in state.open),
        waiting=frozenset((join, source) for join, sources in state.waiting.items() for source in sources),
        values=frozenset(state.values().items()),
        rung=frozenset(timer for each in state.open for timer in each.fired),
        ends=frozenset(state.ends),
        vouching=state.vouching,
    )
    walked = walk_from(route, place)
    yield from (each for each in walked.problems.values() if each.severity is ProblemSeverity.ERROR)
    if walked.complete and not any(approvals_nobody_vouched_for(route, walk(route))):
        for found in approvals_nobody_vouched_for(route, walked):
            yield replace(found, code=messages.TRANSFER_UNVOUCHED.code, message=messages.TRANSFER_UNVOUCHED.message)
