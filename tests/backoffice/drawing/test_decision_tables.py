"""A decision table is filled in on a grid, checked, and saved into the drawing; nobody loses what they typed."""

from __future__ import annotations

import html
import re

import pytest

from backoffice.drawing.queries import route_drawn
from tests.backoffice.drawing.drawers import Drawers
from tests.backoffice.staff_client import StaffClient
from workflows.routes import RouteKind, differences

KIND = RouteKind.AUDIENCE_RELEASE


@pytest.fixture
def version_id(drawers: Drawers) -> int:
    return drawers.draft(KIND)


@pytest.fixture
def path(version_id: int) -> str:
    return f"/routes/versions/{version_id}/tables/who_decides"


@pytest.fixture
def drawer(drawers: Drawers) -> StaffClient:
    return drawers.visit(drawers.drawer)


def fields(page: str) -> dict[str, str]:
    """What a browser would send from the grid, without a button."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found[name[1]] = html.unescape(value[1])
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        found[name] = re.search(r'<option value="([^"]*)" selected', options)[1]
    return found


def press(client: StaffClient, path: str, page: str, do: str, **typed: str) -> str:
    return client.post(path, {**fields(page), **typed, "do": do}).text


def test_saving_what_was_not_changed_changes_nothing(drawers, drawer, path, version_id):
    before = route_drawn(drawers.version(version_id).bpmn)

    press(drawer, path, drawer.get(path).text, "save")

    assert differences(before, route_drawn(drawers.version(version_id).bpmn)) == ()


def test_a_changed_cell_is_saved_into_the_drawing(drawers, drawer, path, version_id):
    page = drawer.get(path).text

    saved = press(drawer, path, page, "save", **{"row-1-when-0": "<= 500", "row-2-when-0": "[501..10,000]"})

    table = route_drawn(drawers.version(version_id).bpmn).tables["who_decides"]
    assert [rule.written[0] for rule in table.rules] == ["-", "<= 500", "[501..10,000]", "> 10,000"]
    assert "保存しました" in saved
    assert drawers.events()[-1] == "route_drawn"


def test_rows_and_columns_come_go_and_change_places_without_a_script(drawer, path):
    page = drawer.get(path).text
    page = press(drawer, path, page, "add-row")
    page = press(drawer, path, page, "add-input")
    page = press(drawer, path, page, "row-up:1")
    page = press(drawer, path, page, "remove-row:4")
    page = press(drawer, path, page, "output-left:1")
    page = press(drawer, path, page, "remove-output:1")

    typed = fields(page)

    assert typed["row-0-when-0"] == "<= 1,000"
    assert "row-4-id" not in typed
    assert "input-2-label" in typed
    assert [typed["output-0-name"], "output-1-name" in typed] == ["privacy", False]


def test_a_gap_is_shown_with_an_example(drawer, path):
    page = press(drawer, path, drawer.get(path).text, "remove-row:3")

    assert "当てはまる行のない場合があります: 通知の人数: &gt;= 10,001" in page


def test_two_rows_that_overlap_are_marked(drawer, path):
    page = press(drawer, path, drawer.get(path).text, "check", hit="unique")

    assert "1行目と2行目が、同じ場合に当てはまります" in page
    assert page.count('class="at-fault"') == 4


def test_a_row_that_is_hidden_is_marked(drawer, path):
    page = press(drawer, path, drawer.get(path).text, "check", **{"row-2-when-0": "< 500"})

    assert "3行目は、前の行に隠れて使われません" in page


def test_a_cell_that_cannot_be_read_says_so_and_may_still_be_kept_in_the_draft(drawers, drawer, path, version_id):
    page = drawer.get(path).text

    kept = press(drawer, path, page, "save", **{"row-1-when-0": "たくさん"})

    assert "2行目の「通知の人数」" in kept
    assert 'value="たくさん"' in kept
    assert "読めません" in drawer.get(f"/routes/versions/{version_id}").text


def test_whoever_saves_second_is_told_and_nothing_is_overwritten(drawers, drawer, path, version_id):
    page = drawer.get(path).text
    drawers.draw(drawers.third, version_id, ('name="所属長承認"', 'name="課長承認"'))

    answer = drawer.post(path, {**fields(page), "do": "save"}, status=409)

    assert drawers.third.name in answer.text
    assert "課長承認" in drawers.version(version_id).bpmn


def test_a_version_in_force_shows_its_table_and_takes_no_change(drawers, drawer):
    in_force = drawers.in_force(KIND)
    path = f"/routes/versions/{in_force.id}/tables/who_decides"

    assert "&lt;= 1,000" in drawer.get(path).text
    drawer.post(path, {"do": "save", "version": "1"}, status=409)
    drawer.get(f"/routes/versions/{in_force.id}/tables/head_review", status=404)
    drawers.visit(drawers.bureau.head).get(path)


def test_what_no_xml_may_hold_is_left_out_and_the_drawing_stays_readable(drawers, drawer, path, version_id):
    page = drawer.get(path).text

    press(drawer, path, page, "save", **{"input-0-label": "対象\x01者数"})

    assert "対象者数" in drawer.get(path).text
    assert route_drawn(drawers.version(version_id).bpmn)


def test_a_table_too_large_for_its_drawing_is_not_kept(drawers, drawer, path, version_id):
    before, page = drawers.version(version_id).bpmn, drawer.get(path).text

    drawer.post(path, {**fields(page), "row-0-when-0": "1" * 20_000, "do": "save"}, status=422)

    assert drawers.version(version_id).bpmn == before


def test_a_button_or_a_version_with_digits_without_end_is_nonsense_and_no_fault(drawer, path):
    page, endless = drawer.get(path).text, "9" * 5_000

    press(drawer, path, page, f"remove-row:{endless}")

    drawer.post(path, {**fields(page), "do": "save", "version": endless}, status=409)
