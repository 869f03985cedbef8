"""The inbox and the case as staff use them in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backoffice.identity import Role, Staff
from backoffice.inbox.workflow import CaseState
from forms.my_number import check_digit
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.staff_client import StaffClient
from workflows.routes import Decision, RouteKind

PDF = b"%PDF-1.7\n%invented\n"


@pytest.fixture
def visit(bureau) -> Callable[[Staff], StaffClient]:
    return lambda person: StaffClient(bureau.city).sign_in(person)


def task_of(bureau: Bureau, case_id: int, step_id: str = "head_review") -> int:
    return bureau.waiting(case_id)[step_id].id


def test_an_empty_inbox_says_what_will_come(visit, bureau):
    assert "ここに当てはまる件はありません" in visit(bureau.head).get("/inbox").text


def test_what_waits_stands_soonest_deadline_first_with_how_far_it_is_over(visit, bureau):
    bureau.begin(title="先の制度")
    bureau.city.clock.pass_(days=5)
    bureau.begin(title="後の制度")

    text = visit(bureau.head).get("/inbox").text

    assert text.index("先の制度") < text.index("後の制度")
    assert "超過 2日" in text


def test_an_inbox_shows_nobody_elses_work(visit, bureau):
    bureau.begin(title="がん検診")
    neighbour = bureau.city.person(Role.HEAD)

    assert "がん検診" not in visit(neighbour).get("/inbox").text


def test_a_case_is_drafted_kept_half_written_and_sent_on_its_way(visit, bureau):
    client = visit(bureau.drafter)
    kept = client.post("/cases/new/program_registration", {"title": "胃がん検診", "do": "keep"})
    path = kept.path

    seen = {"kept": "yes", "version": kept.field("version")}
    refused = client.post(path, {"title": "胃がん検診", "do": "begin", **seen}, status=422)
    whole = {
        "program": "胃がん検診",
        "legal_basis": "健康増進法",
        "purpose": "早期発見",
        "audience": "50歳以上",
        "starts": "R9.4.1",
    }
    begun = client.post(path, {"title": "胃がん検診", **whole, "do": "begin", **seen})

    assert path.endswith("/edit")
    assert "胃がん検診" in refused.text
    assert "所属長承認" in begun.text


def test_a_draft_is_seen_by_nobody_but_its_writer(visit, bureau):
    path = visit(bureau.drafter).post("/cases/new/program_registration", {"title": "案", "do": "keep"}).path
    case_path = path.removesuffix("/edit")

    visit(bureau.head).get(case_path, status=404)


def test_a_my_number_is_refused_in_a_draft_and_in_a_comment(visit, bureau, my_number):
    client = visit(bureau.drafter)
    draft = {"title": "案", "purpose": my_number, "do": "keep"}
    case_id = bureau.begin()

    client.post("/cases/new/program_registration", draft, status=422)
    client.post("/cases/new/program_registration", {"title": my_number, "do": "keep"}, status=422)
    client.post(f"/cases/{case_id}/comments", {"comment": my_number}, status=422)


@pytest.fixture
def my_number() -> str:
    """Twelve digits that pass the check, made in the test and nowhere kept."""
    eleven = "1" * 11
    return f"{eleven}{check_digit(eleven)}"


def test_after_deciding_the_next_case_of_the_same_list_opens(visit, bureau):
    first, second = bureau.begin(title="一つ目"), bureau.begin(title="二つ目")
    answer = visit(bureau.head).post(
        f"/tasks/{task_of(bureau, first)}/decide", {"decision": "approve", "from": "tray="}
    )

    assert answer.path == f"/cases/{second}"


def test_sending_back_without_a_reason_gives_the_form_back(visit, bureau):
    case_id = bureau.begin()

    answer = visit(bureau.head).post(f"/tasks/{task_of(bureau, case_id)}/decide", {"decision": "send_back"}, status=422)

    assert "理由を入れてください" in answer.text
    assert set(bureau.waiting(case_id)) == {"head_review"}


def test_a_double_click_is_told_who_decided_and_when(visit, bureau):
    case_id = bureau.begin()
    task_id = task_of(bureau, case_id)
    client = visit(bureau.head)
    client.post(f"/tasks/{task_id}/decide", {"decision": "approve"})

    answer = client.post(f"/tasks/{task_id}/decide", {"decision": "approve"}, status=409)

    assert f"{bureau.head.name}さんが" in answer.text


def test_the_drafter_sees_the_case_and_may_not_decide_it(visit, bureau):
    case_id = bureau.begin()
    client = visit(bureau.drafter)

    assert "/decide" not in client.get(f"/cases/{case_id}").text
    client.post(f"/tasks/{task_of(bureau, case_id)}/decide", {"decision": "approve"}, status=403)


def test_what_was_sent_back_is_mended_by_its_drafter_and_the_route_reads_the_mended_facts(visit, bureau):
    case_id = bureau.begin(RouteKind.SMALL_CHANGE, title="電話番号の変更", widening=False)
    colleague = bureau.city.person(Role.CLERK, department=bureau.department)
    bureau.decide(colleague, case_id, "colleague_check", Decision.SEND_BACK, "対象が広がっています")
    client = visit(bureau.drafter)
    mended = {
        "title": "対象の変更",
        "target": "がん検診",
        "change": "対象年齢を下げる",
        "widening": "on",
        "do": "mend",
        "kept": "yes",
        "version": client.get(f"/cases/{case_id}/edit").field("version"),
    }

    page = client.post(f"/cases/{case_id}/edit", mended)
    bureau.decide(bureau.drafter, case_id, "mend", Decision.DONE)

    assert "内容を直した" in page.text
    assert set(bureau.waiting(case_id)) == {"head_review"}


def test_who_comes_late_to_a_desk_of_the_whole_city_is_told_who_was_first(visit, bureau):
    """Once it is decided the case is not theirs to read any more: they are still told, and others still are not."""
    case_id, other_id = bureau.begin(title="先の制度"), bureau.begin(title="後の制度")
    for each in (case_id, other_id):
        bureau.decide(bureau.head, each, "head_review")
    tasks = [task_of(bureau, each, "dx_check") for each in (case_id, other_id)]
    bureau.decide(bureau.dx, case_id, "dx_check")

    late = visit(bureau.dx_head).post(f"/tasks/{tasks[0]}/decide", {"decision": "approve"}, status=409)
    ticked = {"task": [str(task) for task in tasks], "decision": "send_back", "reason": "根拠を直す"}
    together = visit(bureau.dx_head).post("/inbox/decide", ticked)
    visit(bureau.operator).post(f"/tasks/{tasks[0]}/decide", {"decision": "approve"}, status=404)

    assert f"{bureau.dx.name}さんが" in late.text
    assert "1件を決定し、1件はできませんでした" in together.text


def test_digits_without_end_are_no_number(visit, bureau):
    client, endless = visit(bureau.drafter), "9" * 5_000
    draft = {"title": "案", "do": "keep", "retention": endless, "coordinating": endless}

    kept = client.post("/cases/new/petition", draft)

    assert kept.path.endswith("/edit")


def test_many_are_approved_at_one_stroke_and_taken_back_at_one_stroke(visit, bureau):
    ids = [bureau.begin(title=f"制度{number}") for number in range(3)]
    client = visit(bureau.head)
    tasks = [task_of(bureau, case_id) for case_id in ids]

    decided = client.post("/inbox/decide", {"task": [str(task) for task in tasks], "decision": "approve"})
    waiting = [set(bureau.waiting(case_id)) for case_id in ids]
    batch = decided.response.url.params["batch"]
    client.post("/inbox/undo", {"batch": batch})

    assert waiting == [{"privacy_review", "dx_check"}] * 3
    assert [set(bureau.waiting(case_id)) for case_id in ids] == [{"head_review"}] * 3


def test_of_many_what_is_refused_stays_chosen_with_its_reason(visit, bureau):
    done, open_ = bureau.begin(title="済んだ制度"), bureau.begin(title="残った制度")
    tasks = [task_of(bureau, done), task_of(bureau, open_)]
    bureau.decide(bureau.head, done, "head_review")

    answer = visit(bureau.head).post("/inbox/decide", {"task": [str(task) for task in tasks], "decision": "approve"})

    assert "1件を決定し、1件はできませんでした" in answer.text
    assert bureau.head.name in answer.text


def test_links_audiences_and_bots_are_never_decided_together(visit, bureau):
    case_id = bureau.begin(RouteKind.DATA_LINK, title="図書館カード")
    step, task = next(iter(bureau.waiting(case_id).items()))

    answer = visit(bureau.head).post("/inbox/decide", {"task": [str(task.id)], "decision": "approve"}, status=422)

    assert "まとめて決められません" in answer.text
    assert step in bureau.waiting(case_id)


def test_a_colleague_with_the_same_tray_leaves_what_is_claimed_until_they_take_it_over(visit, bureau):
    second = bureau.city.person(Role.HEAD, department=bureau.department)
    case_id = bureau.begin()
    task_id = task_of(bureau, case_id)
    visit(bureau.head).post(f"/tasks/{task_id}/claim")
    other = visit(second)

    other.post(f"/tasks/{task_id}/decide", {"decision": "approve"}, status=409)
    other.post(f"/tasks/{task_id}/claim", {"over": "yes"})
    other.post(f"/tasks/{task_id}/decide", {"decision": "approve"})

    assert "head_review" not in bureau.waiting(case_id)


def test_what_is_put_on_hold_leaves_the_list_with_its_reason_and_comes_back(visit, bureau):
    case_id = bureau.begin(title="がん検診")
    task_id = task_of(bureau, case_id)
    client = visit(bureau.head)

    client.post(f"/tasks/{task_id}/hold", {"hold_reason": ""}, status=422)
    client.post(f"/tasks/{task_id}/hold", {"hold_reason": "予算の確認待ち"})
    held = client.get("/inbox?tray=held").text, client.get("/inbox").text
    client.post(f"/tasks/{task_id}/resume")

    assert ("がん検診" in held[0], "がん検診" in held[1]) == (True, False)
    assert "がん検診" in client.get("/inbox").text


def test_only_its_drafter_withdraws_a_case_and_says_why(visit, bureau):
    case_id = bureau.begin()

    visit(bureau.head).post(f"/cases/{case_id}/withdraw", {"withdraw_reason": "不要"}, status=403)
    client = visit(bureau.drafter)
    client.post(f"/cases/{case_id}/withdraw", {"withdraw_reason": ""}, status=422)
    client.post(f"/cases/{case_id}/withdraw", {"withdraw_reason": "予算が付かなかったため"})

    case = bureau.case(case_id)
    assert (case.state, case.outcome, bureau.waiting(case_id)) == (CaseState.ENDED, "withdrawn", {})


def test_a_colleague_asked_for_an_opinion_may_read_and_answer_once(visit, bureau):
    stranger = bureau.city.person(Role.CLERK, account="zaisei")
    case_id = bureau.begin()
    visit(stranger).get(f"/cases/{case_id}", status=404)

    visit(bureau.head).post(f"/cases/{case_id}/opinions", {"asked": "zaisei", "question": "予算はありますか"})
    client = visit(stranger)
    asked = client.get("/inbox/opinions").text
    opinion = client.get(f"/cases/{case_id}").text.split("/opinions/")[1].split('"')[0]
    client.post(f"/cases/{case_id}/opinions/{opinion}", {"answer": "あります"})

    assert "予算はありますか" in asked
    client.post(f"/cases/{case_id}/opinions/{opinion}", {"answer": "あります"}, status=409)


def test_who_is_mentioned_finds_the_case_in_their_inbox_until_they_have_read_it(visit, bureau):
    stranger = bureau.city.person(Role.CLERK, account="koho")
    case_id = bureau.begin(title="がん検診")

    answer = visit(bureau.head).post(f"/cases/{case_id}/comments", {"comment": "@koho @nobody 広報をお願いします"})
    client = visit(stranger)
    before = client.get("/inbox/mentions").text
    client.post(f"/cases/{case_id}/read")

    assert "nobody は見つかりません" in answer.text
    assert ("がん検診" in before, "がん検診" in client.get("/inbox/mentions").text) == (True, False)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("要綱.pdf", PDF, ""),
        ("要綱.csv", "年,件数\n2026,10\n".encode("cp932"), ""),
        ("空.pdf", b"", "空のファイル"),
        ("絵.png", PDF, "名前の種類と違います"),
        ("道具.exe", b"MZ", "添付できない種類"),
        ("表.xlsm", b"PK\x03\x04", "マクロ(プログラム)"),
        ("本文.txt", b"\x00\x01\x02", "名前の種類と違います"),
    ],
)
def test_a_file_is_what_its_name_says_or_is_refused_in_words(visit, bureau, name, content, said):
    case_id = bureau.begin()
    client = visit(bureau.drafter)

    answer = client.post(f"/cases/{case_id}/attachments", files={"file": (name, content)}, status=422 if said else 200)

    assert (said or name) in answer.text


def test_an_attachment_is_fetched_as_a_download_and_removed_only_by_who_added_it(visit, bureau):
    case_id = bureau.begin()
    client, head = visit(bureau.drafter), visit(bureau.head)
    page = client.post(f"/cases/{case_id}/attachments", files={"file": ("要綱.pdf", PDF)}).text
    path = f"/cases/{case_id}/attachments/" + page.split(f"/cases/{case_id}/attachments/")[1].split('"')[0]

    fetched = head.get(path).response
    head.post(f"{path}/remove", status=403)
    client.post(f"{path}/remove")

    assert (fetched.content, fetched.headers["content-disposition"][:10]) == (PDF, "attachment")
    client.get(path, status=404)


def test_what_somebody_decided_on_is_not_taken_off_again_until_it_is_sent_back(visit, bureau):
    case_id = bureau.begin()
    client = visit(bureau.drafter)
    page = client.post(f"/cases/{case_id}/attachments", files={"file": ("要綱.pdf", PDF)}).text
    path = f"/cases/{case_id}/attachments/" + page.split(f"/cases/{case_id}/attachments/")[1].split('"')[0]
    bureau.city.clock.pass_(minutes=1)
    button = f'action="{path}/remove"'
    shown = [button in page]
    bureau.decide(bureau.head, case_id, "head_review")
    shown.append(button in client.get(f"/cases/{case_id}").text)

    refused = client.post(f"{path}/remove", status=409)
    bureau.decide(bureau.privacy, case_id, "privacy_review")
    bureau.decide(bureau.dx, case_id, "dx_check", Decision.SEND_BACK)

    shown.append(button in client.get(f"/cases/{case_id}").text)
    assert "見て決めた人がいる" in refused.text
    assert shown == [True, False, True]
    client.post(f"{path}/remove")


def test_two_people_on_one_case_see_each_other(visit, bureau):
    case_id = bureau.begin()
    visit(bureau.drafter).post(f"/cases/{case_id}/here")

    seen = visit(bureau.head).post(f"/cases/{case_id}/here").text
    bureau.city.clock.pass_(minutes=2)
    later = visit(bureau.head).post(f"/cases/{case_id}/here").text

    assert (bureau.drafter.name in seen, bureau.drafter.name in later) == (True, False)


def test_a_look_at_a_petition_is_on_the_trail(visit, bureau):
    case_id = bureau.begin(RouteKind.PETITION, title="公園の街灯")
    visit(bureau.drafter).get(f"/cases/{case_id}")

    auditor = visit(bureau.city.person(Role.AUDITOR))

    assert "案件" in auditor.get("/audit?kind=case_seen").text
    assert bureau.drafter.name in auditor.get("/audit?kind=case_seen").text


def test_a_filter_is_kept_as_a_tab_of_its_own(visit, bureau):
    client = visit(bureau.head)
    client.post("/inbox/filters", {"name": "検診だけ"}, status=422)

    page = client.post("/inbox/filters", {"name": "検診だけ", "q": "検診", "kind": "", "due": ""}).text
    other = visit(bureau.dx).get("/inbox").text

    assert ("検診だけ" in page, "検診だけ" in other) == (True, False)


def test_the_palette_finds_pages_one_may_open_and_cases_one_may_see(visit, bureau):
    bureau.begin(title="がん検診の案内")

    head = visit(bureau.head).get("/palette?q=がん検診").text
    stranger = visit(bureau.city.person(Role.HEAD)).get("/palette?q=がん検診").text
    pages = visit(bureau.head).get("/palette?q=不在").text

    assert ("がん検診の案内" in head, "がん検診の案内" in stranger, "/absences" in pages) == (True, False, True)


def test_the_sheet_for_printing_has_a_box_for_each_seal(visit, bureau):
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head_review")

    page = visit(bureau.drafter).get(f"/cases/{case_id}/print").text

    assert "決裁欄" in page
    assert bureau.head.name in page


def test_the_print_sheet_of_a_running_case_has_room_for_those_who_have_still_to_decide(visit, bureau):
    case_id = bureau.begin()

    page = visit(bureau.drafter).get(f"/cases/{case_id}/print").text

    assert page.count('class="seal-to-come"') == 4


def test_a_kept_condition_says_how_many_it_leaves(visit, bureau):
    for title in ("胃がん検診", "乳がん検診", "歯科健診"):
        bureau.begin(title=title)
    client = visit(bureau.head)
    client.post("/inbox/filters", {"q": "がん", "name": "がんの分"})

    kept = client.get("/inbox/filters").text
    as_fragment = client.get("/inbox/filters?q=がん", **{"HX-Request": "true"}).text

    assert 'がんの分 <span class="count">2</span>' in kept
    assert 'aria-current="page">がんの分' in as_fragment
    assert "<html" not in as_fragment
