"""A trial goes to staff who asked for it, marked, by the same carrier; no resident gets it and nobody is counted."""

from __future__ import annotations

from sqlalchemy import select

from backoffice.audiences.guest_models import Trial
from backoffice.audiences.sending import Post
from backoffice.audiences.trying import try_run
from backoffice.carriers.smtp_greeting import Relay
from backoffice.identity import Staff
from tests.backoffice.audiences.post import OnceOnly, city_seconds, states, writing_office
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.programs.offices import Office
from tests.city_mail_server import CityMailServer, serve


def give_address(sending: Sending, person: Staff, mail: str | None) -> None:
    with sending.city.unit() as work:
        work.session.merge(person).mail = mail


def trials(sending: Sending) -> list[Trial]:
    with sending.city.look() as work:
        return list(work.session.scalars(select(Trial).order_by(Trial.id)))


def deliver_trial(sending: Sending, port: int | None) -> None:
    relay = None if port is None else Relay("127.0.0.1", port)
    post = Post(relay, None, 1, city_seconds(sending.city), lambda _seconds: None, lambda: False)
    try_run(writing_office(sending.city), post, trials(sending)[-1].id, OnceOnly())


def test_guests_get_the_samples_marked_as_a_trial_and_nobody_is_counted(office_on_both: Office):
    sending = found_sending(office_on_both)
    names = sending.women_over_forty(40)
    sending.register(names[:20])
    sending.register(names[20:40], language="easy")
    run_id = sending.frozen()
    give_address(sending, sending.drafter, "tanto@city.example")
    visit = office_on_both.visit()
    visit.post("/audiences/guests/join")
    server = CityMailServer()

    visit.post(f"/audiences/{run_id}/trial")
    with serve(server) as there:
        deliver_trial(sending, there.port)

    assert server.addresses == ["tanto@city.example"] * 2
    assert states(sending.city, run_id) == {"waiting": 40}
    assert [(trial.sent, trial.failed) for trial in trials(sending)] == [(2, 0)]
    shown = visit.get(f"/audiences/{run_id}").text
    assert "送った 2通" in shown
    assert office_on_both.events()[-2:] == ["trial_guest_joined", "run_trial_asked"]


def test_a_trial_without_a_server_says_that_nothing_was_sent(sending: Sending):
    sending.register(sending.women_over_forty(12))
    run_id = sending.frozen()
    give_address(sending, sending.drafter, "tanto@city.example")
    visit = sending.office.visit()
    visit.post("/audiences/guests/join")
    visit.post(f"/audiences/{run_id}/trial")

    deliver_trial(sending, None)

    assert [(trial.sent, trial.failed) for trial in trials(sending)] == [(0, 1)]


def test_whoever_has_no_mail_address_or_has_left_the_list_gets_none(sending: Sending):
    sending.register(sending.women_over_forty(12))
    run_id = sending.frozen()
    visit = sending.office.visit()
    give_address(sending, sending.drafter, None)
    assert "登録されていない" in visit.post("/audiences/guests/join").text
    give_address(sending, sending.drafter, "tanto@city.example")
    visit.post("/audiences/guests/join")
    visit.post("/audiences/guests/leave")

    assert "受け取る職員がいません" in visit.post(f"/audiences/{run_id}/trial").text
    assert trials(sending) == []


def test_what_has_begun_to_leave_is_not_tried_any_more(sending: Sending):
    run_id = sending.begin()

    sending.office.visit().post(f"/audiences/{run_id}/trial", status=409)


def test_whoever_has_no_address_is_told_where_to_give_one_and_an_empty_list_says_so(sending: Sending):
    sending.register(sending.women_over_forty(12))
    run_id = sending.frozen()
    visit = sending.office.visit()

    refused = visit.post("/audiences/guests/join")

    assert "「自分の設定」で入れてください" in refused.text
    assert "試し送りを受け取る職員がまだいません。" in visit.get(f"/audiences/{run_id}").text
