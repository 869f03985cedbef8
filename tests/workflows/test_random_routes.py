"""Whatever is drawn with the allowed parts and whatever is decided: a case has an open step or an end."""

import json
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.workflows.random_routes import any_drawings, sound_routes
from workflows.routes import (
    Decision,
    ProblemSeverity,
    Progress,
    Route,
    RouteRefused,
    StepNotOpen,
    complete,
    explore,
    fire,
    messages,
    read_route,
    start,
)
from workflows.routes.domains import uses_of
from workflows.routes.state import State, from_json
from workflows.routes.token_game import TokenGame

ROUTES = 200
WAYS = 2_000
"""A route with more is left alone: the checks say of it only that it is too large to be walked."""
LONGEST = 40
CHOICES = st.lists(st.integers(0, 10**6), min_size=LONGEST, max_size=LONGEST)
AMOUNTS = st.sampled_from([None, 5, 50, 500, 5000])


def errors(route: Route) -> list[str]:
    return [str(problem) for problem in explore(route, WAYS) if problem.severity is ProblemSeverity.ERROR]


def is_small(route: Route) -> bool:
    return all(problem.code != messages.TOO_MANY_WAYS.code for problem in explore(route, WAYS))


def choices_at(route: Route, progress: Progress) -> list[tuple[str, Decision | None]]:
    """Every decision that may be taken and every clock that may ring."""
    decisions = [(each.token, decision) for each in progress.open for decision in route.steps[each.step_id].decisions]
    return [*decisions, *((timer.token, None) for timer in progress.timers)]


def move(route: Route, progress: Progress, choice: tuple[str, Decision | None], amount: int | None) -> Progress:
    token, decision = choice
    state = json.loads(json.dumps(progress.state))
    if decision is None:
        return fire(route, state, token)
    return complete(route, state, token, decision, {"amount": amount})


def sound(route: Route, progress: Progress) -> bool:
    """An open step, each once, or an end."""
    steps = Counter(each.step_id for each in progress.open)
    return bool(steps) is (progress.end is None) and max(steps.values(), default=1) == 1


@settings(max_examples=ROUTES, deadline=None)
@given(sound_routes(), CHOICES, AMOUNTS)
def test_no_decision_leads_to_a_case_without_an_open_step_or_an_end(route, choices, amount):
    progress = start(route, {"amount": amount})
    used: set[str] = set()

    for choice in choices:
        assert sound(route, progress)
        if progress.end is not None:
            break
        possible = choices_at(route, progress)
        chosen = possible[choice % len(possible)]
        progress = move(route, progress, chosen, amount)
        assert chosen[0] not in used
        used.add(chosen[0])
        with pytest.raises(StepNotOpen):
            move(route, progress, chosen, amount)


@settings(max_examples=ROUTES, deadline=None)
@given(sound_routes())
def test_a_route_put_together_soundly_is_found_sound(route):
    assume(is_small(route))

    assert errors(route) == []


@settings(max_examples=ROUTES, deadline=None)
@given(any_drawings(), CHOICES, AMOUNTS)
def test_a_drawing_that_passes_the_checks_never_gets_stuck(xml, choices, amount):
    try:
        route = read_route(xml)
    except RouteRefused:
        return
    if errors(route):
        return

    progress = start(route, {"amount": amount})
    for choice in choices:
        assert sound(route, progress)
        if progress.end is not None:
            return
        possible = choices_at(route, progress)
        progress = move(route, progress, possible[choice % len(possible)], amount)


@settings(max_examples=ROUTES, deadline=None)
@given(sound_routes(), CHOICES, AMOUNTS)
def test_the_engine_moves_as_the_rules_of_the_game_say(route, choices, amount):
    game = TokenGame(route, uses_of(route))
    progress = start(route, {"amount": amount})

    for choice in choices:
        if progress.end is not None:
            break
        possible = choices_at(route, progress)
        token, decision = possible[choice % len(possible)]
        before = from_json(progress.state)
        at, values = left_at(before, token, decision, amount)
        (expected,) = game.moves(at, values, waiting_at(before))
        progress = move(route, progress, (token, decision), amount)
        after = from_json(progress.state)
        known = {each.token for each in before.open}
        assert Counter(each.step_id for each in after.open if each.token not in known) == Counter(expected.opened)
        assert waiting_at(after) == expected.waiting
        assert Counter(after.ends) - Counter(before.ends) == Counter(expected.ends)


def left_at(state: State, token: str, decision: Decision | None, amount: int | None):
    if decision is None:
        return token.split("/")[1], state.values()
    step = next(each.step_id for each in state.open if each.token == token)
    return step, {**state.values(), f"{step}.decision": decision.value, f"{step}.amount": amount}


def waiting_at(state: State) -> frozenset[tuple[str, str]]:
    return frozenset((join, source) for join, sources in state.waiting.items() for source in sources)
