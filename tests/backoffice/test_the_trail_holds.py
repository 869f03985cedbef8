"""Can anyone change what was done? The database refuses, and what is changed around it is found and named."""

from __future__ import annotations

import threading
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backoffice.app import create_app
from backoffice.audit import verify
from backoffice.audit.chain import heads
from backoffice.audit.events import Event, all_events
from backoffice.audit.publishing import publish_heads, published_heads
from backoffice.operations.events import JobCancelled, JobResumed
from tests.backoffice.furniture import placeholders

WRITERS = 8
UNITS_EACH = 25
CODES = {
    "kind",
    "decision",
    "case_kind",
    "route_kind",
    "step_id",
    "timer_id",
    "language",
    "role",
    "code",
    "job",
    "state",
    "outcome",
    "question",
    "ruling",
    "procedure",
    "why",
    "cause",
    "rule_hash",
}
"""The only names under which an event may hold a text: what stands there is one word of a closed list, an id or a
hash."""


def act(city, times: int) -> None:
    for number in range(times):
        with city.unit() as work:
            work.record(JobResumed(f"read_sheet:{number}:1"))


def broken(city, published=()):
    with city.look() as work:
        return verify(work.session, published)


def behind_the_triggers(city, statement: str) -> None:
    """Whoever owns the database can take its triggers away: the chain is for them."""
    with city.office.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("DROP TRIGGER audit_event_update"))
            connection.execute(text("DROP TRIGGER audit_event_delete"))
        connection.execute(text(statement))


def test_what_was_done_is_an_unbroken_chain(city_on_both):
    act(city_on_both, 5)

    assert broken(city_on_both) is None


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET kind = 'nothing'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_or_forget_what_was_done(city_on_both, statement):
    act(city_on_both, 1)

    with pytest.raises(DBAPIError, match="rows are never changed"), city_on_both.office.engine.begin() as connection:
        connection.execute(text(statement))

    assert broken(city_on_both) is None


def test_postgresql_refuses_to_empty_the_trail_in_one_stroke(city_on_postgres):
    act(city_on_postgres, 1)

    with pytest.raises(DBAPIError, match="never changed"), city_on_postgres.office.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_event"))


@pytest.mark.parametrize(
    "change",
    [
        "data = replace(CAST(data AS text), '2', '7')",
        "kind = 'job_cancelled'",
        "staff_id = NULL, address = '127.0.0.9'",
        "origin = 'page'",
        "hash = replace(hash, substr(hash, 1, 1), 'x')",
        "previous_hash = replace(previous_hash, substr(previous_hash, 1, 1), 'x')",
    ],
)
def test_one_flipped_character_in_an_event_is_found_and_named(city, change):
    act(city, 5)

    behind_the_triggers(city, f"UPDATE audit_event SET {change} WHERE position = 3")

    found = broken(city)
    assert (found.fiscal_year, found.position) == (2026, 3)


def test_a_second_more_or_less_is_found(city):
    act(city, 3)

    behind_the_triggers(city, "UPDATE audit_event SET at = replace(at, '03:00:00', '03:00:01') WHERE position = 2")

    assert broken(city).position == 2


def test_an_event_that_was_taken_out_is_found_where_it_stood(city_on_both):
    act(city_on_both, 5)

    behind_the_triggers(city_on_both, "DELETE FROM audit_event WHERE position = 3")

    found = broken(city_on_both)
    assert (found.position, found.reason) == (3, "missing")


def test_a_cut_tail_whose_head_was_mended_is_found_only_by_what_was_published(city, tmp_path):
    act(city, 5)
    with city.look() as work:
        publish_heads(work.session, tmp_path, work.now)
    behind_the_triggers(city, "DELETE FROM audit_event WHERE position > 3")
    behind_the_head(city)

    by_itself = broken(city)
    with_what_was_published = broken(city, published_heads(tmp_path))

    assert by_itself is None
    assert (with_what_was_published.position, with_what_was_published.reason) == (5, "cut off after it was published")


def behind_the_head(city) -> None:
    with city.office.engine.begin() as connection:
        last = "(SELECT hash FROM audit_event ORDER BY position DESC LIMIT 1)"
        connection.execute(text(f"UPDATE audit_segment SET position = 3, hash = {last}"))


def test_a_new_fiscal_year_goes_on_where_the_old_one_ended(city):
    act(city, 2)
    city.clock.pass_(days=200)
    act(city, 2)

    with city.look() as work:
        years = [(head.fiscal_year, head.position) for head in heads(work.session)]

    assert years == [(2026, 2), (2027, 2)]
    assert broken(city) is None


def test_a_clock_that_runs_back_over_the_years_end_forks_nothing(city):
    act(city, 1)
    city.clock.pass_(days=200)
    act(city, 1)
    city.clock.pass_(days=-200)
    act(city, 1)

    assert broken(city) is None


def test_eight_writers_at_once_leave_one_unbroken_chain(city_on_both):
    threads = [threading.Thread(target=act, args=(city_on_both, UNITS_EACH)) for _ in range(WRITERS)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with city_on_both.look() as work:
        total = sum(head.position for head in heads(work.session))
    assert total == WRITERS * UNITS_EACH
    assert broken(city_on_both) is None


def test_the_chain_is_found_whole_while_people_go_on_working(city_on_both):
    act(city_on_both, 20)
    people = [threading.Thread(target=act, args=(city_on_both, UNITS_EACH)) for _ in range(4)]

    for person in people:
        person.start()
    found = [broken(city_on_both) for _ in range(10)]
    for person in people:
        person.join()

    assert found == [None] * 10


def test_a_unit_that_is_refused_leaves_no_trace(city):
    with pytest.raises(LookupError), city.unit() as work:
        work.record(JobCancelled("read_sheet:1:1"))
        raise LookupError("the office changes its mind")

    with city.look() as work:
        assert heads(work.session) == []


def test_every_event_holds_ids_and_codes_and_never_a_text_that_somebody_typed(city):
    create_app(city.office)  # so that every feature's events are known

    texts = [
        f"{kind.kind}.{field.name}"
        for kind in all_events()
        for field in fields(kind)
        if not is_number(get_type_hints(kind)[field.name]) and field.name not in CODES
    ]

    assert texts == []


def is_number(annotation) -> bool:
    return annotation in (int, bool, int | None, bool | None)


def test_every_events_sentence_names_only_what_the_event_holds(city):
    create_app(city.office)

    strangers = {
        kind.kind: unknown
        for kind in all_events()
        if (unknown := placeholders(kind.sentence) - {field.name for field in fields(kind)})
    }

    assert strangers == {}


def test_no_two_kinds_of_event_share_a_name():
    kinds = [kind.kind for kind in Event.__subclasses__()]

    assert sorted(kinds) == sorted(set(kinds))


def test_what_was_published_is_kept_line_by_line(city, tmp_path: Path):
    act(city, 1)
    with city.look() as work:
        publish_heads(work.session, tmp_path, work.now)
    act(city, 1)
    with city.look() as work:
        path = publish_heads(work.session, tmp_path, work.now)

    assert path.name == "2026-11-24.jsonl"
    assert [head.position for head in published_heads(tmp_path)] == [1, 2]
