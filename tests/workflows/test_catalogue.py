"""The shipped routes: checked, walked, run to each of their ends, and never to an approval by the drafter alone."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from itertools import product

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser

from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from forms.validation import validate
from tests.workflows.office import ROLES, known_for
from workflows.catalogue import UnknownRouteError, every_route, facts_of, find
from workflows.routes import (
    DRAFTER,
    GUARDED,
    Decision,
    Outcome,
    Progress,
    Route,
    RouteKind,
    check_route,
    complete,
    explore,
    fire,
    ordered_steps,
    start,
)
from workflows.routes.exploring import walk

SHIPPED = every_route()
GUARDED_ONES = [each for each in SHIPPED if each.kind in GUARDED]
by_kind = pytest.mark.parametrize("shipped", SHIPPED, ids=[each.kind.value for each in SHIPPED])
guarded = pytest.mark.parametrize("shipped", GUARDED_ONES, ids=[each.kind.value for each in GUARDED_ONES])


def test_every_kind_has_its_route():
    assert [each.kind for each in SHIPPED] == list(RouteKind)
    assert find(RouteKind.PETITION).kind is RouteKind.PETITION


def test_a_kind_without_a_route_is_told_apart():
    with pytest.raises(UnknownRouteError):
        find("holiday")


@by_kind
def test_a_shipped_route_has_no_problem_not_even_a_warning(shipped):
    assert check_route(shipped.route, shipped.kind, known_for(shipped.kind)) == ()


@by_kind
def test_without_the_forms_too_no_way_gets_stuck(shipped):
    assert [each for each in explore(shipped.route) if each.severity == "error"] == []


@by_kind
def test_every_step_and_arrow_and_end_is_drawn_and_named_in_japanese(shipped):
    route = shipped.route

    assert set(route.nodes()) <= set(route.shapes)
    for step in ordered_steps(route):
        assert not step.name.isascii(), step.id
        assert step.due_days is not None, step.id
    assert {step.id for step in ordered_steps(route)} == set(route.steps)


@by_kind
def test_no_two_elements_are_drawn_over_one_another(shipped):
    route = shipped.route
    boxes = [(node, route.shapes[node]) for node in route.nodes() if node not in route.timers]

    for at, (one, a) in enumerate(boxes):
        for other, b in boxes[:at]:
            apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
            assert apart, (one, other)


@by_kind
def test_every_step_that_decides_asks_with_a_form_of_the_office(shipped):
    for step in shipped.route.steps.values():
        assert step.form is not None or step.decisions == (Decision.DONE,), step.id


def answer(field: FormField, chance: random.Random) -> Value:
    if field.type is FieldType.CHOICE:
        return chance.choice(field.options).code
    if field.type is FieldType.CHECKBOX:
        return chance.random() < 0.7
    if field.type in (FieldType.INTEGER, FieldType.YEN):
        return chance.choice([1, 999, 1000, 1001, 9_999_999, 10_000_000, 50_000_000]) % ((field.maximum or 10**9) + 1)
    return "2026-11-25" if field.type is FieldType.DATE else "確かめました。"


def facts(kind: RouteKind, chance: random.Random) -> dict[str, Value]:
    return {key: answer(field, chance) for key, field in facts_of(kind).items()}


def refused(form: FormDefinition, answers: Mapping[str, Value]) -> list[str]:
    return [each.key for each in validate(form, answers) if each.severity == "refuse"]


def one_move(route: Route, kind: RouteKind, progress: Progress, chance: random.Random) -> Progress:
    if progress.timers and chance.random() < 0.1:
        return fire(route, progress.state, chance.choice(progress.timers).token)
    asked = chance.choice(progress.open)
    step = route.steps[asked.step_id]
    form = None if step.form is None else known_for(kind).forms[step.form]
    answers = {} if form is None else {field.key: answer(field, chance) for field in form.fields}
    if form is not None:
        answers |= dict.fromkeys(refused(form, answers), True)  # whoever forgot to tick what the form asks for is told
        assert refused(form, answers) == []
    return complete(route, progress.state, asked.token, chance.choice(step.decisions), answers)


@by_kind
def test_hundreds_of_cases_come_to_every_end_and_each_to_one(shipped):
    chance = random.Random(20261125)  # noqa: S311 - example answers
    ends: Counter[str] = Counter()

    for _ in range(400):
        progress = start(shipped.route, facts(shipped.kind, chance))
        for _ in range(60):
            if progress.end is not None:
                break
            assert progress.open
            progress = one_move(shipped.route, shipped.kind, progress, chance)
        if progress.end is not None:
            ends[progress.end.id] += 1
            assert progress.end.outcome is not Outcome.APPROVED or shipped.kind not in GUARDED or progress.vouched

    assert set(ends) == set(shipped.route.ends)


@guarded
def test_on_no_way_at_all_is_a_case_approved_by_its_drafter_alone(shipped):
    walked = walk(shipped.route, known=known_for(shipped.kind))

    approved = [
        place for place in walked.over if any(shipped.route.ends[end].outcome is Outcome.APPROVED for end in place.ends)
    ]
    assert walked.complete
    assert approved
    assert all(place.vouching.vouched for place in approved)


@guarded
def test_with_no_set_of_roles_can_the_drafter_approve_alone(shipped):
    """One person with any set of roles, who takes whatever a drafter may take, never comes to an approval."""
    for some in product((False, True), repeat=len(ROLES)):
        roles = {role for role, held in zip(sorted(ROLES), some, strict=True) if held}
        assert not approved_alone(shipped.route, shipped.kind, roles)


def approved_alone(route: Route, kind: RouteKind, roles: set[str]) -> bool:
    chance = random.Random(len(roles))  # noqa: S311 - example facts
    for given in [facts(kind, chance) for _ in range(4)]:
        line, seen = [start(route, given)], set()
        while line:
            progress = line.pop()
            if progress.end is not None and progress.end.outcome is Outcome.APPROVED:
                return True
            steps = sorted(each.step_id for each in progress.open)
            standing = json.dumps([steps, progress.state["kept"], progress.state["waiting"]], sort_keys=True)
            if standing in seen:
                continue
            seen.add(standing)
            for each in progress.open:
                asked = route.steps[each.step_id].assignment
                if not asked.not_drafter and (asked.person == DRAFTER or asked.role in roles):
                    decisions = route.steps[each.step_id].decisions
                    line += [complete(route, progress.state, each.token, decision, {}) for decision in decisions]
    return False


@by_kind
def test_the_engines_own_reader_sees_the_same_route(shipped):
    """What other BPMN tools read must be what we run: same elements, same arrows, same conditions."""
    parser = BpmnParser()
    without_tables = shipped.route.xml.replace(b"businessRuleTask", b"manualTask")
    for timer in shipped.route.timers.values():
        clock = f'<bpmn:timerEventDefinition id="{timer.id}_clock" />'
        days = f'<bpmn:timeDuration>"P{timer.business_days}D"</bpmn:timeDuration>'
        spelt = f"<bpmn:timerEventDefinition>{days}</bpmn:timerEventDefinition>"
        without_tables = without_tables.replace(clock.encode(), spelt.encode())
    parser.add_bpmn_xml(etree.fromstring(without_tables))

    tasks = parser.get_spec(shipped.route.id).task_specs

    for node in shipped.route.nodes():
        arrows = {arrow.target for arrow in shipped.route.leaving.get(node, ())}
        outputs = {each.name.removesuffix(".BoundaryEventSplit") for each in tasks[node].outputs}
        assert arrows <= outputs, node
