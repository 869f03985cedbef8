"""Whatever people do with a case, in whatever order: it waits for somebody, or it has ended; nothing counts twice."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, select

from backoffice.errors import Overtaken, Refusal
from backoffice.inbox import handling, taking_back, ticking
from backoffice.inbox.models import Case, CaseTimer, Task, TrayEntry, Vote
from backoffice.inbox.workflow import WAITING, CaseState
from tests.backoffice.inbox.cases import Bureau, decide_step
from workflows.routes import Decision, RouteKind

MOVES = 30
SEEDS = range(3)


class Walk:
    """One case, and people who do with it what the dice say."""

    def __init__(self, bureau: Bureau, kind: RouteKind, dice: random.Random) -> None:
        self.bureau, self.dice = bureau, dice
        self.case_id = bureau.begin(kind, widening=dice.random() < 0.5)
        self.people = [bureau.drafter, bureau.head, bureau.privacy, bureau.dx, bureau.dx_head, bureau.operator]
        self.decided = 0

    def move(self) -> None:
        waiting = sorted(self.bureau.waiting(self.case_id))
        if not waiting:
            return
        act = self.dice.choice(
            [self.decide, self.decide, self.decide, self.take_back, self.put_aside, self.let_time_pass]
        )
        act(self.dice.choice(waiting))

    def decide(self, step_id: str) -> None:
        decision = self.dice.choice(list(Decision))
        for person in self.dice.sample(self.people, len(self.people)):
            task = self.bureau.waiting(self.case_id).get(step_id)
            try:
                self.bureau.decide(person, self.case_id, step_id, decision)
            except Refusal:
                continue
            self.decided += 1
            self._must_not_count_twice(person, task, step_id, decision)
            return

    def take_back(self, _step_id: str) -> None:
        with self.bureau.city.look() as work:
            last = select(Vote).join(Vote.task).where(Task.case_id == self.case_id).order_by(Vote.id.desc()).limit(1)
            vote = work.session.scalars(last).one_or_none()
        if vote is None:
            return
        person = next(person for person in self.people if person.id == vote.staff_id)
        try:
            with self.bureau.city.unit(self.bureau.city.actor(person)) as work:
                taking_back.take_back(work, work.session.get_one(Vote, vote.id))
        except Refusal:
            return

    def put_aside(self, step_id: str) -> None:
        person = self.dice.choice(self.people)
        held = self.bureau.waiting(self.case_id)[step_id]
        try:
            with self.bureau.city.unit(self.bureau.city.actor(person)) as work:
                task = work.session.get_one(Task, held.id)
                handling.resume(work, task) if task.state == "held" else handling.hold(work, task, "確認中")
        except Refusal:
            return

    def let_time_pass(self, _step_id: str) -> None:
        self.bureau.city.clock.pass_(**self.dice.choice([{"seconds": 30}, {"minutes": 2}, {"days": 3}, {"days": 40}]))
        ticking.tick(self.bureau.city.office)

    def _must_not_count_twice(self, person, task: Task, step_id: str, decision: Decision) -> None:
        with self.bureau.city.look() as work:
            still = work.session.get_one(Task, task.id).state in WAITING
        if still:
            return  # others have still to speak
        with pytest.raises(Overtaken), self.bureau.city.unit(self.bureau.city.actor(person)) as work:
            decide_step_of(work, task.id, decision)


def decide_step_of(work, task_id: int, decision: Decision) -> None:
    task = work.session.get_one(Task, task_id)
    newer = select(Task.id).where(Task.case_id == task.case_id, Task.step_id == task.step_id, Task.id > task_id)
    if work.session.scalars(newer.limit(1)).first() is not None:
        raise Overtaken("the case has come to this step anew")
    decide_step(work, task.case_id, task.step_id, decision)


def must_be_sound(bureau: Bureau, case_id: int) -> None:
    """The case, its tasks, its trays and its timers say the same."""
    with bureau.city.look() as work:
        case = work.session.get_one(Case, case_id)
        tasks = work.session.scalars(select(Task).where(Task.case_id == case_id)).all()
        waiting = [task for task in tasks if task.state in WAITING]
        lying = set(
            work.session.scalars(
                select(TrayEntry.task_id).join(Task, Task.id == TrayEntry.task_id).where(Task.case_id == case_id)
            )
        )
        running = work.session.scalar(
            select(func.count()).where(CaseTimer.case_id == case_id, CaseTimer.closed_in_move.is_(None))
        )
    assert (case.state == CaseState.RUNNING) is bool(waiting), f"{case.state} with {len(waiting)} tasks"
    assert lying == {task.id for task in waiting}
    assert sorted(case.steps_now) == sorted(task.step_name for task in waiting)
    assert bool(case.outcome) is (case.state != CaseState.RUNNING)
    assert waiting or not running


@pytest.mark.parametrize("kind", RouteKind)
def test_a_case_waits_for_somebody_or_has_ended_whatever_is_done(bureau: Bureau, kind: RouteKind):
    decided = 0
    for seed in SEEDS:
        walk = Walk(bureau, kind, random.Random(f"{kind} {seed}"))  # noqa: S311 -- dice, not secrets
        for _ in range(MOVES):
            walk.move()
            must_be_sound(bureau, walk.case_id)
        decided += walk.decided

    assert decided >= len(SEEDS)
