"""Pictures of a recorded bot's way, for docs: `python -m tests.journeys.draw_bot_pictures`.

A city is founded in a temporary folder, an old system of invented pages beside it; whoever is keyed is invented.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from argon2 import PasswordHasher
from playwright.sync_api import sync_playwright

from rpa_bots.browser import find_chromium
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, copy_template, make_template, open_city
from tests.backoffice.recordings.teaching import lesson_at
from tests.backoffice.rehearsals.staging import set_up
from tests.journeys.a_bot_is_taught import Way, operator_of
from tests.journeys.draw_pictures import take
from tests.journeys.test_pages_in_a_browser import serve, visit
from tests.rpa_bots.recording.old_pages import OldPages, answering


def main() -> None:
    """Make every picture anew."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = folder / "data"
        data.mkdir()
        quick_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        city = stack.enter_context(open_city(data, copy_template(make_template(folder), data), quick_hash))
        bureau = found_bureau(city)
        operator = operator_of(bureau)
        old = stack.enter_context(answering(OldPages(charset="shift_jis")))
        rehearsing = set_up(lesson_at(bureau), old.url)
        served = stack.enter_context(serve(city))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox"])
        way = Way(rehearsing, visit(browser, served, "desk", folder).page, take)
        way.sign_in(bureau.drafter)
        way.bring_in()
        way.mend()
        way.rehearse(rehearsing.enter())
        way.send_on_its_route()
        rehearsing.feed()
        rehearsing.enter(done=True)
        way.sign_in(operator)
        way.let_the_night_key()
        way.read_in_the_morning(operator)
        browser.close()


if __name__ == "__main__":
    main()
