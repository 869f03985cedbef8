"""Actual grants come back: who took it up, who was missed and by which clause, in counts that tell of nobody."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audiences.queries import lock_run
from backoffice.audiences.workflow import RunState
from backoffice.audit import AuditEvent
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Role
from backoffice.programs.models import Program
from backoffice.programs.queries import find_version
from backoffice.take_up import forgetting, queries, taking_in
from backoffice.take_up.counting import count_list, count_run
from backoffice.take_up.models import GrantedList, TakeUp
from tests.backoffice.audiences.post import OnceOnly
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.programs.offices import Office
from tests.backoffice.staff_client import StaffClient

HEAD = "制度番号,仮名,支給決定日"
MEN = 30
"""Granted the program although its rule says no to men."""


def listed(sending: Sending, names: list[str], on: str = "2026-12-03") -> bytes:
    number = number_of(sending)
    return "\n".join([HEAD, *(f"{number},{name},{on}" for name in names)]).encode("cp932")


def number_of(sending: Sending) -> str:
    with sending.city.look() as work:
        return work.session.get_one(Program, sending.desk.program_id).number


def sent(sending: Sending, names: list[str]) -> int:
    """Tell people, as if every server had taken its message."""
    sending.register(names)
    run_id = sending.frozen()
    with sending.city.unit() as work:
        run = lock_run(work.session, run_id)
        run.state, run.released_at, run.began_at = RunState.DONE, work.now, work.now
        for row in work.session.scalars(select(Recipient).where(Recipient.run_id == run_id)):
            row.state = "accepted"
    return run_id


def bring(sending: Sending, content: bytes, person=None) -> list[GrantedList]:
    office = sending.city.office
    sealed = taking_in.seal(office, taking_in.read(office, content))
    with sending.city.unit(sending.city.actor(person or sending.drafter)) as work:
        return list(taking_in.take_in(work, sealed))


def counted(sending: Sending, run_id: int) -> dict[str, object]:
    assert count_run(sending.city.office, run_id) == ""
    with sending.city.look() as work:
        return work.session.scalars(select(TakeUp).where(TakeUp.run_id == run_id)).one().counts


def told_run(sending: Sending) -> int:
    with sending.city.look() as work:
        return work.session.scalars(select(NoticeRun.id)).one()


def later_page(sending: Sending):
    return StaffClient(sending.city).sign_in(sending.drafter).get(f"/take-up/{told_run(sending)}")


def men(sending: Sending, count: int) -> list[str]:
    found = sending.residents.filter(sending.residents["sex"] == "male")
    return list(found["pseudonym"][:count])


@pytest.fixture
def sending(office: Office) -> Sending:
    sending = found_sending(office, 1200)
    sending.city.clock.moment = sending.city.clock.moment.replace(year=2026, month=12, day=1)
    return sending


@pytest.fixture
def later(sending: Sending) -> Sending:
    """Three weeks after a run told 60 women."""
    sent(sending, sending.women_over_forty(60))
    sending.city.clock.pass_(days=20)
    return sending


def test_those_told_who_were_granted_took_it_up(office_on_both: Office):
    sending = found_sending(office_on_both, 1200)
    women = sending.women_over_forty(60)
    run_id = sent(sending, women)
    sending.city.clock.pass_(days=20)
    bring(sending, listed(sending, women[:40]))

    counts = counted(sending, run_id)

    assert (counts["told"], counts["took_up"], counts["in_vain"]) == (60, 40, 20)
    assert (counts["precision"], counts["granted"]) == (67, 40)
    assert counts["groups"]["channel"] == {"mail": {"took_up": 40, "not": 20}}


def test_whoever_was_missed_is_counted_by_why_and_by_the_clause_that_said_no(later: Sending):
    registered = men(later, MEN)
    later.register(registered)
    unregistered = later.women_over_forty(100)[80:]
    bring(later, listed(later, [*later.women_over_forty(20), *registered, *unregistered]))

    counts = counted(later, told_run(later))

    assert (counts["granted"], counts["untold"], counts["recall"]) == (70, 50, 29)
    assert counts["missed"]["rule"] == MEN
    assert counts["missed"]["not_registered"] is None, "told, it would give away that of the others there is nobody"
    assert [people for words, people in counts["clauses"].items() if "性別" in words] == [MEN]


def test_fewer_than_ten_are_never_told(later: Sending):
    bring(later, listed(later, [*later.women_over_forty(40), *men(later, 3)]))

    counts = counted(later, told_run(later))

    assert counts["untold"] is None
    assert set(counts["missed"].values()) == {None}
    assert counts["recall"] is None


def test_a_list_with_one_more_person_tells_nothing_of_that_person(later: Sending):
    women = later.women_over_forty(60)
    bring(later, listed(later, women[:34]))
    before = counted(later, told_run(later))

    bring(later, listed(later, women[:36]))

    assert counted(later, told_run(later)) == before
    bring(later, listed(later, [*women[:50], *men(later, 20)]))
    assert counted(later, told_run(later))["took_up"] == 50


def test_a_first_list_of_people_whom_somebody_knows_tells_nothing_of_them(later: Sending):
    women = later.women_over_forty(60)
    bring(later, listed(later, women[:20]))

    assert count_run(later.city.office, told_run(later)) == "TooFew"

    assert "30人に満たない" in later_page(later).text
    bring(later, listed(later, women[:29], on="2026-12-04"))
    assert count_run(later.city.office, told_run(later)) == "TooFew"
    bring(later, listed(later, women[:40], on="2026-12-05"))
    assert counted(later, told_run(later))["took_up"] == 40


def test_nor_does_a_later_list_of_ten_of_them(later: Sending):
    women = later.women_over_forty(60)
    bring(later, listed(later, women[:34]))
    before = counted(later, told_run(later))

    bring(later, listed(later, women[:46]))

    assert counted(later, told_run(later)) == before


def test_a_grant_from_before_the_notice_is_not_taken_up_upon_it(later: Sending):
    bring(later, listed(later, later.women_over_forty(40), on="2026-11-02"))

    assert count_run(later.city.office, told_run(later)) == "TooFew"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (f"{HEAD}\nX,hikari-0815,2026-11-03", "登録されていない制度番号"),
        ("仮名,支給決定日\nhikari-0815,2026-12-03", "3つか"),
        (f"{HEAD}\nX,あ,2026-12-03", "仮名の形"),
        (f"{HEAD}\nX,hikari-0815,2099-12-03", "先の日"),
        (f"{HEAD}\n,hikari-0815,2026-12-03", "制度番号がありません"),
    ],
)
def test_a_list_is_taken_whole_or_not_at_all(sending: Sending, content: str, why: str):
    with pytest.raises(Invalid) as refused:
        bring(sending, content.encode())

    assert why in refused.value.message
    with sending.city.look() as work:
        assert queries.lists_of(work.session, sending.desk.program_id) == []


def test_only_the_programs_department_brings_its_grants(sending: Sending):
    with pytest.raises(NotPermitted):
        bring(sending, listed(sending, men(sending, 1), on="2026-11-30"), sending.city.person(Role.CLERK))


def test_the_same_list_is_taken_once(later: Sending):
    assert len(bring(later, listed(later, men(later, 12)))) == 1
    assert bring(later, listed(later, men(later, 12))) == []


def decided(sending: Sending, granted: list[str], refused: list[str]) -> bytes:
    number = number_of(sending)
    rows = [f"{number},{name},2026-12-03,支給" for name in granted]
    rows += [f"{number},{name},2026-12-04,不支給" for name in refused]
    return "\n".join([f"{HEAD},決定", *rows]).encode()


def test_who_applied_and_was_refused_is_a_part_of_those_told_in_vain(office_on_both: Office):
    sending = found_sending(office_on_both, 1200)
    women = sending.women_over_forty(130)
    run_id = sent(sending, women)
    sending.city.clock.pass_(days=20)
    bring(sending, decided(sending, women[:50], women[50:90]))

    counts = counted(sending, run_id)

    assert (counts["took_up"], counts["in_vain"], counts["refused"]) == (50, 80, 40)
    shown = StaffClient(sending.city).sign_in(sending.drafter).get(f"/take-up/{run_id}").text
    assert "申請して支給されなかった人: 約40人" in shown


def test_of_few_who_were_refused_nothing_is_told(later: Sending):
    women = later.women_over_forty(60)
    bring(later, decided(later, women[:30], women[30:50]))

    assert counted(later, told_run(later))["refused"] is None


def test_who_was_refused_first_and_granted_later_took_it_up(later: Sending):
    women = later.women_over_forty(60)
    bring(later, decided(later, women[:40], women[:40]))

    assert counted(later, told_run(later))["took_up"] == 40


def test_a_decision_is_one_of_two_words(later: Sending):
    wrong = f"{HEAD},決定\n{number_of(later)},hikari-0815,2026-12-03,保留".encode()

    with pytest.raises(Invalid, match="「支給」か「不支給」"):
        bring(later, wrong)


def test_a_program_is_told_by_fiscal_year_on_the_page_and_as_a_file(sending: Sending):
    women = sending.women_over_forty(120)
    first = sent(sending, women[:60])
    sending.city.clock.pass_(days=20)
    bring(sending, listed(sending, women[:40]))
    counted(sending, first)
    with sending.city.unit() as work:
        year_before = work.session.get_one(NoticeRun, first)
        year_before.began_at = year_before.began_at.replace(year=2026, month=3, day=31)
    client = StaffClient(sending.city).sign_in(sending.drafter)

    page = client.get(f"/programs/{sending.desk.program_id}/take-up").text
    file = client.get(f"/programs/{sending.desk.program_id}/take-up.csv")

    assert "2025年度" in page
    lines = file.response.content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith(f"2025,{number_of(sending)},1,1,60,40,,67")


def test_the_file_is_for_whoever_may_see_the_page(later: Sending):
    client = StaffClient(later.city).sign_in(later.city.person(Role.CLERK))

    client.get(f"/programs/{later.desk.program_id}/take-up.csv", 403)


def test_a_list_is_destroyed_when_no_run_is_counted_by_it_any_more(office_on_both: Office):
    sending = found_sending(office_on_both, 1200)
    women = sending.women_over_forty(60)
    run_id = sent(sending, women)
    sending.city.clock.pass_(days=20)
    bring(sending, listed(sending, women[:40], on="2026-12-03"))
    before = counted(sending, run_id)
    sending.city.clock.pass_(days=180 + 90 - 25)
    kept_meanwhile = forgetting.forget_old(sending.city.office)
    sending.city.clock.pass_(days=60)

    assert (kept_meanwhile, forgetting.forget_old(sending.city.office)) == (0, 1)
    assert forgetting.forget_old(sending.city.office) == 0
    with sending.city.look() as work:
        (kept,) = queries.lists_of(work.session, sending.desk.program_id)
    assert kept.file.erased_at is not None
    count_list(sending.city.office, kept.id, OnceOnly())
    with sending.city.look() as work:
        assert queries.take_up_of(work.session, run_id).counts == before


def test_nobodys_name_is_in_a_row(later: Sending):
    (kept,) = bring(later, listed(later, men(later, 12)))

    assert (kept.people, kept.first_day) == (12, date(2026, 12, 3))
    with later.city.look() as work:
        (row,) = queries.lists_of(work.session, later.desk.program_id)
        blob = (later.city.office.settings.blobs_path / row.file.name).read_bytes()
    assert men(later, 1)[0].encode() not in blob


def test_the_page_tells_the_owner_which_condition_to_reconsider_and_notes_the_look(later: Sending):
    registered = men(later, MEN)
    later.register(registered)
    bring(later, listed(later, [*later.women_over_forty(40), *registered]))
    counted(later, told_run(later))
    client = StaffClient(later.city).sign_in(later.drafter)

    program = client.get(f"/programs/{later.desk.program_id}/take-up")
    page = client.get(f"/take-up/{told_run(later)}")

    assert "約40人" in program.text
    assert "で外れた人が 約30人、支給を受けています" in page.text
    assert "40歳〜64歳" in page.text
    with later.city.look() as work:
        seen = work.session.scalars(select(AuditEvent.kind).where(AuditEvent.kind.like("take_up%seen"))).all()
    assert sorted(seen) == ["take_up_seen", "take_ups_seen"]


def test_another_department_does_not_see_it(later: Sending):
    client = StaffClient(later.city).sign_in(later.city.person(Role.CLERK))

    client.get(f"/take-up/{told_run(later)}", 403)


def test_a_list_that_is_uploaded_is_counted_by_a_job(later: Sending):
    later.register(men(later, 40))
    client = StaffClient(later.city).sign_in(later.drafter)
    path = f"/programs/{later.desk.program_id}/take-up"

    page = client.post(path, files={"file": ("grants.csv", listed(later, men(later, 40)), "text/csv")})

    assert "取り込みました" in page.text
    with later.city.look() as work:
        (kept,) = queries.lists_of(work.session, later.desk.program_id)
    count_list(later.city.office, kept.id, OnceOnly())
    assert "見直すことをすすめます" in later_page(later).text


def test_a_list_of_another_program_brought_here_is_not_passed_over_in_silence(later: Sending):
    with later.city.look() as work:
        other = find_version(work.session, later.office.begin()).program.number
    grants = listed(later, men(later, 1)).replace(number_of(later).encode("cp932"), other.encode("cp932"))
    client = StaffClient(later.city).sign_in(later.drafter)

    page = client.post(f"/programs/{later.desk.program_id}/take-up", files={"file": ("g.csv", grants, "text/csv")})

    assert "この制度のものはありませんでした" in page.text
    assert other in page.text


def test_a_list_that_is_wrong_is_told_by_its_row(later: Sending):
    client = StaffClient(later.city).sign_in(later.drafter)
    wrong = f"{HEAD}\n{number_of(later)},hikari-0815,いつか".encode()

    page = client.post(
        f"/programs/{later.desk.program_id}/take-up", files={"file": ("g.csv", wrong, "text/csv")}, status=422
    )

    assert "見出しの下1行目の支給決定日" in page.text
