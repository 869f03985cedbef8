"""Who hears at once that a night went wrong, how often, and does a failed night ever block the next one?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from backoffice.automation import keeping, queries, service
from backoffice.automation.alarms import calling, troubles
from backoffice.automation.alarms.models import NightAlarm
from backoffice.automation.events import NightLeftAlone
from backoffice.automation.models import Lease, Night, WorkItem
from backoffice.automation.queue.order import Hold
from backoffice.automation.workflow import FAILURES_IN_A_ROW, ItemState, WhyEnded
from backoffice.carriers.machine_call import Call, Webhook
from backoffice.identity import Role
from backoffice.inbox import alerting
from backoffice.inbox.alert_models import Alert
from backoffice.settings import Settings
from rpa_bots.outcomes import Cause
from tests.backoffice.automation.nights import SETTINGS, NightShift, open_shift
from tests.backoffice.automation.scripts import fail_with
from tests.backoffice.city_mail import give_mail, with_mail
from tests.backoffice.staff_client import StaffClient
from tests.city_mail_server import CityMailServer, serve

BOOM = RuntimeError("invented")


class Receiver(HTTPServer):
    """The machine to which alarms are posted: answers as the test says, and remembers what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.says = 200
        self.came: list[tuple[str, dict]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/alarms"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.came.append((self.headers["Idempotency-Key"], body))
        self.send_response(self.server.says)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    with Receiver() as machine:
        thread = Thread(target=machine.serve_forever, daemon=True)
        thread.start()
        yield machine
        machine.shutdown()
        thread.join()


def break_down(shift: NightShift, cause: Cause) -> int:
    """Run one night in which the target fails every record for the same cause."""
    begun = shift.bot.keyings
    shift.bot.scripts = dict.fromkeys(range(begun + 1, begun + FAILURES_IN_A_ROW + 1), fail_with(cause))
    night_id = shift.start()
    shift.run(night_id)
    shift.bot.scripts = {}
    return night_id


def told(city, *, still: bool = True) -> list[tuple[int, str]]:
    with city.look() as work:
        rows = work.session.scalars(select(Alert).order_by(Alert.id))
        return [(row.staff_id, row.sentence) for row in rows if not still or row.ended_at is None]


def causes(city) -> list[tuple[str, bool]]:
    with city.look() as work:
        rows = work.session.scalars(select(NightAlarm).order_by(NightAlarm.id))
        return [(row.cause, row.over_at is None) for row in rows]


def test_a_machine_with_which_no_safe_connection_comes_about_was_told_nothing():
    with receiver() as machine:
        in_the_clear = machine.address.replace("http://", "https://")

        assert Webhook(in_the_clear).post({"schema": 1}, "night-1-fault") is Call.REFUSED
        assert machine.came == []


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (Cause.SIGN_IN_REFUSED, WhyEnded.SIGN_IN_REFUSED),
        (Cause.PASSWORD_EXPIRED, WhyEnded.PASSWORD_EXPIRED),
        (Cause.UNREACHABLE, WhyEnded.TARGET_DOWN),
    ],
)
def test_operators_hear_at_once_why_a_night_ended_badly(city, cause, why):
    shift = open_shift(city, records=5)
    operators = [city.person(Role.BOT_OPERATOR, department=shift.department) for _ in range(2)]
    city.person(Role.BOT_OPERATOR)

    break_down(shift, cause)

    assert told(city) == [(person.id, troubles.SENTENCES[why]) for person in operators]
    assert causes(city) == [(why, True)]


def test_a_night_that_ended_well_alarms_nobody(city):
    shift = open_shift(city, records=2)
    city.person(Role.BOT_OPERATOR, department=shift.department)

    shift.run(shift.start())

    assert told(city, still=False) == []


def test_whoever_is_on_duty_hears_alone_and_the_next_night_takes_it_out_of_their_tray(city):
    shift = open_shift(city, records=5)
    city.person(Role.BOT_OPERATOR, department=shift.department)
    duty = city.person(Role.BOT_OPERATOR, department=shift.department)
    with city.unit() as work:
        queries.find_target(work.session, work.actor, shift.target_id).duty_id = duty.id
    night_id = break_down(shift, Cause.UNREACHABLE)

    tray = StaffClient(city).sign_in(duty).get("/inbox").text
    heard = told(city)
    shift.start()

    assert f'href="/nights/{night_id}"' in tray
    assert heard == [(duty.id, troubles.SENTENCES[WhyEnded.TARGET_DOWN])]
    assert told(city) == []


def test_a_night_that_stands_still_and_one_without_a_worker_are_told_once_each(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=3)
    city.person(Role.BOT_OPERATOR, department=shift.department)
    night_id = shift.start()
    with city.unit() as work:
        keep_the_lease(work, shift, night_id, minutes=300)
    quiet = troubles.tick(city.office)
    city.clock.pass_(minutes=17)

    stalled = [troubles.tick(city.office), troubles.tick(city.office)]
    after_the_stall = told(city)
    city.clock.pass_(minutes=300)
    gone = [troubles.tick(city.office), troubles.tick(city.office)]
    after_all = told(city)
    with city.unit() as work:
        service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id))

    assert (quiet, stalled, gone) == (0, [1, 1], [1, 1])
    assert [sentence for _who, sentence in after_the_stall] == [troubles.SENTENCES[troubles.STALLED]]
    assert [sentence for _who, sentence in after_all] == [troubles.SENTENCES[troubles.WORKER_GONE]]
    assert told(city) == []
    assert causes(city) == [(troubles.STALLED, False), (troubles.WORKER_GONE, False)]


@pytest.mark.parametrize(("at_hand", "causes_told"), [(None, []), (1, [troubles.STALLED])])
def test_a_night_that_waits_for_another_is_quiet_but_not_one_that_hangs_at_its_own_item(city, at_hand, causes_told):
    shift = open_shift(city, records=3)
    night_id = shift.start()
    with city.unit() as work:
        there = service.add_target(work, "there", replace(SETTINGS, name="収納システム"), shift.department.id).id
        first, after = (work.session.get_one(WorkItem, shift.items()[place].id) for place in (1, 2))
        first.target_id, after.before_id, after.hold = there, first.id, Hold.BEHIND
        keep_the_lease(work, shift, night_id, minutes=300)
        work.session.add(
            Night(target_id=there, state="running", started_at=work.now, closes_at=work.now + timedelta(hours=8))
        )
        lease = work.session.scalars(select(Lease).where(Lease.night_id == night_id)).one()
        lease.item_id = at_hand
    city.clock.pass_(minutes=17)

    troubles.tick(city.office)

    with city.look() as work:
        told = work.session.scalars(select(NightAlarm.cause).where(NightAlarm.night_id == night_id)).all()
    assert told == causes_told


def test_a_night_that_goes_on_at_another_worker_is_told_all_the_same(city):
    shift = open_shift(city, records=2)
    city.person(Role.BOT_OPERATOR, department=shift.department)
    night_id = shift.start()
    with city.unit() as work:
        work.record(NightLeftAlone(night_id))
    while_it_runs = [troubles.tick(city.office), told(city)]

    shift.run(night_id)

    assert while_it_runs[1][0][1] == troubles.SENTENCES[troubles.WORKER_GONE]
    assert told(city) == []


def keep_the_lease(work, shift: NightShift, night_id: int, minutes: float) -> None:
    until = work.now + timedelta(minutes=minutes)
    work.session.add(
        Lease(target_id=shift.target_id, account="gakumu01", night_id=night_id, worker="worker-1", until=until)
    )


def test_a_night_that_moves_again_is_taken_out_of_the_trays_and_told_no_second_time(city):
    shift = open_shift(city, records=3)
    city.person(Role.BOT_OPERATOR, department=shift.department)
    night_id = shift.start()
    with city.unit() as work:
        keep_the_lease(work, shift, night_id, minutes=300)
    city.clock.pass_(minutes=17)
    troubles.tick(city.office)

    shift.run(night_id)

    assert told(city) == []
    assert len(told(city, still=False)) == 1


def test_the_mail_names_no_item_and_the_machine_is_called_once_with_ids_alone(city):
    shift = open_shift(city, records=5)
    operator = city.person(Role.BOT_OPERATOR, department=shift.department)
    give_mail(city, operator, "denbo@city.example.jp")
    with serve(CityMailServer()) as mail, receiver() as machine:
        with_mail(city, mail, alarm_webhook=machine.address)
        night_id = break_down(shift, Cause.UNREACHABLE)
        machine.says = 503
        refused = calling.tick(city.office)
        machine.says = 200
        too_early = calling.tick(city.office)
        city.clock.pass_(minutes=2)
        taken = [calling.tick(city.office), calling.tick(city.office)]
        mailed = [alerting.tick(city.office), alerting.tick(city.office)]
        (letter,) = mail.server.taken

    assert (refused, too_early, taken, mailed) == (0, 0, [1, 0], [1, 0])
    assert [key for key, _body in machine.came] == [f"night-{night_id}-target_down"] * 2
    body = machine.came[-1][1]
    assert body.pop("text") == troubles.SENTENCES[WhyEnded.TARGET_DOWN]
    assert body.pop("at")
    assert body == {
        "schema": 1,
        "alarm": "target_down",
        "night_id": night_id,
        "target_id": shift.target_id,
        "address": f"https://gijo.city.example.jp/nights/{night_id}",
    }
    assert f"https://gijo.city.example.jp/nights/{night_id}" in letter.get_content()
    assert not any(item.reference in letter.get_content() for item in shift.items())


def test_a_redirect_is_not_followed_and_a_machine_that_says_no_is_called_again_later(city):
    shift = open_shift(city, records=5)
    with receiver() as machine:
        settings = city.office.settings.model_copy(update={"alarm_webhook": machine.address})
        city.office = replace(city.office, settings=settings)
        break_down(shift, Cause.UNREACHABLE)
        machine.says = 307
        redirected = calling.tick(city.office)
        city.clock.pass_(minutes=2)
        machine.says = 404
        unknown = calling.tick(city.office)

    assert (redirected, unknown, len(machine.came)) == (0, 0, 2)
    with city.look() as work:
        alarm = work.session.scalars(select(NightAlarm)).one()
        assert (alarm.called_at, alarm.tries) == (None, 2)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("", True),
        ("https://duty.city.example.jp/gijo", True),
        ("http://10.1.2.3:8080/gijo", True),
        ("http://127.0.0.1:9000/", True),
        ("http://duty.city.example.jp/gijo", False),
        ("http://8.8.8.8/gijo", False),
        ("http://169.254.169.254/gijo", False),
        ("https://someone:secret@duty.city.example.jp/", False),
        ("ftp://10.1.2.3/", False),
    ],
)
def test_alarms_go_over_https_or_stay_in_the_closed_network(tmp_path, address, good):
    if good:
        assert Settings(data_dir=tmp_path, alarm_webhook=address).alarm_webhook == address
    else:
        with pytest.raises(ValidationError):
            Settings(data_dir=tmp_path, alarm_webhook=address)


def no_browser(shift: NightShift) -> None:
    @contextmanager
    def cannot_open(*_args):
        raise BOOM
        yield

    shift.bot.open_bot, kept = cannot_open, shift.bot.open_bot
    shift.run(shift.start())
    shift.bot.open_bot = kept


def target_down(shift: NightShift) -> None:
    break_down(shift, Cause.UNREACHABLE)


def browser_dies(shift: NightShift) -> None:
    def dies(_record, _journal, target):
        target.alive = False
        raise BOOM

    shift.bot.scripts = dict.fromkeys(range(1, FAILURES_IN_A_ROW + 1), dies)
    shift.run(shift.start())


def worker_dies(shift: NightShift) -> None:
    night_id = shift.start()
    with shift.city.unit() as work:
        keeping.take_seat(work, night_id, "worker-1")
    shift.city.clock.pass_(hours=1)
    with shift.city.unit() as work:
        service.end_abandoned(work, queries.find_night(work.session, work.actor, night_id))


@pytest.mark.parametrize("trouble", [no_browser, target_down, browser_dies, worker_dies])
def test_a_failed_bot_never_blocks_tomorrow(city, trouble):
    shift = open_shift(city, records=4)
    trouble(shift)
    ended = {item.state for item in shift.items()}

    city.clock.pass_(days=1)
    shift.run(shift.start())

    assert ended == {ItemState.WAITING}
    assert shift.states() == [ItemState.DONE] * 4
    assert shift.bot.doubled == []


def test_after_a_refused_sign_in_a_new_password_opens_tomorrow(city):
    shift = open_shift(city, records=4)
    break_down(shift, Cause.SIGN_IN_REFUSED)
    city.clock.pass_(days=1)
    with city.unit() as work:
        target = queries.find_target(work.session, work.actor, shift.target_id)
        service.set_credential(work, target, "gakumu01", "Invented-pass-9")

    shift.run(shift.start())

    assert shift.states() == [ItemState.DONE] * 4
