"""What a drawing may hold, and how it is said what it may not."""

import json
from importlib.resources import files

import pytest

from tests.workflows.drawings import Drawing, parallel_route, short_route
from workflows.routes import (
    ALL_MESSAGES,
    Assignment,
    Decision,
    Outcome,
    RouteRefused,
    StepKind,
    ordered_steps,
    read_route,
)
from workflows.routes.vocabulary import GIJO, OF_GIJO


def refusals(drawing: Drawing) -> list[tuple[str | None, str, str]]:
    with pytest.raises(RouteRefused) as refused:
        read_route(drawing.xml())
    return [(each.element_id, each.code, str(each)) for each in refused.value.problems]


def test_a_step_is_read_as_it_was_set():
    drawing = short_route().step(
        "head",
        "approve reject",
        label="所属長承認",
        role="head",
        place="coordinating",
        notDrafter="true",
        notDecidersOf="mend",
        quorum="2",
        of="3",
        form="decision-note",
        dueDays="5",
        remindDays="2",
        escalateDays="1",
        escalateRole="dx_office",
        escalatePlace="anywhere",
    )

    step = read_route(drawing.xml()).steps["head"]

    assert (step.name, step.kind, step.form) == ("所属長承認", StepKind.USER, "decision-note")
    assert step.decisions == (Decision.APPROVE, Decision.REJECT)
    assert (step.due_days, step.remind_days, step.escalate_days) == (5, 2, 1)
    assert step.assignment == Assignment("head", "coordinating", None, True, ("mend",), 2, 3)
    assert step.escalate_to == Assignment("dx_office", "anywhere", None, True, ("mend",), 1, None)


def test_whoever_gets_a_step_by_escalation_is_bound_by_the_same_exclusions():
    drawing = short_route().step("head", notDrafter="true", notDecidersOf="mend", escalateDays="1", escalateRole="head")

    escalated = read_route(drawing.xml()).steps["head"].escalate_to

    assert escalated.not_drafter
    assert escalated.not_deciders_of == ("mend",)


def test_an_end_that_says_nothing_is_done():
    drawing = short_route().raw("over", '<bpmn:endEvent id="over" />')

    assert read_route(drawing.xml()).ends["over"].outcome is Outcome.DONE


TIMED = "<bpmn:timerEventDefinition><bpmn:timeCycle /></bpmn:timerEventDefinition>"
MAPPED = '<bpmn:extensionElements><c:inputOutput xmlns:c="http://camunda.org/x" /></bpmn:extensionElements>'
MISPLACED = "<bpmn:extensionElements><gijo:step /></bpmn:extensionElements>"


@pytest.mark.parametrize(
    ("tag", "inside", "said"),
    [
        ("scriptTask", "<bpmn:script>1</bpmn:script>", "スクリプト"),
        ("serviceTask", "", "サービスタスク"),
        ("sendTask", "", "送信タスク"),
        ("task", "", "種類のないタスク"),
        ("callActivity", "", "コールアクティビティ"),
        ("subProcess", "", "サブプロセス"),
        ("inclusiveGateway", "", "包含分岐(○)"),
        ("complexGateway", "", "複合分岐(*)"),
        ("eventBasedGateway", "", "イベント分岐"),
        ("intermediateCatchEvent", "", "中間イベント(待つ)"),
        ("dataObjectReference", "", "データオブジェクト"),
        ("ioSpecification", "", "入出力の定義"),
        ("startEvent", "<bpmn:messageEventDefinition />", "メッセージイベント"),
        ("endEvent", "<bpmn:errorEventDefinition />", "エラーイベント"),
        ("userTask", "<bpmn:multiInstanceLoopCharacteristics />", "複数インスタンス"),
        ("userTask", "<bpmn:standardLoopCharacteristics />", "ループ"),
        ("userTask", '<bpmn:property id="p" />', "プロパティ"),
        ("boundaryEvent", TIMED, "timeCycle"),
        ("userTask", MAPPED, "inputOutput"),
        ("endEvent", MISPLACED, "step"),
    ],
)
def test_what_a_route_has_not_is_refused_by_name(tag, inside, said):
    found = refusals(short_route().raw("x", f'<bpmn:{tag} id="x" name="計算">{inside}</bpmn:{tag}>'))

    assert found == [("x", "element_refused", f"「計算」の部品({said})は経路に使えません。")]


@pytest.mark.parametrize(
    "attribute",
    [
        'isForCompensation="true"',
        'startQuantity="2"',
        'c:formKey="x" xmlns:c="http://camunda.org/x"',
        'implementation="x"',
    ],
)
def test_settings_that_a_route_has_not_are_refused_by_name(attribute):
    found = refusals(short_route().raw("x", f'<bpmn:userTask id="x" name="計算" {attribute} />'))

    assert [(element, code) for element, code, _ in found] == [("x", "attribute_refused")]


def test_a_condition_in_another_language_is_refused():
    drawing = short_route()
    xml = drawing.xml().replace(b"<bpmn:conditionExpression>", b'<bpmn:conditionExpression language="javascript">', 1)

    with pytest.raises(RouteRefused) as refused:
        read_route(xml)

    assert refused.value.problems[0].code == "attribute_refused"


@pytest.mark.parametrize(
    ("change", "element", "code"),
    [
        (lambda one: one.step("head", ""), "head", "no_decisions"),
        (lambda one: one.step("head", "approve maybe"), "head", "setting_wrong"),
        (lambda one: one.step("head", dueDays="0"), "head", "number_wrong"),
        (lambda one: one.step("head", dueDays="-1"), "head", "number_wrong"),
        (lambda one: one.step("head", dueDays="1.5"), "head", "number_wrong"),
        (lambda one: one.step("head", quorum="二"), "head", "number_wrong"),
        (lambda one: one.step("head", notDrafter="yes"), "head", "setting_wrong"),
        (lambda one: one.end("over", "maybe"), "over", "setting_wrong"),
        (lambda one: one.raw("head", '<bpmn:userTask id="head" />'), "head", "step_settings_missing"),
        (lambda one: one.clock("late", "head", 0).arrow("late", "over"), "late", "number_wrong"),
        (lambda one: one.clock("late", "said").arrow("late", "over"), "late", "timer_only_on_step"),
        (lambda one: one.raw("x", '<bpmn:businessRuleTask id="x" name="判定" />'), "x", "table_missing"),
        (lambda one: one.arrow("head", "over"), "head", "many_ways_out"),
        (lambda one: one.arrow("over", "head"), "over", "arrow_out_of_end"),
        (lambda one: one.arrow("mended", "begin", "True"), "begin", "arrow_into_start"),
        (lambda one: one.arrow("head", "nowhere"), "head_nowhere", "arrow_loose"),
        (lambda one: one.arrow("said", "over2", "True").end("over2").arrow("x", "x"), "x_x", "arrow_loose"),
        (lambda one: one.end("alone"), "alone", "no_way_in"),
        (lambda one: one.start("second").arrow("second", "head"), None, "one_start"),
        (lambda one: one.arrow("said", "mended"), "said", "condition_missing"),
        (lambda one: one.arrow("begin", "said", "True"), "begin_said", "condition_misplaced"),
        (lambda one: one.step("case").arrow("case", "over"), "case", "id_refused"),
        (lambda one: one.step("class").arrow("class", "over"), "class", "id_refused"),
        (lambda one: one.step("日本語").arrow("日本語", "over"), "日本語", "id_refused"),
    ],
)
def test_each_slip_is_said_at_its_element(change, element, code):
    found = refusals(change(short_route()))

    assert (element, code) in [(each, kind) for each, kind, _ in found]


def test_one_id_twice_is_refused():
    drawing = short_route().raw("again", '<bpmn:endEvent id="over" />')

    assert [code for _, code, _ in refusals(drawing)] == ["id_twice"]


def test_a_part_that_no_way_leads_to_or_from_is_named():
    loose = short_route().step("x").choice("y").arrow("x", "y").arrow("y", "x")
    trap = Drawing().start().choice("split").step("x").end().line("begin", "split")
    trap.arrow("split", "over", "case.a").arrow("split", "x", default=True).choice("y").line("x", "y").arrow("y", "x")

    assert {code for _, code, _ in refusals(loose)} == {"unreached"}
    assert {code for _, code, _ in refusals(trap)} == {"endless"}


def test_a_ring_that_nobody_can_leave_is_refused():
    drawing = Drawing().start().step("x", "done").both("fork").end()
    drawing.line("begin", "x", "fork", "over").arrow("fork", "x")

    assert [code for _, code, _ in refusals(drawing)] == ["cycle_without_choice"]


def test_a_default_arrow_has_no_condition_and_leaves_its_own_gateway():
    with_condition = short_route()
    with_condition.defaults["said"] = "said_over"
    elsewhere = short_route()
    elsewhere.defaults["said"] = "mended_head"

    assert [code for _, code, _ in refusals(with_condition)] == ["default_has_condition"]
    assert "default_wrong" in [code for _, code, _ in refusals(elsewhere)]


def test_lanes_notes_and_a_single_pool_are_for_the_eye_only():
    drawing = (
        short_route()
        .raw("lanes", '<bpmn:laneSet id="lanes"><bpmn:lane id="l"><bpmn:flowNodeRef /></bpmn:lane></bpmn:laneSet>')
        .raw("note", '<bpmn:textAnnotation id="note"><bpmn:text>覚え</bpmn:text></bpmn:textAnnotation>')
    )
    pool = (
        b'<bpmn:collaboration id="c"><bpmn:participant id="p" processRef="drawn" /></bpmn:collaboration><bpmn:process'
    )
    xml = drawing.xml().replace(b"<bpmn:process", pool, 1)

    assert set(read_route(xml).steps) == {"head", "mend"}


def test_steps_are_listed_in_reading_order():
    assert [step.id for step in ordered_steps(read_route(short_route().xml()))] == ["head", "mend"]
    placed = parallel_route().at("right", 0, 0).at("left", 0, 200)
    assert [step.id for step in ordered_steps(read_route(placed.xml()))] == ["right", "left", "mend"]


def test_a_route_that_was_read_stays_read():
    xml = short_route().xml()

    assert read_route(xml) is read_route(bytes(xml))
    assert read_route(xml) != read_route(parallel_route().xml())


def test_every_sentence_is_listed_and_takes_its_words_by_name():
    assert len(set(ALL_MESSAGES)) > 70
    assert all("%(" in sentence or "%" not in sentence for sentence in ALL_MESSAGES)


def test_the_drawing_tool_is_told_of_the_same_elements_as_the_reader_knows():
    moddle = json.loads(files("workflows.routes").joinpath("moddle.json").read_text(encoding="utf-8"))

    assert (moddle["uri"], moddle["prefix"]) == (GIJO, "gijo")
    described = {kind["name"].lower() for kind in moddle["types"]}
    assert described >= {name for names in OF_GIJO.values() for name in names}
