"""Where can a case get to, whatever people decide and clocks do? Every way is walked, up to a limit.

A state of the walk is what decides how it goes on: open steps, what waits at joins, clocks that rang, ends reached, and
the answers that some gateway or table may still read. How often steps were opened does not matter.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from forms.field_types import RuleValue
from workflows.routes import messages
from workflows.routes.domains import samples, uses_of
from workflows.routes.known import Known
from workflows.routes.parts import CASE, DRAFTER, Decision, Outcome, Problem, Route
from workflows.routes.running import DECISION, deciding_end
from workflows.routes.structure import following, reachable, turned
from workflows.routes.token_game import Arrival, Moving, NoWayOnError, TokenGame, TwiceError
from workflows.routes.vouching import NOBODY_YET, Vouching

LIMIT = 20_000
MAX_ANSWERS = 512
NEEDS_ANSWERS = (Decision.APPROVE, Decision.DONE)
"""Decisions that are taken with the step's form filled in; the others may come with the reason alone."""


@dataclass(frozen=True)
class Place:
    """One state of the walk."""

    open: frozenset[str] = frozenset()
    waiting: frozenset[Arrival] = frozenset()
    values: frozenset[tuple[str, RuleValue]] = frozenset()
    rung: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    vouching: Vouching = NOBODY_YET


@dataclass(frozen=True)
class Way:
    """How a state was reached first."""

    before: Place | None
    said: str


@dataclass
class Walk:
    """What a walk has found."""

    ways: dict[Place, Way] = field(default_factory=dict)
    onward: dict[Place, set[Place]] = field(default_factory=dict)
    over: set[Place] = field(default_factory=set)
    problems: dict[tuple[str | None, str], Problem] = field(default_factory=dict)
    arrows: set[str] = field(default_factory=set)
    complete: bool = True


def explore(route: Route, limit: int = LIMIT, known: Known | None = None) -> tuple[Problem, ...]:
    """Find dead ends, endless rounds, gateways without a way out, and cases that come to one step twice.

    `limit` bounds the states; where it is passed, the one finding that counts is that not everything could be looked
    at. With `known` forms only answers they accept are tried. This function will never run for long: it is bounded in
    states and in answers tried a step.
    """
    return tuple(walk(route, limit, known).problems.values())


def walk(route: Route, limit: int = LIMIT, known: Known | None = None) -> Walk:
    """Walk every way of the route from its start."""
    walker = _Walker(route, limit, known)
    walker.begin()
    return walker.walk()


def walk_from(route: Route, place: Place, limit: int = LIMIT) -> Walk:
    """Walk every way that leads on from a state."""
    walker = _Walker(route, limit, None)
    walker.stand_on(place)
    return walker.walk()


class _Walker:
    def __init__(self, route: Route, limit: int, known: Known | None) -> None:
        self._route = route
        self._limit = limit
        uses = uses_of(route)
        self._samples = samples(route, uses, known)
        self._game = TokenGame(route, uses)
        self._readers = _readers(route)
        self._walk = Walk()
        self._line: deque[Place] = deque()

    def begin(self) -> None:
        beginning = next(iter(self._route.starts))
        for facts in self._answers(CASE):
            self._go(None, Place(values=frozenset(facts.items())), beginning, self._route.name_of(beginning))

    def stand_on(self, place: Place) -> None:
        self._reach(place, Way(None, "、".join(self._route.name_of(step) for step in sorted(place.open))))

    def walk(self) -> Walk:
        while self._line and self._walk.complete:
            place = self._line.popleft()
            for step in sorted(place.open):
                self._decide(place, step)
                self._ring(place, step)
        if self._walk.complete:
            self._look_back()
        else:
            self._walk.problems = {}
            self._note(messages.TOO_MANY_WAYS, None, None, limit=self._limit)
        return self._walk

    def _answers(self, place: str) -> Iterator[dict[str, RuleValue]]:
        names = [name for name in self._samples if name.partition(".")[0] == place]
        size = 1
        for name in names:
            size *= len(self._samples[name])
        if size > MAX_ANSWERS:
            self._walk.complete = False
            return
        for values in product(*(self._samples[name] for name in names)):
            yield dict(zip(names, values, strict=True))

    def _answers_with(self, step_id: str, decision: Decision) -> Iterator[dict[str, RuleValue]]:
        """Give what may be answered with a decision. Refusing needs no answers; a drafter may mend the facts too."""
        mended = list(self._answers(CASE)) if self._route.steps[step_id].assignment.person == DRAFTER else [{}]
        for answers in self._answers(step_id):
            yield from ({**facts, **answers} for facts in mended)
        if decision not in NEEDS_ANSWERS:
            names = [name for name in self._samples if name.partition(".")[0] == step_id]
            yield from ({**facts, **dict.fromkeys(names)} for facts in mended)

    def _decide(self, place: Place, step_id: str) -> None:
        step = self._route.steps[step_id]
        for decision in step.decisions:
            said = f"{self._route.name_of(step_id)}: {messages.DECISION_NAMES[decision]}"
            for answers in self._answers_with(step_id, decision):
                decided = {f"{step_id}.{DECISION}": decision.value, **answers}
                values = frozenset({**dict(place.values), **decided}.items())
                left = self._left(place, step_id, place.vouching.after(step, decision, place.open - {step_id}))
                self._go(place, replace(left, values=values), step_id, said)

    def _left(self, place: Place, step_id: str, vouching: Vouching) -> Place:
        """Take a step and its clocks away."""
        rung = frozenset(timer for timer in place.rung if self._route.timers[timer].attached_to != step_id)
        return replace(place, open=place.open - {step_id}, rung=rung, vouching=vouching)

    def _ring(self, place: Place, step_id: str) -> None:
        for timer in self._route.timers_of(step_id):
            if timer.id in place.rung:
                continue
            said = self._route.name_of(timer.id)
            if timer.interrupting:
                self._go(place, self._left(place, step_id, place.vouching.without(step_id)), timer.id, said)
            else:
                self._go(place, replace(place, rung=place.rung | {timer.id}), timer.id, said)

    def _go(self, before: Place | None, left: Place, at: str, said: str) -> None:
        """Let the token that left `at` move on, and note each state that comes of it."""
        way = Way(before, said)
        try:
            for moving in self._game.moves(at, dict(left.values), left.waiting):
                self._walk.arrows |= moving.arrows
                self._reach(self._came(left, moving, way), way)
        except NoWayOnError as reason:
            self._note_no_way(reason.gateway_id, dict(left.values), way)
        except TwiceError as reason:
            self._note(messages.TWO_TOKENS, reason.element_id, way)

    def _came(self, left: Place, moving: Moving, way: Way) -> Place:
        ends = left.ends | set(moving.ends)
        outcomes = sorted(end for end in ends if self._route.ends[end].outcome is not Outcome.DONE)
        if len({self._route.ends[end].outcome for end in outcomes}) > 1:
            self._note(messages.TWO_OUTCOMES, outcomes[0], way, other=self._route.name_of(outcomes[-1]))
        if any(self._route.ends[end].terminates for end in moving.ends):
            return Place(ends=ends, vouching=left.vouching)
        for step in moving.opened:
            if step in left.open:
                raise TwiceError(step)
        opened = left.open | set(moving.opened)
        alive = opened | {join for join, _ in moving.waiting}
        values = frozenset(
            (name, value)
            for name, value in moving.values.items()
            if name.partition(".")[0] not in moving.opened and alive & self._readers.get(name, frozenset())
        )
        return replace(left, open=opened, waiting=moving.waiting, values=values, ends=ends)

    def _reach(self, place: Place, way: Way) -> None:
        walk = self._walk
        if way.before is not None:
            walk.onward.setdefault(way.before, set()).add(place)
        if place in walk.ways:
            return
        walk.ways[place] = way
        if len(walk.ways) > self._limit:
            walk.complete = False
        elif place.open:
            self._line.append(place)
        elif place.waiting:
            self._note(messages.DEADLOCK, min(place.waiting)[0], way)
        else:
            walk.over.add(place)

    def _look_back(self) -> None:
        """See from where an end can still be reached, and what was never used."""
        well = reachable(self._walk.over, turned(self._walk.onward))
        if not self._walk.problems:
            stranded = next((place for place in self._walk.ways if place not in well), None)
            if stranded is not None:
                self._note(messages.LIVELOCK, min(stranded.open), self._walk.ways[stranded])
        for arrow in self._route.arrows.values():
            if arrow.id not in self._walk.arrows and not self._walk.problems:
                self._note(messages.NEVER_TAKEN, arrow.id, None)

    def _note_no_way(self, gateway: str, values: Mapping[str, RuleValue], way: Way) -> None:
        if gateway in self._route.tables:
            self._note(messages.TABLE_FAILS, gateway, way)
            return
        reads = {
            name
            for arrow in self._route.leaving[gateway]
            if arrow.expression is not None
            for name in arrow.expression.names
        }
        decisions = sorted({str(values[name]) for name in reads if name.endswith(f".{DECISION}") and name in values})
        if len(decisions) == 1:
            decision = messages.DECISION_NAMES[Decision(decisions[0])]
            self._note(messages.NO_EXIT_FOR_DECISION, gateway, way, decision=decision)
        else:
            self._note(messages.NO_EXIT, gateway, way)

    def _note(self, sentence: messages.Sentence, element_id: str | None, way: Way | None, **params: object) -> None:
        """Keep the first finding of each kind for an element, and for a gateway one a decision."""
        if element_id is not None:
            params["name"] = self._route.name_of(element_id)
        if way is not None:
            params["path"] = path_to(self._walk, way)
        key = element_id, f"{sentence.code} {params.get('decision', '')}"
        self._walk.problems.setdefault(key, messages.problem(sentence, element_id, **params))


def path_to(walk: Walk, way: Way, longest: int = 12) -> str:
    """Say how a state was reached: decision by decision, the last ones if there are many."""
    said = [way.said]
    while way.before is not None:
        way = walk.ways[way.before]
        said.append(way.said)
    shown = said[:longest]
    return " → ".join([*(["…"] if len(said) > longest else []), *reversed(shown)])


def approvals_nobody_vouched_for(route: Route, walked: Walk) -> Iterator[Problem]:
    """Find the ends with approval that a case can reach though nobody but its drafter has approved it."""
    found: set[str] = set()
    for place in walked.over:
        end = deciding_end(route, sorted(place.ends, key=list(route.ends).index))
        if end.outcome is Outcome.APPROVED and not place.vouching.vouched and end.id not in found:
            found.add(end.id)
            path = path_to(walked, walked.ways[place])
            yield messages.problem(messages.SELF_APPROVAL, end.id, name=route.name_of(end.id), path=path)


def _readers(route: Route) -> dict[str, frozenset[str]]:
    """For each name, give the elements from which something that reads it can be reached before it is cleared."""
    back = turned(following(route))
    reading: dict[str, set[str]] = {}
    for arrow in route.arrows.values():
        for name in arrow.expression.names if arrow.expression is not None else ():
            reading.setdefault(name, set()).add(arrow.source)
    for table in route.tables.values():
        for column in table.inputs:
            for name in column.expression.names:
                reading.setdefault(name, set()).add(table.id)
    return {name: frozenset(_alive(name.partition(".")[0], readers, back)) for name, readers in reading.items()}


def _alive(place: str, readers: set[str], back: Mapping[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    line = list(readers)
    while line:
        node = line.pop()
        if node not in seen and node != place:
            seen.add(node)
            line.extend(back.get(node, ()))
    return seen
