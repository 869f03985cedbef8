"""Do the tallies say what a recount says, whatever happens to the rows and from however many sides at once?"""

from __future__ import annotations

import re
import threading
from itertools import product

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import delete, select

from backoffice.automation.models import ITEMS, ITEMS_FINISHED, WorkItem
from backoffice.automation.timeline import move
from backoffice.automation.workflow import ItemState
from backoffice.automation.workflow import may_become as item_may_become
from backoffice.db import tallies
from backoffice.db.migrate import configuration
from backoffice.db.tallies import Tally
from backoffice.intake.models import Sheet
from backoffice.intake.workflow import SheetState
from backoffice.intake.workflow import may_become as sheet_may_become
from tests.architecture.sources import named, texts
from tests.backoffice.furniture import furnish
from tests.backoffice.recount import COUNTED, kept, recounted

COUNTED_FROM_THEIR_FIRST_ROW = (
    *("digital_ids_live", "digital_ids_revoked", "id_checks_yes", "id_checks_no"),
    *("run_recipients", "run_reasons", "run_minutes", "records", "field_samples"),
    *("archived", "archived_years", "mail_letters", "cover_sheets"),
)
"""Tallies that came with their tables: no migration had anything to count."""
COUNTING = ("0006", "0011", "0027", "0049", "0065")
"""Revisions that counted what was there before their tallies."""
WRITERS = 6
MOVES_EACH = 15


def counted_and_recounted(city):
    with city.look() as work:
        return kept(work.session), recounted(work.session)


def items(city) -> list[int]:
    with city.look() as work:
        return list(work.session.scalars(select(WorkItem.id).order_by(WorkItem.id)))


def test_what_stands_in_an_office_is_counted_as_it_comes(city_on_both):
    furnish(city_on_both, sheets=20)

    counted, true = counted_and_recounted(city_on_both)

    assert counted == true
    assert {key.name for key in counted} >= {"sheets", "items", "items_of_night", "items_finished", "nights"}


def test_every_step_that_a_record_may_take_is_counted(city_on_both):
    furnish(city_on_both)
    item_id, *_others = items(city_on_both)
    steps = [(now, then) for now, then in product(ItemState, ItemState) if item_may_become(now, then)]

    for now, then in steps:
        with city_on_both.unit() as work:
            item = work.session.scalars(select(WorkItem).where(WorkItem.id == item_id)).one()
            item.state, item.finished_at = now, None
        city_on_both.clock.pass_(hours=5)
        with city_on_both.unit() as work:
            item = work.session.scalars(select(WorkItem).where(WorkItem.id == item_id)).one()
            item.exception_seconds += 1.2345
            move(work, item, then, "keyed")

        counted, true = counted_and_recounted(city_on_both)
        assert counted == true, f"{now} → {then}"
    assert len(steps) > len(ItemState)


def test_every_step_that_a_sheet_may_take_is_counted(city_on_both):
    sheet_id = furnish(city_on_both).sheet_id

    for now, then in product(SheetState, SheetState):
        if not sheet_may_become(now, then):
            continue
        for state in (now, then):
            with city_on_both.unit() as work:
                sheet = work.session.scalars(select(Sheet).where(Sheet.id == sheet_id)).one()
                sheet.state = state
                sheet.verify_seconds += 0.7
        counted, true = counted_and_recounted(city_on_both)
        assert counted == true, f"{now} → {then}"


def test_a_record_that_goes_to_another_department_or_night_or_away_is_counted_there(city_on_both):
    furnished = furnish(city_on_both)
    elsewhere = city_on_both.department("収納課")
    first, second, third, *_others = items(city_on_both)

    with city_on_both.unit() as work:
        of = {item.id: item for item in work.session.scalars(select(WorkItem))}
        of[first].department_id = elsewhere.id
        of[second].night_id = None
        of[third].state = ItemState.WAITING
        work.session.flush()
        of[third].state = ItemState.SUBMITTING
        fresh = WorkItem(
            reference="R8-就援-7777",
            target_id=furnished.target_id,
            department_id=elsewhere.id,
            record={"schema": 1, "values": {}},
            state=ItemState.WAITING,
            queued_at=work.now,
            changed_at=work.now,
        )
        work.session.add(fresh)
        work.session.flush()
        work.session.delete(fresh)

    counted, true = counted_and_recounted(city_on_both)
    assert counted == true


def test_a_unit_that_is_refused_counts_nothing(city):
    furnish(city)
    before, _true = counted_and_recounted(city)

    with pytest.raises(LookupError), city.unit() as work:
        work.session.scalars(select(WorkItem)).first().state = ItemState.CANCELLED
        work.session.flush()
        raise LookupError("the office changes its mind")
    with city.unit() as work:
        work.session.scalars(select(WorkItem)).first().state = ItemState.CANCELLED
        work.refused = True

    assert counted_and_recounted(city)[0] == before


def test_many_hands_at_once_lose_no_count_and_never_wait_for_one_another(city_on_both):
    furnish(city_on_both, sheets=WRITERS * 2)
    ids = items(city_on_both)
    troubles: list[Exception] = []
    hands = [
        threading.Thread(target=move_about, args=(city_on_both, ids[number::WRITERS], number, troubles))
        for number in range(WRITERS)
    ]

    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    counted, true = counted_and_recounted(city_on_both)
    assert troubles == []
    assert counted == true


def move_about(city, ids: list[int], number: int, troubles: list[Exception]) -> None:
    """Move records of one's own to and fro, from the front or the back: the tallies' rows are everybody's."""
    states = list(ItemState)[:: 1 if number % 2 else -1]
    try:
        for turn in range(MOVES_EACH):
            with city.unit() as work:
                for place, item_id in enumerate(ids if turn % 2 else reversed(ids)):
                    item = work.session.scalars(select(WorkItem).where(WorkItem.id == item_id)).one()
                    item.state = states[(turn + place + number) % len(states)]
                    work.session.flush()
    except Exception as trouble:  # noqa: BLE001 -- told to the test, which lives in another thread
        troubles.append(trouble)


def test_a_row_changed_unread_is_refused_rather_than_counted_wrong(city):
    furnish(city)

    with pytest.raises(LookupError, match="state"), city.unit() as work:
        item = work.session.scalars(select(WorkItem)).first()
        work.session.expire(item, ["state"])
        item.state = ItemState.CANCELLED


def test_a_day_begins_at_midnight_in_fukuoka(city):
    furnished = furnish(city, sheets=1)
    city.clock.pass_(hours=11, minutes=59)  # 23:59 on the 24th
    for minutes in (0, 2):
        city.clock.pass_(minutes=minutes)
        with city.unit() as work:
            item = work.session.scalars(select(WorkItem)).one()
            item.state, item.finished_at = ItemState.DONE, work.now

        with city.look() as work:
            days = [day for _, day in tallies.amounts(work.session, ITEMS_FINISHED)]
            done = tallies.amounts(work.session, ITEMS)
        assert days == [f"2026-11-{24 + bool(minutes)}"]
        assert done == {(furnished.target_id, ItemState.DONE): 1}


def test_the_migration_counts_what_was_there_before(city_on_both):
    furnish(city_on_both, sheets=20)
    with city_on_both.unit() as work:
        for number, item in enumerate(work.session.scalars(select(WorkItem).order_by(WorkItem.id))):
            item.exception_seconds = number * 1.25
    counting = [ScriptDirectory.from_config(configuration()).get_revision(each).module for each in COUNTING]

    with city_on_both.office.engine.begin() as connection:
        connection.execute(delete(Tally).where(Tally.name.not_in(COUNTED_FROM_THEIR_FIRST_ROW)))
        with Operations.context(MigrationContext.configure(connection)):
            for revision in counting:
                revision._count_what_is_there()

    counted, true = counted_and_recounted(city_on_both)
    assert counted == true


def test_no_statement_changes_counted_rows_by_the_many():
    """What changes rows unseen by the session changes them uncounted."""
    models = "|".join(model.__name__ for model in COUNTED)
    forbidden = re.compile(rf"\b(?:update|delete|insert)\((?:{models})\b")

    rooms = {named(file): text for file, text in texts().items() if named(file).startswith("backoffice/")}
    found = [name for name, text in rooms.items() if forbidden.search(text)]

    assert found == []
