"""How would a case go along this drawing? Tried without one: the page keeps the moves, and all are walked anew.

Nothing is stored. Walking from the start is what keeps a trial honest: a move that the drawing does not offer ends it
there, whatever the page sent.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from backoffice.web.answers_in import check_answers, shown
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.catalogue import definition
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from workflows.routes import Decision, Progress, Route, RouteError, complete, fire, start

MOST_MOVES = 200
RING = "ring"
"""Said in the place of a decision where a clock rings."""


@dataclass(frozen=True)
class TrialMove:
    """One decision on an open step, or a clock that rings (`token` is the clock's then)."""

    token: str
    decision: str
    typed: Mapping[str, str]


@dataclass(frozen=True)
class Passed:
    """What one move did: what was decided where, what tables answered, which steps it opened."""

    place: str
    decision: str
    """A Decision, RING, or nothing for the beginning."""
    tables: tuple[str, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """Where a trial stands. `stuck`: the drawing has no way on from the last move."""

    moves: tuple[TrialMove, ...]
    passed: tuple[Passed, ...]
    progress: Progress | None
    stuck: bool = False


def walk(route: Route, facts: Mapping[str, Value], moves: Iterable[TrialMove]) -> Trial:
    """Begin a case and take the moves one after another, up to the first that cannot be taken."""
    try:
        progress = start(route, facts)
    except RouteError:
        return Trial((), (), None, stuck=True)
    taken: list[TrialMove] = []
    passed = [_passed(route, "", "", None, progress)]
    for move in moves:
        try:
            after = _taken(route, progress, move)
        except RouteError:
            return Trial(tuple(taken), tuple(passed), progress, stuck=True)
        passed.append(_passed(route, _place_of(route, progress, move), move.decision, progress, after))
        taken.append(move)
        progress = after
    return Trial(tuple(taken), tuple(passed), progress)


def read_moves(text: str) -> tuple[TrialMove, ...]:
    """Read the moves that a page sent; none from what is not ours."""
    try:
        found = json.loads(text or "[]")
        return tuple(
            TrialMove(str(move["token"]), str(move["decision"]), {str(k): str(v) for k, v in move["typed"].items()})
            for move in found[:MOST_MOVES]
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()


def write_moves(moves: Iterable[TrialMove]) -> str:
    return json.dumps(
        [{"token": move.token, "decision": move.decision, "typed": dict(move.typed)} for move in moves],
        ensure_ascii=False,
    )


def example_answers(work: Work, asked: FormDefinition) -> dict[str, str]:
    """Fill a form as somebody might, to begin with."""
    return {field.key: _example(work, field) for field in asked.fields if field.required}


def form_of_step(route: Route, step_id: str) -> FormDefinition | None:
    form = route.steps[step_id].form
    return definition(form) if form else None


def _taken(route: Route, progress: Progress, move: TrialMove) -> Progress:
    if move.decision == RING:
        return fire(route, progress.state, move.token)
    step_id = next((each.step_id for each in progress.open if each.token == move.token), "")
    asked = form_of_step(route, step_id) if step_id else None
    answers = check_answers(asked, move.typed).values if asked else {}
    decision = Decision(move.decision) if move.decision in set(Decision) else Decision.DONE
    return complete(route, progress.state, move.token, decision, answers)


def _place_of(route: Route, progress: Progress, move: TrialMove) -> str:
    for step in progress.open:
        if step.token == move.token:
            return route.name_of(step.step_id)
    for timer in progress.timers:
        if timer.token == move.token:
            return route.name_of(timer.timer_id)
    return ""


def _passed(route: Route, place: str, decision: str, before: Progress | None, after: Progress) -> Passed:
    known = {each.token for each in before.open} if before else set()
    return Passed(
        place,
        decision,
        tuple(
            f"{route.name_of(result.table_id)}: "
            + "、".join(_answer(route, result.table_id, name, value) for name, value in result.outputs.items())
            for result in after.tables
        ),
        tuple(route.name_of(each.step_id) for each in after.open if each.token not in known),
    )


def _answer(route: Route, table_id: str, name: str, value: Value) -> str:
    label = next(column.label for column in route.tables[table_id].outputs if column.name == name)
    words: dict[Value, str] = {None: "—", True: "はい", False: "いいえ"}
    return f"{label}={words[value] if value is None or isinstance(value, bool) else value}"


def _example(work: Work, field: FormField) -> str:
    if field.options:
        return field.options[0].code
    if field.type in (FieldType.INTEGER, FieldType.YEN):
        return shown(field.type, max(field.minimum or 0, 1_000))
    return {
        FieldType.DATE: shown(FieldType.DATE, (work.office.services.today() + timedelta(days=30)).isoformat()),
        FieldType.PERSON_NAME: "福岡 花子",
        FieldType.KATAKANA: "フクオカ ハナコ",
        FieldType.ADDRESS: "福岡市中央区天神一丁目8番1号",
        FieldType.POSTAL_CODE: "810-8620",
        FieldType.CHECKBOX: "on",
    }.get(field.type, translate(_("例")))
