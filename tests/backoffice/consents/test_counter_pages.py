"""The pages of the consent counter: a person is found by exact pseudonym, for a reason, and by nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.audit import AuditEvent
from backoffice.identity import Role
from tests.backoffice.consents.counter import WHO, WHY, consented, entered
from tests.backoffice.staff_client import StaffClient
from workflows.rules.vocabulary import ConsentClass

GIVEN = {"notice_version": "1", "language": "ja", "giver": "self", "evidence": "申込書 R8-102", "agreed": "yes"}


@pytest.fixture
def clerk(city):
    return city.person(Role.PRIVACY_OFFICER)


@pytest.fixture
def client(city, clerk):
    return StaffClient(city).sign_in(clerk)


def test_a_person_is_entered_and_consents_in_two_pages(city, client):
    page = client.post("/consents/enter", {"pseudonym": WHO, "language": "en", "reason": WHY, "card_seen": "yes"})
    assert "まだ何にも同意していません" in page.text

    notice = client.get(f"{page.path}/give/tax")
    assert "Local Tax Act" in notice.text, "the notice is shown in the language that the person chose"
    page = client.post(f"{page.path}/give/tax", {**GIVEN, "language": "en"})

    assert "有効" in page.text
    assert "令和10年11月24日" in page.text


def test_what_was_typed_comes_back_with_what_is_wrong(client):
    page = client.post("/consents/enter", {"pseudonym": "x", "language": "ja", "reason": WHY}, 422)

    assert WHY in page.text
    assert "英数字6文字以上" in page.text


def test_who_is_registered_is_not_found_out_by_entering_them_without_a_trace(city, clerk, client):
    entered(city, clerk)
    typed = {"pseudonym": WHO, "language": "ja"}
    known, unknown = (
        client.post("/consents/enter", {**typed, "pseudonym": who, "reason": " "}, 422).text
        for who in (WHO, "yuki-0001")
    )
    assert known.replace(WHO, "") == unknown.replace("yuki-0001", "")

    page = client.post("/consents/enter", {**typed, "reason": "窓口の受付 R8-32"})

    assert "もう登録されています" in page.text
    assert "窓口の受付 R8-32" in page.text, "the look stands on the person's page"
    with city.look() as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
    assert kinds[-1] == "registrant_seen"


def test_nobody_is_found_without_a_reason(city, clerk, client):
    entered(city, clerk)

    assert "理由を入れてください" in client.post("/consents/find", {"pseudonym": WHO, "reason": " "}, 422).text


@pytest.mark.parametrize("typed", ["ｈｉｋａｒｉ－０８１５", f"　{WHO}　", f"{WHO}\n"])
def test_a_pseudonym_may_be_typed_in_full_width(city, clerk, client, typed):
    entered(city, clerk)

    assert WHO in client.post("/consents/find", {"pseudonym": typed, "reason": WHY}).text


def test_who_is_not_registered_is_told_as_such(client):
    page = client.post("/consents/find", {"pseudonym": WHO, "reason": WHY}, 422)

    assert "登録されていません" in page.text


def test_the_page_of_a_person_can_be_loaded_again_but_not_by_a_colleague(city, clerk, client):
    entered(city, clerk)
    page = client.post("/consents/find", {"pseudonym": WHO, "reason": WHY})

    assert WHO in client.get(page.path).text
    StaffClient(city).sign_in(city.person(Role.PRIVACY_OFFICER)).get(page.path, 404)


def test_who_opened_the_page_and_why_stands_on_it(city, clerk, client):
    entered(city, clerk)

    assert WHY in client.get(f"/consents/looks/{entered(city, clerk, 'kaze-4711')}").text


def test_a_consent_without_the_mark_of_having_read_is_not_taken(city, clerk, client):
    look = entered(city, clerk)
    page = client.post(f"/consents/looks/{look}/give/core", {**GIVEN, "agreed": ""}, 422)

    assert "しるしを付けてください" in page.text
    assert page.field("evidence") == GIVEN["evidence"]


@pytest.mark.parametrize("kind", ["", "everything", "core%00"])
def test_there_is_no_consent_to_what_has_no_notice(city, clerk, client, kind):
    client.get(f"/consents/looks/{entered(city, clerk)}/give/{kind}", 404)


def test_a_form_that_is_sent_again_does_not_open_what_was_withdrawn_since(city, clerk, client):
    look = entered(city, clerk)
    client.post(f"/consents/looks/{look}/give/core", GIVEN)
    client.post(f"/consents/looks/{look}/consents/1/withdraw")

    page = client.post(f"/consents/looks/{look}/give/core", GIVEN, 409)

    assert "そのあと変わっています" in page.text
    assert "有効" not in client.get(f"/consents/looks/{look}").text


def test_whose_card_was_not_seen_is_proven_later(city, clerk, client):
    look = entered(city, clerk, card_seen=False)
    assert "自己申告" in client.get(f"/consents/looks/{look}").text

    page = client.post(f"/consents/looks/{look}/card")

    assert "カードで確認済" in page.text
    assert "/card" not in page.text


def test_a_withdrawal_clicked_twice_is_told_as_overtaken(city, clerk, client):
    look = entered(city, clerk)
    address = f"/consents/looks/{look}/consents/{consented(city, clerk, look, ConsentClass.TAX)}/withdraw"

    assert "取消" in client.post(address).text
    assert "もう終わっています" in client.post(address, status=409).text


@pytest.mark.parametrize(
    "role", [Role.CLERK, Role.HEAD, Role.AUDITOR, Role.ADMINISTRATOR, Role.DX_OFFICE, Role.BOT_OPERATOR]
)
def test_other_offices_do_not_stand_at_the_counter(city, role):
    StaffClient(city).sign_in(city.person(role)).get("/consents", 403)
