"""Agreements for tests that look at pages: one with a version in force and a wider draft, shut once; and many more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from backoffice.clients.models import MachineClient
from backoffice.data_links.models import (
    Link,
    LinkAuthor,
    LinkConsent,
    LinkConsentEvent,
    LinkStop,
    LinkUse,
    LinkVersion,
)
from backoffice.data_links.sandbox import reporting
from backoffice.data_links.sandbox.models import Sandbox, SandboxRequest
from backoffice.data_links.sandbox.reporting import Report
from backoffice.data_links.workflow import RequestState, VersionState
from backoffice.identity import Department, Staff
from backoffice.work import Work
from tests.backoffice.data_links.agreements import LIBRARY
from workflows.links import Necessity, Persona, Tried, Use, findings, written_terms

WIDER = replace(
    LIBRARY,
    uses=(*LIBRARY.uses, Use("telephone", Necessity.OPTIONAL, ("issue_card",), "予約の本が届いたら電話する")),
    valid_until=date(2030, 12, 31),
)
NOBODY = 2_000_000_000


def add_link_consents(work: Work, registrant_id: int, rows: int) -> None:
    """One registrant who consented to the first link, and of whom so much was handed over."""
    version = work.session.scalars(select(LinkVersion).order_by(LinkVersion.id).limit(1)).one_or_none()
    if version is None:
        return
    client = MachineClient(
        name="Library", handle="library-machine", contact="Service desk", scopes="links", created_at=work.now
    )
    consent = LinkConsent(
        reference="a" * 16,
        registrant_id=registrant_id,
        link_id=version.link_id,
        version_id=version.id,
        scope=1,
        terms_sha256="0" * 64,
        attributes=["full_name", "city_resident"],
        language="ja",
        giver="self",
        way="portal",
        evidence_sha256="0" * 64,
        given_at=work.now,
        expires_on=date(2028, 11, 24),
    )
    work.session.add_all([client, consent])
    work.session.flush()
    work.session.add(LinkConsentEvent(consent=consent, kind="given", at=work.now))
    work.session.add_all(
        LinkUse(
            link_id=version.link_id,
            version_id=version.id,
            client_id=client.id,
            registrant_id=registrant_id,
            key_hash=f"{number:064}",
            purpose="issue_card",
            asked=["full_name"],
            released=["full_name"],
            outcome="released",
            at=work.now,
        )
        for number in range(rows)
    )


def add_links(work: Work, department: Department, person: Staff, links: int) -> dict[str, object]:
    """Add so many links; the first has a draft that opens it and lacks something yet."""
    rows = []
    for number in range(links):
        link = Link(
            code=f"library-{number}", name=f"図書館カード {number}", department_id=department.id, begun_at=work.now
        )
        work.session.add(link)
        work.session.flush()
        version = LinkVersion(
            link_id=link.id,
            number=1,
            state=VersionState.IN_FORCE,
            terms=written_terms(LIBRARY),
            scope=1,
            drafted_by_id=person.id,
            drafted_at=work.now,
            in_force_at=work.now,
        )
        work.session.add(version)
        rows.append(link.id)
    if not rows:
        return {"link_id": NOBODY, "link_version_id": NOBODY}
    draft = LinkVersion(
        link_id=rows[0],
        number=2,
        state=VersionState.DRAFT,
        terms=written_terms(WIDER),
        drafted_by_id=person.id,
        drafted_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    work.session.add(LinkAuthor(version_id=draft.id, staff_id=person.id))
    work.session.add(LinkStop(link_id=rows[0], is_drill=True, reason="訓練", people=0, at=work.now, staff_id=person.id))
    add_sandbox(work, draft)
    return {"link_id": rows[0], "link_version_id": draft.id}


def add_sandbox(work: Work, version: LinkVersion) -> None:
    """A partner that tries a version out, has shown one thing, and was sent on its route once before."""
    client = MachineClient(
        name="Library (trial)",
        handle="library-trial",
        contact="Service desk",
        scopes="links",
        is_sandbox=True,
        created_at=work.now,
    )
    work.session.add(client)
    work.session.flush()
    work.session.add(Sandbox(link_id=version.link_id, client_id=client.id, opened_at=work.now))
    requests = [
        SandboxRequest(
            reference=f"{number:032x}",
            version_id=version.id,
            persona=persona,
            purpose="issue_card",
            state=RequestState.OPEN,
            opened_at=work.now,
        )
        for number, persona in enumerate(Persona)
    ]
    work.session.add_all(requests)
    work.session.flush()
    report = Report(findings([Tried("1", Persona.CONSENTS, "released", work.now)], has_optional=True))
    reporting.keep(work, version, NOBODY, report, "To be tried later")
