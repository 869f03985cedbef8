"""How many consent to a link: known at once, however many they are."""

from __future__ import annotations

from sqlalchemy import func, select

from backoffice.data_links import live
from backoffice.data_links.models import LinkConsent
from tests.backoffice.consents.portal import consented, proven, register
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import Library, found_library, grown_up
from tests.backoffice.furniture import statements


def people(library: Library) -> int:
    """What is kept, which must be what the consents themselves say."""
    with library.city.look() as work:
        link_id = library.desk.version(library.version_id).link_id
        kept = live.count_people(work.session, link_id, work.today)
        holding = select(func.count(LinkConsent.id)).where(LinkConsent.link_id == link_id, live.holds_on(work.today))
        assert kept == work.session.scalar(holding)
        return kept


def test_one_more_who_consents_and_one_less_who_withdraws_or_whose_time_is_over(desk_on_both: Agreements):
    library = found_library(desk_on_both)
    other = proven(grown_up(library.residents.reverse()))
    register(library.portal, other)
    consented(library.portal, "core", other)
    library.consent()
    again = library.consent("age_over_18")
    library.consent(person=other)
    assert people(library) == 2

    library.withdraw(again)
    library.withdraw(again)

    assert people(library) == 1
    library.city.clock.pass_(days=365)
    assert people(library) == 0


def test_the_number_costs_one_statement(desk: Agreements):
    library = found_library(desk)
    library.consent()

    with library.city.look() as work, statements() as asked:
        live.count_people(work.session, 1, work.today)

    assert len(asked) == 1
