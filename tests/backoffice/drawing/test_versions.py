"""How a version comes into force: drawn by one, checked, put into force by another, from a day on."""

from __future__ import annotations

import re
from datetime import date

import pytest

from backoffice.drawing import queries, service
from backoffice.drawing.models import RouteVersion
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Role
from tests.backoffice.drawing.drawers import TODAY, Drawers
from tests.workflows.drawings import short_route
from tests.workflows.test_hostile_files import lol
from workflows.routes import GUARDED, RouteKind

RENAMED = ('name="所属長承認"', 'name="所属長の承認"')
NO_DECISIONS = ('decisions="done withdraw"', 'decisions=""')
NOT_THE_DRAFTER = ('notDrafter="true"', 'notDrafter="false"')


def test_a_copy_is_a_draft_of_its_own_and_the_version_in_force_stays(drawers: Drawers):
    draft = drawers.version(drawers.draft())

    assert (draft.number, draft.state, draft.drafted_by_id) == (2, "draft", drawers.drawer.id)
    assert drawers.in_force(RouteKind.PROGRAM_REGISTRATION).number == 1


def test_a_second_person_puts_a_proposal_into_force_and_all_of_it_is_on_the_trail(drawers_on_both: Drawers):
    drawers = drawers_on_both
    version_id = drawers.draft(RouteKind.PROGRAM_REGISTRATION, RENAMED)
    drawers.propose(version_id)

    drawers.activate(version_id)

    assert drawers.in_force(RouteKind.PROGRAM_REGISTRATION).id == version_id
    assert drawers.events()[-4:] == ["route_copied", "route_drawn", "route_proposed", "route_activated"]


def test_nobody_who_drew_or_proposed_a_version_puts_it_into_force(drawers: Drawers):
    version_id = drawers.draft()
    drawers.draw(drawers.third, version_id, RENAMED)
    drawers.propose(version_id, drawers.drawer)

    for person in (drawers.drawer, drawers.third):
        with pytest.raises(NotPermitted, match="ほかの職員に頼んで"):
            drawers.activate(version_id, person)
    drawers.activate(version_id, drawers.second)

    assert drawers.version(version_id).activated_by_id == drawers.second.id


def test_whoever_drew_a_draft_does_not_put_its_copy_into_force(drawers: Drawers):
    original = drawers.draft(RouteKind.PROGRAM_REGISTRATION, RENAMED)
    with drawers.city.unit(drawers.city.actor(drawers.third)) as work:
        copied = service.copy_version(work, work.session.get_one(RouteVersion, original), "").id
    drawers.propose(copied, drawers.third)

    with pytest.raises(NotPermitted, match="ほかの職員に頼んで"):
        drawers.activate(copied, drawers.drawer)
    drawers.activate(copied, drawers.second)


def test_whoever_only_proposed_it_is_not_the_second_person(drawers: Drawers):
    version_id = drawers.draft()
    drawers.propose(version_id, drawers.second)

    with pytest.raises(NotPermitted):
        drawers.activate(version_id, drawers.second)


def test_a_drawing_with_something_to_mend_is_kept_but_never_proposed(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PROGRAM_REGISTRATION, NO_DECISIONS)

    with pytest.raises(Invalid, match="直す点"):
        drawers.propose(version_id)

    assert 'decisions=""' in drawers.version(version_id).bpmn


def test_what_stopped_being_right_after_it_was_proposed_does_not_come_into_force(drawers: Drawers):
    person = drawers.city.person(Role.HEAD, account="kyokucho")
    asked = ('role="clerk" place="owner" form="petition-intake"', 'person="kyokucho" form="petition-intake"')
    version_id = drawers.draft(RouteKind.PETITION, asked)
    drawers.propose(version_id)
    with drawers.city.unit() as work:
        work.session.merge(person).active = False

    with pytest.raises(Invalid, match="直す点"):
        drawers.activate(version_id)


@pytest.mark.parametrize("kind", sorted(GUARDED))
def test_a_guarded_route_without_someone_other_than_the_drafter_is_never_proposed(drawers: Drawers, kind):
    version_id = drawers.draft(kind, NOT_THE_DRAFTER)

    with pytest.raises(Invalid, match="直す点"):
        drawers.propose(version_id)


def test_a_version_for_a_later_day_leaves_the_one_in_force_until_then(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PROGRAM_REGISTRATION, RENAMED)
    drawers.propose(version_id)
    drawers.activate(version_id, day=date(2027, 4, 1))

    assert drawers.in_force(RouteKind.PROGRAM_REGISTRATION, date(2027, 3, 31)).number == 1
    assert drawers.in_force(RouteKind.PROGRAM_REGISTRATION, date(2027, 4, 1)).number == 2


def test_a_version_whose_day_has_not_come_is_called_off_and_waits_again(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PROGRAM_REGISTRATION, RENAMED)
    drawers.propose(version_id)
    drawers.activate(version_id, day=date(2027, 4, 1))

    with drawers.city.unit(drawers.city.actor(drawers.second)) as work:
        service.call_off(work, work.session.get_one(RouteVersion, version_id))

    assert drawers.version(version_id).state == "proposed"
    assert drawers.in_force(RouteKind.PROGRAM_REGISTRATION, date(2027, 4, 1)).number == 1
    assert drawers.events()[-1] == "route_called_off"


def test_a_version_in_force_is_not_called_off(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PROGRAM_REGISTRATION, RENAMED)
    drawers.propose(version_id)
    drawers.activate(version_id)

    with pytest.raises(Overtaken, match="もう発効"), drawers.city.unit(drawers.city.actor(drawers.second)) as work:
        service.call_off(work, work.session.get_one(RouteVersion, version_id))


def test_a_version_never_comes_into_force_on_a_day_that_is_over(drawers: Drawers):
    version_id = drawers.draft()
    drawers.propose(version_id)

    with pytest.raises(Invalid):
        drawers.activate(version_id, day=date(2026, 11, 23))


def test_what_was_proposed_is_drawn_on_only_once_it_is_a_draft_again(drawers: Drawers):
    version_id = drawers.draft()
    drawers.propose(version_id)

    with pytest.raises(Overtaken):
        drawers.draw(drawers.third, version_id, RENAMED)
    with drawers.city.unit(drawers.city.actor(drawers.drawer)) as work:
        service.take_back(work, queries.find_version(work.session, version_id))
    drawers.draw(drawers.third, version_id, RENAMED)

    assert "所属長の承認" in drawers.version(version_id).bpmn


def test_what_was_seen_is_what_comes_into_force(drawers: Drawers):
    version_id = drawers.draft()
    drawers.propose(version_id)
    seen = drawers.version(version_id).version
    with drawers.city.unit(drawers.city.actor(drawers.drawer)) as work:
        service.take_back(work, queries.find_version(work.session, version_id))
    drawers.draw(drawers.drawer, version_id, RENAMED)
    drawers.propose(version_id)

    with pytest.raises(Overtaken), drawers.city.unit(drawers.city.actor(drawers.second)) as work:
        service.put_into_force(work, queries.find_version(work.session, version_id), seen, TODAY)


def test_a_discarded_draft_keeps_its_number(drawers: Drawers):
    version_id = drawers.draft()
    with drawers.city.unit(drawers.city.actor(drawers.drawer)) as work:
        service.discard(work, queries.find_version(work.session, version_id))

    assert drawers.version(drawers.draft()).number == 3


def test_two_who_begin_a_draft_at_once_get_two_numbers(drawers_on_both: Drawers):
    first, second = drawers_on_both.draft(), drawers_on_both.draft()

    assert [drawers_on_both.version(each).number for each in (first, second)] == [2, 3]


def test_a_new_case_takes_the_new_version_and_a_running_one_stays(drawers: Drawers):
    before = drawers.bureau.begin()
    version_id = drawers.draft(RouteKind.PROGRAM_REGISTRATION, RENAMED)
    drawers.propose(version_id)
    drawers.activate(version_id)

    after = drawers.bureau.begin()

    assert [drawers.bureau.waiting(each)["head_review"].step_name for each in (before, after)] == [
        "所属長承認",
        "所属長の承認",
    ]
    with drawers.city.look() as work:
        original = work.session.query(RouteVersion.id).filter_by(kind="program_registration", number=1).scalar()
        assert queries.cases_on_versions(work.session) == {original: 1, version_id: 1}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lol(), "DOCTYPE"),
        (b"not a drawing", "XML"),
        (b"<html/>", "BPMN 2.0"),
        (b" " * 1_000_001, "大きすぎます"),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_no_draft_begins(drawers: Drawers, file, said):
    client = drawers.visit(drawers.drawer)

    answer = client.post("/routes/petition/upload", files={"file": ("x.bpmn", file)}, status=422)

    assert said in answer.text
    assert "第2版" not in client.get("/routes/petition").text


def test_a_file_becomes_a_draft_and_comes_out_as_the_same_route(drawers: Drawers):
    client = drawers.visit(drawers.drawer)
    file = drawers.in_force(RouteKind.PETITION).bpmn.encode()

    page = client.post("/routes/petition/upload", {"note": "道具で描いた図"}, files={"file": ("x.bpmn", file)})
    back = client.get(f"{page.path}/route.bpmn").response

    assert "道具で描いた図" in page.text
    assert back.headers["content-disposition"].startswith("attachment")
    assert b"DOCTYPE" not in back.content


def test_the_pages_lead_from_a_copy_into_force(drawers: Drawers):
    original = drawers.in_force(RouteKind.PETITION)
    client = drawers.visit(drawers.drawer)
    page = client.post(f"/routes/versions/{original.id}/copy")
    seen = drawers.version(int(page.path.rsplit("/", 1)[1])).version
    own = client.post(f"{page.path}/propose", {"version": seen})
    second = drawers.visit(drawers.second)

    wrong = second.post(f"{page.path}/activate", {"version": seen + 1, "effective_from": "いつか"}, status=422)
    done = second.post(f"{page.path}/activate", {"version": seen + 1, "effective_from": "令和8年12月1日"})

    assert "あなたはこの版を描いたか提案した" in own.text
    assert "/activate" not in own.text
    assert "日付を" in wrong.text
    assert "発効待ち" in done.text
    assert "令和8年12月1日から" in second.get("/routes").text


def test_everyone_with_a_role_reads_routes_and_only_the_dx_office_draws(drawers: Drawers):
    version_id = drawers.draft()
    client = drawers.visit(drawers.bureau.head)

    assert "担当" in client.get(f"/routes/versions/{version_id}").text
    assert "/copy" not in client.get("/routes/petition").text
    client.post(f"/routes/versions/{version_id}/propose", status=403)
    client.post(f"/routes/versions/{version_id}/activate", status=403)


def test_a_draft_that_is_no_route_yet_still_has_its_page(drawers: Drawers):
    version_id = drawers.draft(RouteKind.PETITION, ('sourceRef="received"', 'sourceRef="nowhere"'))

    page = drawers.visit(drawers.drawer).get(f"/routes/versions/{version_id}")

    assert "端が部品につながっていません" in page.text
    assert "/propose" not in page.text


def test_what_the_picture_does_not_show_is_not_put_into_force(drawers: Drawers):
    """The second person reads the picture: a step or an arrow that only the file knows would pass unseen."""
    unseen = ('bpmnElement="privacy_review"', 'bpmnElement="drafted"')
    version_id = drawers.draft(RouteKind.PROGRAM_REGISTRATION, unseen)

    with pytest.raises(Invalid):
        drawers.propose(version_id)

    assert "図に描かれていません" in drawers.visit(drawers.second).get(f"/routes/versions/{version_id}").text


def test_a_file_without_a_picture_is_refused_in_words():
    with pytest.raises(Invalid, match="図の配置がありません"):
        service.accepted(re.sub(rb"<bpmndi:.*</bpmndi:BPMNDiagram>", b"", short_route().xml()), "file")
