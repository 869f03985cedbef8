"""Can everyone use every page: with a keyboard, a screen reader, a phone, and the strict rules of the house?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
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
NOT_PAGES = (
    "/page",
    "/indicators/notices.",
    "/evidence/",
    "/screen",
    "/route.bpmn",
    "/attachments/",
    "/records/files/",
    "/pdf",
    "/export.",
    "/take-up.",
    "/asking/",
    "/paper.pdf",
    "/foreign/picture",
    "/printing/pdf",
    "/files/",
)
"""What is a picture or a file by itself."""
AS_SENT = "as sent"
"""The letters that whoever is signed in has chosen."""
NOTE_VIOLATIONS = """
window.refusedByPolicy = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refusedByPolicy.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
LAYOUT_RULES = ["scrollable-region-focusable"]
"""What larger letters may break: the same elements, of the same names and colours, take more room and run over."""
ASK_AXE = """async only => (await axe.run(document, {resultTypes: ["violations"], ...only})).violations
  .map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`)"""


@dataclass
class Served:
    city: City
    address: str
    paths: list[str]

    @cached_property
    def furnished(self) -> Furnished:
        """Furnish the office once somebody asks for its furniture: most stories bring their own."""
        return furnish(self.city, sheets=14, people=4, jobs=3)


@dataclass
class Visit:
    """One person's browser, and what went wrong in it."""

    page: Page
    pictures: Path
    troubles: list[str] = field(default_factory=list)

    def look(self, path: str, status: int = 200, letters: tuple[str, ...] = (AS_SENT,)) -> None:
        """Open a page and note what is wrong with it, in `letters` of each size; a picture is kept of what is wrong."""
        console: list[str] = []
        self.page.on("console", lambda said: console.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: console.append(str(error)))
        answer = self.page.goto(path)
        self.page.wait_for_load_state("load")
        found = [f"{size}: {trouble}" for size in letters for trouble in self._seen_in(size)]
        found += [f"refused by policy: {refused}" for refused in self.page.evaluate("window.refusedByPolicy")]
        found += [f"console: {said}" for said in console if f"status of {status}" not in said]
        if answer is None or answer.status != status:
            found.append(f"status {answer and answer.status}")
        if found:
            name = path.strip("/").replace("/", "-") or "home"
            self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        self.troubles += [f"{path}: {trouble}" for trouble in found]

    def _seen_in(self, letters: str) -> list[str]:
        if letters == AS_SENT:
            return self.page.evaluate(ASK_AXE, {}) + self._too_wide()
        self.page.evaluate("size => { document.documentElement.dataset.text = size; }", letters)
        violations: list[str] = self.page.evaluate(ASK_AXE, {"runOnly": LAYOUT_RULES})
        return violations + self._too_wide()

    def _too_wide(self) -> list[str]:
        needs, has = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        return [f"scrolls sideways: {needs} > {has}"] if needs > has else []


@pytest.fixture
def served(city: City) -> Iterator[Served]:
    with serve(city) as opened:
        yield opened


@contextmanager
def serve(city: City, host: str = "127.0.0.1", **settings: object) -> Iterator[Served]:
    """Open a demonstration at an address of this machine; security keys need a name, `localhost`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"demonstration": True, "public_address": f"http://{host}:{port}", **settings}
    city.office = replace(city.office, settings=city.office.settings.model_copy(update=told))
    door = create_app(city.office)
    server = uvicorn.Server(uvicorn.Config(door, port=port, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    paths = [found.path for found in doors(door.app) if found.method == "GET" and found.permission]
    try:
        yield Served(city, f"http://{host}:{port}", [path for path in paths if not is_picture(path)])
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
    context.add_init_script(path=AXE)
    pictures.mkdir(parents=True, exist_ok=True)
    return Visit(context.new_page(), pictures)


def sign_in(page: Page, account: str) -> None:
    signing_in.sign_in(page, account, PASSWORD)


@pytest.mark.parametrize("size", SIZES)
def test_every_page_serves_everyone(browser: Browser, served: Served, tmp_path: Path, size: str):
    """Nothing that axe knows, no error in the console, nothing refused by the policy, nothing too wide.

    Nor for whoever reads the largest letters: the page that lies there is shown in them, as it would have been sent.
    """
    one = visit(browser, served, size, tmp_path / size)
    one.look("/sign-in")
    sign_in(one.page, served.furnished.person.account)

    for path in served.paths:
        one.look(served.furnished.fill(path), letters=(AS_SENT, "largest"))

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
