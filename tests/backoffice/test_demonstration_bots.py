"""What does a newcomer find of the other offices' bots? Each released, with papers waiting as the old system asks."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.demo import city as demonstration
from backoffice.demo import worked_bots
from backoffice.demo.recorded_bots import Taught
from backoffice.demo.worked_bots import WORKS, taught
from backoffice.inbox.ticking import tick
from backoffice.recordings import service
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.workflow import BotState, problems_of
from backoffice.recordings.writing import row_of
from forms.building.findings import findings
from forms.examples import example
from forms.field_types import FieldType
from forms.validation import validate
from rpa_bots.fake_base.boxes import Kind
from rpa_bots.fake_offices.shipped import OFFICES
from rpa_bots.recording.tape.binding import ACCOUNT, PASSWORD, columns_asked
from rpa_bots.recording.tape.marks import DOWNLOAD, LOOK, UPLOAD, readings_in
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.steps import Change, CustomStep, Recording
from rpa_bots.recording.tape.submit_step import NAMED
from tests.backoffice.office import City

ADDRESSES = {key: f"http://127.0.0.1:{place}" for place, key in enumerate(OFFICES, 1)}


def put_in(recording: Recording) -> list[str]:
    return [step.value for step in recording.steps if isinstance(step, Change)]


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.office.key)
def test_there_is_nothing_to_mend_in_the_forms(work):
    draft = taught(work).draft
    definition = draft.definition("form-1", 1)

    assert findings(draft) == ()
    assert validate(definition, example(definition)) == ()


def test_every_office_has_a_released_bot_and_papers_that_it_keys_as_they_are(city: City):
    demonstration.build(city.office)
    worked_bots.teach(city.office)
    city.clock.pass_(seconds=60)
    tick(city.office)
    worked_bots.connect(city.office, ADDRESSES)

    bot = joinedload(BotVersion.bot).joinedload(RecordedBot.design)
    with city.look() as work:
        versions = {each.bot.design.title: each for each in work.session.scalars(select(BotVersion).options(bot))}
        of_form = select(WorkItem, TargetSystem.procedure).join(TargetSystem).order_by(WorkItem.id)
        items = work.session.execute(of_form).all()
        definitions = {title: service.definition_of(work, each) for title, each in versions.items()}
    for each in map(taught, WORKS):
        version, definition = versions[each.title], definitions[each.title]
        recording = service.recording_of(version)
        assert version.state == BotState.RELEASED
        assert problems_of(recording, set(columns_asked(recording))) == []
        marks = {step.name for step in recording.steps if isinstance(step, CustomStep)}
        assert (NAMED in marks, LOOK in marks) == (not each.home.nothing, bool(each.home.nothing))
        assert len(readings_in(recording)) == len(each.home.readings)
        assert (DOWNLOAD in marks) is bool(each.home.file)
        mine = [item for item, code in items if code == definition.code]
        questions = {one.key: one for one in definition.questions}
        attached = [one for one in questions.values() if one.type is FieldType.FILE]
        assert all(item.record["values"].get(one.key) for item in mine for one in attached)
        rows = [row_of(definition, {**item.record["values"], "reference": item.reference}) for item in mine]
        assert len(rows) == worked_bots.WAITING
        check(each, recording, rows, [item.reference for item in mine], city)


def check(each: Taught, recording: Recording, rows: list[dict[str, str]], numbers: list[str], city: City) -> None:
    account, password, *places = put_in(recording)
    columns = [value.strip("{}") for value in put_in(read_recording(each.raw))[2:]]
    office = next(work.office for work in WORKS if taught(work).title == each.title)
    brought = {field.label for field in office.fields if field.kind is Kind.FILE}
    carried = {place for place, column in zip(places, columns, strict=False) if column in brought}
    places, columns = (
        [place for place in places if place not in carried],
        [one for one in columns if one not in brought],
    )
    assert len(carried) == sum(step.name == UPLOAD for step in recording.steps if isinstance(step, CustomStep))
    meant = each.waiting(city.office.services.today())
    words = {field.label: field.options for field in office.fields}
    assert (account, password) == (ACCOUNT, PASSWORD)
    for row, paper, number in zip(rows, meant, numbers, strict=True):
        keyed = [row[place.strip("{}")] for place in places]
        wanted = [(paper | ({each.reference: number} if each.reference else {}))[column] for column in columns]
        spoken = [words[column].get(text, text) for column, text in zip(columns, wanted, strict=True)]
        ticked = [text for text in keyed if text == "true"]  # of a box the recording holds a click only
        assert [text for text in keyed if text != "true"] == [normalize("NFKC", text) for text in spoken]
        assert len(ticked) == list(paper).count("回答を求める")
