"""A department links its data to another system: an agreement written, sent on its route, approved by everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.data_links import queries, service
from backoffice.data_links.link_pages import state_of
from backoffice.data_links.models import Link, LinkStop, LinkVersion
from backoffice.data_links.workflow import VersionState
from backoffice.identity import Role, Staff
from backoffice.inbox.ticking import tick
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.office import City
from tests.backoffice.staff_client import StaffClient
from tests.workflows.links.agreements import HARMLESS
from workflows.links import (
    Contact,
    Direction,
    Ground,
    LinkState,
    Necessity,
    Purpose,
    SecurityClass,
    Shown,
    SubjectGroup,
    System,
    Terms,
    Use,
)
from workflows.routes import Decision

LIBRARY = Terms(
    giver=System("gijo", "福岡市(技助)", "Fukuoka City (Gijo)"),
    recipient=System("library", "図書館システム(演習用)", "Library (exercise)"),
    direction=Direction.GIVES,
    controller="総合図書館長",
    private_partner=False,
    purposes=(Purpose("issue_card", "図書館カードを作る", "Issue a library card"),),
    ground=Ground.CONSENT,
    uses=(
        Use("full_name", Necessity.REQUIRED, ("issue_card",)),
        Use("age_over_18", Necessity.OPTIONAL, ("issue_card",), "館内の端末を使える年齢かを確かめる"),
        Use("city_resident", Necessity.REQUIRED, ("issue_card",)),
    ),
    shown=Shown("図書館に氏名を渡します。", "としょかんに なまえを わたします。", "We hand your name to the library."),
    retention_days=365,
    per_person_day=2,
    per_person_year=12,
    per_minute=60,
    subjects=(SubjectGroup(),),
    security=SecurityClass.CONFIDENTIALITY_2,
    valid_from=date(2026, 11, 1),
    valid_until=date(2027, 10, 31),
    review_on=date(2027, 8, 1),
    contacts=(Contact("図書館システム担当", "092-000-0001", ""),),
    emergency_contact=Contact("当直", "092-000-0002", ""),
    impact=HARMLESS,
)
UNTRIED = "相手のシステムは今の版と同じ"
WITHOUT_AGE = tuple(use for use in LIBRARY.uses if use.attribute != "age_over_18")


@dataclass
class Agreements:
    bureau: Bureau

    @property
    def city(self) -> City:
        return self.bureau.city

    @property
    def drafter(self) -> Staff:
        return self.bureau.drafter

    def visit(self, person: Staff | None = None) -> StaffClient:
        return StaffClient(self.city).sign_in(person or self.drafter)

    def begin(self, code: str = "library-card", terms: Terms = LIBRARY) -> int:
        """Begin an agreement and write its terms; gives the version."""
        with self.city.unit(self.city.actor(self.drafter)) as work:
            version_id = service.begin_link(work, code, "図書館カード").id
        self.write(version_id, terms)
        return version_id

    def write(self, version_id: int, terms: Terms, person: Staff | None = None) -> None:
        with self.city.unit(self.city.actor(person or self.drafter)) as work:
            version = queries.find_version(work.session, version_id)
            service.write_terms(work, version, version.version, terms)

    def next(self, version_id: int, **changes: Any) -> int:
        """Begin the next version of the same link, with changes; gives it."""
        with self.city.unit(self.city.actor(self.drafter)) as work:
            link = queries.find_link(work.session, self.version(version_id).link_id)
            following = service.draft_from(work, link)
            now, terms = following.id, service.terms_of(following)
        if changes:
            self.write(now, replace(terms, **changes))
        return now

    def submit(self, version_id: int, person: Staff | None = None) -> int:
        with self.city.unit(self.city.actor(person or self.drafter)) as work:
            version = queries.find_version(work.session, version_id)
            return service.submit(work, version, version.version, self.bureau.department.id, UNTRIED).id

    def put_in_force(self, version_id: int, person: Staff | None = None) -> None:
        with self.city.unit(self.city.actor(person or self.drafter)) as work:
            version = queries.find_version(work.session, version_id)
            service.put_in_force(work, version, version.version)

    def approve(self, case_id: int) -> None:
        """Let everybody whom the route asks approve, one after the other."""
        bureau = self.bureau
        who = {"dx_approval": bureau.dx, "privacy_review": bureau.privacy, "council_report": bureau.privacy}
        while waiting := bureau.waiting(case_id):
            for step in waiting:
                decision = Decision.DONE if step == "council_report" else Decision.APPROVE
                bureau.decide(who.get(step, bureau.head), case_id, step, decision)
        self.take_effect()

    def take_effect(self) -> None:
        self.city.clock.pass_(minutes=2)
        tick(self.city.office)

    def in_force(self, terms: Terms = LIBRARY) -> int:
        """A version of an agreement that everybody approved."""
        version_id = self.begin(terms=terms)
        self.approve(self.submit(version_id))
        return version_id

    def agreed(self, terms: Terms = LIBRARY) -> int:
        """The same, written down as approved: for what comes after the route."""
        version_id = self.begin(terms=terms)
        with self.city.unit() as work:
            version = queries.find_version(work.session, version_id)
            version.state, version.scope, version.in_force_at = VersionState.IN_FORCE, 1, work.now
        return version_id

    def version(self, version_id: int) -> LinkVersion:
        with self.city.look() as work:
            return queries.find_version(work.session, version_id)

    def link(self, version_id: int) -> Link:
        with self.city.look() as work:
            return queries.find_link(work.session, self.version(version_id).link_id)

    def state(self, version_id: int) -> LinkState:
        with self.city.look() as work:
            return state_of(work, queries.find_link(work.session, self.version(version_id).link_id))

    def counts(self, version_id: int) -> int | None:
        """The number of the version that counts."""
        with self.city.look() as work:
            version = queries.version_in_force(work.session, self.version(version_id).link_id)
            return None if version is None else version.number

    def shut(self, version_id: int, reason: str = "渡しすぎのおそれ", *, drill: bool = False) -> LinkStop:
        with self.city.unit(self.city.actor(self.bureau.dx)) as work:
            act = service.drill if drill else service.shut
            return act(work, self.version(version_id).link_id, reason)

    def events(self) -> list[str]:
        with self.city.look() as work:
            kinds = select(AuditEvent.kind).order_by(AuditEvent.fiscal_year, AuditEvent.position)
            return [kind for kind in work.session.scalars(kinds) if kind.startswith("link_")]


def stranger(desk: Agreements) -> Staff:
    """A clerk of another department."""
    other = desk.city.department("水道局")
    return desk.city.person(Role.CLERK, account="yoso", department=other)
