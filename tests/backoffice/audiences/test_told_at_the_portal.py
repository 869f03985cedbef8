"""Who signed in at the portal reads which notices came, why, and what was used; a veiled reason is told here alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.audit import AuditEvent
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.audiences.told import let_go, told
from tests.backoffice.clients.machines import Machine, machine
from tests.backoffice.consents.portal import on_a_word, proven
from tests.backoffice.programs.offices import Office

RECEIVED = "/portal/notices/received"


def asked(portal: Machine, person: dict[str, object], **more: str):
    return portal.call("POST", RECEIVED, json={"person": person, **more})


def last_event(sending: Sending) -> str:
    with sending.city.look() as work:
        return work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id.desc()).limit(1)).one()


def test_a_person_reads_why_a_notice_came_and_what_was_used(office_on_both: Office):
    sending = found_sending(office_on_both)
    somebody = told(sending)

    (notice,) = asked(machine(sending.city), proven(somebody.name)).json()["notices"]

    assert notice["program"] == "乳がん検診"
    assert notice["run"] == somebody.number
    assert notice["reference"] == somebody.code.replace("-", "")
    assert (notice["channel"], notice["arrived"]) == ("mail", True)
    assert len(notice["why"]) == 2
    assert any("住民" in each for each in notice["used"])
    assert last_event(sending) == "registrant_own_notices_shown"


def test_a_veiled_reason_is_told_after_sign_in_and_in_the_readers_language(office: Office):
    sending = found_sending(office, body_class="veiled")
    somebody = told(sending)

    (notice,) = asked(machine(sending.city), proven(somebody.name), language="en").json()["notices"]

    assert notice["program"] == "Breast cancer screening"
    assert any("sex" in each.lower() for each in notice["why"])


@pytest.mark.parametrize("who", [on_a_word, lambda _name: proven("nobody-0001")])
def test_a_mere_word_and_nobody_are_answered_alike_and_noted(sending: Sending, who):
    somebody = told(sending)

    answer = asked(machine(sending.city), who(somebody.name))

    assert answer.status_code == 404
    assert last_event(sending) == "registrant_sought_in_vain"


def test_what_has_not_left_is_not_told(sending: Sending):
    (name,) = sending.women_over_forty(1)
    sending.register([name])
    let_go(sending.city, sending.frozen())

    assert asked(machine(sending.city), proven(name)).json() == {"notices": []}


def test_after_a_year_a_notice_is_told_no_more(sending: Sending):
    somebody = told(sending)
    sending.city.clock.pass_(days=367)

    assert asked(machine(sending.city), proven(somebody.name)).json() == {"notices": []}
