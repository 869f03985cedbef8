"""What is a resident told who calls? What is held of them, what for, until when, and who used it when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.consents import queries as consents
from backoffice.consents.models import Consent, RegistrantLook
from backoffice.consents.names import CONSENTS
from backoffice.consents.notices import every_notice
from backoffice.consents.pages import ASSURANCE_CHIPS, LANGUAGE_NAMES, STANDING_CHIPS
from backoffice.consents.service import LOOK_LASTS
from backoffice.consents.workflow import Assurance, standing_of
from backoffice.data_links import live
from backoffice.data_links.of_person import LinkConsentRow, UseRow, use_rows
from backoffice.reachability.of_person import ChannelRow, StopRow, reach_of
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.translations import _, language_now
from backoffice.work import Work
from workflows.rules.vocabulary import ConsentClass

DESK = Crumb(_("問い合わせの窓口"), "/help-desk")


@dataclass(frozen=True)
class Held:
    """A consent: what it opens, what for, how it stands."""

    name: str
    what_for: str
    facts: Sequence[str]
    chip: Chip
    reference: str
    expires_on: date

    @classmethod
    def of(cls, consent: Consent, today: date) -> "Held":
        kind, spoken = ConsentClass(consent.kind), "en" if language_now() == "en" else "ja"
        notice = every_notice()[kind, consent.notice_version]
        facts = [fact.en if spoken == "en" else fact.ja for fact in notice.facts]
        standing = standing_of((each.kind for each in consent.events), consent.expires_on, today)
        return cls(
            CONSENTS[kind],
            notice.purpose[spoken],
            facts,
            STANDING_CHIPS[standing],
            consent.reference,
            consent.expires_on,
        )


@dataclass(frozen=True, kw_only=True)
class CallerPage(Page):
    until: datetime
    assurance: Chip
    language: str
    registered_at: datetime
    channels: Sequence[ChannelRow]
    stops: Sequence[StopRow]
    """Named here: who calls asks why nothing comes, and what they stopped is theirs to know. Only they take it back."""
    consents: Sequence[Held]
    links: Sequence[LinkConsentRow]
    uses: Sequence[UseRow]
    looks: Sequence[tuple[str, datetime]]
    """Which office, and when; the reasons are for privacy officers."""


def caller_page(work: Work, look: RegistrantLook) -> CallerPage:
    """Give what the office says to whoever reads out a code; neither pseudonym nor a whole address is among it."""
    registrant, today = look.registrant, work.today
    reach = reach_of(work.session, work.office.cipher, registrant.id)
    return CallerPage(
        title=_("問い合わせをした人の記録"),
        crumbs=(DESK,),
        until=look.opened_at + LOOK_LASTS,
        assurance=ASSURANCE_CHIPS[Assurance(registrant.assurance)],
        language=LANGUAGE_NAMES[registrant.language],
        registered_at=registrant.registered_at,
        channels=reach.channels,
        stops=reach.stops,
        consents=[Held.of(each, today) for each in consents.consents_of(work.session, registrant.id)],
        links=[LinkConsentRow.of(each, today) for each in live.consents_of(work.session, registrant.id)],
        uses=use_rows(work.session, registrant.id),
        looks=[(each.staff.department.name, each.opened_at) for each in consents.looks_at(work.session, registrant.id)],
    )
