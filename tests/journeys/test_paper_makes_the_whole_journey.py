"""Journey 1: a paper form is scanned, read, verified by keyboard, keyed at night, proven, counted."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from backoffice.app import create_app
from backoffice.composition import open_office
from backoffice.demo import city, nights
from backoffice.demo.living import prepare
from backoffice.demo.papers import SCANS, truth_of
from backoffice.demo.processes import WORKER, running
from backoffice.settings import Settings
from forms import catalogue
from forms.field_types import FieldType
from rpa_bots.browser import find_chromium
from tests.journeys import signing_in

pytestmark = pytest.mark.journey

PATIENCE_MS = 60_000


@dataclass
class LivingOffice:
    address: str
    settings: Settings


@pytest.fixture
def office(tmp_path: Path) -> Iterator[LivingOffice]:
    """The whole office as `make run` brings it up: pages, worker, old system."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(data_dir=tmp_path / "data", port=port, demonstration=True)
    prepare(settings)
    with (
        open_office(settings) as opened,
        nights.old_system(settings, 0) as old_system,
        running(WORKER, settings, tmp_path / "worker.log"),
    ):
        city.build(opened)
        city.confirm_minutes(opened)
        nights.connect(opened, old_system)
        server = uvicorn.Server(uvicorn.Config(create_app(opened), port=port, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run)
        thread.start()
        yield LivingOffice(f"http://127.0.0.1:{port}", settings)
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(office: LivingOffice) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()), args=["--no-sandbox", "--disable-gpu"]
        )
        opened = browser.new_page(base_url=office.address, viewport={"width": 1366, "height": 768}, locale="ja-JP")
        opened.set_default_timeout(PATIENCE_MS)
        yield opened
        browser.close()


def test_a_paper_form_is_read_verified_keyed_and_counted(page: Page, office: LivingOffice) -> None:
    sign_in(page, "tanaka")
    page.goto("/sheets/upload")
    page.set_input_files("#files", [SCANS / "marked_003.jpg"])
    page.get_by_role("button", name="取り込む").click()
    expect(page.get_by_text("1件のファイルを受け取りました")).to_be_visible(timeout=PATIENCE_MS)

    sign_in(page, "sato")
    page.goto("/sheets?state=to_verify")
    expect(page.get_by_role("link", name="R8-就援-0001")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name=re.compile("確認を始める")).click()
    settle_by_keyboard(page, "marked_003.jpg")
    expect(page.get_by_text("R8-就援-0001 を確定しました")).to_be_visible(timeout=PATIENCE_MS)

    sign_in(page, "kimura")
    page.goto("/nights")
    page.get_by_role("button", name=re.compile("始める")).first.click()
    expect(page.get_by_text("すべて終わりました")).to_be_visible(timeout=PATIENCE_MS)

    [line] = (office.settings.data_dir / nights.LEDGER).read_text("utf-8").splitlines()
    assert json.loads(line)["values"] == truth_of("marked_003.jpg")

    sign_in(page, "yamada")
    expect(page.get_by_text("0.2時間 − 人の作業")).to_be_visible()


def sign_in(page: Page, account: str) -> None:
    signing_in.sign_in(page, account, city.PASSWORD)
    expect(page.get_by_role("button", name="サインアウト")).to_be_visible(timeout=PATIENCE_MS)


def settle_by_keyboard(page: Page, scan: str) -> None:
    """Walk the doubtful fields with Enter, correct what differs from the paper, settle with Ctrl+Enter."""
    expect(page.locator("#settle")).to_be_visible()
    page.wait_for_load_state()
    doubtful = page.locator(".check[data-asks] input")
    truth = truth_of(scan)
    for _ in range(doubtful.count()):
        key = page.evaluate("document.activeElement.name")
        if catalogue.find("shugaku-enjo").definition.field(key).type is FieldType.CHECKBOX:
            if page.evaluate("document.activeElement.checked") != truth[key]:
                page.keyboard.press("Space")
        else:
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(str(truth[key]))
        page.keyboard.press("Enter")
    settle(page)
    if page.locator("#accepted").count():
        page.locator("#accepted").focus()
        page.keyboard.press("Space")
        settle(page)


def settle(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
