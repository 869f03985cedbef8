"""What does a newcomer find of recorded bots? One released, one that asks something still, three move-ins waiting."""

from __future__ import annotations

import json
from unicodedata import normalize

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.automation.workflow import ItemState
from backoffice.demo import city as demonstration
from backoffice.demo import water_bot
from backoffice.demo.water_bot import HOMES, OFFICES
from backoffice.inbox.ticking import tick
from backoffice.recordings import service
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.workflow import BotState, problems_of
from backoffice.recordings.writing import row_of
from forms.building.findings import findings
from forms.examples import example
from forms.validation import validate
from rpa_bots.charset import trouble
from rpa_bots.fake_water.recorded import MOVE_IN, sample
from rpa_bots.fake_water.records import REFERENCE, generate
from rpa_bots.recording.tape.binding import ACCOUNT, PASSWORD, columns_asked
from rpa_bots.recording.tape.mending import undecided
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.steps import Change, Recording
from tests.backoffice.office import City

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def taught(city: City) -> City:
    demonstration.build(city.office)
    water_bot.teach(city.office)
    city.clock.pass_(seconds=60)
    tick(city.office)
    return city


def versions(city: City) -> dict[str, BotVersion]:
    bot = joinedload(BotVersion.bot).joinedload(RecordedBot.design)
    with city.look() as work:
        return {each.bot.design.title: each for each in work.session.scalars(select(BotVersion).options(bot))}


def put_in(recording: Recording) -> list[str]:
    return [step.value for step in recording.steps if isinstance(step, Change)]


@pytest.mark.parametrize("title", [HOMES, OFFICES])
def test_there_is_nothing_to_mend_in_the_forms(title):
    definition = water_bot.move_in(title).definition("form-1", 1)

    assert findings(water_bot.move_in(title)) == ()
    assert validate(definition, example(definition)) == ()


def test_one_bot_is_released_and_of_the_other_one_step_is_open(taught):
    found = versions(taught)
    released, draft = (service.recording_of(found[title]) for title in (HOMES, OFFICES))

    assert (found[HOMES].state, found[OFFICES].state) == (BotState.RELEASED, BotState.DRAFT)
    columns = {column for recording in (released, draft) for column in columns_asked(recording)}
    assert problems_of(released, columns) == []
    assert len(undecided(draft)) == len(problems_of(draft, columns)) == 1
    kept = json.dumps([each.recording for each in found.values()], ensure_ascii=False)
    secrets = [value for value in sample().values() if len(value) > len("2027")]
    assert not [each for each in (*secrets, water_bot.PASSWORD, water_bot.ACCOUNT) if each in kept]


def test_what_waits_is_written_as_the_old_system_wants_it_and_one_letter_is_too_rare_for_it(taught):
    water_bot.connect(taught.office, NOWHERE)

    columns = [value.strip("{}") for value in put_in(read_recording(MOVE_IN.read_bytes()))[2:]]
    recording = service.recording_of(versions(taught)[HOMES])
    with taught.look() as work:
        definition = service.definition_of(work, versions(taught)[HOMES])
        items = work.session.scalars(select(WorkItem).order_by(WorkItem.id)).all()
    account, password, *places = put_in(recording)
    rows = [row_of(definition, {**item.record["values"], "reference": item.reference}) for item in items]
    keyed = [[row[place.strip("{}")] for place in places] for row in rows]
    meant = generate(3, water_bot.SEED, taught.office.services.today())
    meant[-1] |= water_bot.RARE
    numbered = [row | {REFERENCE: item.reference} for row, item in zip(meant, items, strict=True)]
    assert (account, password) == (ACCOUNT, PASSWORD)
    assert keyed == [[normalize("NFKC", row[column]) for column in columns] for row in numbered]
    assert [any(map(trouble, row)) for row in keyed] == [False, False, True]


def test_a_later_start_notes_where_the_old_system_answers_and_queues_nothing_twice(taught):
    water_bot.connect(taught.office, NOWHERE)
    taught.clock.pass_(seconds=86_400)

    water_bot.connect(taught.office, "http://127.0.0.1:2")

    with taught.look() as work:
        target = work.session.scalars(select(TargetSystem).options(joinedload(TargetSystem.credential))).one()
        states = work.session.scalars(select(WorkItem.state)).all()
    assert (target.url, target.credential.account) == ("http://127.0.0.1:2", water_bot.ACCOUNT)
    assert states == [ItemState.WAITING] * 3
