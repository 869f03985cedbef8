"""What keeps a route from being activated, said at the element and to the person who drew it."""

import pytest

from forms.field_types import FieldType
from tests.workflows.drawings import Drawing, parallel_route, short_route
from tests.workflows.office import found, office
from workflows.routes import ProblemSeverity, RouteKind, RouteRefused, check_route, explore, read_route


def checked(drawing: Drawing, kind=RouteKind.PROGRAM_REGISTRATION, **known) -> list[tuple[str | None, str]]:
    return found(read_route(drawing.xml()), kind, office(**known))


def test_a_route_that_is_well_drawn_has_no_problem():
    assert checked(short_route()) == []
    assert checked(parallel_route()) == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"role": "mayor"}, "unknown_role"),
        ({"role": "", "person": ""}, "nobody_asked"),
        ({"role": "head", "person": "sato"}, "role_and_person"),
        ({"place": "elsewhere"}, "unknown_place"),
        ({"form": "no-such-form"}, "unknown_form"),
        ({"person": "nobody"}, "unknown_person"),
        ({"notDecidersOf": "nowhere"}, "unknown_step"),
        ({"notDecidersOf": "head"}, "not_itself"),
        ({"quorum": "3", "of": "2"}, "quorum_too_large"),
        ({"person": "sato", "quorum": "2"}, "quorum_of_one"),
        ({"remindDays": "1"}, "days_without_due"),
        ({"dueDays": "2", "remindDays": "2"}, "remind_too_early"),
        ({"dueDays": "2", "escalateDays": "2"}, "escalation_incomplete"),
        ({"dueDays": "2", "escalateRole": "head"}, "escalation_incomplete"),
        ({"dueDays": "2", "escalateDays": "1", "escalateRole": "mayor"}, "unknown_role"),
        ({"person": "drafter", "notDrafter": "true"}, "drafter_excluded"),
        ({"person": "drafter"}, "drafter_approves"),
        ({"dueDays": "2", "escalateDays": "1", "escalatePerson": "drafter", "notDrafter": "true"}, "drafter_excluded"),
        ({"person": "sato", "notDrafter": "true"}, "one_person_only"),
    ],
)
def test_each_setting_that_cannot_be_is_named(settings, code):
    drawing = short_route().step("head", "approve send_back reject", **settings)

    assert ("head", code) in checked(drawing, accounts=frozenset({"sato"}))


@pytest.mark.parametrize(
    ("step_id", "name", "clock_id", "problem"),
    [
        ("x" * 20, "長" * 121, "late", ("x" * 20, "name_too_long")),
        ("x" * 59, "長い", "z", ("x" * 59, "id_too_long")),
        ("x" * 40, "長い", "late" * 5, ("late" * 5, "id_too_long")),
    ],
)
def test_what_a_running_case_could_not_keep_is_named(step_id, name, clock_id, problem):
    """Names and ids are kept with each task, in columns that end somewhere."""
    route = Drawing().start("b").step(step_id, "approve", label=name, notDrafter="true").clock(clock_id, step_id)
    drawing = route.end("o").end("e", "done").line("b", step_id, "o").line(clock_id, "e")

    assert problem in checked(drawing)


@pytest.mark.parametrize("days", ["0", "366", "0000000019999999999", "9" * 5_000])
def test_days_that_no_calendar_counts_are_refused(days):
    drawing = short_route().step("head", "approve send_back reject", dueDays=days)

    with pytest.raises(RouteRefused) as refused:
        read_route(drawing.xml())

    assert [problem.code for problem in refused.value.problems] == ["number_wrong"]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("nobody.decision == 'approve'", "unknown_name"),
        ("head.amount == 1", "unknown_name"),
        ("case.amount == 1", "unknown_name"),
        ("head.decision == 'done'", "unknown_decision"),
        ("head.decision in ['approve', 'done']", "unknown_decision"),
        ("review.scope == 'sideways'", "unknown_word"),
        ("review.note > 3", "wrong_kind"),
        ("case.recipients == '多い'", "wrong_kind"),
        ("case.recipients == True", "wrong_kind"),
        ("case.day > 3", "wrong_kind"),
        ("case.day > 'あした'", "wrong_kind"),
        ("len(case.recipients) > 1", "wrong_kind"),
        ("head.decision", "not_true_or_false"),
        ("case.recipients + 1", "not_true_or_false"),
        ("not case.recipients", "wrong_kind"),
        ("mend.decision == 'done' and later.decision == 'done'", "cannot_have_run"),
        ("case.recipients > case.limit", "needs_default"),
    ],
)
def test_a_condition_compares_like_with_like_and_names_what_was_asked_before(condition, code):
    drawing = short_route().step("review", "approve", form="small-change-review", notDrafter="true")
    drawing.step("later", "done").line("later", "over").line("review", "head")
    drawing.arrows["begin_head"] = ("begin", "review", None)
    drawing.arrows["said_over"] = ("said", "later", condition)
    facts = {"recipients": FieldType.INTEGER, "limit": FieldType.INTEGER, "day": FieldType.DATE}

    assert code in [each for _, each in checked(drawing, facts=facts)]


@pytest.mark.parametrize(
    "condition",
    [
        "head.decision == 'approve' and case.recipients >= 1",
        "case.day >= '2026-04-01'",
        "date(case.day) >= date('2026-04-01')",
        "review.scope in ['narrowing', 'wording']",
        "case.closed or not case.closed",
        "review.note is None",
        "1000 < case.recipients <= 2000",
        "case.recipients + 1 > 3",
    ],
)
def test_conditions_that_can_be_answered_are_let_through(condition):
    drawing = short_route().step("review", "approve", form="small-change-review", notDrafter="true")
    drawing.line("review", "head").arrows["begin_head"] = ("begin", "review", None)
    drawing.end("extra").arrow("said", "extra", condition)
    facts = {"recipients": FieldType.INTEGER, "day": FieldType.DATE, "closed": FieldType.CHECKBOX}
    drawing.arrows["said_refused"] = ("said", "refused", None)
    drawing.defaults["said"] = "said_refused"

    problems = checked(drawing, RouteKind.PETITION, facts=facts)
    assert [code for _, code in problems if code != "never_taken"] == []


def test_a_gateway_without_a_way_out_for_a_decision_is_said_in_the_drawers_words():
    drawing = short_route().choice("said", "所属長の決定")
    del drawing.arrows["said_mend"], drawing.arrows["said_refused"]
    for loose in ("mend", "mended", "refused", "taken_back"):
        del drawing.elements[loose]
    drawing.arrows = {name: arrow for name, arrow in drawing.arrows.items() if "mend" not in name}
    drawing.end("other", "rejected").arrow("said", "other", "head.decision == 'reject'")

    (problem,) = explore(read_route(drawing.xml()))

    assert (problem.element_id, problem.code) == ("said", "no_exit_for_decision")
    assert str(problem) == "分岐「所属長の決定」に「差戻し」の出口がありません。(起案 → head: 差戻し)"


def test_an_amount_that_no_arrow_takes_is_found_at_the_edge():
    drawing = Drawing().start().choice("large").end().end("small").line("begin", "large")
    drawing.arrow("large", "over", "case.amount > 1000").arrow("large", "small", "case.amount < 1000")

    assert checked(drawing, RouteKind.PETITION, facts={"amount": FieldType.YEN}) == [("large", "no_exit")]
    drawing.arrows["large_small"] = ("large", "small", "case.amount <= 1000")
    assert checked(drawing, RouteKind.PETITION, facts={"amount": FieldType.YEN}) == []


def test_a_branch_that_jumps_out_of_a_parallel_block_is_found():
    drawing = parallel_route().choice("left_said").end("out", "rejected")
    drawing.arrows["left_join"] = ("left", "left_said", None)
    drawing.arrow("left_said", "out", "left.decision == 'send_back'").arrow("left_said", "join", default=True)

    assert ("join", "deadlock") in checked(drawing)


def test_a_parallel_block_closed_by_a_choice_is_found():
    drawing = parallel_route().choice("join")

    assert ("over", "two_tokens") not in checked(drawing)
    assert any(code in ("two_tokens", "no_exit") for _, code in checked(drawing))


def test_a_round_that_no_decision_leaves_is_found():
    drawing = Drawing().start().step("head", "approve send_back").choice("said").end().line("begin", "head", "said")
    drawing.arrow("said", "head", "head.decision in ['approve', 'send_back']").arrow("said", "over", default=True)

    assert ("head", "livelock") in checked(drawing)


def test_two_different_outcomes_of_one_case_are_found():
    drawing = Drawing().start().both("fork").step("left", notDrafter="true").step("right", notDrafter="true")
    drawing.end().end("refused", "rejected").line("begin", "fork", "left", "over").line("fork", "right", "refused")

    assert [code for _, code in checked(drawing)] == ["two_outcomes"]


def test_an_arrow_that_is_never_taken_is_a_warning():
    drawing = (
        short_route().end("extra").arrow("said", "extra", "head.decision == 'approve' and head.decision == 'reject'")
    )

    (problem,) = check_route(read_route(drawing.xml()), RouteKind.PETITION, office())

    assert (problem.element_id, problem.code) == ("said_extra", "never_taken")
    assert problem.severity is ProblemSeverity.WARNING


# Days that the case names


@pytest.mark.parametrize(
    ("facts", "found"),
    [({"by": FieldType.DATE}, []), ({"by": FieldType.TEXT}, ["due_fact_wrong"]), ({}, ["due_fact_wrong"])],
)
def test_a_step_is_due_only_on_what_the_case_holds_as_a_day(facts, found):
    drawing = short_route().step("head", "approve send_back reject", notDrafter="true", dueDays="5", dueFact="by")

    assert [code for _, code in checked(drawing, RouteKind.PETITION, facts=facts)] == found


# Nobody approves alone


def test_a_guarded_route_without_another_pair_of_eyes_is_refused():
    drawing = short_route().step("head", "approve send_back reject")

    assert checked(drawing) == [("over", "self_approval")]
    assert checked(drawing, RouteKind.PETITION) == []


def test_a_shorter_way_around_the_approval_is_found():
    drawing = short_route().choice("small").arrow("small", "over", "case.small").arrow("small", "head", default=True)
    drawing.arrows["begin_head"] = ("begin", "small", None)

    (problem,) = check_route(read_route(drawing.xml()), RouteKind.DATA_LINK, office({"small": FieldType.CHECKBOX}))

    assert (problem.element_id, problem.code) == ("over", "self_approval")
    assert "起案" in str(problem)


def test_a_clock_around_the_approval_is_found():
    drawing = short_route().clock("late", "head", 5).line("late", "over")

    assert checked(drawing) == [("over", "self_approval")]


def test_an_approval_of_what_was_mended_afterwards_does_not_count():
    """The head approves, a second step sends back to the drafter, and the way from there leads past the head."""
    drawing = Drawing().start().step("head", "approve", notDrafter="true").step("second", "approve send_back")
    drawing.choice("said").step("mend", "done", person="drafter").end()
    drawing.line("begin", "head", "second", "said").line("mend", "second")
    drawing.arrow("said", "mend", "second.decision == 'send_back'").arrow("said", "over", default=True)

    assert checked(drawing) == [("over", "self_approval")]
    drawing.arrows["mend_second"] = ("mend", "head", None)
    assert checked(drawing) == []


def test_an_approval_given_while_the_other_branch_sent_back_does_not_count():
    drawing = parallel_route().step("right", "approve send_back")
    drawing.step("mend", "done").arrows["mend_again"] = ("mend", "over", None)

    assert ("over", "self_approval") in checked(drawing)


def test_a_rejection_by_another_is_no_approval():
    drawing = Drawing().start().step("head", "reject", notDrafter="true").end().line("begin", "head", "over")

    assert checked(drawing) == [("over", "self_approval")]


def test_a_route_of_any_kind_needs_an_end_with_approval():
    drawing = Drawing().start().step("head", "done").end("over", "done").line("begin", "head", "over")

    assert checked(drawing, RouteKind.PETITION) == [(None, "no_approving_end")]


def test_a_table_with_gaps_or_overlaps_is_said_at_its_task():
    drawing = Drawing().start().step("head", "approve", notDrafter="true").end().line("begin", "head", "t", "over")
    rules = [(("< 10",), ("甲",)), (("[9..20]",), ("乙",))]
    drawing.table("t", [("額", "case.amount", "number")], [("who", "text")], rules)

    problems = check_route(read_route(drawing.xml()), RouteKind.PETITION, office({"amount": FieldType.YEN}))

    assert [(each.code, str(each)) for each in problems] == [
        ("table_overlap", "判定「t」の1行目と2行目が、同じ場合に当てはまります。(額: 9)"),
        ("table_gap", "判定「t」に、当てはまる行のない場合があります。(額: >= 21)"),
    ]


def test_a_table_that_asks_the_wrong_kind_is_refused():
    drawing = Drawing().start().step("head", "approve", notDrafter="true").end().line("begin", "head", "t", "over")
    drawing.table("t", [("額", "head.decision", "number")], [("who", "text")], [(("-",), ("甲",))])

    assert checked(drawing) == [("t", "wrong_kind")]


def test_a_refusal_without_answers_needs_a_way_out_too():
    """Sending back takes the reason alone: what the form would have said is then not answered."""
    drawing = short_route().step("head", "approve send_back", form="small-change-review", notDrafter="true")
    drawing.arrows["said_mend"] = ("said", "mend", "head.scope in ['narrowing', 'widening', 'wording']")
    drawing.arrows["said_over"] = ("said", "over", "head.decision == 'approve'")
    del drawing.arrows["said_refused"], drawing.elements["refused"]

    assert ("said", "no_exit_for_decision") in checked(drawing)


def test_facts_that_the_drafter_mends_are_tried_anew():
    """Narrow at first and so never looked at again; wide when it comes back."""
    drawing = Drawing().start().choice("wide").step("head", "approve", notDrafter="true").choice("again")
    drawing.step("mend", "done", person="drafter").choice("wider").end().end("small", "done")
    drawing.arrows["begin_wide"] = ("begin", "wide", None)
    drawing.arrow("wide", "head", "case.wide").arrow("wide", "mend", default=True)
    drawing.line("head", "over").line("mend", "wider")
    drawing.arrow("wider", "again", "case.wide").arrow("wider", "small", default=True)
    drawing.line("again", "over")

    assert checked(drawing, facts={"wide": FieldType.CHECKBOX}) == [("over", "self_approval")]
