"""Before an agreement ends or is to be reviewed, those who answer for it hear of it: once for each day and distance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backoffice.data_links import reminding
from backoffice.data_links.models import LinkReminder
from backoffice.data_links.reminding import Matter
from backoffice.services import TOKYO
from tests.backoffice.data_links.agreements import LIBRARY, WITHOUT_AGE, Agreements, stranger


def today(desk: Agreements) -> date:
    return desk.city.clock().astimezone(TOKYO).date()


def ending_in(desk: Agreements, days: int) -> int:
    """A link in force that ends so many days from now; its review is over."""
    now = today(desk)
    return desk.agreed(replace(LIBRARY, valid_until=now + timedelta(days=days), review_on=now - timedelta(days=1)))


def told(desk: Agreements) -> list[tuple[str, int]]:
    with desk.city.look() as work:
        rows = work.session.scalars(select(LinkReminder).order_by(LinkReminder.id))
        return [(row.matter, row.days_before) for row in rows]


def heard(desk: Agreements) -> Mapping[int, int]:
    """Of how many links each person hears in the mail of this morning."""
    with desk.city.look() as work:
        return reminding.count_told(work.session, work.today, work.now - timedelta(hours=1))


@pytest.mark.parametrize(("days", "distances"), [(61, []), (60, [60]), (31, [60]), (30, [30]), (7, [7]), (0, [7])])
def test_it_is_told_sixty_thirty_and_seven_days_before(desk: Agreements, days, distances):
    ending_in(desk, days)

    reminding.tick(desk.city.office)

    assert told(desk) == [("ends", distance) for distance in distances]


def test_of_what_is_over_nothing_is_told(desk: Agreements):
    ending_in(desk, -1)

    assert reminding.tick(desk.city.office) == 0


def test_each_distance_is_told_once_however_often_the_worker_looks(desk_on_both: Agreements):
    desk = desk_on_both
    ending_in(desk, 60)

    for _day in range(61):
        reminding.tick(desk.city.office)
        reminding.tick(desk.city.office)
        desk.city.clock.pass_(days=1)

    assert told(desk) == [("ends", 60), ("ends", 30), ("ends", 7)]


def test_a_worker_that_slept_tells_the_nearest_alone(desk: Agreements):
    ending_in(desk, 70)
    desk.city.clock.pass_(days=64)

    reminding.tick(desk.city.office)

    assert told(desk) == [("ends", 7)]


def test_two_workers_at_the_same_moment_tell_it_once(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = ending_in(desk, 60)
    near = reminding.Near(desk.link(version_id).id, Matter.ENDS, today(desk) + timedelta(days=60), 60)

    first, second = reminding._tell(desk.city.office, near), reminding._tell(desk.city.office, near)

    assert (first, second, told(desk)) == (True, False, [("ends", 60)])


def test_the_review_is_told_as_the_end_is(desk: Agreements):
    now = today(desk)
    desk.agreed(replace(LIBRARY, review_on=now + timedelta(days=30), valid_until=now + timedelta(days=300)))

    reminding.tick(desk.city.office)

    assert told(desk) == [("review", 30)]


def test_a_link_that_is_shut_reminds_nobody(desk: Agreements):
    desk.shut(ending_in(desk, 60))

    assert reminding.tick(desk.city.office) == 0


def test_whoever_may_write_it_there_and_the_dx_office_hear_of_it(desk: Agreements):
    other = stranger(desk)
    ending_in(desk, 60)

    reminding.tick(desk.city.office)

    hear = heard(desk)
    assert {desk.bureau.drafter.id, desk.bureau.head.id, desk.bureau.dx.id} <= hear.keys()
    assert not {other.id, desk.bureau.privacy.id, desk.bureau.operator.id} & hear.keys()


def test_the_list_says_what_ends_soon_until_a_newer_version_moves_the_day(desk: Agreements):
    version_id = ending_in(desk, 30)
    reminding.tick(desk.city.office)
    page = desk.visit().get("/links").text
    assert page.count("あと30日で終わる") == 2

    with desk.city.unit() as work:
        link_id = desk.version(version_id).link_id
        for link, near in reminding.told_lately(work.session, work.today):
            assert (link.id, near.matter) == (link_id, Matter.ENDS)
    narrower = desk.next(version_id, uses=WITHOUT_AGE, valid_until=today(desk) + timedelta(days=20))
    desk.put_in_force(narrower)

    assert desk.visit().get("/links").text.count("あと20日で終わる") == 2
