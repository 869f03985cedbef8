"""The use log goes with the year of the trail, and never while the other end may still hold what a row tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from backoffice.clients.scopes import Scope
from backoffice.data_links import forgetting, live
from backoffice.data_links.models import LinkUse
from backoffice.errors import Invalid
from backoffice.operations.retirement import OPERATOR, retire_year
from tests.backoffice.clients.machines import machine
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.data_links.library import found_library
from tests.backoffice.test_retired_years import years

IN_2026 = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass
class Log:
    """The use log of one link, seven years after it began."""

    desk: Agreements
    version_id: int
    link_id: int
    client_id: int

    def add(self, *keys: str, at: datetime = IN_2026, of_version: bool = True) -> None:
        """Write releases as they would have been written then."""
        with self.desk.city.unit() as work:
            work.session.add_all(
                LinkUse(
                    link_id=self.link_id,
                    version_id=self.version_id if of_version else None,
                    client_id=self.client_id,
                    key_hash=key,
                    purpose="issue_card",
                    asked=["full_name"],
                    released=["full_name"],
                    outcome=live.RELEASED,
                    at=at,
                )
                for key in keys
            )

    @property
    def keys(self) -> list[str]:
        with self.desk.city.look() as work:
            return list(work.session.scalars(select(LinkUse.key_hash).order_by(LinkUse.id)))

    def retire(self, year: int) -> int:
        return retire_year(self.desk.city.office, year)

    def yesterday(self) -> datetime:
        return self.desk.city.clock() - timedelta(days=1)


def seven_years_on(desk: Agreements, **changes: object) -> Log:
    version_id = desk.agreed(replace(LIBRARY, **changes))
    client = machine(desk.city, frozenset({Scope.LINKS}))
    years(desk.city, 7)
    return Log(desk, version_id, desk.version(version_id).link_id, client.client_id)


@pytest.fixture
def log(desk_on_both: Agreements) -> Log:
    return seven_years_on(desk_on_both)


def test_with_a_year_goes_its_use_log_and_what_is_newer_stays(log: Log):
    log.add("old", "older")
    log.add("refused", of_version=False)
    log.add("new", at=log.yesterday())

    log.retire(2026)

    assert log.keys == ["new"]
    assert "link_uses_retired" in log.desk.events()


def test_what_the_other_end_may_still_hold_stays_and_goes_once_it_may_not(desk: Agreements):
    log = seven_years_on(desk, retention_days=1_826)
    log.add("held", at=desk.city.clock() - timedelta(days=1_825))
    log.add("over", at=desk.city.clock() - timedelta(days=1_827))

    first = forgetting.forget_uses(desk.city.office, OPERATOR, 2032)
    assert (first, log.keys) == (1, ["held"])

    desk.city.clock.pass_(days=2)
    assert forgetting.forget_uses(desk.city.office, OPERATOR, 2032) == 1


def test_what_the_other_end_was_asked_to_delete_and_has_not_stays(desk_on_both: Agreements):
    library = found_library(desk_on_both)
    reference = library.consent()
    library.fetch(library.ask_for_card())
    library.withdraw(reference)
    years(library.city, 7)

    retire_year(library.city.office, 2026)
    assert library.count_uses() == 1

    with library.city.unit() as work:
        work.session.execute(text("UPDATE link_deletion SET done_at = asked_at"))
    assert forgetting.forget_uses(library.city.office, OPERATOR, 2026) == 1


def test_it_goes_in_portions(log: Log):
    log.add(*"abcde")
    log.add("new", at=log.yesterday())

    assert forgetting.forget_uses(log.desk.city.office, OPERATOR, 2026, at_once=2) == 5
    assert log.keys == ["new"]


def test_the_database_refuses_to_forget_as_before(log: Log):
    log.add("old")
    log.add("new", at=log.yesterday())
    log.retire(2026)

    for statement in ("DELETE FROM link_use", "UPDATE link_use SET purpose = ''"):
        with pytest.raises(DatabaseError), log.desk.city.unit() as work:
            work.session.execute(text(statement))
    assert log.keys == ["new"]


@pytest.mark.parametrize("year", [2027, 2032])
def test_before_its_year_may_go_nothing_goes(log: Log, year):
    log.add("old")

    with pytest.raises(Invalid):
        log.retire(year)

    assert log.keys == ["old"]
