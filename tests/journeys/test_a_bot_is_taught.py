"""A clerk teaches a bot by a recording, tries it, has it released; the night keys with it, and the morning tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from backoffice.automation.workflow import ItemState
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City
from tests.backoffice.recordings.teaching import lesson_at
from tests.backoffice.rehearsals.staging import set_up
from tests.journeys.a_bot_is_taught import Way, operator_of
from tests.journeys.test_pages_in_a_browser import browser, serve, visit
from tests.rpa_bots.recording.old_pages import OldPages, answering

__all__ = ["browser"]
pytestmark = pytest.mark.journey


def test_a_bot_is_recorded_mended_rehearsed_released_keys_at_night_and_the_morning_tells(
    browser: Browser, city: City, tmp_path: Path
):
    bureau = found_bureau(city)
    operator = operator_of(bureau)
    with answering(OldPages(charset="shift_jis")) as old, serve(city) as served:
        rehearsing = set_up(lesson_at(bureau), old.url)
        way = Way(rehearsing, visit(browser, served, "desk", tmp_path).page, lambda _page, _name: None)

        way.sign_in(bureau.drafter)
        way.bring_in()
        way.mend()
        way.rehearse(rehearsing.enter())
        assert old.stored == [], "a rehearsal registers nothing"
        way.send_on_its_route()
        rehearsing.feed()
        rehearsing.enter(done=True)
        way.sign_in(operator)
        way.let_the_night_key()
        way.read_in_the_morning(operator)

    assert [row["name"] for row in old.stored] == ["山田 花子"]
    assert rehearsing.items() == [ItemState.DONE]
