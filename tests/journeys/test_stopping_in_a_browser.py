"""Can everyone stop notices: on a telephone, by keyboard, without scripts, in each of the three languages?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from backoffice.gateway import create_gateway
from backoffice.reachability.stop_words import WORDS
from tests.backoffice.office import City
from tests.backoffice.reachability.people import registered, with_settings
from tests.journeys.test_pages_in_a_browser import SIZES, Served, browser, visit

__all__ = ["browser"]
pytestmark = pytest.mark.journey


@contextmanager
def gateway_at_work(city: City) -> Iterator[str]:
    """The gateway on an address of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_gateway(city.office), port=port, log_level="critical", access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("size", SIZES)
def test_the_page_behind_the_link_serves_everyone(browser: Browser, city: City, tmp_path: Path, size: str):
    person = registered(with_settings(city, notice_telephone="092-000-0000"))
    link, ended = person.link(), person.link(days=-1)

    with gateway_at_work(city) as address:
        one = visit(browser, Served(city, address, []), size, tmp_path / size)
        for language in WORDS:
            one.look(f"{link}?lang={language}")
            one.page.screenshot(path=one.pictures / f"{language}.png", full_page=True)
            one.look(f"{ended}?lang={language}", status=410)
        one.page.screenshot(path=one.pictures / "ended.png", full_page=True)
        one.look("/stop/nonsense", status=404)
        one.page.goto(link)
        one.page.get_by_role("button", name=WORDS["ja"].stop_all).press("Enter")
        one.page.wait_for_load_state("load")
        one.look(one.page.url)
        one.page.screenshot(path=one.pictures / "stopped.png", full_page=True)

    assert one.troubles == []
    assert person.stopped == {"all"}


def test_it_needs_no_script_and_keeps_the_language(browser: Browser, city: City):
    person = registered(city)

    with gateway_at_work(city) as address:
        context = browser.new_context(base_url=address, java_script_enabled=False)
        page = context.new_page()
        page.goto(person.link())
        page.get_by_role("link", name="English").click()
        page.get_by_role("button", name=WORDS["en"].stop_same).click()
        expect(page.get_by_role("status")).to_contain_text(WORDS["en"].stopped_same)
        context.close()

    assert person.stopped == {"children"}
