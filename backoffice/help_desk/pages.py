"""What is a resident told who calls? What is held of them, what for, until when, and who used it when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.audiences import queries as audiences
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.of_person import Told, told_to
from backoffice.audiences.workflow import RECIPIENT_NAMES, RUN_CHIPS, RecipientState, RunState
from backoffice.consents import queries as consents
from backoffice.consents.models import Consent, RegistrantLook
from backoffice.consents.names import CONSENTS
from backoffice.consents.notices import every_notice
from backoffice.consents.pages import ASSURANCE_CHIPS, LANGUAGE_NAMES, STANDING_CHIPS
from backoffice.consents.service import LOOK_LASTS
from backoffice.consents.workflow import Assurance, ChannelKind, standing_of
from backoffice.data_links import live
from backoffice.data_links.of_person import LinkConsentRow, UseRow, use_rows
from backoffice.notices.composing import composer
from backoffice.notices.pages import Preview
from backoffice.notices.samples import EXAMPLE_REFERENCE, samples_of
from backoffice.reachability.of_person import KIND_NAMES, ChannelRow, StopRow, reach_of
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.translations import _, language_now
from backoffice.work import Work
from forms.widths import plain
from workflows.rules.vocabulary import ConsentClass

SIGNS = {
    RecipientState.HANDING: ("info", "▶"),
    RecipientState.ACCEPTED: ("good", "●"),
    RecipientState.UNKNOWN: ("doubt", "▲"),
}
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


@dataclass(frozen=True)
class NoticeRow:
    """A notice that left for whoever calls."""

    told: Told
    channel: str
    chip: Chip

    @classmethod
    def of(cls, told: Told) -> "NoticeRow":
        state = RecipientState(told.state)
        tone, sign = SIGNS.get(state, ("bad", "✕"))
        return cls(told, KIND_NAMES[ChannelKind(told.kind)], Chip(tone, sign, RECIPIENT_NAMES[state]))


@dataclass(frozen=True, kw_only=True)
class CallerPage(Page):
    until: datetime
    assurance: Chip
    language: str
    registered_at: datetime
    channels: Sequence[ChannelRow]
    stops: Sequence[StopRow]
    """Named here: who calls asks why nothing comes, and what they stopped is theirs to know. Only they take it back."""
    notices: Sequence[NoticeRow]
    """With the reason, also of a veiled notice: why it came is what callers ask, and what this desk answers."""
    consents: Sequence[Held]
    links: Sequence[LinkConsentRow]
    uses: Sequence[UseRow]
    looks: Sequence[tuple[str, datetime]]
    """Which office, and when; the reasons are for privacy officers."""


@dataclass(frozen=True)
class RunShown:
    """What a run said, to nobody in particular."""

    run: NoticeRun
    chip: Chip
    previews: Sequence[Preview]


@dataclass(frozen=True, kw_only=True)
class RunPage(Page):
    number: str
    shown: RunShown | None
    """None: nothing was sought yet, or no run has that number."""


def run_page(work: Work, number: str) -> RunPage:
    """Give what the notices of a run say: all that can be told of a number which many have in their hands."""
    run = audiences.run_called(work.session, plain(number).strip()) if number else None
    return RunPage(
        title=_("配信番号で調べる"), crumbs=(DESK,), number=number, shown=None if run is None else _run_shown(work, run)
    )


def _run_shown(work: Work, run: NoticeRun) -> RunShown:
    version = run.template_version
    makes = None if version is None else composer(work, version.wording, run.program, run.program_version, run.number)
    told = {} if makes is None else {each.language: each for each in reversed(samples_of(makes))}
    previews = [Preview.of(each, EXAMPLE_REFERENCE) for each in reversed(told.values())]
    return RunShown(run, RUN_CHIPS[RunState(run.state)], previews)


def _spoken() -> str:
    return "en" if language_now() == "en" else "ja"


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
        notices=[NoticeRow.of(each) for each in told_to(work.session, registrant.id, work.now, _spoken())],
        consents=[Held.of(each, today) for each in consents.consents_of(work.session, registrant.id)],
        links=[LinkConsentRow.of(each, today) for each in live.consents_of(work.session, registrant.id)],
        uses=use_rows(work.session, registrant.id),
        looks=[(each.staff.department.name, each.opened_at) for each in consents.looks_at(work.session, registrant.id)],
    )
