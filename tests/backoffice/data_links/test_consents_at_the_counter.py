"""At the counter a person reads what a link hands over and consents; a representative does so till their power ends."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from backoffice.consents import service
from backoffice.data_links.models import LinkConsent
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.data_links.agreements import WITHOUT_AGE, Agreements
from tests.backoffice.data_links.library import Library, found_library
from tests.backoffice.staff_client import Answer, StaffClient

WHY = "窓口の受付 R8-31"
SAID = {"language": "ja", "giver": "self", "evidence": "申込書 R8-7", "agreed": "yes", "version": "1", "seen": "0"}


@pytest.fixture
def library(desk: Agreements) -> Library:
    return found_library(desk)


@pytest.fixture
def counter(library: Library) -> StaffClient:
    return StaffClient(library.city).sign_in(library.desk.bureau.privacy)


@pytest.fixture
def look(library: Library) -> int:
    """The clerk has the person before them."""
    with library.city.unit(library.city.actor(library.desk.bureau.privacy)) as work:
        found = service.open_look(work, library.person["pseudonym"], WHY)
        assert found is not None
        return found.id


def give(library: Library, counter: StaffClient, look: int, status: int = 200, **said: str) -> Answer:
    return counter.post(f"/consents/looks/{look}/links/{link_of(library)}/consent", {**SAID, **said}, status)


def link_of(library: Library) -> int:
    return library.desk.link(library.version_id).id


def kept(library: Library) -> list[LinkConsent]:
    with library.city.look() as work:
        return list(work.session.scalars(select(LinkConsent).order_by(LinkConsent.id)))


def test_whoever_consents_here_is_served_by_the_link(library: Library, counter: StaffClient, look: int):
    page = counter.get(f"/consents/looks/{look}/links")
    assert "図書館カード" in page.text
    page = counter.get(f"/consents/looks/{look}/links/{link_of(library)}/consent?lang=en")
    assert "We hand your name to the library." in page.text

    page = give(library, counter, look, **{"attribute-age_over_18": "yes"})

    assert "同意を受け付けました" in page.text
    (consent,) = kept(library)
    assert consent.attributes == ["age_over_18", "city_resident", "full_name"]
    assert (consent.way, consent.giver) == ("counter", "self")
    library.ask_for_card()


def test_what_was_typed_comes_back_with_what_is_wrong(library: Library, counter: StaffClient, look: int):
    page = give(library, counter, look, 422, evidence=" ", **{"attribute-age_over_18": "yes"})

    assert "申込書か証明書の番号を80文字まで" in page.text
    assert page.text.count("checked") == 2, "what was ticked stays ticked"
    assert kept(library) == []


def test_nothing_beside_the_agreement_is_chosen(library: Library, counter: StaffClient, look: int):
    give(library, counter, look, 422, **{"attribute-birth_date": "yes"})

    assert kept(library) == []


def test_a_form_that_is_sent_again_opens_nothing_that_was_withdrawn(library: Library, counter: StaffClient, look: int):
    give(library, counter, look)
    counter.post(f"/consents/looks/{look}/links/{kept(library)[0].reference}/withdraw")

    give(library, counter, look, 409)

    assert len(kept(library)) == 1


def test_nor_does_one_that_came_back_for_a_mistake(library: Library, counter: StaffClient, look: int):
    give(library, counter, look)
    counter.post(f"/consents/looks/{look}/links/{kept(library)[0].reference}/withdraw")

    page = give(library, counter, look, 422, evidence=" ")

    assert page.field("seen") == "0"
    give(library, counter, look, 409, seen=page.field("seen"))


def test_what_was_ticked_under_another_text_is_ticked_anew(library: Library, counter: StaffClient, look: int):
    library.desk.put_in_force(library.desk.next(library.version_id, uses=WITHOUT_AGE))

    page = give(library, counter, look, 422, evidence=" ")

    assert page.field("version") == "2"
    assert "checked" not in page.text


def test_a_representatives_consent_ends_with_their_power(library: Library, counter: StaffClient, look: int):
    give(library, counter, look, 422, giver="representative")
    give(library, counter, look, giver="representative", power_ends="2027-03-31")

    (consent,) = kept(library)
    assert (consent.giver, consent.expires_on.isoformat()) == ("representative", "2027-03-31")


def test_a_representative_at_the_portal_too(library: Library):
    body = library.consent_body() | {"representative": {"document": "戸籍 12", "power_ends": "2027-03-31"}}

    said = library.portal.call("POST", "/portal/links/consents", json=body).json()

    assert (said["giver"], said["expires_on"], said["renewable_from"]) == ("representative", "2027-03-31", "2027-01-30")
    over = {"document": "戸籍 12", "power_ends": "2026-11-23"}
    again = body | {"representative": over, "message_id": str(uuid.uuid4())}
    problem(library.portal.call("POST", "/portal/links/consents", json=again), 422, "invalid")


def test_a_closed_link_takes_no_consent_and_says_so(library: Library, counter: StaffClient, look: int):
    library.desk.shut(library.version_id)

    assert "この連携は今、閉じています" in counter.get(f"/consents/looks/{look}/links/{link_of(library)}/consent").text
    give(library, counter, look, 404)


def test_what_ends_soon_is_offered_for_renewal(library: Library, counter: StaffClient, look: int):
    give(library, counter, look, giver="representative", power_ends="2026-12-31")

    page = counter.get(f"/consents/looks/{look}/links")

    assert "まもなく終わります" in page.text
    assert f"/links/{link_of(library)}/consent" in page.text


def test_what_holds_for_long_is_not_asked_again(library: Library, counter: StaffClient, look: int):
    give(library, counter, look)

    assert f"/links/{link_of(library)}/consent" not in counter.get(f"/consents/looks/{look}/links").text


def test_among_many_links_one_is_found_by_name(library: Library, counter: StaffClient, look: int):
    assert "図書館カード" in counter.get(f"/consents/looks/{look}/links?q=図書").text
    assert "この名称の連携はありません" in counter.get(f"/consents/looks/{look}/links?q=プール").text
