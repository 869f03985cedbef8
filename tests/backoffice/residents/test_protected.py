"""The 支援措置 desk: one adds at once, two lift, and nothing else in the house tells who stands there."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from backoffice.audit import AuditEvent
from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Role
from backoffice.residents import protecting, queries
from tests.backoffice.staff_client import StaffClient
from tests.workflows.residents import LOOKS_LIKE_ONE

WHO = "shizukana-umi"
WHY = "申出 R8-12"


@pytest.fixture
def officer(city):
    return city.person(Role.PRIVACY_OFFICER)


@pytest.fixture
def another(city):
    return city.person(Role.PRIVACY_OFFICER)


def added(city, person) -> int:
    with city.unit(city.actor(person)) as work:
        return protecting.add(work, WHO, WHY).id


def act(city, person, what, protection_id: int, *words: str) -> None:
    with city.unit(city.actor(person)) as work:
        what(work, queries.find_protection(work.session, protection_id), *words)


def protected(city) -> frozenset[str]:
    with city.look() as work:
        return protecting.protected_now(city.office, work.session).pseudonyms


def kinds(city) -> list[str]:
    with city.look() as work:
        found = work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id))
        return [kind for kind in found if kind.startswith("protect")]


def test_one_person_puts_a_resident_under_protection_at_once(city_on_both):
    city = city_on_both
    added(city, city.person(Role.PRIVACY_OFFICER))

    assert protected(city) == {WHO}
    assert kinds(city) == ["protection_added"]


def test_it_takes_a_second_person_to_lift(city, officer, another):
    number = added(city, officer)
    act(city, officer, protecting.propose_lifting, number, "申出の取下げ")
    assert protected(city) == {WHO}

    with pytest.raises(NotPermitted):
        act(city, officer, protecting.lift, number)
    act(city, another, protecting.lift, number)

    assert protected(city) == frozenset()
    assert kinds(city) == ["protection_added", "protection_lifting_proposed", "protection_lifted"]


def test_nothing_is_lifted_that_nobody_proposed(city, officer, another):
    number = added(city, officer)

    with pytest.raises(Overtaken):
        act(city, another, protecting.lift, number)
    act(city, officer, protecting.propose_lifting, number, "期間の満了")
    act(city, another, protecting.withdraw_proposal, number)
    with pytest.raises(Overtaken):
        act(city, another, protecting.lift, number)

    assert protected(city) == {WHO}


def test_a_lifting_is_proposed_once_and_with_a_reason(city, officer, another):
    number = added(city, officer)
    with pytest.raises(Invalid):
        act(city, officer, protecting.propose_lifting, number, " ")
    act(city, officer, protecting.propose_lifting, number, "期間の満了")

    with pytest.raises(Overtaken):
        act(city, another, protecting.propose_lifting, number, "期間の満了")


def test_what_was_lifted_is_no_longer_at_the_desk_and_may_come_again(city, officer, another):
    number = added(city, officer)
    act(city, officer, protecting.propose_lifting, number, "期間の満了")
    act(city, another, protecting.lift, number)

    with pytest.raises(NotThere):
        act(city, another, protecting.withdraw_proposal, number)
    again = added(city, another)

    assert again != number
    assert protected(city) == {WHO}


@pytest.mark.parametrize(
    ("pseudonym", "reason", "field"),
    [("", WHY, "pseudonym"), ("海", WHY, "pseudonym"), (LOOKS_LIKE_ONE, WHY, "pseudonym"), (WHO, "", "reason")],
)
def test_what_is_missing_or_forbidden_is_named(city, officer, pseudonym, reason, field):
    with pytest.raises(Invalid) as caught, city.unit(city.actor(officer)) as work:
        protecting.add(work, pseudonym, reason)

    assert set(caught.value.fields) == {field}


def test_the_database_holds_neither_who_nor_why_in_the_clear(city_on_both):
    added(city_on_both, city_on_both.person(Role.PRIVACY_OFFICER))

    with city_on_both.look() as work:
        rows = str(work.session.execute(text("SELECT * FROM protected_resident")).all())

    assert WHO not in rows
    assert WHO.encode().hex() not in rows
    assert WHY not in rows


def test_the_desk_shows_adds_finds_and_lifts(city, officer, another):
    client = StaffClient(city).sign_in(officer)
    added_page = client.post("/protected", {"pseudonym": WHO, "reason": WHY})
    assert WHO in added_page.text
    with city.look() as work:
        number = queries.list_protections(work.session, 0)[0].id
    assert WHO in client.post("/protected/find", {"sought": WHO}).text
    assert WHO not in client.post("/protected/find", {"sought": "somebody-else"}).text
    client.post(f"/protected/{number}/propose", {"lifting_reason": "期間の満了"})
    client.post(f"/protected/{number}/lift", status=403)

    second = StaffClient(city).sign_in(another)
    assert "期間の満了" in second.get("/protected").text
    assert WHO not in second.post(f"/protected/{number}/lift").text

    assert protected(city) == frozenset()


def test_each_look_at_the_desk_is_on_the_trail(city, client, officer):
    client.sign_in(officer)

    client.get("/protected")
    client.post("/protected/find", {"sought": WHO})

    assert kinds(city) == ["protected_desk_seen", "protected_desk_seen"]


@pytest.mark.parametrize(
    "typed",
    [
        {"pseudonym": "海", "reason": WHY},
        {"pseudonym": WHO, "reason": ""},
        {"pseudonym": LOOKS_LIKE_ONE, "reason": WHY},
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_kept_to_be_mended(city, client, officer, typed):
    client.sign_in(officer)

    answer = client.post("/protected", typed, status=422)

    assert "field-error" in answer.text
    assert typed["reason"] in answer.text
    assert protected(city) == frozenset()


def test_a_proposal_without_reason_opens_its_form_again(city, client, officer):
    number = added(city, officer)
    client.sign_in(officer)

    answer = client.post(f"/protected/{number}/propose", {"lifting_reason": ""}, status=422)

    assert f"lifting-{number}-error" in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PRIVACY_OFFICER])
def test_only_privacy_officers_come_to_the_desk(city, client, officer, role):
    added(city, officer)
    client.sign_in(city.person(role))

    client.get("/protected", status=403)
    client.post("/protected", {"pseudonym": WHO, "reason": WHY}, status=403)


def test_no_other_page_holds_a_protected_pseudonym_or_a_count_of_them(city, officer):
    client = StaffClient(city).sign_in(city.person(*[role for role in Role if role is not Role.PRIVACY_OFFICER]))
    asked = ["/snapshots", "/audit", "/", "/cases"]
    before = {path: client.http.get(path).text for path in asked}

    added(city, officer)
    after = {path: client.http.get(path).text for path in asked if path != "/audit"}

    assert {path for path, shown in after.items() if shown != before[path]} == set()
    assert WHO not in client.get("/audit").text
