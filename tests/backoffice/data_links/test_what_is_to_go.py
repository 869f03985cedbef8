"""What a consent covers no longer is deleted wherever it went: withdrawn, narrowed, over, or its facts closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from sqlalchemy import select

from backoffice.data_links import expiring, holdings
from backoffice.data_links.models import LinkConsentEvent, LinkDeletion
from backoffice.operations import upkeep
from tests.backoffice.clients.machines import machine
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.consents.portal import consented, proven, register, withdrawn
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.data_links.library import ALL, Library, connect, found_library
from workflows.links import Necessity, Use

TAX_EXEMPT = Use("tax_exempt_household", Necessity.OPTIONAL, ("issue_card",), "減免の対象かを確かめる")


@pytest.fixture
def library(desk: Agreements) -> Library:
    return found_library(desk)


@pytest.fixture
def library_on_both(desk_on_both: Agreements) -> Library:
    return found_library(desk_on_both)


def to_delete(library: Library, system: Any = None) -> list[list[str]]:
    """What the machine at the other end is asked to delete, one list a request."""
    asked = (system or library.system).call("GET", "/links/library-card/deletions").json()["deletions"]
    return [each["attributes"] for each in asked]


def causes(library: Library) -> list[str]:
    with library.city.look() as work:
        return list(work.session.scalars(select(LinkDeletion.cause).order_by(LinkDeletion.id)))


def a_day_later(library: Library, days: int = 1) -> None:
    library.city.clock.pass_(days=days)
    library.system._tokens.clear()
    library.portal._tokens.clear()


def test_whoever_consents_anew_to_less_has_the_rest_deleted_and_keeps_the_card(library_on_both: Library):
    library = library_on_both
    library.consent("age_over_18")
    request = library.ask_for_card()
    library.fetch(request, *ALL)
    library.answer(request)

    library.consent()

    assert to_delete(library) == [["age_over_18"]]
    assert causes(library) == ["narrowed"]
    assert library.look(request)["card_number"] is not None


def test_whoever_consents_anew_to_the_same_has_nothing_deleted(library: Library):
    library.consent()
    library.fetch(library.ask_for_card())

    library.consent("age_over_18")

    assert to_delete(library) == []


def test_on_the_day_after_the_last_what_was_handed_over_is_to_go_and_the_card_is_shown_no_more(
    library_on_both: Library,
):
    library = library_on_both
    library.consent()
    request = library.ask_for_card()
    library.fetch(request)
    library.answer(request)
    a_day_later(library, 400)

    assert upkeep.tick(library.city.office).failed == ()
    assert expiring.note(library.city.office) == 0, "it is noted once"

    assert to_delete(library) == [["city_resident", "full_name"]]
    assert causes(library) == ["expired"]
    seen = library.look(request)
    assert (seen["card_number"], seen["barcode"]) == (None, None)
    with library.city.look() as work:
        kinds = work.session.scalars(select(LinkConsentEvent.kind).order_by(LinkConsentEvent.id)).all()
        assert list(kinds) == ["given", "expired"]


def test_nothing_is_made_for_whoever_consented_until_yesterday_though_nobody_noted_it_yet(library_on_both: Library):
    library = library_on_both
    body = library.consent_body() | {"representative": {"document": "戸籍 12", "power_ends": "2026-11-24"}}
    library.portal.call("POST", "/portal/links/consents", json=body)
    holdings.tick(library.city.office)
    request = library.ask_for_card()
    assert library.fetch(request).status_code == 200
    a_day_later(library, 1)

    problem(library.answer(request), 404, "not-there")

    assert library.look(request)["card_number"] is None


def test_what_was_withdrawn_before_its_last_day_is_not_noted_as_over(library: Library):
    library.withdraw(library.consent())
    a_day_later(library, 400)

    assert expiring.note(library.city.office) == 0


def test_facts_that_are_closed_are_to_go_where_they_went_and_the_name_may_stay(library_on_both: Library):
    library = library_on_both
    facts = consented(library.portal, "core", library.person)
    library.consent()
    library.fetch(library.ask_for_card())

    withdrawn(library.portal, facts, library.person)

    assert to_delete(library) == [["city_resident"]]
    assert causes(library) == ["facts_closed"]


def test_facts_whose_consent_is_over_are_to_go_likewise(desk: Agreements):
    """The consent to the link was given 300 days later than the one to facts, and lives longer."""
    library = found_library(desk, replace(LIBRARY, valid_until=date(2029, 10, 31)))
    a_day_later(library, 300)
    library.consent()
    library.fetch(library.ask_for_card())
    a_day_later(library, 431)
    assert upkeep.tick(library.city.office).failed == ()
    assert to_delete(library) == [], "on the last day it still holds"

    a_day_later(library)
    assert upkeep.tick(library.city.office).failed == ()

    assert to_delete(library) == [["city_resident"]]


def test_when_one_of_the_household_closes_the_tax_what_it_told_of_the_others_is_to_go(desk: Agreements):
    terms = replace(LIBRARY, uses=(*LIBRARY.uses, TAX_EXEMPT))
    library = found_library(desk, terms, change=everybody_consents)
    other = proven(housemate(library))
    register(library.portal, other)
    for kind in ("core", "household", "tax"):
        consented(library.portal, kind, library.person)
    theirs = [consented(library.portal, kind, other) for kind in ("core", "household", "tax")][-1]
    library.consent("tax_exempt_household")
    got = library.fetch(library.ask_for_card(), *ALL[:2], "tax_exempt_household")
    assert "tax_exempt_household" in got.json()["claims"], got.text

    withdrawn(library.portal, theirs, other)
    a_day_later(library)
    holdings.tick(library.city.office)

    assert to_delete(library) == [["tax_exempt_household"]]
    a_day_later(library)
    holdings.tick(library.city.office)
    assert len(causes(library)) == 1, "nobody is asked twice for the same"


def test_what_went_again_after_it_was_to_be_deleted_is_to_go_again(library: Library):
    library.withdraw(library.consent())
    for _ in range(2):
        reference = library.consent()
        library.fetch(library.ask_for_card())
        library.withdraw(reference)

    assert to_delete(library) == [["city_resident", "full_name"]] * 2


def test_the_machine_that_got_it_is_asked_and_not_the_one_that_came_after(library: Library):
    reference = library.consent()
    library.fetch(library.ask_for_card())
    later = machine(library.city, library.system_scopes(), http=library.system.http, name="新しいシステム")
    library.desk.shut(library.version_id)
    connect(library.desk, library.version_id, later.client_id)

    library.withdraw(reference)

    assert to_delete(library, later) == []
    with library.city.look() as work:
        (kept,) = work.session.scalars(select(LinkDeletion)).all()
        assert kept.client_id == library.system.client_id
        said = {"deletion": kept.reference}
    problem(later.call("POST", "/links/library-card/deletions/done", json=said), 404, "not-there")


def everybody_consents(drawn: pl.DataFrame) -> pl.DataFrame:
    return drawn.with_columns(pl.lit(255).cast(drawn.schema["consents"]).alias("consents"))


def housemate(library: Library) -> str:
    """Somebody else of the resident's household."""
    residents = library.residents
    own = residents.filter(pl.col("pseudonym") == library.person["pseudonym"])
    return str(
        residents.filter(pl.col("household") == own["household"][0], pl.col("pseudonym") != own["pseudonym"][0])[
            "pseudonym"
        ][0]
    )


def test_the_office_sees_what_is_still_to_go_and_notes_what_a_machine_cannot_say_itself(library: Library):
    reference = library.consent()
    library.fetch(library.ask_for_card())
    library.withdraw(reference)
    link_id = library.desk.link(library.version_id).id
    officer = library.desk.visit(library.desk.bureau.dx)
    page = officer.get(f"/links/{link_id}/deletions")
    assert "待っている" in page.text
    assert library.person["pseudonym"] not in page.text
    a_day_later(library, 31)
    officer = library.desk.visit(library.desk.bureau.dx)
    assert "期限を過ぎた" in officer.get(f"/links/{link_id}/deletions").text
    with library.city.look() as work:
        (asked,) = work.session.scalars(select(LinkDeletion.id)).all()
    said = {"deletion": str(asked), "note": "総図 第12号の文書"}
    assert "理由を入れてください" in officer.post(f"/links/{link_id}/deletions/note", said | {"note": " "}, 422).text

    page = officer.post(f"/links/{link_id}/deletions/note", said)

    assert "総図 第12号の文書" in page.text
    assert to_delete(library) == []
    officer.post(f"/links/{link_id}/deletions/note", said, 409)
    officer.post(f"/links/{link_id}/deletions/note", said | {"deletion": "999"}, 422)


def test_whoever_only_writes_agreements_sees_no_deletions(library: Library):
    library.desk.visit().get(f"/links/{library.desk.link(library.version_id).id}/deletions", 403)
