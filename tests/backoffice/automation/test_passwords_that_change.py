"""When does the next password of a system take over, and who is told that one runs out?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backoffice.automation import keeping, queries
from backoffice.automation.models import Credential
from backoffice.automation.systems import credentials
from backoffice.automation.systems.credentials import NextPassword
from backoffice.automation.workflow import WhyEnded
from backoffice.errors import Invalid
from backoffice.identity import Actor, Origin, Role
from rpa_bots.outcomes import Cause
from tests.backoffice.automation.nights import open_shift
from tests.backoffice.staff_client import StaffClient

WORKER = Actor.house(Origin.WORKER)
NEXT = "Invented-pass-9"


@pytest.fixture
def shift(city):
    return open_shift(city, records=1)


def target_of(shift, work):
    return queries.find_target(work.session, work.actor, shift.target_id)


def prepare_next(shift, begins_in_days: int, expires_on: date | None = None) -> None:
    with shift.city.unit() as work:
        day = work.today + timedelta(days=begins_in_days)
        credentials.set_next(work, target_of(shift, work), NextPassword(NEXT, day, expires_on))


def password_at(shift, night_id: int) -> str:
    """Say with which password a worker that sits down now would sign in."""
    with shift.city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, "worker-1")
        assert not isinstance(seat, WhyEnded)
        return seat.password.reveal()


def until(shift, days: int, hour: int) -> None:
    """Let time pass until that hour (Asia/Tokyo) of a day from now."""
    with shift.city.look() as work:
        now = work.now.astimezone(credentials.TOKYO)
    then = (now + timedelta(days=days)).replace(hour=hour, minute=0)
    shift.city.clock.pass_(seconds=(then - now).total_seconds())


def test_the_next_password_takes_over_at_noon_of_its_day_and_not_in_the_night_before(shift):
    prepare_next(shift, 1)
    night_id = shift.start()
    until(shift, 1, 2)
    at_night = password_at(shift, night_id)
    until(shift, 0, 12)

    assert at_night == "Invented-pass-8"
    assert password_at(shift, night_id) == NEXT


def test_a_locked_account_opens_when_the_next_password_takes_over(shift):
    night_id = shift.start()
    with shift.city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, "worker-1")
        keeping.lock_account(work, seat, Cause.PASSWORD_EXPIRED)
    prepare_next(shift, 1)
    with shift.city.unit(WORKER) as work:
        locked = keeping.take_seat(work, night_id, "worker-1")
    until(shift, 1, 13)

    assert locked is WhyEnded.LOCKED
    assert password_at(shift, night_id) == NEXT


def test_a_night_that_still_has_the_old_password_does_not_lock_the_new_one(shift):
    night_id = shift.start()
    with shift.city.unit(WORKER) as work:
        seat = keeping.take_seat(work, night_id, "worker-1")
    shift.city.clock.pass_(seconds=60)
    with shift.city.unit() as work:
        credentials.set_credential(work, target_of(shift, work), "gakumu01", "Invented-pass-7")

    with shift.city.unit(WORKER) as work:
        keeping.lock_account(work, seat, Cause.SIGN_IN_REFUSED)

    assert password_at(shift, night_id) == "Invented-pass-7"


def test_a_new_password_typed_by_hand_forgets_the_one_that_was_to_follow(shift):
    prepare_next(shift, 1)

    with shift.city.unit() as work:
        credentials.set_credential(work, target_of(shift, work), "gakumu01", "Invented-pass-7")
    night_id = shift.start()
    until(shift, 1, 13)

    assert password_at(shift, night_id) == "Invented-pass-7"


@pytest.mark.parametrize(
    ("last_day_in", "follows_in", "warned"),
    [(15, None, False), (14, None, True), (14, 14, False), (14, 15, True), (-1, None, True), (None, None, False)],
)
def test_people_are_warned_two_weeks_before_where_nothing_takes_over(shift, last_day_in, follows_in, warned):
    with shift.city.look() as work:
        today = work.today
        credential = work.session.scalars(select(Credential)).one()
    credential.expires_on = None if last_day_in is None else today + timedelta(days=last_day_in)
    credential.next_begins_on = None if follows_in is None else today + timedelta(days=follows_in)

    found = credentials.runs_out_on(credential, today)

    assert found == (credential.expires_on if warned else None)


def test_a_day_in_the_past_or_a_password_that_ends_before_it_begins_is_refused(shift):
    with pytest.raises(Invalid) as past:
        prepare_next(shift, -1)
    with pytest.raises(Invalid) as short:
        prepare_next(shift, 3, date(2026, 1, 1))

    assert past.value.fields.keys() == {"next_begins_on"}
    assert short.value.fields.keys() == {"next_expires_on"}


def test_the_page_keeps_the_days_of_a_refused_password_but_never_a_password(shift):
    city = shift.city
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    path = f"/targets/{shift.target_id}"

    typed = {"next_password": NEXT, "next_begins_on": "きのう", "next_expires_on": "R9.3.31"}
    refused = operator.post(f"{path}/next-password", typed, 422)
    told = operator.post(f"{path}/next-password", typed | {"next_begins_on": "R8.12.24"})
    again = operator.post(f"{path}/next-password/drop", {})

    assert 'value="R9.3.31"' in refused.text
    assert "12月24日" in told.text
    assert "の正午から使います" in told.text
    assert "の正午から使います" not in again.text
    assert all(NEXT not in answer.text for answer in (refused, told, again))


def test_the_page_of_nights_names_the_last_day(shift):
    city = shift.city
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    with city.look() as work:
        soon = work.today + timedelta(days=7)

    account = {"account": "gakumu01", "password": "Invented-pass-7", "expires_on": soon.isoformat()}
    operator.post(f"/targets/{shift.target_id}/credential", account)

    assert f"パスワードの期限 {soon.month}月{soon.day}日" in operator.get("/nights").text.replace("令和8年", "")
