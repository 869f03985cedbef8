"""Why a rule decides on a resident is told to few, seldom, and it is kept who asked about whom and what for."""

from __future__ import annotations

import threading

import polars as pl
import pytest
from sqlalchemy import select, text

from backoffice.audit import AuditEvent
from backoffice.errors import Invalid, NotThere, TooSoon
from backoffice.identity import Role
from backoffice.programs import asking
from backoffice.programs.asking import ask_why
from backoffice.programs.events import InquiryMade
from backoffice.programs.forgetting import forget_questions
from backoffice.programs.models import Inquiry
from backoffice.residents import protecting
from tests.backoffice.programs.cities import take_in_residents
from tests.backoffice.programs.offices import Office
from tests.backoffice.programs.test_versions import in_force
from tests.workflows.residents import LOOKS_LIKE_ONE

WHY = "窓口で本人が尋ねた"


@pytest.fixture
def residents(office: Office) -> pl.DataFrame:
    return take_in_residents(office.city)


def somebody(residents: pl.DataFrame, number: int = 0) -> str:
    return residents.filter(~pl.col("protected")).row(number, named=True)["pseudonym"]


def ask(office: Office, version_id: int, pseudonym: str, person=None, reason: str = WHY):
    return ask_why(office.city.office, office.city.actor(person or office.drafter), version_id, pseudonym, reason)


def inquiries(office: Office) -> list[Inquiry]:
    with office.city.look() as work:
        return list(work.session.scalars(select(Inquiry).order_by(Inquiry.id)))


def test_who_asked_about_whom_and_why_is_kept_sealed_and_the_trail_holds_its_number_alone(office_on_both: Office):
    office = office_on_both
    whom = somebody(take_in_residents(office.city))
    version_id = in_force(office)

    ask(office, version_id, whom)

    [kept] = inquiries(office)
    with office.city.look() as work:
        rows = str(work.session.execute(text("SELECT * FROM program_inquiry")).all())
        event = work.session.scalars(select(AuditEvent).where(AuditEvent.kind == InquiryMade.kind)).one()
    cipher = office.city.office.cipher
    assert cipher.open(kept.sealed_pseudonym, asking.PSEUDONYM).decode() == whom
    assert cipher.open(kept.sealed_reason, asking.REASON).decode() == WHY
    assert (kept.staff_id, kept.version_id) == (office.drafter.id, version_id)
    assert event.data == {"inquiry_id": kept.id}
    assert not any(secret in rows for secret in (whom, whom.encode().hex(), WHY))


def test_the_same_pseudonym_has_another_mark_here_than_at_the_desk(office: Office):
    cipher = office.city.office.cipher

    assert asking.mark_of(cipher, "shizuka-0001") != protecting.mark_of(cipher, "shizuka-0001")


def test_a_person_asks_about_so_many_residents_a_day_and_the_next_day_again(office: Office, residents):
    version_id = in_force(office)
    for _ in range(asking.INQUIRIES_AT_A_PROGRAM):
        with pytest.raises(NotThere):
            ask(office, version_id, "unknown-to-all")

    with pytest.raises(TooSoon):
        ask(office, version_id, somebody(residents))
    assert ask(office, version_id, somebody(residents), office.colleague)
    office.city.clock.pass_(days=1)
    assert ask(office, version_id, somebody(residents))


def test_what_is_spent_for_one_program_is_not_spent_for_another_until_the_day_is(office: Office, residents):
    versions = [in_force(office) for _ in range(4)]
    for version_id in versions[:3]:
        for _ in range(asking.INQUIRIES_AT_A_PROGRAM):
            with pytest.raises(NotThere):
                ask(office, version_id, "unknown-to-all")

    with pytest.raises(TooSoon):
        ask(office, versions[3], somebody(residents))


def test_whoever_asks_many_times_at_once_gets_no_more(office_on_both: Office):
    office = office_on_both
    whom = somebody(take_in_residents(office.city))
    version_id = in_force(office)
    spare = 3
    for _ in range(asking.INQUIRIES_AT_A_PROGRAM - spare):
        ask(office, version_id, whom)
    answered: list[bool] = []

    def once() -> None:
        try:
            ask(office, version_id, whom)
        except TooSoon:
            answered.append(False)
        else:
            answered.append(True)

    threads = [threading.Thread(target=once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (answered.count(True), answered.count(False)) == (spare, 8 - spare)


def test_the_page_tells_how_many_are_left_and_says_so_when_none_is(office: Office, residents):
    version_id = in_force(office)
    client = office.visit()
    path = f"/programs/versions/{version_id}/why"
    assert "あと20回" in client.get(path).text

    for _ in range(asking.INQUIRIES_AT_A_PROGRAM):
        last = client.post(path, {"pseudonym": somebody(residents), "reason": WHY})

    assert "あと0回" in last.text
    refused = client.post(path, {"pseudonym": somebody(residents), "reason": WHY}, status=429)
    assert "回数を使い切りました" in refused.text


@pytest.mark.parametrize(
    ("pseudonym", "reason", "field"),
    [("海", WHY, "pseudonym"), (LOOKS_LIKE_ONE, WHY, "pseudonym"), ("shizuka-0001", " ", "reason")],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_costs_nothing(
    office: Office, residents, pseudonym, reason, field
):
    version_id = in_force(office)

    with pytest.raises(Invalid) as refused:
        ask(office, version_id, pseudonym, reason=reason)

    assert set(refused.value.fields) == {field}
    assert inquiries(office) == []


def test_an_auditor_reads_who_asked_and_why_and_not_about_whom(office: Office, residents):
    whom = somebody(residents)
    ask(office, in_force(office), whom)
    auditor = office.visit(office.city.person(Role.AUDITOR))

    page = auditor.get("/inquiries")

    assert (office.drafter.name in page.text, WHY in page.text, whom in page.text) == (True, True, False)
    auditor.post("/inquiries/find", {"sought": whom}, status=403)
    assert office.events()[-1] == "program_inquiries_seen"


def test_a_privacy_officer_finds_who_asked_about_a_resident(office: Office, residents):
    version_id = in_force(office)
    ask(office, version_id, somebody(residents), reason="一人目の問合せ")
    ask(office, version_id, somebody(residents, 1), reason="二人目の問合せ")
    officer = office.visit(office.bureau.privacy)
    assert all(each in officer.get("/inquiries").text for each in (somebody(residents), somebody(residents, 1)))

    found = officer.post("/inquiries/find", {"sought": somebody(residents)})

    assert ("一人目の問合せ" in found.text, "二人目の問合せ" in found.text) == (True, False)
    assert "照会はありません" in officer.post("/inquiries/find", {"sought": "nobody-at-all"}).text
    assert somebody(residents) not in found.path


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.DX_OFFICE, Role.ADMINISTRATOR])
def test_nobody_else_reads_the_record(office: Office, role):
    office.visit(office.city.person(role)).get("/inquiries", status=403)


def test_what_was_asked_is_forgotten_with_the_trail_of_its_year(office_on_both: Office):
    office = office_on_both
    whom = somebody(take_in_residents(office.city))
    version_id = in_force(office)
    ask(office, version_id, whom)
    office.city.clock.pass_(days=200)
    ask(office, version_id, whom)

    with office.city.unit() as work:
        forget_questions(work.session, 2026)

    assert [each.day.year for each in inquiries(office)] == [2027]
