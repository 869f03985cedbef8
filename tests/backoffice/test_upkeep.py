"""What is done once a day without anyone asking?"""

from __future__ import annotations

import os
from datetime import timedelta

from sqlalchemy import select, text

from backoffice.audit.publishing import publish_heads, published_heads
from backoffice.identity import StaffSession
from backoffice.jobs import JobName
from backoffice.operations import premises, upkeep
from backoffice.operations.events import JobResumed
from backoffice.operations.routes import JOB_NAMES
from tests.backoffice.furniture import furnish
from tests.backoffice.staff_client import StaffClient


def act(city) -> None:
    with city.unit() as work:
        work.record(JobResumed("read_sheet:1:1"))


def test_the_trails_head_leaves_the_database_once_a_day(city_on_both):
    city = city_on_both
    act(city)

    first, second = upkeep.tick(city.office), upkeep.tick(city.office)
    city.clock.pass_(days=1)
    third = upkeep.tick(city.office)

    assert (first is None, second is None, third is None) == (False, True, False)
    assert [head.position for head in published_heads(city.office.settings.audit_heads_path)] == [1, 2]


def test_a_head_that_a_person_published_early_in_the_day_does_not_stand_for_the_days_upkeep(city):
    act(city)
    with city.look() as work:
        publish_heads(work.session, city.office.settings.audit_heads_path, work.now)

    first, second = upkeep.tick(city.office), upkeep.tick(city.office)

    assert (first is None, second is None) == (False, True)


def test_a_day_of_upkeep_begins_at_midnight_in_fukuoka(city):
    city.clock.pass_(hours=11, minutes=59)  # 23:59
    upkeep.tick(city.office)
    city.clock.pass_(minutes=2)

    assert upkeep.tick(city.office) is not None


def test_sign_ins_past_their_end_are_forgotten(city, client):
    client.sign_in(city.person())
    city.clock.pass_(hours=13)

    upkeep.tick(city.office)

    with city.look() as work:
        assert work.session.scalars(select(StaffSession)).all() == []


def test_a_file_without_a_row_is_swept_when_it_is_no_longer_young(city):
    furnish(city)
    old = city.office.settings.blobs_path / ("a" * 32)
    young = city.office.settings.blobs_path / ("b" * 32)
    for path, age in ((old, timedelta(hours=2)), (young, timedelta())):
        path.write_bytes(b"left by a crash")
        moment = (city.clock() - age).timestamp()
        os.utime(path, (moment, moment))

    done = upkeep.tick(city.office)

    assert (done.files_swept, old.exists(), young.exists()) == (1, False, True)


def test_an_erased_file_is_swept_and_a_kept_one_stays(city):
    furnish(city)
    with city.unit() as work:
        kept, erased = (city.office.files.put(b"paper", "image/jpeg", work.now) for _ in range(2))
        city.office.files.erase(erased, work.now)
        work.session.add_all((kept, erased))
    for path in city.office.settings.blobs_path.iterdir():
        os.utime(path, (0, 0))

    upkeep.tick(city.office)

    assert (city.office.settings.blobs_path / kept.name).exists()
    assert not (city.office.settings.blobs_path / erased.name).exists()


def test_jobs_that_still_wait_are_never_forgotten(city):
    with city.unit() as work:
        job_id = work.ask(JobName.READ_SHEET, 1)
    city.clock.pass_(days=400)

    upkeep.tick(city.office)

    assert city.office.jobs.find(job_id) is not None


def test_sqlite_learns_how_its_rows_are_spread(city):
    furnish(city)

    upkeep.tick(city.office)

    with city.look() as work:
        counted = set(work.session.scalars(text("SELECT tbl FROM sqlite_stat1")))
    assert {"sheet", "work_item", "audit_event"} <= counted


def test_upkeep_disturbs_nobody_who_is_signed_in(city):
    client = StaffClient(city).sign_in(city.person())

    upkeep.tick(city.office)

    assert client.get("/me").path == "/me"


def test_a_part_of_the_upkeep_that_fails_stops_no_other_and_is_tried_again_an_hour_later(city):
    act(city)
    share = city.office.settings.audit_heads_path
    share.parent.mkdir(parents=True, exist_ok=True)
    share.write_text("the share is away")
    StaffClient(city).sign_in(city.person())
    city.clock.pass_(hours=13)

    first, at_once = upkeep.tick(city.office), upkeep.tick(city.office)
    share.unlink()
    city.clock.pass_(hours=1)
    later, again = upkeep.tick(city.office), upkeep.tick(city.office)

    assert (first.failed, at_once, later.failed, again) == (("audit_heads",), None, (), None)
    with city.look() as work:
        assert work.session.scalars(select(StaffSession)).all() == []


def test_the_check_tells_of_an_upkeep_that_failed_until_it_is_done(city):
    share = city.office.settings.audit_heads_path
    share.parent.mkdir(parents=True, exist_ok=True)
    share.write_text("the share is away")
    upkeep.tick(city.office)
    with city.office.engine.connect() as connection:
        sick = premises.upkeep(connection)
    share.unlink()
    city.clock.pass_(hours=1)
    upkeep.tick(city.office)
    with city.office.engine.connect() as connection:
        well = premises.upkeep(connection)

    assert ("audit_heads" in sick.detail, sick.ok, well.ok) == (True, False, True)


def test_every_job_has_a_name_that_operators_read():
    assert set(JOB_NAMES) == set(JobName)
