"""A browser without a screen: signs in, follows redirects, and checks what every page owes its reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from starlette.testclient import TestClient

from backoffice.app import create_app
from backoffice.identity import Staff
from tests.backoffice.office import PASSWORD, City

LABELLED = {"input", "select", "textarea"}
NO_LABEL_NEEDED = {"hidden", "submit", "button", "image"}
VOID = {"input", "meta", "link", "img", "br", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]


@dataclass
class Seen(HTMLParser):
    """What a page consists of, as far as the checks ask."""

    elements: list[Element] = field(default_factory=list)
    text_of: dict[str, list[str]] = field(default_factory=dict)
    label_depth: int = 0
    inside_label: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if "label" in self._open:
            self.inside_label.add(len(self.elements) - 1)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.text_of.setdefault(tag, []).append(data)

    def heading(self, tag: str) -> str:
        return "".join(self.text_of.get(tag, [])).strip()


def check_page(html: str) -> Seen:
    """Fail unless the page has a title, one h1, a language, unique ids, labelled inputs and no inline code."""
    seen = Seen()
    seen.feed(html)
    ids = [element.attributes["id"] for element in seen.elements if "id" in element.attributes]
    doubled = {name for name, count in Counter(ids).items() if count > 1}
    assert not doubled, f"ids stand twice: {doubled}"
    _check_inputs(seen)
    _check_nothing_inline(seen)
    if "<html" in html:
        assert seen.heading("title").strip(" —"), "a page without a title"
        headings = sum(element.tag == "h1" for element in seen.elements)
        assert headings == 1, f"{headings} h1"
        assert any(element.tag == "html" and element.attributes.get("lang") for element in seen.elements)
    return seen


def _check_inputs(seen: Seen) -> None:
    labels = {element.attributes.get("for") for element in seen.elements if element.tag == "label"}
    for index, element in enumerate(seen.elements):
        if (
            element.tag not in LABELLED
            or element.attributes.get("type") in NO_LABEL_NEEDED
            or "hidden" in element.attributes
        ):
            continue
        named = element.attributes.get("aria-label") or element.attributes.get("aria-labelledby")
        known = named or element.attributes.get("id") in labels or index in seen.inside_label
        assert known, f"no label: {element}"


def _check_nothing_inline(seen: Seen) -> None:
    for element in seen.elements:
        assert "style" not in element.attributes, f"inline style: {element}"
        assert not any(name.startswith(("on", "hx-on")) for name in element.attributes), f"inline code: {element}"
        assert element.tag != "script" or element.attributes.get("src"), "inline script"
        for name in ("src", "href"):
            assert not element.attributes.get(name, "").startswith(("http:", "https:", "//")), (
                f"leaves the house: {element}"
            )


class StaffClient:
    """One person at one browser. `get` and `post` expect a status and check the page that comes."""

    def __init__(self, city: City) -> None:
        self.city = city
        door = create_app(city.office)
        self.app = door.app
        self.http = TestClient(
            door, base_url="https://testserver", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True
        )
        # One event loop for the whole visit: a loop a request took longer than the request.
        city.visits.enter_context(self.http)

    def sign_in(self, staff: Staff) -> StaffClient:
        """Type the password; the second factor, which is not what these tests are about, counts as proved."""
        self.post("/sign-in", {"account": staff.account, "password": PASSWORD})
        self.city.prove_factor(staff)
        return self

    def get(self, path: str, status: int = 200, **headers: str) -> Answer:
        return self._checked(self.http.get(path, headers=headers), status)

    def post(self, path: str, data: dict[str, Any] | None = None, status: int = 200, files: Any = None) -> Answer:
        return self._checked(self.http.post(path, data=data or {}, files=files), status)

    def _checked(self, response: Any, status: int) -> Answer:
        assert response.status_code == status, f"{response.status_code} for {response.url}: {response.text[:2000]}"
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        is_page = response.headers.get("content-type", "").startswith("text/html")
        return Answer(response, check_page(response.text) if is_page and response.text else Seen())


@dataclass
class Answer:
    response: Any
    seen: Seen

    @property
    def text(self) -> str:
        return self.response.text

    @property
    def path(self) -> str:
        return self.response.url.path

    @property
    def title(self) -> str:
        return self.seen.heading("h1")

    def field(self, name: str) -> str:
        """What stands in the first field of this name."""
        fields = (each.attributes for each in self.seen.elements if each.attributes.get("name") == name)
        return next(fields)["value"]
