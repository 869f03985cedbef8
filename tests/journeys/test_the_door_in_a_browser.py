"""Does the door open in a real browser: with a code, a security key, in large letters, at a desk and on a phone?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.identity import Department, Role, Staff
from tests import fake_identity_provider
from tests.backoffice.office import PASSWORD, City
from tests.fake_identity_provider import CLIENT_ID, CLIENT_SECRET
from tests.journeys import signing_in
from tests.journeys.test_pages_in_a_browser import SIZES, Served, browser, serve, served, visit

pytestmark = pytest.mark.journey

__all__ = ["browser", "served"]


def type_password(page: Page, account: str) -> None:
    page.goto("/sign-in")
    page.locator("#account").fill(account)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('2つめの確認')")


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_the_door_serves_everyone(browser: Browser, served: Served, tmp_path: Path, size: str):
    person = served.city.person(Role.CLERK)
    one = visit(browser, served, size, tmp_path / size)
    type_password(one.page, person.account)
    one.look("/second-factor")
    one.page.get_by_role("button", name="認証アプリを登録する").click()
    one.page.wait_for_selector("#secret")
    one.look("/second-factor/new-code")
    signing_in.prove_factor(one.page)
    one.page.wait_for_selector(".top-person a")
    one.look("/me")
    one.page.get_by_role("button", name="サインアウト").click()
    type_password(one.page, person.account)
    one.look("/second-factor")

    assert one.troubles == []


def test_large_letters_are_large_on_the_screen_and_on_paper(browser: Browser, served: Served, tmp_path: Path):
    one = visit(browser, served, "desk", tmp_path)
    signing_in.sign_in(one.page, served.furnished.person.account, PASSWORD)
    one.page.goto("/me")
    standard = heights(one.page)

    one.page.locator("#size").select_option("largest")
    one.page.get_by_role("button", name="大きさを変える").click()
    one.page.wait_for_selector("html[data-text=largest]")
    largest = heights(one.page)

    assert [round(after / before, 1) for after, before in zip(largest, standard, strict=True)] == [1.4, 1.4]


def heights(page: Page) -> list[float]:
    """Of a label, on the screen and on paper."""
    found = []
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        found.append(page.locator("label[for=size]").bounding_box()["height"])
    page.emulate_media(media="screen")
    return found


def test_a_security_key_is_set_up_and_opens_the_door(browser: Browser, city: City, tmp_path: Path):
    person = city.person(Role.CLERK)
    with serve(city, host="localhost") as served:
        one = visit(browser, served, "desk", tmp_path)
        plug_in_a_key(one.page)
        type_password(one.page, person.account)
        one.page.locator("#name").fill("窓口2番の鍵")
        one.page.get_by_role("button", name="セキュリティキーを登録する").click()
        one.page.wait_for_selector(".top-person a")
        one.look("/me")
        expect(one.page.locator("main")).to_contain_text("窓口2番の鍵")

        one.page.get_by_role("button", name="サインアウト").click()
        type_password(one.page, person.account)
        one.page.get_by_role("button", name="セキュリティキーで確かめる").click()
        one.page.wait_for_url(re.compile(r"/$"))
        one.look("/sheets")

    assert one.troubles == []


def test_a_key_that_refuses_is_told_and_may_be_asked_again(browser: Browser, city: City, tmp_path: Path):
    person = city.person(Role.CLERK)
    with serve(city, host="localhost") as served:
        one = visit(browser, served, "desk", tmp_path)
        plug_in_a_key(one.page)
        type_password(one.page, person.account)
        press = one.page.get_by_role("button", name="セキュリティキーを登録する")
        press.click()
        one.page.wait_for_selector(".top-person a")

        one.page.goto("/second-factor/add?next=/me")
        for _ in range(2):  # the same key a second time: it says no, each time it is asked
            press.click()
            one.page.wait_for_selector("[data-key-trouble]:not([hidden])")
        one.look("/me")

    assert one.troubles == []


def plug_in_a_key(page: Page) -> None:
    """A key of Chromium's own making, over its developer tools, with a finger on it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_the_way_to_the_citys_identity_provider_and_back(browser: Browser, city: City, tmp_path: Path):
    city.person(account="tanaka")
    secret = tmp_path / "client-secret"
    secret.write_text(CLIENT_SECRET)
    with fake_identity_provider.running("") as provider:
        provider.now = city.clock().timestamp()
        told = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret_file": secret}
        with serve(city, host="localhost", **told) as served:
            provider.redirect = f"{served.address}/sign-in/city/back"
            one = visit(browser, served, "desk", tmp_path)
            one.look("/sign-in")
            one.page.get_by_role("link", name="市の認証サービスでサインイン").click()
            one.page.locator("#tanaka").click()
            one.page.wait_for_selector(".top-person a")
            one.look("/me")
            one.page.get_by_role("button", name="サインアウト").click()
            one.page.get_by_role("link", name="市の認証サービスからもサインアウトする").click()
            one.page.wait_for_url(re.compile(r"/sign-out\?"))

    assert one.troubles == []


@pytest.mark.parametrize("size", SIZES)
def test_a_personnel_file_is_brought_looked_at_and_planned(browser: Browser, served: Served, tmp_path: Path, size: str):
    administrator = administrator_of_everything(served)
    one = visit(browser, served, size, tmp_path / size)
    signing_in.sign_in(one.page, administrator.account, PASSWORD)
    one.page.goto("/staff")
    one.page.get_by_role("link", name="人事ファイルの取込").click()

    bring(one.page, tmp_path, "所属コード,所属名,上位所属コード,職員ID,氏名\n1,福岡市,,=1,\n")
    one.page.wait_for_selector("text=式は入れられません")
    one.page.screenshot(path=tmp_path / size / "import-troubles.png", full_page=True)
    bring(one.page, tmp_path, FILE)
    one.page.wait_for_selector("h2:has-text('取り込むと変わること')")
    one.look("/staff/import")
    one.page.screenshot(path=tmp_path / size / "import-preview.png", full_page=True)
    one.page.get_by_role("button", name="令和9年4月1日 に取り込む").click()
    one.page.wait_for_selector("h2:has-text('予定している変更')")
    one.look("/staff/import")

    assert one.troubles == []


FILE = """所属コード,所属名,上位所属コード,職員ID,氏名,役割
0000,福岡市,,,,
3101,就学支援課,0000,neighbour1,隣席 一郎,所属長
5000,水道局,0000,sato,佐藤 花子,担当者・読取確認担当
"""


def bring(page: Page, folder: Path, text: str) -> None:
    file = folder / "personnel.csv"
    file.write_text(text, "utf-8-sig")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="読んで、変わることを見る").click()


def administrator_of_everything(served: Served) -> Staff:
    """Of the office with its furniture: a neighbour from there stands in the file."""
    below = served.furnished.department
    with served.city.look() as work:
        top = work.session.get_one(Department, below.parent_id)
    return served.city.person(Role.ADMINISTRATOR, department=top)
