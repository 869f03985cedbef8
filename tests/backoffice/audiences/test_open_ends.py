"""A message of which nobody knows is settled by a person or by the relay's log, once; it is never sent again."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from backoffice.audiences import open_ends, queries
from backoffice.audiences.models import Recipient
from backoffice.audiences.moving import move, states_of
from backoffice.audiences.workflow import RecipientState
from backoffice.cli.program import whole_program
from backoffice.errors import NotPermitted, Overtaken
from backoffice.identity import Role
from tests.backoffice.audiences.post import reasons, states
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.programs.offices import Office
from tests.backoffice.recount import kept, recounted


def doubted(sending: Sending, people: int) -> tuple[int, list[Recipient]]:
    """A run that is over, nobody knowing of any of its mails."""
    sending.register(sending.women_over_forty(people))
    run_id = sending.frozen()
    with sending.city.unit() as work:
        queries.lock_run(work.session, run_id).state = "done"
        move(work, run_id, RecipientState.WAITING, RecipientState.UNKNOWN, handed_at=work.now, settled_at=work.now)
    with sending.city.look() as work:
        return run_id, list(work.session.scalars(select(Recipient).order_by(Recipient.id)))


def log_of(_sending: Sending, *ended: tuple[Recipient, str]) -> list[str]:
    domain = "localhost"
    lines = []
    for number, (recipient, status) in enumerate(ended):
        queue = f"4FA1B2C3{number:02d}"
        lines.append(f"Nov 27 10:00 mx postfix/cleanup[1]: {queue}: message-id=<{recipient.reference}@{domain}>")
        lines.append(f"Nov 27 10:00 mx postfix/smtp[1]: {queue}: to=<x>, dsn=2.0.0, status={status} (said)")
    return lines


def test_a_person_says_what_became_of_a_message(office_on_both: Office):
    sending = found_sending(office_on_both)
    run_id, (first, second, _third) = doubted(sending, 3)
    visit = office_on_both.visit()
    assert visit.get(f"/audiences/{run_id}/open-ends").text.count("届いたと確かめた<") == 3

    visit.post(f"/audiences/{run_id}/open-ends/{first.id}", {"arrived": "yes"})
    visit.post(f"/audiences/{run_id}/open-ends/{second.id}", {"arrived": "no"})

    assert states(sending.city, run_id) == {"accepted": 1, "failed": 1, "unknown": 1}
    assert reasons(sending.city, run_id) == {"not_arrived": 1}
    assert office_on_both.events()[-2:] == ["run_delivery_settled", "run_delivery_settled"]
    assert "届いていないと職員が確かめた" in visit.get(f"/audiences/{run_id}/open-ends?state=failed").text
    with sending.city.look() as work:
        assert kept(work.session) == recounted(work.session)
        assert states_of(work.session, run_id) == {"accepted": 1, "failed": 1, "unknown": 1}


def test_what_is_settled_is_not_settled_again(sending: Sending):
    run_id, (first,) = doubted(sending, 1)
    visit = sending.office.visit()
    visit.post(f"/audiences/{run_id}/open-ends/{first.id}", {"arrived": "yes"})

    visit.post(f"/audiences/{run_id}/open-ends/{first.id}", {"arrived": "no"}, status=409)

    assert states(sending.city, run_id) == {"accepted": 1}


def test_a_message_of_another_run_is_not_there(sending: Sending):
    run_id, (first,) = doubted(sending, 1)
    other = sending.frozen(period="2")

    sending.office.visit().post(f"/audiences/{other}/open-ends/{first.id}", {"arrived": "yes"}, status=404)

    assert states(sending.city, run_id) == {"unknown": 1}


def test_nobody_of_another_department_sees_references_or_settles(sending: Sending):
    run_id, (first,) = doubted(sending, 1)
    visit = sending.office.visit(sending.city.person(Role.CLERK))

    shown = visit.get(f"/audiences/{run_id}/open-ends")

    assert first.reference[:4] not in shown.text
    visit.post(f"/audiences/{run_id}/open-ends/{first.id}", {"arrived": "yes"}, status=403)


def test_the_relays_log_settles_what_it_knows(office_on_both: Office):
    sending = found_sending(office_on_both)
    run_id, (first, second, third) = doubted(sending, 3)
    log = "\n".join(log_of(sending, (first, "sent"), (second, "bounced"), (third, "deferred")))

    answer = office_on_both.visit().post(f"/audiences/{run_id}/relay-log", files={"file": ("mail.log", log)})

    assert "届いた 1件、届かなかった 1件" in answer.text
    assert states(sending.city, run_id) == {"accepted": 1, "failed": 1, "unknown": 1}
    assert reasons(sending.city, run_id) == {"turned_down": 1}


def test_an_operator_settles_by_the_command(sending: Sending, monkeypatch, tmp_path):
    monkeypatch.setenv("GIJO_DATA_DIR", str(sending.city.office.settings.data_dir))
    run_id, (first,) = doubted(sending, 1)
    log = tmp_path / "mail.log"
    log.write_text("\n".join(log_of(sending, (first, "sent"))), "utf-8")

    answer = CliRunner().invoke(whole_program(), ["notices", "settle", str(log), "--json"])

    assert json.loads(answer.stdout) == {"accepted": 1, "failed": 0}
    assert states(sending.city, run_id) == {"accepted": 1}
    assert CliRunner().invoke(whole_program(), ["notices", "settle", str(tmp_path / "none")]).exit_code == 2


def test_a_log_read_twice_settles_once_and_leaves_what_a_person_said(sending: Sending):
    run_id, (first, second) = doubted(sending, 2)
    with sending.city.unit(sending.city.actor(sending.drafter)) as work:
        open_ends.settle_by_hand(work, run_id, first.id, arrived=False)
    log = log_of(sending, (first, "sent"), (second, "sent"))

    for expected in (1, 0):
        with sending.city.unit() as work:
            assert open_ends.settle_from_log(work, log).accepted == expected

    assert states(sending.city, run_id) == {"failed": 1, "accepted": 1}


def test_a_message_by_line_has_no_relay(sending: Sending):
    _run_id, (first,) = doubted(sending, 1)
    with sending.city.unit() as work:
        work.session.execute(update(Recipient).values(kind="line"))

    with sending.city.unit() as work:
        assert open_ends.settle_from_log(work, log_of(sending, (first, "sent"))).accepted == 0


@pytest.mark.parametrize("arrived", [True, False])
def test_only_what_nobody_knows_of_is_settled(sending: Sending, arrived: bool):
    sending.register(sending.women_over_forty(1))
    run_id = sending.frozen()
    with sending.city.look() as work:
        recipient_id = work.session.scalars(select(Recipient.id)).one()

    with pytest.raises(Overtaken), sending.city.unit(sending.city.actor(sending.drafter)) as work:
        open_ends.settle_by_hand(work, run_id, recipient_id, arrived=arrived)


def test_whoever_may_not_stop_the_run_reads_no_log_for_it(sending: Sending):
    run_id, (first,) = doubted(sending, 1)
    elsewhere = sending.city.actor(sending.city.person(Role.CLERK))

    with pytest.raises(NotPermitted), sending.city.unit(elsewhere) as work:
        open_ends.settle_from_log(work, log_of(sending, (first, "sent")), run_id)
