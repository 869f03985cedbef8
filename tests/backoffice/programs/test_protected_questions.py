"""Whether a program is right for a protected resident: one officer asks, another agrees, only then the first reads."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from sqlalchemy import func, select, text

from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Role
from backoffice.programs import asking, protected_asking, protected_queries
from backoffice.programs.forgetting import forget_questions
from backoffice.programs.models import ProgramVersion, ProtectedQuestion
from backoffice.programs.protected_workflow import OPEN_FOR
from backoffice.residents import protecting
from backoffice.services import TOKYO
from tests.backoffice.programs.cities import take_in_residents
from tests.backoffice.programs.offices import Office
from tests.backoffice.programs.test_versions import in_force
from workflows.rules import LeafState, Verdict

WHY = "相談 R8-31"


def with_one_apart(drawn: pl.DataFrame) -> pl.DataFrame:
    """The drawn city in which one woman past forty, who consents to everything, is under 支援措置, and nobody else."""
    woman = drawn.filter(
        (pl.col("sex") == "female") & (pl.col("consents") & 1 == 1) & (pl.col("birth_date") < pl.date(1980, 1, 1))
    )["pseudonym"][0]
    return drawn.with_columns((pl.col("pseudonym") == woman).alias("protected"))


@pytest.fixture
def residents(office: Office) -> pl.DataFrame:
    return take_in_residents(office.city, change=with_one_apart)


@pytest.fixture
def second(office: Office):
    return office.city.person(Role.PRIVACY_OFFICER, account="kojin2")


def apart(residents: pl.DataFrame) -> str:
    return residents.filter(pl.col("protected"))["pseudonym"][0]


def another(residents: pl.DataFrame) -> str:
    """Somebody whom machines do handle."""
    return residents.filter(~pl.col("household").is_in(residents.filter(pl.col("protected"))["household"].implode()))[
        "pseudonym"
    ][0]


def ask(office: Office, version_id: int, pseudonym: str, person=None) -> int:
    program_id = office.version(version_id).program_id
    with office.city.unit(office.city.actor(person or office.bureau.privacy)) as work:
        return protected_asking.ask(work, program_id, pseudonym, WHY).id


def act(office: Office, person, what, question_id: int, *words: str) -> None:
    with office.city.unit(office.city.actor(person)) as work:
        what(work, protected_queries.find_question(work.session, question_id), *words)


def read(office: Office, question_id: int, person=None):
    return protected_asking.open_answer(
        office.city.office, office.city.actor(person or office.bureau.privacy), question_id
    ).answer


def agreed(office: Office, version_id: int, pseudonym: str, second) -> int:
    question_id = ask(office, version_id, pseudonym)
    act(office, second, protected_asking.agree, question_id)
    return question_id


def desk_events(office: Office) -> list[str]:
    return [kind for kind in office.events() if kind.startswith("protected_")]


def test_the_asker_reads_the_answer_after_a_second_officer_agreed(office_on_both: Office):
    office = office_on_both
    residents = take_in_residents(office.city, change=with_one_apart)
    second = office.city.person(Role.PRIVACY_OFFICER, account="kojin2")
    version_id = in_force(office)
    question_id = ask(office, version_id, apart(residents))
    with pytest.raises(NotPermitted, match="同意するまで"):
        read(office, question_id)
    act(office, second, protected_asking.agree, question_id)

    answer = read(office, question_id)

    assert answer.verdict is Verdict.ELIGIBLE
    assert {line.state for line in answer.lines} == {LeafState.TRUE}
    assert answer.to_resident == ["性別が女性", "年度末年齢が40歳以上"]
    assert desk_events(office) == ["protected_question_asked", "protected_question_agreed", "protected_answer_seen"]


def test_whoever_asks_does_not_agree_or_decline(office: Office, residents):
    question_id = ask(office, in_force(office), apart(residents))

    for what, words in ((protected_asking.agree, ()), (protected_asking.decline, ("不要",))):
        with pytest.raises(NotPermitted, match="本人は決められません"):
            act(office, office.bureau.privacy, what, question_id, *words)


def test_whoever_agrees_does_not_read(office: Office, residents, second):
    question_id = agreed(office, in_force(office), apart(residents), second)

    with pytest.raises(NotPermitted, match="申し出た本人だけ"):
        read(office, question_id, second)


def test_what_was_declined_is_not_read_and_needs_a_reason(office: Office, residents, second):
    question_id = ask(office, in_force(office), apart(residents))
    with pytest.raises(Invalid):
        act(office, second, protected_asking.decline, question_id, " ")
    act(office, second, protected_asking.decline, question_id, "窓口で確かめられます")

    with pytest.raises(Overtaken):
        read(office, question_id)
    with pytest.raises(Overtaken):
        act(office, second, protected_asking.agree, question_id)


def test_the_asker_takes_a_question_back_at_any_time_and_nobody_else_does(office: Office, residents, second):
    version_id = in_force(office)
    waiting = ask(office, version_id, apart(residents))
    with pytest.raises(NotPermitted):
        act(office, second, protected_asking.withdraw, waiting)
    act(office, office.bureau.privacy, protected_asking.withdraw, waiting)
    with pytest.raises(Overtaken):
        act(office, second, protected_asking.agree, waiting)
    later = agreed(office, version_id, apart(residents), second)
    act(office, office.bureau.privacy, protected_asking.withdraw, later)

    for question_id in (waiting, later):
        with pytest.raises(Overtaken):
            read(office, question_id)
    with pytest.raises(Overtaken):
        act(office, office.bureau.privacy, protected_asking.withdraw, later)


def test_two_officers_who_decide_at_once_do_not_both_decide(office_on_both: Office):
    office = office_on_both
    residents = take_in_residents(office.city, change=with_one_apart)
    second, third = (office.city.person(Role.PRIVACY_OFFICER) for _ in range(2))
    question_id = ask(office, in_force(office), apart(residents))
    with office.city.look(office.city.actor(third)) as work:
        seen_before = protected_queries.find_question(work.session, question_id)
    act(office, second, protected_asking.agree, question_id)

    with pytest.raises(Overtaken), office.city.unit(office.city.actor(third)) as work:
        protected_asking.decline(work, work.session.merge(seen_before, load=False), "不要")


def test_the_answer_is_open_until_the_end_of_the_seventh_day_after_the_agreement(office: Office, residents, second):
    version_id = in_force(office)
    question_id = agreed(office, version_id, apart(residents), second)
    office.city.clock.pass_(days=OPEN_FOR.days, hours=11)
    assert read(office, question_id)

    office.city.clock.pass_(hours=2)

    with pytest.raises(NotPermitted, match="期限"):
        read(office, question_id)
    assert ask(office, version_id, apart(residents)) != question_id


def test_every_look_is_recorded_and_the_first_is_noted(office: Office, residents, second):
    question_id = agreed(office, in_force(office), apart(residents), second)
    read(office, question_id)
    with office.city.look() as work:
        first = protected_queries.find_question(work.session, question_id).first_seen_at
    office.city.clock.pass_(hours=3)
    read(office, question_id)

    with office.city.look() as work:
        assert protected_queries.find_question(work.session, question_id).first_seen_at == first
    assert desk_events(office).count("protected_answer_seen") == 2


def test_whoever_was_put_under_protection_after_the_snapshot_is_asked_about_too(office: Office, residents, second):
    version_id = in_force(office)
    whom = another(residents)
    with office.city.unit(office.city.actor(office.bureau.privacy)) as work:
        protecting.add(work, whom, "申出 R8-12")

    assert read(office, agreed(office, version_id, whom, second)).lines


def test_whoever_machines_handle_is_not_answered_for_here(office: Office, residents, second):
    version_id = in_force(office)

    for pseudonym in (another(residents), "nobody-at-all"):
        with pytest.raises(NotThere, match="支援措置の部分にいません"):
            read(office, agreed(office, version_id, pseudonym, second))


def test_the_same_verdict_comes_out_as_by_machine(office: Office, second):
    residents = take_in_residents(office.city)
    version_id = in_force(office)
    whom = residents.filter((pl.col("household_size") == 1) & ~pl.col("protected"))["pseudonym"].to_list()[:20]
    by_machine = {
        each: asking.ask_why(office.city.office, office.city.actor(office.drafter), version_id, each, WHY)
        for each in whom
    }
    with office.city.unit(office.city.actor(office.bureau.privacy)) as work:
        for each in whom:
            protecting.add(work, each, "申出 R8-12")

    by_hand = {each: read(office, agreed(office, version_id, each, second)) for each in whom}

    assert by_hand == by_machine
    assert len({answer.verdict for answer in by_hand.values()}) > 1


def test_a_program_that_is_not_in_force_is_neither_asked_about_nor_answered(office: Office, residents, second):
    draft_id = office.begin()
    with pytest.raises(Invalid) as refused:
        ask(office, draft_id, apart(residents))
    assert set(refused.value.fields) == {"program_id"}
    version_id = in_force(office)
    question_id = agreed(office, version_id, apart(residents), second)
    with office.city.unit() as work:
        work.session.get(ProgramVersion, version_id).effective_from += timedelta(days=30)

    with pytest.raises(Invalid, match="今日有効な版がありません"):
        read(office, question_id)
    assert "protected_answer_seen" not in desk_events(office)


def test_without_residents_that_is_said(office: Office, second):
    question_id = agreed(office, in_force(office), "shizuka-0001", second)

    with pytest.raises(Invalid, match="まだ取り込まれていない"):
        read(office, question_id)


def test_a_rule_that_cannot_be_asked_is_told(office: Office, residents, second):
    version_id = in_force(office)
    question_id = agreed(office, version_id, apart(residents), second)
    rule = {"compare": {"fact": "household_income", "op": "at_most", "parameter": "never-entered"}}
    with office.city.unit() as work:
        work.session.get(ProgramVersion, version_id).rule = {"schema": 1, "rule": rule}

    with pytest.raises(Invalid, match="ルールに直す点"):
        read(office, question_id)


def test_the_same_is_not_asked_twice_while_the_first_is_open(office: Office, residents, second):
    version_id = in_force(office)
    ask(office, version_id, apart(residents))

    with pytest.raises(Invalid, match="入力を確認"):
        ask(office, version_id, apart(residents))
    assert ask(office, version_id, apart(residents), second)


def test_the_database_holds_neither_whom_nor_why_in_the_clear(office_on_both: Office):
    office = office_on_both
    ask(office, in_force(office), "shizuka-0001")

    with office.city.look() as work:
        rows = str(work.session.execute(text("SELECT * FROM protected_question")).all())

    assert not any(secret in rows for secret in ("shizuka-0001", b"shizuka-0001".hex(), WHY))


def test_two_officers_walk_through_the_pages(office: Office, residents, second):
    program_id = office.version(in_force(office)).program_id
    asker, other = office.visit(office.bureau.privacy), office.visit(second)
    path = "/protected/questions"
    assert "申し出はまだありません" in asker.get(path).text
    typed = {"program_id": str(program_id), "pseudonym": apart(residents), "reason": WHY}
    made = asker.post(path, typed)
    assert ("/answer" in made.text, "/agree" in made.text, "/withdraw" in made.text) == (False, False, True)
    assert asker.post(path, typed, status=422).seen
    with office.city.look() as work:
        question_id = protected_queries.list_questions(work.session, 0)[0].id
    one = f"{path}/{question_id}"
    asker.post(f"{one}/answer", status=403)
    shown = other.get(path).text
    assert (WHY in shown, "/agree" in shown, "/answer" in shown) == (True, True, False)
    assert "declining" in other.post(f"{one}/decline", {"declining_reason": ""}, status=422).text
    other.post(f"{one}/agree")
    other.post(f"{one}/agree", status=409)

    answer = asker.post(f"{one}/answer")

    assert ("該当" in answer.text, "性別が女性" in answer.text, apart(residents) in answer.text) == (True, True, True)
    assert "見た" in asker.get(path).text
    other.post(f"{one}/answer", status=403)
    asker.post(f"{one}/withdraw")
    asker.post(f"{one}/answer", status=409)


def test_a_page_that_has_no_answer_says_why(office: Office, residents, second):
    question_id = agreed(office, in_force(office), another(residents), second)

    page = office.visit(office.bureau.privacy).post(f"/protected/questions/{question_id}/answer", status=404)

    assert "支援措置の部分にいません" in page.text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"pseudonym": "海"}, "pseudonym"), ({"reason": " "}, "reason"), ({"program_id": "x"}, "program_id")],
)
def test_what_cannot_be_taken_is_said_at_its_field(office: Office, residents, wrong, field):
    program_id = office.version(in_force(office)).program_id
    typed = {"program_id": str(program_id), "pseudonym": apart(residents), "reason": WHY, **wrong}

    page = office.visit(office.bureau.privacy).post("/protected/questions", typed, status=422)

    assert f'id="{field}-error"' in page.text
    with office.city.look() as work:
        assert work.session.scalar(select(func.count()).select_from(ProtectedQuestion)) == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PRIVACY_OFFICER])
def test_only_privacy_officers_come_here(office: Office, role):
    client = office.visit(office.city.person(role))

    client.get("/protected/questions", status=403)
    client.post("/protected/questions/1/answer", status=403)


def test_nothing_else_in_the_house_shows_that_somebody_was_asked_about(office: Office, residents, second):
    whom = apart(residents)
    version_id = in_force(office)
    everybody_else = office.city.person(*[role for role in Role if role is not Role.PRIVACY_OFFICER])
    client = office.visit(everybody_else)
    paths = ["/snapshots", "/", "/cases", f"/programs/versions/{version_id}", "/inquiries", "/api/public/programs"]
    before = {path: client.http.get(path).text for path in paths}
    read(office, agreed(office, version_id, whom, second))

    after = {path: client.http.get(path).text for path in paths}

    assert after == before
    assert whom not in client.get("/audit").text
    with pytest.raises(NotThere):
        asking.ask_why(office.city.office, office.city.actor(office.drafter), version_id, whom, WHY)


@pytest.mark.parametrize(("agreed_on", "kept"), [((2027, 3, 24), 0), ((2027, 3, 25), 1), ((2027, 4, 2), 1)])
def test_a_question_whose_answer_may_be_opened_next_year_stays_as_long_as_that_years_trail(
    office: Office, residents, second, agreed_on, kept
):
    office.city.clock.moment = datetime(2027, 3, 20, 10, tzinfo=TOKYO)
    question_id = ask(office, in_force(office), apart(residents))
    office.city.clock.moment = datetime(*agreed_on, 10, tzinfo=TOKYO)
    act(office, second, protected_asking.agree, question_id)

    with office.city.unit() as work:
        forget_questions(work.session, 2026)

    with office.city.look() as work:
        assert work.session.scalar(select(func.count(ProtectedQuestion.id))) == kept
