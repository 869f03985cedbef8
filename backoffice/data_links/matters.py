"""What does a new agreement begin with, and what does the case of one say to whoever decides on it?"""

from collections.abc import Mapping
from datetime import date, timedelta

from backoffice.data_links.models import LinkVersion
from backoffice.data_links.weighing import Weighed
from backoffice.data_links.words import risk_said, said
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.opening import Matter
from backoffice.web.translations import speaking
from forms.ages import birthday_in
from forms.field_types import Value
from workflows.links import (
    Contact,
    Direction,
    Ground,
    SecurityClass,
    Shown,
    SubjectGroup,
    System,
    Terms,
)
from workflows.routes import RouteKind

HERE = System("gijo", "福岡市(技助)", "Fukuoka City (Gijo)")
NOBODY = Contact("", "", "")
MOST_OF_A_TEXT = 1000
"""What the case's form takes; the whole stands on the page of the version."""
MOST_OF_AN_ASSESSMENT = 10_000
"""All of it: whoever approves signs it."""


def blank_terms(today: date) -> Terms:
    """Give terms that allow nothing yet, with the shortest limits: a year from the first of the next month."""
    begins = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    ends = birthday_in(begins, begins.year + 1) - timedelta(days=1)
    return Terms(
        giver=HERE,
        recipient=System("", "", ""),
        direction=Direction.GIVES,
        controller="",
        private_partner=False,
        purposes=(),
        ground=Ground.CONSENT,
        uses=(),
        shown=Shown("", "", ""),
        retention_days=30,
        per_person_day=1,
        per_person_year=12,
        per_minute=60,
        subjects=(SubjectGroup(),),
        security=SecurityClass.CONFIDENTIALITY_2,
        valid_from=begins,
        valid_until=ends,
        review_on=ends - timedelta(days=90),
        contacts=(),
        emergency_contact=NOBODY,
    )


def matter_of(
    version: LinkVersion, weighed: Weighed, source_department_id: int | None, subject: tuple[str, int], shown: str
) -> Matter:
    """Give what the case of a version says; `shown`: what the partner had shown when it was sent on its route."""
    kind, terms = KINDS[RouteKind.DATA_LINK], weighed.terms
    with speaking("ja"):  # what a case says is stored, not shown anew in each language
        answers: Mapping[str, Value] = {
            "link": version.link.name,
            "recipient": terms.recipient.ja,
            "purpose": _cut("\n".join(purpose.ja for purpose in terms.purposes)),
            "attributes": _cut(said(terms, "uses")),
            "legal_basis": said(terms, "ground"),
            "retention": said(terms, "retention_days"),
            "widening": weighed.opens,
            "risk": risk_said(terms),
            "impact": _cut(said(terms, "impact"), MOST_OF_AN_ASSESSMENT),
            "contract_test": _cut(shown),
        }
    title = f"{version.link.name}の連携(第{version.number}版)"
    return Matter(title, answers, kind.retention_years, kind.decision_level, source_department_id, subject=subject)


def _cut(text: str, most: int = MOST_OF_A_TEXT) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
