"""What is done with routes: taking in those that the house ships."""

from datetime import date

from sqlalchemy import select

from backoffice.drawing.events import RouteShipped
from backoffice.drawing.models import RouteVersion
from backoffice.drawing.workflow import VersionState
from backoffice.work import Work
from workflows import catalogue

SHIPPED_FROM = date(2026, 4, 1)


def take_in_shipped(work: Work) -> int:
    """Put the shipped routes into force for kinds that have no version yet, and give how many."""
    known = set(work.session.scalars(select(RouteVersion.kind).distinct()))
    missing = [shipped for shipped in catalogue.every_route() if str(shipped.kind) not in known]
    for shipped in missing:
        version = RouteVersion(
            kind=str(shipped.kind),
            number=1,
            state=VersionState.ACTIVE,
            bpmn=shipped.route.xml.decode(),
            drafted_at=work.now,
            activated_at=work.now,
            effective_from=SHIPPED_FROM,
        )
        work.session.add(version)
        work.session.flush()
        work.record(RouteShipped(version.id, version.kind, version.number))
    return len(missing)
