"""Moving a running case to another version of its route: only from the same steps, and never past the approval."""

import pytest

from tests.workflows.drawings import Drawing, parallel_route, short_route
from tests.workflows.test_running import decide, open_steps
from workflows.catalogue import every_route
from workflows.routes import Progress, TransferRefused, complete, read_route, start, transfer


def refusals(old: Drawing, new: Drawing, state) -> list[tuple[str | None, str]]:
    with pytest.raises(TransferRefused) as refused:
        transfer(read_route(old.xml()), read_route(new.xml()), state)
    return [(reason.element_id, reason.code) for reason in refused.value.reasons]


def begun(drawing: Drawing, **facts) -> Progress:
    return start(read_route(drawing.xml()), facts)


def test_a_case_goes_on_from_the_same_step_with_the_same_token():
    new = short_route().step("chief", "approve reject", notDrafter="true").choice("chief_said")
    new.arrows["said_over"] = ("said", "chief", "head.decision == 'approve'")
    new.line("chief", "chief_said").arrow("chief_said", "over", "chief.decision == 'approve'")
    new.arrow("chief_said", "refused", default=True)
    before, route = begun(short_route()), read_route(new.xml())

    moved = transfer(read_route(short_route().xml()), route, before.state)

    assert moved.open == before.open
    assert open_steps(decide(route, moved, "head", "approve")) == ["chief"]


@pytest.mark.parametrize("shipped", every_route(), ids=lambda one: one.kind.value)
def test_a_case_moved_to_the_same_route_is_where_it_was(shipped):
    progress = start(shipped.route, {"widening": True, "recipients": 5000, "sensitive": True})
    for _ in range(4):
        if progress.end is not None:
            break
        assert transfer(shipped.route, shipped.route, progress.state) == Progress(
            progress.state, progress.open, progress.timers, None, (), progress.data, vouched=progress.vouched
        )
        step = shipped.route.steps[progress.open[0].step_id]
        progress = complete(shipped.route, progress.state, progress.open[0].token, step.decisions[0], {})


def test_a_step_that_the_new_version_has_not_is_named():
    new = Drawing().start().step("chief", "approve", notDrafter="true").end().line("begin", "chief", "over")

    assert refusals(short_route(), new, begun(short_route()).state) == [("head", "step_is_gone")]


def test_a_step_that_has_become_something_else_is_named():
    new = Drawing().start().step("chief", "approve", notDrafter="true").choice("head").end()
    new.line("begin", "chief", "head", "over")

    assert refusals(short_route(), new, begun(short_route()).state) == [("head", "step_is_other")]


def test_a_branch_that_has_arrived_needs_the_same_join():
    route = read_route(parallel_route().xml())
    waiting = decide(route, begun(parallel_route()), "left", "approve")
    new = Drawing().start().step("right", "approve", notDrafter="true").end().line("begin", "right", "over")

    assert refusals(parallel_route(), new, waiting.state) == [("join", "join_is_gone")]


def test_a_join_that_would_wait_for_a_branch_that_never_started_is_refused():
    route = read_route(parallel_route().xml())
    waiting = decide(route, begun(parallel_route()), "left", "approve")
    new = parallel_route().step("third", notDrafter="true").line("fork", "third", "join")

    assert ("join", "deadlock") in refusals(parallel_route(), new, waiting.state)


def test_a_case_that_is_over_stays_where_it_is():
    route = read_route(short_route().xml())
    over = decide(route, begun(short_route()), "head", "approve")

    assert refusals(short_route(), short_route(), over.state) == [(None, "case_is_over")]


def chain(first: str, second: str) -> Drawing:
    drawing = Drawing().start().end()
    for step, decisions in ((first, "approve"), (second, "approve")):
        settings = {"notDrafter": "true"} if step == "vouching" else {}
        drawing.step(step, decisions, **settings)
    return drawing.line("begin", first, second, "over")


def test_moving_a_case_does_not_carry_it_past_the_approval():
    """In the old version the vouching step comes second, in the new one it is already behind."""
    old, new = chain("other", "vouching"), chain("vouching", "other")
    waits_for_other = begun(old).state

    assert refusals(old, new, waits_for_other) == [("over", "transfer_unvouched")]


def test_a_case_that_was_vouched_for_may_be_moved():
    old, new = chain("vouching", "other"), chain("vouching", "other").end("over", "approved")
    new.step("last", "done").arrows["other_over"] = ("other", "last", None)
    new.line("last", "over")
    vouched = decide(read_route(old.xml()), begun(old), "vouching", "approve")

    assert transfer(read_route(old.xml()), read_route(new.xml()), vouched.state).vouched


def test_answers_that_only_the_new_version_reads_are_brought_along():
    old = Drawing().start().step("review", "done").step("last", "approve").end().line("begin", "review", "last", "over")
    new = Drawing().start().step("review", "done").step("last", "approve").choice("large").end().end("small")
    new.line("begin", "review", "last", "large")
    new.arrow("large", "over", "review.amount >= 1000 and case.open").arrow("large", "small", default=True)
    olds, news = read_route(old.xml()), read_route(new.xml())
    state = decide(olds, begun(old, open=True), "review", "done", amount=1000).state

    with_answers = transfer(olds, news, state, {"review": {"amount": 1000, "decision": "x"}, "case": {"open": True}})
    without = transfer(olds, news, state)

    assert with_answers.data == {"review": {"decision": "done", "amount": 1000}, "case": {"open": True}}
    assert decide(news, with_answers, "last", "approve").end.id == "over"
    assert decide(news, without, "last", "approve").end.id == "small"
