"""A clerk brings a form that the house did not print, and draws its zones: by keys, by mouse, and without scripts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from backoffice.form_designs import service
from backoffice.identity import Role
from forms import catalogue
from tests.journeys.test_pages_in_a_browser import Served, browser, serve, sign_in, visit

__all__ = ["browser"]
pytestmark = pytest.mark.journey


@pytest.fixture
def served(city) -> Iterator[Served]:
    with serve(city) as opened:
        yield opened


@pytest.fixture
def person(served: Served):
    return served.city.person(Role.CLERK, department=served.city.department("市民センター"))


@pytest.fixture
def form(served: Served, person) -> str:
    with served.city.unit(served.city.actor(person)) as work:
        return f"/forms/{service.begin(work, '就学援助', '援助', person.department_id).id}"


def bring(page: Page, form: str, folder: Path) -> None:
    scan = folder / "blank.jpg"
    blank = catalogue.find("shugaku-enjo").blanks.without_markers or b""
    Image.open(io.BytesIO(blank)).convert("L").rotate(1.2, fillcolor=252).save(scan)
    page.goto(f"{form}/foreign")
    page.locator("#file").set_input_files(scan)
    page.get_by_role("button", name="送って枠を提案させる").click()
    expect(page.locator("#proposals-heading")).to_contain_text("28", timeout=60_000)


def test_zones_are_accepted_moved_by_keys_drawn_by_mouse_and_undone(
    browser: Browser, served: Served, person, form, tmp_path: Path
):
    one = visit(browser, served, "desk", tmp_path)
    page = one.page
    sign_in(page, person.account)
    bring(page, form, tmp_path)
    page.locator("#accept-0").click()
    expect(page.locator("#open-heading")).to_have_text("「申請日」の枠")
    page.locator("#accept-all").click()
    expect(page.locator(".zone")).to_have_count(28)

    zone = page.locator("#zone-z2")
    left = float(zone.locator("rect").get_attribute("x"))
    zone.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#undo")).to_contain_text("(4)")
    expect(page.locator("#zone-z2")).to_be_focused()
    expect(page.locator("#zone-z2 rect")).to_have_attribute("x", f"{left - 1.5:g}")
    page.keyboard.press("n")
    expect(page.locator("#zone-z29")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator(".zone")).to_have_count(28)

    paper = page.locator("#drawing").bounding_box()
    page.mouse.move(paper["x"] + 200, paper["y"] + 20)
    page.mouse.down()
    page.mouse.move(paper["x"] + 340, paper["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.locator("#zone-z29")).to_be_focused()
    expect(page.locator("#findings-heading ~ ul")).to_contain_text("どの欄の記入かが決まっていません")
    one.look(page.url.removeprefix(served.address))
    page.keyboard.press("Control+z")
    expect(page.locator(".zone")).to_have_count(28)
    page.set_viewport_size({"width": 390, "height": 844})
    one.look(f"{form}/foreign?open=z2")
    assert one.troubles == []


def test_zones_are_drawn_by_numbers_without_scripts(browser: Browser, served: Served, person, form, tmp_path: Path):
    page = browser.new_context(base_url=served.address, java_script_enabled=False, locale="ja-JP").new_page()
    sign_in(page, person.account)
    bring(page, form, tmp_path)

    page.get_by_text("数で枠を足す").click()
    for name, typed in (("left", "20"), ("top", "250"), ("width", "60"), ("height", "9")):
        page.locator(f"#add-{name}").fill(typed)
    page.locator("#add-zone").get_by_role("button", name="枠を足す").click()
    page.locator("#means").select_option(label="新しい欄を作る")
    page.locator("#new_label").fill("備考欄")
    page.locator("#settings").get_by_role("button", name="保存").click()

    expect(page.locator("#open-heading")).to_have_text("「備考欄」の枠")
