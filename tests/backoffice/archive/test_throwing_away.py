"""Paper is thrown away by two people when its years are over, with a record; until then all can be undone."""

import csv
import io
from threading import Thread

import pytest
from sqlalchemy import select

from backoffice.archive import disposing, queries
from backoffice.archive.models import RetentionRule
from backoffice.archive.workflow import ArchiveState
from backoffice.drawing import service as drawing
from backoffice.errors import Overtaken
from backoffice.identity import Role
from backoffice.inbox.models import Case
from backoffice.intake.models import PaperFile, Sheet, SheetField
from backoffice.intake.workflow import SheetState
from backoffice.rights.models import RightsRequest
from backoffice.vault import StoredFile
from backoffice.verification.models import FieldSample
from tests.backoffice.archive.shelves import Shelf, shelf
from tests.backoffice.consents.counter import add_registrants
from tests.backoffice.intake.piles import refused
from tests.backoffice.recount import kept as counted
from tests.backoffice.recount import recounted
from tests.backoffice.rights.furniture import add_requests
from tests.backoffice.staff_client import StaffClient


def propose(kept: Shelf, year: int = 2026, **more):
    with kept.city.look() as work:
        rule = work.session.scalars(select(RetentionRule)).one()
    return kept.clerk.post("/archive/disposals", {"rule": rule.id, "year": year}, **more)


def erased(city) -> set[str]:
    """What kinds of files nobody can open any more."""
    with city.look() as work:
        files = work.session.scalars(select(StoredFile).where(StoredFile.wrapped_key.is_(None))).all()
        return {file.media_type for file in files}


def written(city) -> list:
    with city.look() as work:
        fields = work.session.scalars(select(SheetField)).all()
        return [each for field in fields for each in (field.read_text, field.value, field.read_value) if each]


def test_what_is_due_is_proposed_by_one_and_thrown_away_by_another_and_the_record_stays(city_on_both):
    kept = shelf(city_on_both)
    [sheet] = kept.settle()
    [archived] = kept.archived()
    kept.pass_years(7)

    assert "2026年度" in kept.clerk.get("/archive/disposals").text
    path = propose(kept).path
    assert erased(city_on_both) == set()
    kept.head.post(f"{path}/approve")

    [gone] = kept.archived()
    assert gone.state == ArchiveState.DISPOSED
    assert erased(city_on_both) == {"application/pdf", "image/jpeg"}
    assert written(city_on_both) == []
    kept.clerk.get(f"/archive/{archived.id}/paper.pdf", status=404)
    kept.clerk.get(f"/sheets/{sheet.id}/page", status=404)
    assert "廃棄しました" in kept.clerk.get(f"/sheets/{sheet.id}").text
    assert "廃棄しました" in kept.clerk.get(f"/batches/{sheet.batch_id}").text
    assert archived.file.sha256 in kept.clerk.get(path).text
    answer = kept.clerk.post("/archive/disposals/export", {"year": "2033"}).response.content.decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(answer))
    assert (line["受付番号"], line["SHA-256"], line["起算日"]) == (sheet.number, archived.file.sha256, "2027-04-01")
    assert len({line["提案者"], line["承認者"]}) == 2
    with city_on_both.look() as work:
        assert counted(work.session) == recounted(work.session)


def test_nobody_throws_away_alone_or_before_the_last_day(city):
    kept = shelf(city)
    kept.settle()
    assert "まだ終わっていません" in propose(kept, status=422).text
    kept.pass_years(7)
    alone = StaffClient(city).sign_in(city.person(Role.HEAD, department=kept.office.department))
    with city.look() as work:
        rule = work.session.scalars(select(RetentionRule)).one()

    path = alone.post("/archive/disposals", {"rule": rule.id, "year": 2026}).path
    alone.post(f"{path}/approve", status=403)
    kept.clerk.post(f"{path}/approve", status=403)

    assert "提案した人は承認できません" in alone.get(path).text
    assert erased(city) == set()


def test_a_proposal_that_is_given_up_leaves_everything_as_it_was(city_on_both):
    kept = shelf(city_on_both)
    kept.settle()
    kept.pass_years(7)
    path = propose(kept).path

    kept.clerk.post(f"{path}/withdraw")
    kept.head.post(f"{path}/approve", status=409)

    [archived] = kept.archived()
    assert (archived.state, archived.disposal_id) == (ArchiveState.KEPT, None)
    assert erased(city_on_both) == set()
    assert propose(kept).path != path


def test_what_is_held_for_a_lawsuit_stays_though_it_is_due_and_leaves_a_proposal(city_on_both):
    kept = shelf(city_on_both)
    kept.settle(kept.page(1), kept.page(2))
    first, second = kept.archived()
    kept.pass_years(7)
    kept.clerk.post(f"/archive/{first.id}/hold", {"reason": ""}, status=422)
    path = propose(kept).path

    kept.clerk.post(f"/archive/{first.id}/hold", {"reason": "訴訟のため"})
    kept.head.post(f"{path}/approve")
    kept.clerk.post(f"/archive/{second.id}/hold", {"reason": "監査のため"}, status=409)

    assert [each.state for each in kept.archived()] == [ArchiveState.KEPT, ArchiveState.DISPOSED]
    propose(kept, status=422)
    kept.clerk.post(f"/archive/{first.id}/end-hold")
    kept.head.post(f"{propose(kept).path}/approve")
    assert {each.state for each in kept.archived()} == {ArchiveState.DISPOSED}


def test_a_file_with_several_sheets_is_erased_with_the_last_that_needs_it(city_on_both):
    kept = shelf(city_on_both)
    early, _late, odd = kept.settle(kept.page(1), kept.page(2), refused(3))
    kept.pass_years(7)
    with city_on_both.unit() as work:
        row = work.session.get_one(Sheet, odd.id)
        row.state = SheetState.EXCLUDED

    def original_is_there() -> bool:
        with city_on_both.look() as work:
            return (
                work.session.scalars(
                    select(StoredFile.erased_at).join(PaperFile, PaperFile.file_id == StoredFile.id)
                ).one()
                is None
            )

    first, second = kept.archived()
    kept.clerk.post(f"/archive/{second.id}/hold", {"reason": "監査のため"})
    kept.head.post(f"{propose(kept).path}/approve")
    assert original_is_there()
    kept.clerk.get(f"/sheets/{second.sheet_id}/page")

    kept.clerk.post(f"/archive/{second.id}/end-hold")
    kept.head.post(f"{propose(kept).path}/approve")

    assert not original_is_there()
    kept.clerk.get(f"/sheets/{odd.id}/page", status=404)
    assert early.id == first.sheet_id


def test_other_years_for_a_form_move_the_end_of_all_its_sheets_and_stop_what_is_no_longer_due(city_on_both):
    kept = shelf(city_on_both)
    kept.settle()
    [archived] = kept.archived()
    assert "令和14年3月31日" in kept.clerk.get(f"/archive/{archived.id}").text
    kept.pass_years(7)
    path = propose(kept).path

    kept.clerk.post(f"/archive/retention/{archived.rule_id}", {"years": "7"}, status=422)
    kept.clerk.post(f"/archive/retention/{archived.rule_id}", {"years": "30"})

    assert "令和39年3月31日" in kept.clerk.get(f"/archive/{archived.id}").text
    assert "まだ終わっていません" in kept.head.post(f"{path}/approve", status=422).text
    kept.clerk.post(f"/archive/retention/{archived.rule_id}", {"years": "0"})
    assert "常用" in kept.clerk.get(f"/archive/{archived.id}").text


def test_a_sheet_that_was_thrown_away_is_not_settled_anew_and_its_samples_are_forgotten(city):
    kept = shelf(city)
    [sheet] = kept.settle()
    kept.pass_years(7)
    with city.unit() as work:
        for key, state in (("a1", "differs"), ("a3", "agreed")):
            sample = {"sheet_id": sheet.id, "department_id": sheet.department_id, "drawn_at": work.now}
            work.session.add(FieldSample(key=key, state=state, keyed="山田", **sample))
    verifier = StaffClient(city).sign_in(kept.office.verifier)
    path = propose(kept).path
    waiting = verifier.post(f"/sheets/{sheet.id}/reopen", status=422)
    kept.head.post(f"{path}/approve")

    gone = verifier.post(f"/sheets/{sheet.id}/reopen", status=422)

    assert "廃棄の承認を待っている" in waiting.text
    assert "廃棄したため" in gone.text
    with city.look() as work:
        assert [(each.key, each.keyed) for each in work.session.scalars(select(FieldSample))] == [("a3", None)]


def asked_for(city, kind: str, outcome: str, department) -> str:
    """Let a person have asked something that was decided, and give the number of the case."""
    officer = city.person(Role.PRIVACY_OFFICER, department=department)
    with city.unit() as work:
        drawing.take_in_shipped(work)
    with city.unit(city.actor(officer)) as work:
        add_requests(work, add_registrants(work, officer, 1)["look_id"], 1)
        request = work.session.scalars(select(RightsRequest)).one()
        request.kind, request.outcome = kind, outcome
        return work.session.get_one(Case, request.case_id).number


@pytest.mark.parametrize(
    ("kind", "outcome", "own", "status"),
    [("stop", "granted", True, 200), ("disclose", "granted", True, 422), ("stop", "granted", False, 422)],
)
def test_a_granted_request_to_stop_use_throws_one_sheet_of_its_department_away(city, kind, outcome, own, status):
    kept = shelf(city)
    kept.settle()
    [archived] = kept.archived()
    number = asked_for(city, kind, outcome, kept.office.department if own else city.department("公園課"))

    answer = kept.clerk.post(f"/archive/{archived.id}/dispose", {"case_number": number}, status=status)

    if status == 422:
        assert "利用停止の請求で、この用紙の部署のもの" in answer.text
        assert kept.archived()[0].disposal_id is None
        return
    kept.head.post(f"{answer.path}/approve")
    assert erased(city) == {"application/pdf", "image/jpeg"}
    register = kept.clerk.post("/archive/disposals/export", {"year": "2026"}).response.content.decode("utf-8-sig")
    assert number in kept.clerk.get(answer.path).text
    assert number in register


def test_of_two_who_approve_at_once_one_does_and_the_other_is_told(city_on_both):
    kept = shelf(city_on_both)
    kept.settle()
    kept.pass_years(7)
    path = propose(kept).path
    other = city_on_both.person(Role.HEAD, department=kept.office.department)
    heads = [kept.people[1], other]
    outcomes: list[str] = []

    def decide(head) -> None:
        try:
            with city_on_both.unit(city_on_both.actor(head)) as work:
                disposal_id = int(path.rsplit("/", 1)[1])
                disposing.approve(work, queries.find_disposal(work.session, work.actor, disposal_id, lock=True))
            outcomes.append("done")
        except Overtaken:
            outcomes.append("told")

    threads = [Thread(target=decide, args=(head,)) for head in heads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "told"]
