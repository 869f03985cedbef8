"""A record on an approval route: handed in, decided on, sent back; nobody writes into what others decide on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice.errors import Invalid, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Department, Role, Staff
from backoffice.inbox import opening, taking_back
from backoffice.inbox.models import Case, Vote
from backoffice.records import approving, queries, service
from backoffice.records.models import ChangeSet
from backoffice.records.workflow import RecordState
from tests.backoffice.inbox.cases import decide_step, found_bureau
from tests.backoffice.office import City
from tests.backoffice.records.test_lists import DEFINITION, THREE, entered, hall, records_of  # noqa: F401 -- a fixture
from tests.backoffice.recount import kept as kept_tallies
from tests.backoffice.recount import recounted
from workflows.routes import Decision


@dataclass
class Routed:
    """A list whose records a head approves: one record of it, its clerk and their head."""

    city: City
    record_id: int
    clerk: Staff
    head: Staff

    def submit(self) -> int:
        with self.city.unit(self.city.actor(self.clerk)) as work:
            record = queries.find_record(work.session, work.actor, self.record_id)
            return approving.submit(work, record, record.version).id

    def decide(self, person: Staff, case_id: int, step: str, decision: Decision) -> int:
        with self.city.unit(self.city.actor(person)) as work:
            vote = decide_step(work, case_id, step, decision)
            work.session.flush()
            return vote.id

    def take_back(self, person: Staff, vote_id: int) -> None:
        with self.city.unit(self.city.actor(person)) as work:
            taking_back.take_back(work, work.session.get_one(Vote, vote_id))

    def let_the_minute_pass(self, case_id: int) -> None:
        self.city.clock.moment += timedelta(minutes=2)
        with self.city.unit() as work:
            opening.take_effect(work, work.session.get_one(Case, case_id))

    def change(self, **values: object) -> None:
        with self.city.unit(self.city.actor(self.clerk)) as work:
            record = queries.find_record(work.session, work.actor, self.record_id)
            service.change(work, record, record.version, DEFINITION, {**record.values, **values})

    @property
    def state(self) -> str:
        with self.city.look(self.city.actor(self.clerk)) as work:
            return queries.find_record(work.session, work.actor, self.record_id).state


@pytest.fixture
def routed(city, hall):  # noqa: F811 -- the fixture, not the import
    found_bureau(city)
    design, clerk = hall
    with city.unit(city.actor(clerk)) as work:
        approving.name_route(work, work.session.get_one(FormDesign, design.id), "record_approval")
        department = work.session.get_one(Department, clerk.department_id)
    (record_id,) = entered(city, hall, THREE[0])
    return Routed(city, record_id, clerk, city.person(Role.HEAD, department=department))


def test_an_approved_record_is_closed_and_a_rejected_one_may_be_drafted_anew(routed):
    case_id = routed.submit()
    assert routed.state == RecordState.IN_REVIEW
    with pytest.raises(Overtaken):
        routed.change(heads=99)
    routed.decide(routed.head, case_id, "head_approval", Decision.APPROVE)
    assert routed.state == RecordState.IN_REVIEW  # the minute for taking back is not over
    routed.let_the_minute_pass(case_id)

    assert routed.state == RecordState.APPROVED
    with pytest.raises(Overtaken):
        routed.change(heads=99)
    with routed.city.look() as work:
        assert recounted(work.session) == kept_tallies(work.session)


def test_what_is_sent_back_is_mended_and_goes_on_from_the_case(routed):
    case_id = routed.submit()
    vote = routed.decide(routed.head, case_id, "head_approval", Decision.SEND_BACK)
    assert routed.state == RecordState.SENT_BACK
    routed.take_back(routed.head, vote)
    assert routed.state == RecordState.IN_REVIEW
    routed.decide(routed.head, case_id, "head_approval", Decision.SEND_BACK)
    routed.change(heads=21)

    routed.decide(routed.clerk, case_id, "mend", Decision.DONE)
    assert routed.state == RecordState.IN_REVIEW
    routed.decide(routed.head, case_id, "head_approval", Decision.REJECT)
    routed.let_the_minute_pass(case_id)
    assert routed.state == RecordState.REJECTED


def test_who_withdraws_a_case_has_the_record_as_a_draft_again_and_hands_it_in_anew(routed):
    case_id = routed.submit()
    with routed.city.unit(routed.city.actor(routed.clerk)) as work:
        opening.withdraw(work, case_id, "日付を間違えた")

    assert routed.state == RecordState.ENTERED
    assert routed.submit() != case_id
    assert routed.state == RecordState.IN_REVIEW


def test_no_other_way_leads_past_the_route(city, client, hall, routed):  # noqa: F811 -- a fixture
    with city.unit(city.actor(routed.clerk)) as work, pytest.raises(Invalid):
        service.move_many(work, hall[0], records_of(work, hall), RecordState.DONE)
    routed.submit()
    with city.unit(city.actor(routed.clerk)) as work:
        with pytest.raises(Invalid):
            service.change_many(work, hall[0], DEFINITION, records_of(work, hall), "heads", 7)
        with pytest.raises(Invalid):
            service.move_many(work, hall[0], records_of(work, hall), RecordState.REMOVED)
        handed_in = work.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc()).limit(1)).one()
        with pytest.raises(Invalid):
            service.undo(work, handed_in)
    client.sign_in(routed.clerk)
    client.post("/records/entries/1/state", data={"state": "approved", "version": "2"}, status=409)
    client.post("/records/entries/1/submit", data={"version": "1"}, status=409)

    assert routed.state == RecordState.IN_REVIEW


def test_a_clerk_hands_in_and_the_list_shows_how_it_stands(client, hall, routed):  # noqa: F811 -- a fixture
    client.sign_in(routed.clerk)
    assert "下書き" in client.get(f"/records/{hall[0].id}").text
    assert "完了にする" not in client.get("/records/entries/1").text

    client.post("/records/entries/1/submit", data={"version": "1"})

    page = client.get("/records/entries/1").text
    assert "審査中" in page
    assert "/records/entries/1/edit" not in page
    assert "R8-公民館-0001" in client.get(f"/records/{hall[0].id}?state=in_review").text
    client.get("/records/entries/1/edit", status=409)
    client.post(f"/records/{hall[0].id}/approval", data={"kind": ""})
    assert "使わない" in client.get(f"/records/{hall[0].id}/approval").text
