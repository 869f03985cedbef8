"""The pages beside the versions: two versions compared, the days on which the city is closed, the editor's answers."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.drawing import queries
from tests.backoffice.drawing.drawers import Drawers
from workflows.routes import RouteKind

RENAMED = ('name="所属長承認"', 'name="所属長の承認"')
WIDER = ("&lt;= 1,000", "&lt;= 2,000")
LATER = ('dueDays="3" remindDays="1" escalateDays="2"', 'dueDays="7" remindDays="1" escalateDays="2"')


def test_two_versions_are_compared_in_words_and_in_their_drawings(drawers: Drawers):
    old = drawers.in_force(RouteKind.AUDIENCE_RELEASE)
    new_id = drawers.draft(RouteKind.AUDIENCE_RELEASE, RENAMED, LATER)

    page = drawers.visit(drawers.bureau.head).get(f"/routes/compare?a={old.id}&b={new_id}").text

    assert "名称: 所属長承認 → 所属長の承認" in page
    assert "期限(営業日): 3 → 7" in page
    assert page.count("head_review:marked-changed") == 2


def test_a_drawing_that_is_no_route_yet_is_compared_by_eye_only(drawers: Drawers):
    old = drawers.in_force(RouteKind.PETITION)
    new_id = drawers.draft(RouteKind.PETITION, ('sourceRef="received"', 'sourceRef="nowhere"'))

    page = drawers.visit(drawers.drawer).get(f"/routes/compare?a={old.id}&b={new_id}").text

    assert "言葉では比べられません" in page
    assert page.count("data-bpmn") == 2


def test_a_day_on_which_the_city_is_closed_moves_deadlines_from_then_on(drawers: Drawers):
    client = drawers.visit(drawers.drawer)
    before = drawers.bureau.waiting(drawers.bureau.begin())["head_review"].due_at

    page = client.post("/routes/closures", {"day": "R8.11.26", "name": "庁舎の停電"})
    after = drawers.bureau.waiting(drawers.bureau.begin())["head_review"].due_at

    assert "令和8年11月26日(木)" in page.text
    assert (before.day, after.day) == (27, 30)
    assert drawers.events().count("closure_added") == 1


def test_a_closed_day_is_taken_off_again(drawers: Drawers):
    client = drawers.visit(drawers.drawer)
    page = client.post("/routes/closures", {"day": "2026/11/26", "name": "庁舎の停電"}).text
    path = page.split('action="/routes/closures/')[1].split('"')[0]

    client.post(f"/routes/closures/{path}")

    with drawers.city.look() as work:
        assert queries.closures(work.session) == frozenset()
    assert drawers.events()[-1] == "closure_removed"


@pytest.mark.parametrize(("day", "name"), [("いつか", "停電"), ("2026/11/26", ""), ("2026/11/27", "停電")])
def test_a_closed_day_has_a_date_of_its_own_and_a_name(drawers: Drawers, day, name):
    client = drawers.visit(drawers.drawer)
    client.post("/routes/closures", {"day": "2026/11/27", "name": "工事"})

    client.post("/routes/closures", {"day": day, "name": name}, status=422)

    with drawers.city.look() as work:
        assert queries.closures(work.session) == {date(2026, 11, 27)}


def test_only_the_dx_office_closes_the_city(drawers: Drawers):
    client = drawers.visit(drawers.bureau.head)

    assert '<form method="post" action="/routes/closures' not in client.get("/routes/closures").text
    client.post("/routes/closures", {"day": "2026/11/26", "name": "停電"}, status=403)


def test_the_editor_is_told_what_is_to_be_mended_before_anything_is_saved(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PETITION)
    before = drawers.version(version_id)
    xml = before.bpmn.replace('decisions="done reject"', 'decisions=""')

    answer = drawers.visit(drawers.drawer).post(f"/routes/versions/{version_id}/check", {"xml": xml})

    assert 'data-element="intake"' in answer.text
    assert "選べる決定がありません" in answer.text
    assert drawers.version(version_id).version == before.version


def test_a_save_from_an_older_state_is_refused_and_keeps_the_newer_drawing(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PETITION)
    seen = drawers.version(version_id)
    drawers.draw(drawers.third, version_id, ('name="受付"', 'name="窓口"'))
    client = drawers.visit(drawers.drawer)

    answer = client.post(
        f"/routes/versions/{version_id}/edit", {"xml": seen.bpmn, "version": seen.version, "note": ""}, status=409
    )

    assert f"{drawers.third.name}さんがこの版を先に変更しました" in answer.text
    assert 'name="窓口"' in drawers.version(version_id).bpmn


def test_a_save_answers_with_the_next_state_so_that_one_can_go_on_drawing(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PETITION)
    client = drawers.visit(drawers.drawer)

    for name in ("窓口", "総合窓口"):
        seen = drawers.version(version_id)
        xml = seen.bpmn.replace('id="intake" name="', f'id="intake" name="{name}')
        typed = {"xml": xml, "version": seen.version, "note": name}
        answer = client.post(f"/routes/versions/{version_id}/edit", typed)
        assert f'data-version="{drawers.version(version_id).version}"' in answer.text

    assert "直す点はありません" in answer.text
    assert drawers.version(version_id).note == "総合窓口"


@pytest.mark.parametrize("what", ["edit", "check"])
def test_what_is_no_drawing_is_refused_by_the_editor_too(drawers: Drawers, what):
    version_id = drawers.draft(RouteKind.PETITION)
    xml = drawers.version(version_id).bpmn.replace("bpmn:userTask", "bpmn:scriptTask")

    answer = drawers.visit(drawers.drawer).post(
        f"/routes/versions/{version_id}/{what}", {"xml": xml, "version": "1"}, status=422
    )

    assert "部品(スクリプト)は経路に使えません" in answer.text


def test_a_version_that_is_no_draft_is_not_opened_in_the_editor(drawers: Drawers):
    in_force = drawers.in_force(RouteKind.PETITION)

    assert drawers.visit(drawers.drawer).get(f"/routes/versions/{in_force.id}/edit").path == (
        f"/routes/versions/{in_force.id}"
    )
