"""A library at the other end of a link: a resident consents, asks for a card, the library comes for the data."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import func, select

from backoffice.clients.scopes import Scope
from backoffice.data_links import holdings, service
from backoffice.data_links.models import LinkUse
from backoffice.residents import protecting
from tests.backoffice.clients.machines import Machine, gateway, machine, officer, proved
from tests.backoffice.consents.portal import consented, proven, register
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.founding import founded
from tests.backoffice.programs.cities import take_in_residents
from workflows.links import Terms

CARD = "A37859+B"
NAME = "福岡 花子"
ALL = ("full_name", "city_resident", "age_over_18")
NEUTRAL = "/problems/not-available"


@dataclass
class Library:
    desk: Agreements
    portal: Machine
    system: Machine
    version_id: int
    person: dict[str, Any]
    residents: pl.DataFrame

    @property
    def city(self):
        return self.desk.city

    def system_scopes(self) -> frozenset[Scope]:
        return frozenset({Scope.LINKS})

    def offered(self) -> dict[str, Any]:
        links = self.portal.call("GET", "/portal/links").json()["links"]
        return next(link for link in links if link["code"] == "library-card")

    def consent(self, *optional: str, person: dict[str, Any] | None = None) -> str:
        """Consent to the link as it is offered now; gives the reference."""
        answer = self.portal.call("POST", "/portal/links/consents", json=self.consent_body(*optional, person=person))
        assert answer.status_code == 201, answer.text
        holdings.tick(self.city.office)
        return answer.json()["reference"]

    def consent_body(self, *optional: str, person: dict[str, Any] | None = None) -> dict[str, Any]:
        return {
            "person": person or self.person,
            "link": "library-card",
            "version": self.offered()["version"],
            "optional": list(optional),
            "language": "ja",
            "message_id": str(uuid.uuid4()),
        }

    def withdraw(self, reference: str) -> Any:
        body = {"person": self.person, "reference": reference}
        return self.portal.call("POST", "/portal/links/consents/withdraw", json=body)

    def ask_for_card(self, **said: Any) -> str:
        """Ask at the portal for a card; gives the request's reference."""
        body = {"person": self.person, "link": "library-card", "purpose": "issue_card", "values": {"full_name": NAME}}
        answer = self.portal.call("POST", "/portal/links/requests", json={**body, **said})
        assert answer.status_code == 201, answer.text
        return answer.json()["request"]

    def fetch(self, request: str, *attributes: str, **more: Any) -> Any:
        said = {"request": request, "purpose": "issue_card", "attributes": list(attributes or ALL[:2])}
        said |= more.pop("said", {})
        return self.system.call("POST", "/links/library-card/release", json=said, **more)

    def answer(self, request: str, card: str = CARD) -> Any:
        return self.system.call("POST", "/links/library-card/answer", json={"request": request, "card_number": card})

    def look(self, request: str) -> dict[str, Any]:
        body = {"person": self.person, "request": request}
        return self.portal.call("POST", "/portal/links/requests/look", json=body).json()

    def protect(self) -> None:
        with self.city.unit(self.city.actor(self.desk.bureau.privacy)) as work:
            protecting.add(work, self.person["pseudonym"], "申出 R8-1")

    def outcomes(self) -> list[str]:
        """What the use log says, in its order."""
        with self.city.look() as work:
            return list(work.session.scalars(select(LinkUse.outcome).order_by(LinkUse.id)))

    def count_uses(self) -> int:
        with self.city.look() as work:
            return work.session.scalar(select(func.count(LinkUse.id))) or 0


def as_drawn(drawn: pl.DataFrame) -> pl.DataFrame:
    return drawn


def found_library(desk: Agreements, terms: Terms = LIBRARY, change=as_drawn) -> Library:
    """A link in force, the library's system connected to it, and a grown-up who is registered and consents to facts."""
    if (terms, change) != (LIBRARY, as_drawn):
        return _connected(desk, terms, change)
    return founded(desk.city, _connected, desk)


def _connected(desk: Agreements, terms: Terms = LIBRARY, change=as_drawn) -> Library:
    city = desk.city
    residents = take_in_residents(city, people=300, change=change)
    version_id = desk.agreed(terms)
    http = gateway(city)
    portal = machine(city, http=http)
    system = machine(city, frozenset({Scope.LINKS}), http=http, name="図書館システム")
    connect(desk, version_id, system.client_id)
    person = proven(grown_up(residents))
    register(portal, person)
    consented(portal, "core", person)
    return Library(desk, portal, system, version_id, person, residents)


def connect(desk: Agreements, version_id: int, client_id: int) -> None:
    """Connect a machine as the DX office does: one says which, a colleague confirms it."""
    link_id = desk.version(version_id).link_id
    with desk.city.unit(proved(desk.city, desk.city.actor(desk.bureau.dx))) as work:
        service.propose_machine(work, link_id, client_id)
    with desk.city.unit(officer(desk.city)) as work:
        service.connect(work, link_id, client_id)


def grown_up(residents: pl.DataFrame) -> str:
    """Somebody over 20 whose ward is known."""
    old = residents.filter(pl.col("birth_date").dt.year() < 2000, pl.col("ward").is_not_null())
    return str(old["pseudonym"][0])
