"""LINE is down for a day: what it refused each time goes again under a new key, what it may have taken does not."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from backoffice.audiences.claiming import MOST_PUT_OFF
from backoffice.audiences.models import NoticeBatch
from backoffice.audiences.queries import find_run
from backoffice.audiences.ticking import tick
from backoffice.audiences.workflow import RunState
from backoffice.carriers.line import Answered, Reply
from tests.backoffice.audiences.post import Line, deliver, reasons, states, writing_office
from tests.backoffice.audiences.test_between_freeze_and_send import CORE, withdraw
from tests.backoffice.audiences.town import Person, register, release
from tests.backoffice.office import City

TOO_MANY = Answered(Reply.AGAIN, 429, said="The API rate limit has been exceeded. Try again later.")
NOT_LET_IN = Answered(Reply.BROKEN, 401, said="Authentication failed")
SILENT = Answered(Reply.AGAIN, 0, said="ReadTimeoutError")
ITS_TROUBLE = Answered(Reply.AGAIN, 500, said="Internal server error")
SOMEBODY_ELSES = Answered(Reply.AGAIN, 429)


class Down(Line):
    """Answers each call with the next of these, and then with the last one for ever."""

    def __init__(self, *said: Answered) -> None:
        super().__init__()
        self.said = list(said)

    def multicast(self, to, messages, *, key):
        super().multicast(to, messages, key=key)
        return self.said.pop(0) if len(self.said) > 1 else self.said[0]


def two(city: City) -> int:
    some = [Person("hikari", line=True), Person("kasumi", line=True)]
    register(city.office, some)
    return release(city.office, some)


def down_for_a_day(city: City, run_id: int, line: Line) -> None:
    """Let the worker try all day, and once on the next morning when no key of yesterday's holds any more."""
    for _ in range(4):
        deliver(city, run_id, line=line)
        city.clock.pass_(hours=1)
    city.clock.pass_(hours=20)
    tick(writing_office(city))


@pytest.mark.parametrize("said", [TOO_MANY, NOT_LET_IN])
def test_what_line_refused_each_time_goes_again_under_a_new_key(city_on_both: City, said: Answered):
    city = city_on_both
    run_id = two(city)
    line = Down(said)

    down_for_a_day(city, run_id, line)
    by_then = states(city, run_id)
    up = Line()
    deliver(city, run_id, line=up)

    assert len(line.asked) > 1
    assert by_then == {"waiting": 2}
    assert states(city, run_id) == {"accepted": 2}
    assert up.asked[0][0] not in {key for key, _to, _text in line.asked}


@pytest.mark.parametrize("said", [SILENT, ITS_TROUBLE, SOMEBODY_ELSES])
def test_one_attempt_of_which_nobody_knows_keeps_it_from_going_again(city: City, said: Answered):
    run_id = two(city)

    down_for_a_day(city, run_id, Down(TOO_MANY, said, TOO_MANY))

    assert states(city, run_id) == {"unknown": 2}


def test_an_attempt_in_which_the_worker_died_keeps_it_from_going_again(city: City):
    run_id = two(city)

    class Fatal(Line):
        def multicast(self, to, messages, *, key):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(city, run_id, line=Fatal())
    down_for_a_day(city, run_id, Down(TOO_MANY))

    assert states(city, run_id) == {"unknown": 2}


def test_an_answer_that_comes_after_the_key_has_ended_counts_too(city: City):
    run_id = two(city)
    line = Down(TOO_MANY, TOO_MANY, Answered(Reply.ACCEPTED, 200))
    deliver(city, run_id, line=line)
    city.clock.pass_(hours=22, minutes=59)
    line.before = lambda: city.clock.pass_(minutes=2)

    deliver(city, run_id, line=line)

    assert states(city, run_id) == {"accepted": 2}
    first, second, third = [key for key, _to, _text in line.asked]
    assert first == second != third


def test_of_a_run_that_was_cancelled_nobody_waits_again(city: City):
    run_id = two(city)
    deliver(city, run_id, line=Down(TOO_MANY))
    with city.unit() as work:
        find_run(work.session, run_id).state = RunState.CANCELLED
    city.clock.pass_(hours=24)

    tick(writing_office(city))

    assert states(city, run_id) == {"stopped": 2}
    assert reasons(city, run_id) == {"cancelled": 2}


def test_whoever_withdrew_while_line_was_down_is_not_written_to_after_it(city: City):
    some = [Person("hikari", line=True), Person("kasumi", line=True)]
    register(city.office, some)
    run_id = release(city.office, some, own=CORE)
    deliver(city, run_id, line=Down(TOO_MANY))
    with city.unit() as work:
        withdraw(work, some[0])
    city.clock.pass_(hours=24)
    tick(writing_office(city))
    up = Line()

    deliver(city, run_id, line=up)

    assert [to for _key, to, _text in up.asked] == [(some[1].address,)]
    assert states(city, run_id) == {"accepted": 1, "stopped": 1}


def test_while_line_puts_off_every_call_only_so_many_are_in_hand(city: City):
    some = [Person(f"p{number:05d}", line=True) for number in range(500 * (MOST_PUT_OFF + 4))]
    register(city.office, some)
    run_id = release(city.office, some)

    deliver(city, run_id, line=Down(TOO_MANY))

    with city.look() as work:
        in_hand = work.session.scalar(select(func.count()).where(NoticeBatch.run_id == run_id, NoticeBatch.is_open))
    assert in_hand == MOST_PUT_OFF
    assert states(city, run_id)["waiting"] == 500 * 4
