"""Can everyone use every page: with a keyboard, a screen reader, a phone, and the strict rules of the house?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from backoffice.app import create_app
from backoffice.identity import Role
from rpa_bots.browser import find_chromium
from tests.architecture.sources import ROOT
from tests.backoffice.furniture import Furnished, doors, furnish
from tests.backoffice.office import PASSWORD, City
from tests.journeys import signing_in

pytestmark = pytest.mark.journey

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
NOT_PAGES = ("/page", "/evidence/", "/route.bpmn", "/attachments/", "/export.")
"""What is a picture or a file by itself."""
NOTE_VIOLATIONS = """
window.refusedByPolicy = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refusedByPolicy.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
ASK_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`)"""


@dataclass
class Served:
    city: City
    furnished: Furnished
    address: str
    paths: list[str]


@dataclass
class Visit:
    """One person's browser, and what went wrong in it."""

    page: Page
    pictures: Path
    troubles: list[str] = field(default_factory=list)

    def look(self, path: str, status: int = 200) -> None:
        console: list[str] = []
        self.page.on("console", lambda said: console.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: console.append(str(error)))
        answer = self.page.goto(path)
        self.page.wait_for_load_state("load")
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(ASK_AXE)
        found += [f"refused by policy: {refused}" for refused in self.page.evaluate("window.refusedByPolicy")]
        found += [f"console: {said}" for said in console if f"status of {status}" not in said]
        found += self._too_wide()
        if answer is None or answer.status != status:
            found.append(f"status {answer and answer.status}")
        self.page.screenshot(path=self.pictures / f"{path.strip('/').replace('/', '-') or 'home'}.png", full_page=True)
        self.troubles += [f"{path}: {trouble}" for trouble in found]

    def _too_wide(self) -> list[str]:
        needs, has = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        return [f"scrolls sideways: {needs} > {has}"] if needs > has else []


@pytest.fixture
def served(city: City) -> Iterator[Served]:
    with serve(city) as opened:
        yield opened


@contextmanager
def serve(city: City, host: str = "127.0.0.1", **settings: object) -> Iterator[Served]:
    """Open a furnished demonstration at an address of this machine; security keys need a name, `localhost`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"demonstration": True, "public_address": f"http://{host}:{port}", **settings}
    city.office = replace(city.office, settings=city.office.settings.model_copy(update=told))
    furnished = furnish(city, sheets=14, people=4, jobs=3)
    door = create_app(city.office)
    server = uvicorn.Server(uvicorn.Config(door, port=port, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    paths = [found.path for found in doors(door.app) if found.method == "GET" and found.permission]
    try:
        yield Served(city, furnished, f"http://{host}:{port}", [path for path in paths if not is_picture(path)])
    finally:
        server.should_exit = True
        thread.join()


def is_picture(path: str) -> bool:
    return any(part in path for part in NOT_PAGES)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(find_chromium()), args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


def visit(browser: Browser, served: Served, size: str, pictures: Path) -> Visit:
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=served.address, viewport={"width": width, "height": height}, locale="ja-JP", has_touch=size == "phone"
    )
    context.add_init_script(NOTE_VIOLATIONS)
    pictures.mkdir(parents=True, exist_ok=True)
    return Visit(context.new_page(), pictures)


def sign_in(page: Page, account: str) -> None:
    signing_in.sign_in(page, account, PASSWORD)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_serves_everyone(browser: Browser, served: Served, tmp_path: Path, size: str):
    """Nothing that axe knows, no error in the console, nothing refused by the policy, nothing too wide."""
    one = visit(browser, served, size, tmp_path / size)
    one.look("/sign-in")
    sign_in(one.page, served.furnished.person.account)

    for path in served.paths:
        one.look(served.furnished.fill(path))

    assert one.troubles == []


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR, Role.BOT_OPERATOR])
def test_the_pages_of_a_role_serve_whoever_holds_only_that(
    browser: Browser, served: Served, tmp_path: Path, role: Role
):
    person = served.city.person(role, department=served.furnished.department)
    one = visit(browser, served, "phone", tmp_path / role)
    sign_in(one.page, person.account)

    one.look("/")
    for path in one.page.eval_on_selector_all(".top-menu a", "links => links.map(link => link.getAttribute('href'))"):
        one.look(path)

    assert one.troubles == []


def test_an_error_page_serves_everyone(browser: Browser, served: Served, tmp_path: Path):
    one = visit(browser, served, "phone", tmp_path / "errors")
    sign_in(one.page, served.furnished.person.account)

    one.look("/nowhere", status=404)

    assert one.troubles == []


def test_the_sign_in_cookie_is_one_that_no_script_and_no_other_site_gets(
    browser: Browser, served: Served, tmp_path: Path
):
    one = visit(browser, served, "desk", tmp_path)
    sign_in(one.page, served.furnished.person.account)

    [cookie] = [cookie for cookie in one.page.context.cookies() if cookie["name"] == "__Host-gijo"]

    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Lax")
    assert one.page.evaluate("document.cookie") == ""
