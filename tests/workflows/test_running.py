"""A case on its route: decisions, clocks, joins, and what is stored of it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.workflows.drawings import Drawing, parallel_route, short_route
from workflows.routes import (
    Decision,
    DecisionNotOfferedError,
    OpenStep,
    Progress,
    Route,
    RouteStuckError,
    StateError,
    StepNotOpen,
    complete,
    fire,
    read_route,
    start,
)


def begun(drawing: Drawing, **facts) -> tuple[Route, Progress]:
    route = read_route(drawing.xml())
    return route, start(route, facts)


def decide(route: Route, progress: Progress, step: str, decision: str, **answers) -> Progress:
    token = next(each.token for each in progress.open if each.step_id == step)
    return complete(route, json.loads(json.dumps(progress.state)), token, Decision(decision), answers)


def open_steps(progress: Progress) -> list[str]:
    return [each.step_id for each in progress.open]


def test_a_case_begins_at_its_first_step():
    _, progress = begun(short_route())

    assert progress.open == (OpenStep("head.1", "head"),)
    assert progress.end is None


def test_an_approval_ends_the_case():
    route, progress = begun(short_route())

    progress = decide(route, progress, "head", "approve")

    assert progress.open == ()
    assert (progress.end.id, progress.end.outcome) == ("over", "approved")
    assert progress.vouched


def test_a_case_sent_back_follows_the_drawn_arrow_and_what_was_said_is_cleared_when_it_returns():
    route, progress = begun(short_route())

    sent_back = decide(route, progress, "head", "send_back")
    returned = decide(route, sent_back, "mend", "done")

    assert sent_back.data["head"] == {"decision": "send_back"}
    assert returned.open == (OpenStep("head.3", "head"),)
    assert "head" not in returned.data


def test_a_decision_is_never_taken_twice():
    route, before = begun(short_route())
    after = decide(route, before, "head", "send_back")

    with pytest.raises(StepNotOpen) as refused:
        complete(route, after.state, "head.1", Decision.APPROVE, {})

    assert refused.value.token == "head.1"


def test_the_token_of_an_earlier_round_does_not_open_the_later_one():
    route, progress = begun(short_route())
    progress = decide(route, decide(route, progress, "head", "send_back"), "mend", "done")

    with pytest.raises(StepNotOpen):
        complete(route, progress.state, "head.1", Decision.APPROVE, {})


def test_only_what_a_step_offers_can_be_decided():
    route, progress = begun(short_route())

    with pytest.raises(DecisionNotOfferedError):
        complete(route, progress.state, "head.1", Decision.DONE, {})


def test_both_branches_are_waited_for_and_one_word_sends_back():
    route, progress = begun(parallel_route())

    one = decide(route, progress, "right", "send_back")
    both = decide(route, one, "left", "approve")

    assert open_steps(progress) == ["left", "right"]
    assert (open_steps(one), one.end) == (["left"], None)
    assert open_steps(both) == ["mend"]


def test_a_second_round_waits_for_both_branches_again():
    route, progress = begun(parallel_route())
    progress = decide(route, decide(route, progress, "right", "send_back"), "left", "approve")
    progress = decide(route, progress, "mend", "done")

    one = decide(route, progress, "left", "approve")
    both = decide(route, one, "right", "approve")

    assert open_steps(progress) == ["left", "right"]
    assert open_steps(one) == ["right"]
    assert both.end.id == "over"


def test_an_approval_that_another_one_overtook_by_sending_back_does_not_vouch():
    route, progress = begun(parallel_route())

    progress = decide(route, decide(route, progress, "right", "send_back"), "left", "approve")

    assert not progress.vouched


def test_the_answers_that_a_condition_reads_are_kept_and_no_others():
    drawing = (
        Drawing()
        .start()
        .step("review", "done")
        .choice("large")
        .end()
        .end("small", "done")
        .line("begin", "review", "large")
    )
    drawing.arrow("large", "over", "review.amount >= 1000").arrow("large", "small", default=True)
    route, progress = begun(drawing)

    progress = decide(route, progress, "review", "done", amount=1000, note="長い所見")

    assert progress.end.id == "over"
    assert progress.data == {"review": {"decision": "done", "amount": 1000}}


def test_a_fact_of_the_case_is_read_and_kept_from_the_start():
    drawing = Drawing().start().choice("wide").step("head", "approve").end().end("small", "done")
    drawing.line("begin", "wide").line("head", "over")
    drawing.arrow("wide", "head", "case.widening").arrow("wide", "small", default=True)

    widening = begun(drawing, widening=True, other=1)[1]
    narrowing = begun(drawing, widening=False)[1]
    unsaid = begun(drawing)[1]

    assert (open_steps(widening), widening.data) == (["head"], {"case": {"widening": True}})
    assert narrowing.end.id == unsaid.end.id == "small"


def with_clock(*, interrupting: bool) -> Drawing:
    drawing = Drawing().start().step("head", "approve").step("chief", "done").end().end("told", "done")
    return (
        drawing.clock("late", "head", 5, interrupting=interrupting)
        .line("begin", "head", "over")
        .line("late", "chief", "told")
    )


def test_a_clock_that_interrupts_takes_the_step_away():
    route, progress = begun(with_clock(interrupting=True))
    timer = progress.timers[0]

    rung = fire(route, progress.state, timer.token)

    assert (timer.token, timer.business_days, timer.attached_step_token) == ("head.1/late", 5, "head.1")
    assert (open_steps(rung), rung.timers) == (["chief"], ())
    with pytest.raises(StepNotOpen):
        decide(route, Progress(rung.state, progress.open, (), None, (), {}, vouched=False), "head", "approve")


def test_a_clock_that_does_not_interrupt_rings_once_beside_the_step():
    route, progress = begun(with_clock(interrupting=False))

    rung = fire(route, progress.state, "head.1/late")
    approved = decide(route, rung, "head", "approve")
    told = decide(route, approved, "chief", "done")

    assert (open_steps(rung), rung.timers) == (["head", "chief"], ())
    with pytest.raises(StepNotOpen):
        fire(route, rung.state, "head.1/late")
    assert (open_steps(approved), approved.end) == (["chief"], None)
    assert told.end.outcome == "approved"


def test_a_clock_of_a_step_that_is_decided_rings_no_more():
    route, progress = begun(with_clock(interrupting=True))
    over = decide(route, progress, "head", "approve")

    with pytest.raises(StepNotOpen):
        fire(route, over.state, "head.1/late")


def test_an_end_that_terminates_takes_everything_with_it():
    drawing = (
        Drawing().start().both("fork").step("left", "approve reject").step("right", "done").choice("said").both("join")
    )
    drawing.end().end("refused", "rejected", terminates=True)
    drawing.line("begin", "fork", "left", "said").line("fork", "right", "join", "over")
    drawing.arrow("said", "refused", "left.decision == 'reject'").arrow("said", "join", default=True)
    route, progress = begun(drawing)

    refused = decide(route, progress, "left", "reject")

    assert (refused.open, refused.end.id) == ((), "refused")
    with pytest.raises(StepNotOpen):
        complete(route, refused.state, "right.2", Decision.DONE, {})


def test_a_table_decides_between_steps_and_says_which_row():
    drawing = (
        Drawing().start().step("review", "done").choice("who").step("section", "approve").step("bureau", "approve")
    )
    drawing.table(
        "level",
        [("額", "review.amount", "number")],
        [("who", "text")],
        [(("< 1000",), ("課長",)), ((">= 1000",), ("局長",))],
    )
    drawing.end().line("begin", "review", "level", "who").line("section", "over").line("bureau", "over")
    drawing.arrow("who", "bureau", "level.who == '局長'").arrow("who", "section", default=True)
    route, progress = begun(drawing)

    small = decide(route, progress, "review", "done", amount=999)
    large = decide(route, progress, "review", "done", amount=1000)

    assert (open_steps(small), open_steps(large)) == (["section"], ["bureau"])
    assert [(result.table_id, result.rows, result.outputs) for result in large.tables] == [
        ("level", (2,), {"who": "局長"})
    ]
    assert large.data["level"] == {"who": "局長"}


def test_an_answer_of_another_kind_stops_the_move_and_nothing_else():
    drawing = Drawing().start().step("review", "done").choice("large").end().end("small", "done")
    drawing.line("begin", "review", "large")
    drawing.arrow("large", "over", "review.amount >= 1000").arrow("large", "small", default=True)
    route, progress = begun(drawing)

    with pytest.raises(RouteStuckError) as stuck:
        decide(route, progress, "review", "done", amount="千円")

    assert stuck.value.element_id == "large_over"


def test_a_gateway_without_an_open_arrow_says_which_one_it_is():
    drawing = Drawing().start().step("head", "approve reject").choice("said").end().end("other", "done")
    drawing.line("begin", "head", "said").arrow("said", "over", "head.decision == 'approve'")
    drawing.arrow("said", "other", "head.decision == 'done'")
    route, progress = begun(drawing)

    with pytest.raises(RouteStuckError) as stuck:
        decide(route, progress, "head", "reject")

    assert stuck.value.element_id == "said"


def test_a_state_is_plain_json_names_its_format_and_stays_small():
    route, progress = begun(parallel_route())
    for _ in range(30):
        progress = decide(route, decide(route, progress, "right", "send_back"), "left", "approve")
        progress = decide(route, progress, "mend", "done")

    assert progress.state["schema"] == 1
    assert len(json.dumps(progress.state)) < 400


def test_a_state_of_another_format_is_not_guessed_at():
    route, progress = begun(short_route())

    with pytest.raises(StateError):
        complete(route, {**progress.state, "schema": 2}, "head.1", Decision.APPROVE, {})


def mended_case() -> Drawing:
    drawing = short_route().choice("wide").end("small", "done")
    drawing.arrows["begin_head"] = ("begin", "wide", None)
    drawing.arrows["mended_head"] = ("mended", "wide", "mend.decision == 'done'")
    return drawing.arrow("wide", "head", "case.widening").arrow("wide", "small", default=True)


def test_facts_that_the_drafter_has_mended_are_read_anew():
    route, progress = begun(mended_case(), widening=True)
    sent_back = decide(route, progress, "head", "send_back")

    mended = complete(route, sent_back.state, sent_back.open[0].token, Decision.DONE, {}, {"widening": False})

    assert mended.end.id == "small"


def test_facts_do_not_change_while_others_decide():
    route, progress = begun(mended_case(), widening=True)

    sent_back = complete(route, progress.state, progress.open[0].token, Decision.SEND_BACK, {}, {"widening": False})

    assert sent_back.data["case"] == {"widening": True}


def test_many_cases_at_once_do_not_disturb_one_another():
    route, first = begun(parallel_route())

    def a_case(number: int) -> str:
        progress = first
        for _ in range(number % 3):
            progress = decide(route, decide(route, progress, "left", "approve"), "right", "send_back")
            progress = decide(route, progress, "mend", "done")
        return decide(route, decide(route, progress, "left", "approve"), "right", "approve").state["open"] or "over"

    with ThreadPoolExecutor(8) as people:
        ended = list(people.map(a_case, range(200)))

    assert ended == ["over"] * 200
