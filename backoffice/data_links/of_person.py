"""How are somebody's consents to links shown, and what left of them? The same at the counter and at the help desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backoffice.consents.pages import STANDING_CHIPS
from backoffice.consents.workflow import RENEWED_BEFORE, Standing, standing_of
from backoffice.data_links import live, queries
from backoffice.data_links.models import LinkConsent, LinkUse
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.words import attribute_name
from backoffice.web.chips import Chip
from backoffice.web.translations import language_now

MOST_USES = 50
"""The latest that a page shows; the whole is in what is handed over on a request for disclosure."""


@dataclass(frozen=True)
class LinkConsentRow:
    consent: LinkConsent
    attributes: Sequence[str]
    chip: Chip
    is_live: bool
    ends_soon: bool

    @classmethod
    def of(cls, consent: LinkConsent, today: date) -> "LinkConsentRow":
        standing = standing_of((each.kind for each in consent.events), consent.expires_on, today)
        names = [attribute_name(code) for code in consent.attributes]
        ends_soon = standing is Standing.LIVE and today >= consent.expires_on - RENEWED_BEFORE
        return cls(consent, names, STANDING_CHIPS[standing], standing is Standing.LIVE, ends_soon)


@dataclass(frozen=True)
class UseRow:
    use: LinkUse
    purpose: str
    attributes: Sequence[str]


def use_rows(session: Session, registrant_id: int) -> list[UseRow]:
    """Give what left of a person, with what for as the agreement of that time says it."""
    uses = live.uses_of(session, registrant_id, MOST_USES)
    versions = queries.versions_called(session, {use.version_id for use in uses if use.version_id is not None})
    words = {
        (version.id, purpose.code): purpose.en if language_now() == "en" else purpose.ja
        for version in versions
        for purpose in terms_of(version).purposes
    }
    return [
        UseRow(
            use,
            words.get((use.version_id or 0, use.purpose), use.purpose),
            [attribute_name(code) for code in use.released],
        )
        for use in uses
    ]
