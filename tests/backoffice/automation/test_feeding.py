"""What is settled in a list goes into the system that its department has named, once, and comes back while it waits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backoffice.automation.queue import feeding
from backoffice.automation.workflow import ItemState
from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign, FormVersion
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Role, Staff
from backoffice.records import queries, service
from backoffice.records.workflow import RecordState, Source
from forms import catalogue
from rpa_bots.fake_legacy.records import generate
from tests.backoffice.automation.nights import PROCEDURE, NightShift, open_shift

WANTED = catalogue.definition(PROCEDURE)
BUILT = WANTED.model_copy(update={"code": "form-1", "version": 1})
"""A form of the department's own that asks the same under the same keys."""
ALIKE = {question.key: question.key for question in WANTED.questions}


@dataclass
class FedNight:
    shift: NightShift
    design: FormDesign
    clerk: Staff

    def move(self, *states: RecordState) -> None:
        for state in states:
            with self.shift.city.unit(self.shift.city.actor(self.clerk)) as work:
                record = queries.find_record(work.session, work.actor, 1)
                service.move(work, record, record.version, state)

    @property
    def state(self) -> str:
        with self.shift.city.look(self.shift.city.actor(self.clerk)) as work:
            return queries.find_record(work.session, work.actor, 1).state


@pytest.fixture
def fed(city) -> FedNight:
    """A list that feeds a system in which nothing waits yet, with one record of it."""
    shift = open_shift(city, 0)
    clerk = city.person(Role.CLERK, department=shift.department)
    (answers,) = generate(1, 7)
    del answers["reference"]
    with city.unit(city.actor(clerk)) as work:
        design = FormDesign(
            code="form-1",
            department_id=shift.department.id,
            title="就学援助の申請",
            series="学事",
            state=DesignState.IN_USE,
            created_at=work.now,
        )
        work.session.add(design)
        work.session.flush()
        stored = BUILT.model_dump(mode="json", by_alias=True)
        work.session.add(FormVersion(design_id=design.id, number=1, definition=stored, published_at=work.now))
        feeding.name_target(work, design, BUILT, shift.target_id, ALIKE)
        service.enter(work, design, BUILT, answers, Source.SCREEN)
    return FedNight(shift, design, clerk)


def test_what_is_asked_under_the_same_words_is_proposed_and_what_is_asked_twice_is_left_to_a_person():
    first, second, *rest = WANTED.questions
    renamed = [one.model_copy(update={"key": f"own_{place}"}) for place, one in enumerate(WANTED.questions)]
    own = BUILT.model_copy(update={"questions": tuple(renamed)})
    twice = BUILT.model_copy(
        update={"questions": (first, *(each.model_copy(update={"label": first.label}) for each in (second,)), *rest)}
    )

    assert feeding.matched(WANTED, BUILT) == ALIKE
    assert feeding.matched(WANTED, own)[WANTED.questions[0].key] == "own_0"
    assert second.key not in feeding.matched(WANTED, twice)


def test_a_settled_record_waits_for_the_night_under_its_number_with_what_it_says(fed):
    assert fed.shift.items() == []

    fed.move(RecordState.DONE)

    (item,) = fed.shift.items()
    assert (item.reference, item.record_id, item.state) == ("R8-学事-0001", 1, ItemState.WAITING)
    assert item.record["values"][WANTED.questions[0].key] is not None


def test_it_is_withdrawn_with_the_record_and_queued_again_as_one_item(fed):
    fed.move(RecordState.DONE, RecordState.ENTERED)
    assert fed.shift.states() == [ItemState.CANCELLED]

    fed.move(RecordState.DONE)
    assert fed.shift.states() == [ItemState.WAITING]


def test_what_is_keyed_is_not_opened_again_on_any_way(fed, client):
    fed.move(RecordState.DONE)
    fed.shift.run(fed.shift.start())
    assert fed.shift.states() == [ItemState.DONE]

    with pytest.raises(Invalid, match="登録済み"):
        fed.move(RecordState.ENTERED)
    client.sign_in(fed.clerk)
    client.post("/records/changes/2/undo", data={}, status=422)
    client.post(f"/records/{fed.design.id}/many", data={"record": "1", "do": "removed"}, status=422)
    assert fed.state == RecordState.DONE


def test_a_list_feeds_a_system_only_with_all_that_it_must_be_told_in_answers_of_its_types(fed, client):
    client.sign_in(fed.clerk)
    address = f"/records/{fed.design.id}/keying"
    required = next(question for question in WANTED.questions if question.required)
    other = next(question for question in WANTED.questions if question.type is not required.type)
    typed = {f"to_{to}": key for to, key in ALIKE.items()} | {"target": str(fed.shift.target_id)}

    assert "台帳の欄を選んでください" in client.post(address, data=typed | {f"to_{required.key}": ""}, status=422).text
    assert "種類が違います" in client.post(address, data=typed | {f"to_{required.key}": other.key}, status=422).text
    client.post(address, data=typed | {"target": "999"}, status=422)
    client.post(address, data={"target": "0"})
    fed.move(RecordState.DONE)

    assert fed.shift.items() == []
