"""A clerk builds a form of twelve questions by clicks alone, sees it as its readers will, and puts it into use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Role
from tests.journeys.test_pages_in_a_browser import Served, Visit, browser, serve, sign_in, visit

__all__ = ["browser"]
pytestmark = pytest.mark.journey


@pytest.fixture
def served(city) -> Iterator[Served]:
    with serve(city) as opened:
        yield opened


@pytest.fixture
def person(served: Served):
    return served.city.person(Role.CLERK, department=served.city.department("市民センター"))


def begin(browser: Browser, served: Served, person, tmp_path: Path, size: str = "desk") -> Visit:
    one = visit(browser, served, size, tmp_path)
    page = one.page
    sign_in(page, person.account)
    page.goto("/forms")
    page.get_by_role("link", name="様式を作る").click()
    page.locator("#title").fill("公民館 利用人数報告")
    page.locator("#series").fill("公民館")
    page.get_by_role("button", name="作り始める").click()
    page.wait_for_selector("#builder[data-ready]")
    return one


def add(page: Page, kind: str, label: str) -> None:
    page.locator("#new_label").fill(label)
    page.locator(f"#add-{kind}").click()
    expect(page.locator("#settings #label")).to_have_value(label)
    expect(page.locator("#settings #label")).to_be_focused()


def expect_order(page: Page, labels: list[str]) -> None:
    expect(page.locator(".build-item[data-name] > .build-row > .build-label")).to_have_text(labels)


def leave(page: Page) -> None:
    """Leave the field one is in, as by Tab, and wait until it is kept."""
    before = page.locator("#acts input[name=version]").input_value()
    page.keyboard.press("Tab")
    expect(page.locator("#acts input[name=version]")).not_to_have_value(before)


def add_twelve(page: Page) -> None:
    for kind, label in (
        ("text", "公民館名"),
        ("date", "利用日"),
        ("checkbox", "行事あり"),
        ("text", "行事名"),
        ("integer", "大人"),
        ("integer", "子ども"),
        ("integer", "合計"),
    ):
        add(page, kind, label)
    page.locator("#group-account").click()
    expect(page.locator(".build-item")).to_have_count(12)


def tell_conditions(page: Page) -> None:
    page.locator("#open-a4").click()
    expect(page.locator("#label")).to_have_value("行事名")
    page.locator("#shown_mode").select_option("if")
    page.locator("#shown_key_0").select_option(label="行事あり")
    expect(page.locator("#item-a4")).to_contain_text("「行事あり」にチェックがあるときだけ表示")
    page.locator("#required_mode").select_option("yes")
    expect(page.locator("#item-a4 > .build-row .required")).to_be_visible()
    page.locator("#open-a7").click()
    expect(page.locator("#label")).to_have_value("合計")
    page.locator("#computed_mode").select_option("add")
    page.locator("#computed_key_0").select_option(label="大人")
    expect(page.locator("#item-a7")).to_contain_text("計算: 「大人」")
    page.locator("#computed_key_1").select_option(label="子ども")
    expect(page.locator("#item-a7")).to_contain_text("計算: 「大人」 + 「子ども」")


def fill_in_the_preview(page: Page) -> None:
    expect(page.locator("#p-a4")).to_have_count(0)
    page.locator("#p-a3").check()
    expect(page.locator("#p-a4")).to_be_visible()
    page.locator("#p-a5").fill("12")
    page.locator("#p-a6").fill("30")
    page.keyboard.press("Tab")
    expect(page.locator("#p-a7")).to_contain_text("42")
    page.locator("#p-a2").fill("R8.4.1")
    page.keyboard.press("Tab")
    expect(page.locator("#p-a2")).to_have_value("R8.4.1")


def add_rule(page: Page) -> None:
    page.locator("#open-rule\\:new").click()
    page.locator("#operand_0").select_option(label="合計")
    page.locator("#sign").select_option("at_most")
    page.locator("#value").fill("500")
    page.get_by_role("button", name="きまりを保存").click()
    expect(page.locator("#rules-heading ~ ol")).to_contain_text("500以下")
    expect(page.locator("#build-findings")).to_contain_text("直す点はありません")


def test_a_form_of_twelve_questions_is_built_by_clicks_and_put_into_use(
    browser: Browser, served: Served, person, tmp_path: Path
):
    one = begin(browser, served, person, tmp_path)
    page = one.page

    add_twelve(page)
    tell_conditions(page)
    fill_in_the_preview(page)
    add_rule(page)
    one.look(page.url.removeprefix(served.address))
    page.get_by_role("link", name="確かめて使い始める").click()
    page.get_by_role("button", name="第1版を使い始める").click()
    expect(page.locator("main")).to_contain_text("第1版を使い始めました")
    with served.city.look() as work:
        definition = definition_of(work.session, "form-1", 1)
    assert [field.label for field in definition.fields][:7] == [
        *("公民館名", "利用日", "行事あり", "行事名", "大人", "子ども", "合計")
    ]
    assert definition.field("a4").shown_if == "a3"
    assert one.troubles == []


def test_parts_are_moved_by_keyboard_and_by_dragging_and_it_is_said(
    browser: Browser, served: Served, person, tmp_path: Path
):
    page = begin(browser, served, person, tmp_path).page
    for label in ("一", "二", "三"):
        add(page, "text", label)

    page.locator("#open-a3").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#live")).to_have_text("三 2/3")
    expect(page.locator("#open-a3")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#settings #label")).to_have_value("三")
    page.locator("#close-settings").click()
    expect(page.locator("#settings")).to_have_count(0)
    # Both are in the window first: were the page scrolled while the button is down, the drag would not begin.
    target = page.locator("#item-a1 > .build-row")
    target.scroll_into_view_if_needed()
    page.locator("#item-a2 > .build-row .grip").drag_to(target)

    expect(page.locator("#live")).to_have_text("二 1/3")
    expect_order(page, ["二", "一", "三"])
    page.locator("#undo").click()
    expect(page.locator(".build-item").first).to_contain_text("一")


def test_a_text_is_kept_when_one_leaves_it_and_typing_on_loses_nothing(
    browser: Browser, served: Served, person, tmp_path: Path
):
    page = begin(browser, served, person, tmp_path).page
    add(page, "text", "名前")

    page.locator("#label").fill("団体名")
    page.keyboard.press("Tab")
    page.locator("#help").press_sequentially("正式な名前を書く")
    expect(page.locator("#open-a1")).to_have_text("団体名")
    expect(page.locator("#help")).to_have_value("正式な名前を書く")
    leave(page)
    page.reload()

    expect(page.locator("#label")).to_have_value("団体名")
    expect(page.locator("#help")).to_have_value("正式な名前を書く")
    expect(page.locator("label[for=p-a1] ~ .hint, #p-a1-hint")).to_have_text("正式な名前を書く")


def test_a_second_tab_is_told_who_was_faster_and_keeps_what_was_typed(
    browser: Browser, served: Served, person, tmp_path: Path
):
    page = begin(browser, served, person, tmp_path).page
    add(page, "text", "名前")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("#builder[data-ready]")
    other.locator("#label").fill("別の名前")
    leave(other)

    page.locator("#help").fill("消えてはいけない文")
    page.keyboard.press("Tab")

    expect(page.locator("#trouble")).to_contain_text(re.compile("さんが先に変更しました"))
    expect(page.locator("#help")).to_have_value("消えてはいけない文")


def test_a_form_is_built_on_a_telephone(browser: Browser, served: Served, person, tmp_path: Path):
    one = begin(browser, served, person, tmp_path, "phone")
    add(one.page, "date", "利用日")

    one.look(one.page.url.removeprefix(served.address))

    assert one.troubles == []


def test_a_form_is_built_without_scripts(browser: Browser, served: Served, person):
    page = browser.new_context(base_url=served.address, java_script_enabled=False, locale="ja-JP").new_page()
    sign_in(page, person.account)
    page.goto("/forms/new")
    page.locator("#title").fill("届")
    page.locator("#series").fill("届")
    page.get_by_role("button", name="作り始める").click()

    page.locator("#add-date").click()
    page.locator("#label").fill("使う日")
    page.locator("#settings").get_by_role("button", name="保存").click()
    page.locator("#add-text").click()
    page.locator("#up-a2").click()

    expect_order(page, ["1行の文字", "使う日"])
