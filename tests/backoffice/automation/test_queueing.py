"""When does a settled sheet wait for the night, and what if its settling is undone?"""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from backoffice.automation import queries, service
from backoffice.automation.models import WorkItem
from backoffice.automation.queue.queueing import queue_application
from backoffice.automation.workflow import ItemState
from backoffice.demo.papers import SCANS, truth_of
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.intake import queries as intake_queries
from backoffice.intake import service as intake
from backoffice.intake.events import SheetSettled
from backoffice.intake.keeping import FoundPage, keep_page
from backoffice.intake.known_papers import papers_of
from backoffice.intake.models import Sheet
from backoffice.intake.receiving import Arrived, receive
from backoffice.intake.workflow import BatchSource, SheetState
from forms import catalogue
from forms.field_types import FieldType
from ocr.page import FieldReading, PageReading
from tests.backoffice.automation.nights import PROCEDURE, SETTINGS

NAME = "marked_005.jpg"
FORM = catalogue.find(PROCEDURE)
KEYED = [ItemState.SUBMITTING, ItemState.DONE, ItemState.ALREADY_THERE, ItemState.UNKNOWN]
NOT_KEYED = [ItemState.WAITING, ItemState.EXCEPTION, ItemState.FAILED]


@pytest.fixture
def clerk(city):
    return city.actor(city.person(Role.VERIFIER))


def reading():
    truth = truth_of(NAME)
    fields = tuple(
        FieldReading(
            key=field.key,
            type=field.type,
            value=truth[field.key],
            text="" if field.type is FieldType.CHECKBOX else str(truth[field.key]),
            confidence=0.99,
            why_not=(),
            candidates=(),
            box_px=(10, 10, 200, 40),
        )
        for field in FORM.definition.fields
    )
    return PageReading(NAME, 1, "read", registered_by="markers", residual_px=0.4, fields=fields)


def settle_a_sheet(city, clerk):
    """A sheet is read, and settled as it was read by somebody who has it on the desk."""
    stored = city.office.files.put((SCANS / NAME).read_bytes(), "image/jpeg", city.clock())
    page = city.office.files.put(b"page", "image/jpeg", city.clock())
    with city.unit(clerk) as work:
        batch, _ = receive(work, [Arrived(NAME, stored)], "", clerk.department_id, BatchSource.UPLOAD)
        keep_page(work, batch.files[0], FoundPage(reading(), papers_of(work.session, clerk.department_id)[0], page))
        sheet_id = work.session.scalars(select(Sheet.id)).one()
    settle_again(city, clerk, sheet_id)
    return sheet_id


def add_target(city, clerk):
    with city.unit() as work:
        service.add_target(work, PROCEDURE, SETTINGS, clerk.department_id)


def items(city):
    with city.look() as work:
        return list(work.session.scalars(select(WorkItem).order_by(WorkItem.id)))


def put_into(city, state, receipt=""):
    with city.unit() as work:
        work.session.execute(update(WorkItem).values(state=state, receipt=receipt))


def reopen(city, clerk, sheet_id):
    with city.unit(clerk) as work:
        intake.reopen(work, intake_queries.find_sheet(work.session, clerk, sheet_id))


def settle_again(city, clerk, sheet_id, **corrected):
    with city.unit(clerk) as work:
        sheet = intake.claim(work, intake_queries.find_sheet(work.session, clerk, sheet_id))
        intake.settle(work, sheet, {**truth_of(NAME), **corrected})


def test_a_settled_sheet_waits_for_the_night_under_its_own_number(city, clerk):
    add_target(city, clerk)

    settle_a_sheet(city, clerk)

    [item] = items(city)
    assert (item.reference, item.state) == ("R8-就援-0001", ItemState.WAITING)
    assert item.values == truth_of(NAME)


def test_a_sheet_settled_before_its_system_was_registered_is_not_forgotten(city, clerk):
    settle_a_sheet(city, clerk)
    before = items(city)

    add_target(city, clerk)

    assert before == []
    assert [item.reference for item in items(city)] == ["R8-就援-0001"]


def test_a_sheet_announced_twice_waits_once(city, clerk):
    add_target(city, clerk)
    sheet_id = settle_a_sheet(city, clerk)

    with city.unit() as work:
        queue_application(work, SheetSettled(sheet_id, 0))

    assert len(items(city)) == 1


@pytest.mark.parametrize("state", NOT_KEYED)
def test_a_sheet_reopened_before_it_was_keyed_leaves_the_queue_and_comes_back_corrected(city, clerk, state):
    add_target(city, clerk)
    sheet_id = settle_a_sheet(city, clerk)
    put_into(city, state)

    reopen(city, clerk, sheet_id)
    withdrawn = items(city)[0].state
    settle_again(city, clerk, sheet_id, name="小河 修平")

    [item] = items(city)
    assert (withdrawn, item.state, item.tries) == (ItemState.CANCELLED, ItemState.WAITING, 0)
    assert item.values["name"] == "小河 修平"


@pytest.mark.parametrize("state", KEYED)
def test_a_sheet_that_is_or_may_be_keyed_is_not_reopened(city, clerk, state):
    add_target(city, clerk)
    sheet_id = settle_a_sheet(city, clerk)
    put_into(city, state)

    with pytest.raises(Invalid):
        reopen(city, clerk, sheet_id)

    with city.look() as work:
        assert intake_queries.find_sheet(work.session, clerk, sheet_id).state == SheetState.SETTLED
    assert items(city)[0].state == state


def test_a_refused_record_that_stands_otherwise_in_the_target_is_mended_there_and_not_by_keying_again(city, clerk):
    add_target(city, clerk)
    sheet_id = settle_a_sheet(city, clerk)
    put_into(city, ItemState.EXCEPTION, receipt="E0000001")

    with pytest.raises(Invalid, match="対象システム"):
        reopen(city, clerk, sheet_id)


def test_a_form_has_one_system(city, clerk):
    add_target(city, clerk)

    with pytest.raises(Invalid):
        add_target(city, clerk)

    with city.look() as work:
        assert queries.target_of_procedure(work.session, PROCEDURE).name == "就学援助システム"
