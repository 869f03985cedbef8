"""A run was frozen by one version of its program, and another comes into force: who is still told, and who sees it?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from backoffice.audiences import service
from backoffice.audiences.ticking import tick
from backoffice.errors import Invalid
from backoffice.inbox import ticking as cases
from backoffice.programs.models import ProgramVersion
from backoffice.programs.workflow import VersionState
from tests.backoffice.audiences.post import writing_office
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.audiences.told import let_go
from tests.backoffice.audiences.town import hear
from tests.backoffice.programs.offices import Office


@pytest.fixture
def sending_on_both(office_on_both: Office) -> Sending:
    return found_sending(office_on_both)


def frozen(sending: Sending) -> int:
    sending.register(sending.women_over_forty(12))
    return sending.frozen()


def new_version(sending: Sending, days: int = 0) -> None:
    """Another version of the program is approved, and holds from so many days on."""
    with sending.city.unit() as work:
        old = work.session.get_one(ProgramVersion, sending.version_id)
        work.session.add(
            ProgramVersion(
                program_id=old.program_id,
                number=old.number + 1,
                state=VersionState.APPROVED,
                name=old.name,
                sheet=old.sheet,
                rule=old.rule,
                drafted_at=work.now,
                approved_at=work.now,
                effective_from=work.today + timedelta(days=days),
            )
        )


def take_back(sending: Sending) -> None:
    """No version of the program holds any more."""
    with sending.city.unit() as work:
        theirs = update(ProgramVersion).where(ProgramVersion.program_id == sending.desk.program_id)
        work.session.execute(theirs.values(state=VersionState.DISCARDED))


def on_its_route(sending: Sending, run_id: int) -> int:
    return sending.act(service.submit, run_id).id


def approve(sending: Sending, case_id: int) -> None:
    bureau = sending.office.bureau
    for person in (bureau.head, bureau.dx, bureau.dx_head):
        for step in bureau.waiting(case_id):
            bureau.decide(person, case_id, step)
    sending.city.clock.pass_(minutes=2)
    cases.tick(sending.city.office)


def seen(sending: Sending, run_id: int, page: str = "") -> str:
    return sending.office.visit().get(f"/audiences/{run_id}{page}").text


def test_a_run_by_an_older_version_is_not_sent_on_its_route(sending: Sending):
    run_id = frozen(sending)
    new_version(sending)

    with pytest.raises(Invalid, match="新しい版"):
        sending.act(service.submit, run_id)

    assert "起こし直してください" in seen(sending, run_id)


def test_a_version_whose_day_has_not_come_changes_nothing(sending: Sending):
    run_id = frozen(sending)
    new_version(sending, days=3)

    sending.act(service.submit, run_id)

    assert "新しい版" not in seen(sending, run_id)


def test_those_who_decide_see_it_and_what_they_approve_is_not_released(sending_on_both: Sending):
    sending = sending_on_both
    run_id = frozen(sending)
    case_id = on_its_route(sending, run_id)
    new_version(sending)
    while_deciding = seen(sending, run_id)

    approve(sending, case_id)

    assert "第2版" in while_deciding
    run = sending.run(run_id)
    assert (run.state, run.trouble, run.released_at) == ("frozen", "newer_version", None)
    assert "取りやめて、新しい版で起こし直してください" in seen(sending, run_id)
    assert "有効な版が変わったため、送りません" in sending.office.visit().get("/inbox").text


def test_what_was_approved_while_the_version_held_is_released(sending: Sending):
    run_id = frozen(sending)

    approve(sending, on_its_route(sending, run_id))

    assert sending.run(run_id).state == "released"


def test_what_was_decided_goes_on_and_says_so(sending: Sending):
    run_id = frozen(sending)
    let_go(sending.city, run_id)
    new_version(sending)
    with sending.city.unit() as work:
        hear(work)

    tick(writing_office(sending.city))

    assert sending.run(run_id).state == "sending"
    for page in ("", "/watch"):
        assert "決めたときの版のまま送ります" in seen(sending, run_id, page)


def test_where_no_version_holds_any_more_it_stops_and_people_hear_of_it(sending_on_both: Sending):
    sending = sending_on_both
    run_id = frozen(sending)
    let_go(sending.city, run_id)
    take_back(sending)
    with sending.city.unit() as work:
        hear(work)

    tick(writing_office(sending.city))

    run = sending.run(run_id)
    assert (run.state, run.trouble) == ("paused", "program_ended")
    assert "有効な版がないため、一時停止しました" in sending.office.visit().get("/inbox").text
    with pytest.raises(Invalid, match="有効な版がありません"):
        sending.act(service.resume, run_id)


def test_what_is_approved_of_a_program_without_a_version_is_not_released(sending: Sending):
    run_id = frozen(sending)
    case_id = on_its_route(sending, run_id)
    take_back(sending)

    approve(sending, case_id)

    assert (sending.run(run_id).state, sending.run(run_id).trouble) == ("frozen", "program_ended")
