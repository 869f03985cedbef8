"""What does a newcomer find in the demonstration city? Programs at every stop of their way, walked by its people."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from backoffice.demo import city as demonstration
from backoffice.demo import notices, programs, residents
from backoffice.identity import Permission
from backoffice.inbox.ticking import tick
from backoffice.notices import queries as wordings
from backoffice.notices import service as notice_service
from backoffice.notices.models import NoticeVersion
from backoffice.notices.workflow import NoticeState
from backoffice.programs import queries, service
from backoffice.programs.models import Program, ProgramVersion
from backoffice.programs.workflow import VersionState
from backoffice.residents.queries import list_snapshots


def test_some_are_in_force_some_on_their_route_one_sent_back_and_the_rest_are_drafts(city):
    demonstration.build(city.office)

    taken = programs.register(city.office)
    programs.send_on_route(city.office)
    city.clock.pass_(minutes=2)
    tick(city.office)

    with city.look() as work:
        states = Counter(work.session.scalars(select(ProgramVersion.state)))
        in_force = queries.all_in_force(work.session, city.office.services.today())
    assert states == {VersionState.APPROVED: 3, VersionState.SUBMITTED: 3, VersionState.DRAFT: taken - 6}
    assert {each.name for each in in_force} == {"就学援助", "第3子優遇事業", "高齢者乗車券"}


def test_what_was_sent_back_its_drafter_may_mend(city):
    demonstration.build(city.office)
    programs.register(city.office)
    programs.send_on_route(city.office)

    with city.look(demonstration.actor_of(city.office, "tanaka")) as work:
        shipped = select(ProgramVersion.id).join(Program).where(Program.shipped_as == programs.SENT_BACK)
        version = queries.find_version(work.session, work.session.scalars(shipped).one())
        assert version.state == VersionState.SUBMITTED
        assert service.may_write(work, version, Permission.PROGRAM_WORDING)


def test_its_residents_are_taken_in_twice_and_the_second_time_something_is_otherwise(city):
    demonstration.build(city.office)
    programs.register(city.office)
    residents.settle(city.office)
    city.clock.pass_(days=30)

    people = residents.move_about(city.office)

    with city.look() as work:
        newest, before = list_snapshots(work.session, 0)
        drift = newest.manifest["drift"]
    assert (newest.people, newest.before_id, newest.manifest["left_out"]) == (people, before.id, 0)
    assert min(drift.values()) > 50
    assert newest.people - before.people == drift["added"] - drift["gone"]


def test_its_residents_come_with_the_grants_that_rules_ask_about(city):
    demonstration.build(city.office)
    programs.register(city.office)

    asked = programs.asked_of(city.office)

    assert len(asked) == 11
    assert all(number.startswith("R8-制度-") for number in asked)


def test_five_notices_are_worded_and_approved_one_waits_and_one_has_work_to_do(city):
    demonstration.build(city.office)
    programs.register(city.office)

    notices.approve(city.office)
    notices.word(city.office)

    with city.look() as work:
        states = Counter(work.session.scalars(select(NoticeVersion.state)))
        draft = work.session.scalars(select(NoticeVersion.id).where(NoticeVersion.state == NoticeState.DRAFT)).one()
        found = {each.code for each in notice_service.looked_at(work, wordings.find_version(work.session, draft))}
    assert states == {NoticeState.APPROVED: 5, NoticeState.SUBMITTED: 1, NoticeState.DRAFT: 1}
    assert {"forbidden_word", "gives_away"} <= found
