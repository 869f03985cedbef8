"""Staff begin a run on a page, see whom it reaches, send it on its route, and stop what is under way."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.audiences import queries, service
from backoffice.audiences.freezing import freeze
from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audiences.moving import move
from backoffice.audiences.workflow import RecipientState
from backoffice.identity import Role
from backoffice.inbox.models import Case, TaskExclusion
from backoffice.notices.models import NoticeVersion
from backoffice.notices.workflow import NoticeState
from backoffice.reachability.events import MailCameBack
from tests.backoffice.audiences.runs import Sending
from tests.backoffice.audiences.town import hear

TYPED = {
    "send_on": "2026/12/1",
    "send_at": "10:00",
    "last_day": "R8.12.25",
    "period": "2026",
    "per_hour": "5000",
    "ward-chuo": "800",
}


def program_id(sending: Sending) -> int:
    return sending.desk.program_id


def only_run(sending: Sending) -> NoticeRun:
    with sending.city.look() as work:
        return work.session.scalars(select(NoticeRun)).one()


def release(sending: Sending, run_id: int) -> None:
    with sending.city.unit() as work:
        queries.lock_run(work.session, run_id).state = "released"


def test_a_run_begun_on_the_page_is_frozen_and_shows_whom_it_reaches(sending: Sending):
    sending.register(sending.women_over_forty(30))
    visit = sending.office.visit()
    chosen = visit.get("/audiences/new")
    assert f'href="/audiences/new/{program_id(sending)}"' in chosen.text

    begun = visit.post(f"/audiences/new/{program_id(sending)}", TYPED)

    run = only_run(sending)
    assert begun.path == f"/audiences/{run.id}"
    assert "数えています" in begun.text
    assert run.pace == {"schema": 1, "per_hour": 5000, "ward_per_day": {"chuo": 800}}
    freeze(sending.city.office, run.id)
    shown = visit.get(f"/audiences/{run.id}")
    assert "約30人" in shown.text
    assert "乳がん検診" in shown.text
    assert "回議に付す" in shown.text


def test_the_page_that_waits_for_counting_is_fetched_whole_once_it_is_over(sending: Sending):
    sending.register(sending.women_over_forty(3))
    run_id = sending.begin()
    visit = sending.office.visit()
    assert "HX-Refresh" not in visit.get(f"/audiences/{run_id}", **{"HX-Request": "true"}).response.headers

    freeze(sending.city.office, run_id)

    answer = visit.get(f"/audiences/{run_id}", **{"HX-Request": "true"})
    assert answer.response.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("send_on", "いつか", "日付を"),
        ("send_on", "2026/12/5", "休みの日"),
        ("send_on", "2026/11/2", "今日以後"),
        ("last_day", "2026/11/30", "送り始める日以後"),
        ("period", " ", "24文字まで"),
        ("per_hour", "0", "1から1,000,000"),
        ("ward-chuo", "たくさん", "1から1,000,000"),
    ],
)
def test_what_cannot_be_planned_comes_back_as_typed(sending: Sending, field: str, typed: str, said: str):
    visit = sending.office.visit()

    answer = visit.post(f"/audiences/new/{program_id(sending)}", {**TYPED, field: typed}, status=422)

    assert said in answer.text
    assert answer.field(field) == typed
    assert answer.field("per_hour" if field != "per_hour" else "period") in TYPED.values()


@pytest.mark.parametrize("typed", ["\uff12\uff10\uff12\uff16", " 2026 ", "令和8年度"])
def test_one_period_however_it_is_typed_is_one_so_that_nobody_hears_twice(sending: Sending, typed: str):
    sending.office.visit().post(f"/audiences/new/{program_id(sending)}", {**TYPED, "period": typed})

    assert only_run(sending).period == "2026"


def test_runs_of_one_period_name_each_other_and_the_form_tells_what_was_used(sending: Sending):
    sending.register(sending.women_over_forty(12))
    visit = sending.office.visit()
    assert "これまでの配信" not in visit.get(f"/audiences/new/{program_id(sending)}").text
    first = sending.frozen(period="2026")
    second, another = sending.frozen(period="2026"), sending.frozen(period="2027")

    number = sending.run(first).number
    assert f"同じ期間(2026)の配信が、ほかにもあります: {number}。" in visit.get(f"/audiences/{second}").text
    assert "同じ期間" in visit.get(f"/audiences/{first}/watch").text
    assert "同じ期間" not in visit.get(f"/audiences/{another}").text
    assert "これまでの配信: 2027 · 2026" in visit.get(f"/audiences/new/{program_id(sending)}").text
    sending.act(service.cancel, first)
    assert "同じ期間" not in visit.get(f"/audiences/{second}").text


def test_a_program_without_a_wording_says_so_and_has_no_form(sending: Sending):
    with sending.city.unit() as work:
        for wording in work.session.scalars(select(NoticeVersion)):
            wording.state = NoticeState.DRAFT
    visit = sending.office.visit()

    assert "承認された文面がありません" in visit.get("/audiences/new").text
    shown = visit.get(f"/audiences/new/{program_id(sending)}")
    assert "承認された文面がありません" in shown.text
    assert "send_on" not in shown.text
    visit.post(f"/audiences/new/{program_id(sending)}", TYPED, status=422)


def test_a_clerk_of_another_department_sees_runs_and_can_do_nothing_with_them(sending: Sending):
    sending.register(sending.women_over_forty(3))
    run_id = sending.frozen()
    visit = sending.office.visit(sending.city.person(Role.CLERK))

    shown = visit.get(f"/audiences/{run_id}")

    assert "回議に付す" not in shown.text
    assert "取りやめる" not in shown.text
    version = {"version": sending.run(run_id).version}
    visit.post(f"/audiences/{run_id}/submit", version, status=403)
    visit.post(f"/audiences/{run_id}/cancel", version, status=403)
    visit.get(f"/audiences/new/{program_id(sending)}", status=403)
    assert "有効な制度はありません" in visit.get("/audiences/new").text


def test_a_run_sent_on_its_route_is_a_case_that_leads_back_to_it(sending: Sending):
    sending.register(sending.women_over_forty(12))
    run_id = sending.frozen()
    visit = sending.office.visit()

    case = visit.post(f"/audiences/{run_id}/submit", {"version": sending.run(run_id).version})

    assert f'href="/audiences/{run_id}"' in case.text
    assert f'href="{case.path}"' in visit.get(f"/audiences/{run_id}").text
    with sending.city.look() as work:
        assert work.session.scalars(select(Case).where(Case.subject_kind == "notice_run")).one().subject_id == run_id


def test_a_run_is_approved_only_by_whoever_ticks_what_they_have_checked(sending: Sending):
    sending.register(sending.women_over_forty(12))
    run_id = sending.frozen()
    case_id = sending.act(service.submit, run_id).id
    bureau = sending.office.bureau
    task = bureau.waiting(case_id)["head_review"]
    visit = sending.office.visit(bureau.head)
    own = f"a_{task.id}_"

    answer = visit.post(f"/tasks/{task.id}/decide", {"decision": "approve", f"{own}wording_read": "on"}, status=422)

    assert "抜き取りで対象者を確かめてから承認してください。" in answer.text
    assert "窓口の人手を確かめてから承認してください。" in answer.text
    assert "文面と問い合わせ先を確かめてから" not in answer.text
    assert sending.run(run_id).state == "submitted"
    visit.post(f"/tasks/{task.id}/decide", {"decision": "send_back", "reason": "窓口の人手が足りません"})


def test_a_head_who_began_a_run_does_not_decide_on_it_though_a_colleague_sent_it_on_its_route(sending: Sending):
    sending.register(sending.women_over_forty(12))
    head = sending.desk.head
    run_id = sending.begin(head)
    freeze(sending.city.office, run_id)

    sending.act(service.submit, run_id)

    with sending.city.look() as work:
        kept_from_it = set(work.session.scalars(select(TaskExclusion.staff_id).where(TaskExclusion.cause == "drafter")))
    assert kept_from_it == {head.id, sending.drafter.id}


def test_what_is_under_way_is_paused_resumed_and_cancelled_though_the_worker_wrote_on_it_meanwhile(sending: Sending):
    sending.register(sending.women_over_forty(3))
    run_id = sending.frozen()
    release(sending, run_id)
    visit = sending.office.visit()
    seen = {"version": sending.run(run_id).version}
    with sending.city.unit() as work:
        queries.lock_run(work.session, run_id).jobs_asked += 1

    assert "一時停止しました" in visit.post(f"/audiences/{run_id}/pause", seen).text
    assert sending.run(run_id).state == "paused"
    assert "再開しました" in visit.post(f"/audiences/{run_id}/resume", seen).text
    visit.post(f"/audiences/{run_id}/cancel", seen)

    assert sending.run(run_id).state == "cancelled"
    visit.post(f"/audiences/{run_id}/pause", seen, status=409)


def test_a_frozen_run_that_changed_meanwhile_is_not_cancelled_unseen(sending: Sending):
    run_id = sending.frozen()
    seen = {"version": sending.run(run_id).version - 1}

    sending.office.visit().post(f"/audiences/{run_id}/cancel", seen, status=409)

    assert sending.run(run_id).state == "frozen"


def test_the_list_is_found_by_name_number_and_state(sending: Sending):
    run_id = sending.frozen()
    number = sending.run(run_id).number
    visit = sending.office.visit()

    for query in ("", "?q=乳がん", f"?q={number}", "?state=frozen"):
        assert number in visit.get(f"/audiences{query}").text
    for query in ("?q=ない", "?state=done"):
        assert "当てはまる配信はありません" in visit.get(f"/audiences{query}").text


def test_the_watch_page_says_in_words_why_nothing_leaves(sending: Sending):
    sending.register(sending.women_over_forty(3))
    run_id = sending.frozen()
    release(sending, run_id)
    visit = sending.office.visit()
    assert "から送り始めます" in visit.get(f"/audiences/{run_id}/watch").text
    with sending.city.unit() as work:
        queries.lock_run(work.session, run_id).state = "sending"
        queries.lock_run(work.session, run_id).began_at = work.now

    assert "異動連携" in visit.get(f"/audiences/{run_id}/watch").text
    with sending.city.unit() as work:
        hear(work)

    assert "メールサーバーが設定されていない" in visit.get(f"/audiences/{run_id}/watch").text
    sending.act(service.pause, run_id)
    assert "一時停止しています" in visit.get(f"/audiences/{run_id}/watch").text


def test_the_watch_page_says_how_many_mails_came_back(sending: Sending):
    sending.register(sending.women_over_forty(12))
    run_id = sending.frozen()
    with sending.city.unit() as work:
        queries.lock_run(work.session, run_id).state = "done"
        move(work, run_id, RecipientState.WAITING, RecipientState.ACCEPTED, handed_at=work.now, settled_at=work.now)
        for recipient_id in work.session.scalars(select(Recipient.id)):
            work.record(MailCameBack(recipient_id, "permanent"))

    shown = sending.office.visit().get(f"/audiences/{run_id}/watch").text

    assert "うち戻ってきた" in shown
    assert "送らなかった理由" not in shown
