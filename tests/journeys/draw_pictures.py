"""Pictures of the pages on which routes are drawn, for docs/draw-a-route.md: `python -m tests.journeys.draw_pictures`.

A city is founded in a temporary folder, drawn on with mouse and keyboard, and photographed. Nothing of it is real.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from argon2 import PasswordHasher
from playwright.sync_api import Page, sync_playwright

from backoffice.identity import Staff
from rpa_bots.browser import find_chromium
from tests.architecture.sources import ROOT
from tests.backoffice.drawing.drawers import Drawers, found_drawers
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, City, copy_template, make_template, open_city
from tests.journeys.signing_in import sign_in
from tests.journeys.test_a_route_is_drawn import choose, open_editor, save
from tests.journeys.test_pages_in_a_browser import serve

PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1200, "height": 720}
NAMES = {"dx1": "井上 由美", "dx2": "中野 修", "kacho": "山田 太郎", "tanto": "田中 花子", "kojin": "森 恵"}


def main() -> None:
    """Make every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = folder / "data"
        data.mkdir()
        quick_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        city = stack.enter_context(open_city(data, copy_template(make_template(folder), data), quick_hash))
        served = stack.enter_context(serve(city))
        drawers = people(city)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=["--no-sandbox"])
        context = browser.new_context(base_url=served.address, viewport=SIZE, locale="ja-JP")
        photograph(context.new_page(), drawers)
        browser.close()


def people(city: City) -> Drawers:
    drawers = found_drawers(found_bureau(city))
    with city.unit() as work:
        for staff in work.session.query(Staff).filter(Staff.account.in_(NAMES)):
            staff.name = NAMES[staff.account]
    return drawers


def photograph(page: Page, drawers: Drawers) -> None:
    open_editor(page, drawers.drawer)
    page.goto("/routes")
    take(page, "routes-list")
    page.goto("/routes/program_registration")
    page.get_by_role("link", name="第2版").click()
    version_path = page.url
    page.get_by_role("link", name="図を描く").click()
    page.wait_for_selector("#editor[data-ready]")
    choose(page, "head_review__head_said")
    take(page, "routes-arrow")
    page.locator("#insert").get_by_role("button", name="ステップ").click()
    page.locator("#name").fill("予算担当の確認")
    page.locator("#decision-done").check()
    page.get_by_role("button", name="検査する").click()
    page.wait_for_selector("#findings .finding")
    page.locator("#fit").click()
    page.locator("#findings .finding").first.click()
    take(page, "routes-finding")
    page.locator("[id='step.role']").select_option("clerk")
    page.locator("[id='step.dueDays']").fill("3")
    save(page)
    page.goto(version_path)
    page.wait_for_selector(".diagram svg")
    take(page, "routes-version")
    try_it(page, drawers)
    page.goto(version_path)
    page.get_by_role("button", name="有効化を提案する").click()
    sign_in(page, drawers.second.account, PASSWORD)
    page.goto(version_path)
    page.wait_for_selector(".diagram svg")
    take(page, "routes-second-person")
    page.goto("/routes/audience_release")
    page.get_by_role("button", name="第1版を写して下書きを作る").click()
    page.get_by_role("link", name="専決区分の判定").click()
    page.locator("[name='row-2-when-0']").fill("[1,001..5,000]")
    page.get_by_role("button", name="検査する").click()
    take(page, "routes-table")


def try_it(page: Page, drawers: Drawers) -> None:
    page.get_by_role("link", name="試す").click()
    page.get_by_label("案件の所管課").select_option(str(drawers.bureau.department.id))
    page.get_by_label("起案者の職員ID").fill(drawers.bureau.drafter.account)
    page.get_by_role("button", name="起案して始める").click()
    page.wait_for_selector(".diagram svg")
    take(page, "routes-try")


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
