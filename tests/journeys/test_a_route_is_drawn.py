"""The DX office draws: a copy gets a new step with mouse and keyboard, is mended, put into force by a second person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.backoffice.drawing.drawers import Drawers, found_drawers
from tests.backoffice.inbox.cases import found_bureau
from tests.journeys.test_pages_in_a_browser import Served, browser, serve, sign_in, visit

__all__ = ["browser"]
pytestmark = pytest.mark.journey

KIND = "program_registration"
MIDDLE = """id => {
  const drawn = document.querySelector(`#canvas [data-element-id="${id}"]`);
  const line = drawn.querySelector(".djs-visual > path, .djs-visual > polyline");
  const box = drawn.querySelector(".djs-visual > *").getBoundingClientRect();
  if (!drawn.classList.contains("djs-connection")) return [box.x + box.width / 2, box.y + box.height / 2];
  const middle = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
  return [middle.x, middle.y];
}"""


@pytest.fixture
def served(city) -> Iterator[Served]:
    with serve(city) as opened:
        yield opened


@pytest.fixture
def drawers(served: Served) -> Drawers:
    """People at work in the same city; its routes are in force already."""
    return found_drawers(found_bureau(served.city))


def open_editor(page: Page, person) -> None:
    """Copy the version in force and open the editor on the copy."""
    sign_in(page, person.account)
    page.goto(f"/routes/{KIND}")
    page.get_by_role("button", name="第1版を写して下書きを作る").click()
    page.get_by_role("link", name="図を描く").click()
    page.wait_for_selector("#editor[data-ready]")


def choose(page: Page, element_id: str) -> None:
    """Click a part in the drawing itself; an arrow at the middle of its line."""
    x, y = page.evaluate(MIDDLE, element_id)
    page.mouse.click(x, y)
    expect(page.locator("#part-id")).to_have_text(element_id)


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_contain_text("保存済")


def test_a_route_is_drawn_and_a_case_goes_through_the_new_step(
    browser: Browser, served: Served, drawers: Drawers, tmp_path: Path
):
    one = visit(browser, served, "desk", tmp_path)
    page = one.page
    open_editor(page, drawers.drawer)

    choose(page, "head_review__head_said")
    page.locator("#insert").get_by_role("button", name="ステップ").click()
    step_id = page.locator("#part-id").inner_text()
    page.locator("#name").fill("予算担当の確認")
    page.locator("#decision-done").check()
    page.get_by_role("button", name="検査する").click()
    finding = page.locator("#findings").get_by_role("button", name=re.compile("担当"))
    expect(finding).to_contain_text("予算担当の確認")
    page.locator("#fit").click()
    finding.click()
    expect(page.locator("#part-id")).to_have_text(step_id)
    page.locator("[id='step.role']").select_option("clerk")
    page.locator("[id='step.notDrafter']").check()
    page.locator("[id='step.dueDays']").fill("3")
    save(page)
    expect(page.locator("#findings")).to_contain_text("直す点はありません")
    one.look(page.url.removeprefix(served.address))
    page.get_by_role("link", name="版の画面へ").click()
    page.get_by_role("button", name="有効化を提案する").click()
    version_path = page.url.removeprefix(served.address)
    expect(page.locator("main")).to_contain_text("有効化を待っています")
    expect(page.get_by_role("button", name="有効にする")).to_have_count(0)

    sign_in(page, drawers.second.account)
    page.goto(version_path)
    expect(page.locator(".route-steps")).to_contain_text("予算担当の確認")
    page.get_by_role("button", name="有効にする").click()
    expect(page.locator("h1 + .chip, .heading .chip")).to_contain_text("有効")

    case_id = drawers.bureau.begin()
    drawers.bureau.decide(drawers.bureau.head, case_id, "head_review")
    assert set(drawers.bureau.waiting(case_id)) == {step_id}
    assert one.troubles == []


def test_only_what_a_route_may_hold_is_offered(browser: Browser, served: Served, drawers: Drawers, tmp_path: Path):
    page = visit(browser, served, "desk", tmp_path).page
    open_editor(page, drawers.drawer)

    choose(page, "head_review")
    offered = page.locator(".djs-palette .entry, .djs-context-pad .entry").evaluate_all(
        "entries => entries.map(entry => entry.dataset.action)"
    )
    page.keyboard.press("r")

    assert {each.partition(".")[2] for each in offered if "." in each} == {
        *("start", "step", "rule", "choice", "parallel", "end", "timer", "noteWord")
    }
    expect(page.locator(".djs-popup")).to_have_count(0)


def test_a_step_is_added_from_the_pad_beside_a_part_and_from_the_palette(
    browser: Browser, served: Served, drawers: Drawers, tmp_path: Path
):
    page = visit(browser, served, "desk", tmp_path).page
    open_editor(page, drawers.drawer)

    choose(page, "head_said")
    page.locator(".djs-context-pad [data-action='append.step']").click()
    appended = page.locator("#part-id").inner_text()
    page.locator(".djs-palette [data-action='create.end']").click()
    canvas = page.locator("#canvas").bounding_box()
    page.mouse.click(canvas["x"] + canvas["width"] - 60, canvas["y"] + 60)
    expect(page.locator("#part-id")).not_to_have_text(appended)
    placed = page.locator("#part-id").inner_text()

    page.wait_for_selector("#editor[data-kept]")
    kept = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).xml")
    assert f'<bpmn:userTask id="{appended}"' in kept
    assert f'<bpmn:endEvent id="{placed}"' in kept


def test_what_is_not_saved_outlives_a_reload_and_a_second_person_saving_loses_nobody_their_drawing(
    browser: Browser, served: Served, drawers: Drawers, tmp_path: Path
):
    page = visit(browser, served, "desk", tmp_path).page
    page.on("dialog", lambda dialog: dialog.accept())
    open_editor(page, drawers.drawer)
    choose(page, "head_review")
    page.locator("#name").fill("課長の承認")
    page.locator("#name").blur()
    page.wait_for_selector("#editor[data-kept]")

    page.reload()
    page.wait_for_selector("#editor[data-ready]")
    expect(page.locator("#saved")).to_contain_text("元に戻しました")
    version_id = int(page.url.split("/")[-2])
    drawers.draw(drawers.third, version_id, ('name="却下"', 'name="不承認"'))
    page.keyboard.press("Control+s")

    expect(page.locator("#trouble")).to_contain_text(f"{drawers.third.name}さん")
    with page.expect_download() as fetched:
        page.locator("#rescue").click()
    assert 'name="課長の承認"' in Path(fetched.value.path()).read_text("utf-8")
    page.locator("#start-again").click()
    page.wait_for_selector("#editor[data-ready]")
    expect(page.locator("#canvas")).to_contain_text("不承認")


def test_everything_is_drawn_without_a_mouse_too(browser: Browser, served: Served, drawers: Drawers, tmp_path: Path):
    page = visit(browser, served, "phone", tmp_path).page
    open_editor(page, drawers.drawer)

    def press(name: str) -> None:
        page.locator("#settings").get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")

    page.locator("#pick").select_option("head_said")
    press("ステップ")
    step_id = page.locator("#part-id").inner_text()
    page.locator("#decision-reject").check()
    page.locator("#connect-to").select_option("refused")
    press("つなぐ")
    page.locator("#pick").select_option(label="矢印: 所属長の決定 → " + step_id)
    page.locator("#flow-ready").select_option(label="「所属長承認」が却下")
    page.locator("#pick").select_option("head_said__refused")
    press("この部品を取り除く")
    page.wait_for_selector("#editor[data-kept]")
    kept = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).xml")

    assert 'id="head_said__refused"' not in kept
    assert re.search(f'sourceRef="{step_id}" targetRef="refused"', kept)
    [arrow] = re.findall(f'<bpmn:sequenceFlow [^>]*sourceRef="head_said" targetRef="{step_id}"[^>]*>', kept)
    assert 'name="却下"' in arrow
    assert kept.count("head_review.decision == 'reject'") == 1


def test_whoever_sits_down_next_finds_nothing_of_what_was_not_saved(
    browser: Browser, served: Served, drawers: Drawers, tmp_path: Path
):
    page = visit(browser, served, "desk", tmp_path).page
    page.on("dialog", lambda dialog: dialog.accept())
    open_editor(page, drawers.drawer)
    address = page.url
    choose(page, "head_review")
    page.locator("#name").fill("課長の承認")
    page.locator("#name").blur()
    page.wait_for_selector("#editor[data-kept]")
    kept = page.evaluate("Object.keys(sessionStorage)")

    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/sign-in**")
    left = page.evaluate("Object.keys(sessionStorage)")
    sign_in(page, drawers.third.account)
    page.goto(address)
    page.wait_for_selector("#editor[data-ready]")

    assert [f":{drawers.drawer.id}:" in key for key in kept] == [True]
    assert left == []
    expect(page.locator("#saved")).not_to_contain_text("元に戻しました")


def test_what_is_drawn_while_it_is_being_saved_is_not_taken_for_saved(
    browser: Browser, served: Served, drawers: Drawers, tmp_path: Path
):
    page = visit(browser, served, "desk", tmp_path).page
    open_editor(page, drawers.drawer)
    choose(page, "head_review")
    page.locator("#name").fill("課長の承認")

    def draw_meanwhile(route) -> None:
        page.evaluate("document.getElementById('undo').click()")
        route.continue_()

    page.route("**/edit", draw_meanwhile)
    page.keyboard.press("Control+s")

    expect(page.locator("#saved")).to_contain_text("保存していない変更があります")
    page.wait_for_selector("#editor[data-kept]")
    assert 'name="課長の承認"' in drawers.version(int(page.url.split("/")[-2])).bpmn


def test_on_a_phone_the_parts_stand_in_one_row_above_the_drawing(
    browser: Browser, served: Served, drawers: Drawers, tmp_path: Path
):
    one = visit(browser, served, "phone", tmp_path)
    open_editor(one.page, drawers.drawer)

    canvas = one.page.locator("#canvas").bounding_box()
    palette = one.page.locator("#canvas .djs-palette").bounding_box()
    last = one.page.locator("#canvas .djs-palette .entry").last.bounding_box()
    one.look(one.page.url.removeprefix(served.address))

    assert palette["height"] <= canvas["height"] / 6
    assert last["x"] + last["width"] <= palette["x"] + palette["width"]
    assert palette["width"] >= canvas["width"] - 4
    assert one.troubles == []
