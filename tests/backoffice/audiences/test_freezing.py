"""An audience is frozen: program, snapshot and consents of one moment, and the truth behind each person."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.audiences import service
from backoffice.audiences.freezing import freeze
from backoffice.audiences.models import NoticeRun, Recipient, RecipientKin, RunBody, RunPattern
from backoffice.audiences.queries import lock_run
from backoffice.audiences.writing_down import AT_ONCE
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Role
from backoffice.residents import protecting
from backoffice.vault import FileVault
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.programs.offices import Office
from tests.backoffice.recount import kept, recounted
from workflows.rules.audience import people_in

REFERENCE = 8
"""Bytes that are drawn for each person who is written down, and for nothing else meanwhile."""


def recipients(sending: Sending, run_id: int) -> list[Recipient]:
    with sending.city.look() as work:
        return list(work.session.scalars(select(Recipient).where(Recipient.run_id == run_id).order_by(Recipient.id)))


def test_whoever_is_hit_registered_and_has_an_address_is_written_down(office_on_both: Office):
    sending = found_sending(office_on_both)
    names = sending.women_over_forty(6)
    sending.register(names[:3])
    sending.register(names[3:5], line=True, language="easy")

    run_id = sending.frozen()

    run = sending.run(run_id)
    assert run.state == "frozen"
    assert sorted((each.kind, each.language) for each in recipients(sending, run_id)) == [
        ("line", "easy"),
        ("line", "easy"),
        ("mail", "ja"),
        ("mail", "ja"),
        ("mail", "ja"),
    ]
    with sending.city.look() as work:
        assert kept(work.session) == recounted(work.session)


def test_the_frozen_file_holds_everybody_hit_and_its_hash_stands_with_the_run(sending: Sending):
    sending.register(sending.women_over_forty(3))

    run_id = sending.frozen()

    with sending.city.look() as work:
        run = work.session.scalars(
            select(NoticeRun).where(NoticeRun.id == run_id).options(joinedload(NoticeRun.frozen_file))
        ).one()
    assert run.frozen_file.sha256 == run.frozen_sha256
    assert set(sending.women_over_forty(3)) <= people_in(sending.city.office.files.read(run.frozen_file))


def test_each_person_has_the_reasons_that_held_for_them(sending: Sending):
    sending.register(sending.women_over_forty(3))

    run_id = sending.frozen()

    with sending.city.look() as work:
        pattern = work.session.scalars(select(RunPattern).where(RunPattern.run_id == run_id)).one()
        body = work.session.scalars(select(RunBody).where(RunBody.run_id == run_id)).one()
    assert pattern.states == ["true", "true"]
    assert len(pattern.reasons["ja"]["why"]) == 2
    told = "".join(piece for piece in body.content["text"] if isinstance(piece, str))
    assert all(reason in told for reason in pattern.reasons["ja"]["why"])
    assert {"slot": "reference"} in body.content["text"]


def test_whoever_lives_with_a_recipient_is_kept_by_a_mark_alone(sending: Sending):
    shared = sending.residents.filter(sending.residents["pseudonym"].is_in(sending.women_over_forty(20)))
    sending.register(list(shared["pseudonym"]))

    run_id = sending.frozen()

    with sending.city.look() as work:
        marks = list(work.session.scalars(select(RecipientKin.mark)))
    homes = sending.residents["household"].value_counts()
    sizes = dict(zip(homes["household"], homes["count"], strict=True))
    written = len(recipients(sending, run_id))
    assert len(marks) == sum(sizes[each] - 1 for each in shared["household"])
    assert written == len(shared)
    assert not set(marks) & set(sending.residents["pseudonym"])


def test_nobody_under_protection_is_in_it(sending: Sending):
    names = sending.women_over_forty(3)
    sending.register(names)
    with sending.city.unit() as work:
        protecting.add(work, names[0], "申出 R8-12")

    run_id = sending.frozen()

    assert len(recipients(sending, run_id)) <= 2


def test_an_attempt_that_died_half_way_leaves_nobody_twice(sending: Sending):
    sending.register(sending.women_over_forty(5))
    run_id = sending.begin()
    freeze(sending.city.office, run_id)
    first = len(recipients(sending, run_id))
    with sending.city.unit() as work:
        lock_run(work.session, run_id).state = "freezing"

    freeze(sending.city.office, run_id)

    assert len(recipients(sending, run_id)) == first == 5
    with sending.city.look() as work:
        assert kept(work.session) == recounted(work.session)


def test_what_was_cancelled_while_it_was_being_frozen_stays_cancelled(sending: Sending):
    sending.register(sending.women_over_forty(5))
    run_id = sending.begin()
    office = sending.city.office

    class SlowDisk(FileVault):
        """Somebody cancels the run while the audience is put away."""

        def put(self, *what):
            if sending.run(run_id).state == "freezing":
                sending.act(service.cancel, run_id)
            return super().put(*what)

    slow = SlowDisk(office.settings.blobs_path, office.cipher, office.services.random_bytes)

    assert freeze(replace(office, files=slow), run_id) == "cancelled"
    assert recipients(sending, run_id) == []


def test_who_was_written_down_before_it_was_cancelled_is_stopped_and_nobody_more_is_written(office_on_both: Office):
    sending = found_sending(office_on_both, people=8_000)
    sending.register(sending.women_over_forty(AT_ONCE + 50))
    run_id = sending.begin()
    office = sending.city.office
    written = count()

    def cancelled_in_the_second_portion(size: int) -> bytes:
        if size == REFERENCE and next(written) == AT_ONCE:
            sending.act(service.cancel, run_id)
        return office.services.random_bytes(size)

    slow = replace(office, services=replace(office.services, random_bytes=cancelled_in_the_second_portion))

    assert freeze(slow, run_id) == "cancelled"
    assert [each.state for each in recipients(sending, run_id)] == ["stopped"] * AT_ONCE
    with sending.city.look() as work:
        assert kept(work.session) == recounted(work.session)


def test_who_takes_over_a_cancelled_run_from_a_dead_worker_lets_nobody_wait(office_on_both: Office):
    sending = found_sending(office_on_both)
    sending.register(sending.women_over_forty(5))
    run_id = sending.frozen()
    with sending.city.unit() as work:
        lock_run(work.session, run_id).state = "cancelled"  # its people still wait: the worker died before it saw to it

    assert freeze(sending.city.office, run_id) == "cancelled"
    assert [each.state for each in recipients(sending, run_id)] == ["stopped"] * 5
    with sending.city.look() as work:
        assert kept(work.session) == recounted(work.session)


def test_an_attempt_that_died_half_way_leaves_nobody_waiting_where_the_next_one_cannot_freeze(sending: Sending):
    sending.register(sending.women_over_forty(5))
    run_id = sending.frozen()
    with sending.city.unit() as work:
        run = lock_run(work.session, run_id)
        run.state, run.snapshot_id = "freezing", None

    assert freeze(sending.city.office, run_id) == "cancelled"
    assert [each.state for each in recipients(sending, run_id)] == ["stopped"] * 5
    with sending.city.look() as work:
        assert kept(work.session) == recounted(work.session)


def test_only_the_programs_department_begins_a_run(sending: Sending):
    elsewhere = sending.city.person(Role.CLERK)

    with pytest.raises(NotPermitted):
        sending.begin(elsewhere)


def test_a_day_before_the_first_is_no_last_day(sending: Sending):
    with pytest.raises(Invalid) as refused:
        sending.begin(last_day=sending.city.office.services.today().replace(year=2025))

    assert list(refused.value.fields) == ["last_day"]
