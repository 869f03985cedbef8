"""A version is tried before a case goes along it: who would be asked, what if, and nothing of it is kept."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import func, select

from backoffice.drawing.queries import version_in_force
from backoffice.inbox.models import Case
from tests.backoffice.drawing.drawers import TODAY
from tests.backoffice.staff_client import StaffClient


@pytest.fixture
def page_of(bureau):
    def path(kind: str) -> str:
        with bureau.city.look() as work:
            return f"/routes/versions/{version_in_force(work.session, kind, TODAY).id}/try"

    return path


@pytest.fixture
def drawer(bureau) -> StaffClient:
    return StaffClient(bureau.city).sign_in(bureau.dx)


def fields(page: str) -> dict[str, str]:
    """What a browser would send from the page, without a button."""
    found = dict(re.findall(r'<input id="([^"]+)" name="[^"]+" type="text" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea id="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select id="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        picked = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = picked[1] if picked else ""
    for name in re.findall(r'<input id="([^"]+)" name="[^"]+" type="checkbox" value="on" checked', page):
        found[name] = "on"
    found["moves"] = re.search(r'name="moves" value="([^"]*)"', page)[1]
    return {name: html.unescape(text) for name, text in found.items()}


def buttons(page: str) -> list[str]:
    return re.findall(r'name="do" value="([^"]*)"', page)


def begin(bureau, client: StaffClient, path: str, **said: str) -> str:
    typed = {**fields(client.get(path).text), "department": str(bureau.department.id), "drafter": "tanto", **said}
    return client.post(path, {**typed, "do": "begin"}).text


def press(client: StaffClient, path: str, page: str, button: str) -> str:
    return client.post(path, {**fields(page), "do": button}).text


def button_of(page: str, decision: str, step: str = "") -> str:
    return next(each for each in buttons(page) if each.startswith(f"decide:{decision}:{step}"))


def test_each_step_names_the_people_who_would_find_it_in_their_tray(bureau, drawer, page_of):
    page = begin(bureau, drawer, page_of("program_registration"))

    assert "所属長承認" in page
    assert bureau.head.name in page
    assert bureau.drafter.name not in page


def test_a_trial_goes_where_the_decisions_lead_to_its_end(bureau, drawer, page_of):
    path = page_of("program_registration")
    page = begin(bureau, drawer, path)
    for step in ("head_review", "privacy_review", "dx_check", "dx_approval"):
        page = press(drawer, path, page, button_of(page, "approve", step))

    assert "案件が終わりました" in page
    assert [each for each in buttons(page) if each.startswith("decide")] == []


def test_one_step_back_takes_the_last_decision_off(bureau, drawer, page_of):
    path = page_of("program_registration")
    page = begin(bureau, drawer, path)
    sent_back = press(drawer, path, page, button_of(page, "send_back"))

    back = press(drawer, path, sent_back, "back")

    assert button_of(sent_back, "done", "mend")
    assert button_of(back, "approve", "head_review")


def test_a_decision_table_says_what_it_answered(bureau, drawer, page_of):
    path = page_of("audience_release")
    page = begin(bureau, drawer, path, o_recipients="20,000", o_sensitive="")

    page = press(drawer, path, page, button_of(page, "approve", "head_review"))

    assert "専決区分=DX戦略部" in page
    assert button_of(page, "approve", "privacy_review")


def test_nothing_of_a_trial_is_kept(bureau, drawer, page_of):
    path = page_of("petition")
    page = begin(bureau, drawer, path, coordinating=str(bureau.department.id))
    press(drawer, path, page, button_of(page, "done"))

    with bureau.city.look() as work:
        assert work.session.scalar(select(func.count(Case.id))) == 0


@pytest.mark.parametrize("moves", ["nonsense", "[1]", '[{"token": "x.1", "decision": "approve", "typed": {}}]', "{}"])
def test_moves_that_the_drawing_does_not_offer_are_not_taken(bureau, drawer, page_of, moves):
    path = page_of("program_registration")
    typed = {**fields(drawer.get(path).text), "department": str(bureau.department.id), "drafter": "tanto"}

    page = drawer.post(path, {**typed, "moves": moves}).text

    assert button_of(page, "approve", "head_review")


def test_what_is_wrong_in_the_opening_form_is_said_there(bureau, drawer, page_of):
    path = page_of("program_registration")

    nobody = drawer.post(path, {"department": str(bureau.department.id), "drafter": "nobody", "do": "begin"}, 422)
    empty = drawer.post(path, {"department": str(bureau.department.id), "drafter": "tanto", "do": "begin"}, 422)

    assert "この職員IDの職員はいません" in nobody.text
    assert "field-error" in empty.text


def test_only_whoever_draws_tries(bureau, page_of):
    StaffClient(bureau.city).sign_in(bureau.head).get(page_of("petition"), 403)
