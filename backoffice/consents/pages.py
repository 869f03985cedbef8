"""What do the pages of the consent counter show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.consents.models import Consent, Registrant
from backoffice.consents.notices import Notice
from backoffice.consents.workflow import RENEWED_BEFORE, Assurance, Giver, Happened, Standing, standing_of
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.translations import _
from workflows.rules.vocabulary import ConsentClass

LANGUAGE_NAMES = {"ja": _("日本語"), "easy": _("やさしい日本語"), "en": _("英語")}
GIVER_NAMES = {Giver.ONESELF: _("本人"), Giver.REPRESENTATIVE: _("法定代理人")}
ASSURANCE_CHIPS = {
    Assurance.CARD_VERIFIED: Chip("good", "●", _("カードで確認済")),
    Assurance.SELF_DECLARED: Chip("doubt", "▲", _("自己申告(お知らせは送れません)")),
}
STANDING_CHIPS = {
    Standing.LIVE: Chip("good", "●", _("有効")),
    Standing.WITHDRAWN: Chip("plain", "■", _("取消")),
    Standing.REPLACED: Chip("plain", "■", _("新しい同意に替わった")),
    Standing.EXPIRED: Chip("doubt", "▲", _("期限切れ")),
}
DESK = Crumb(_("同意の窓口"), "/consents")


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class EnterPage(Page):
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    languages: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ConsentRow:
    """One consent that was ever given."""

    consent: Consent
    name: str
    giver: str
    chip: Chip
    is_live: bool
    ends_soon: bool
    """It may be renewed: asked anew before it is over."""
    ended_at: datetime | None
    taken_by: str

    @classmethod
    def of(cls, consent: Consent, name: str, today: date) -> "ConsentRow":
        standing = standing_of((event.kind for event in consent.events), consent.expires_on, today)
        ended = [event.at for event in consent.events if event.kind != Happened.GIVEN]
        taken = next((event.staff.name for event in consent.events if event.staff is not None), "")
        return cls(
            consent,
            name,
            GIVER_NAMES[Giver(consent.giver)],
            STANDING_CHIPS[standing],
            standing is Standing.LIVE,
            standing is Standing.LIVE and today >= consent.expires_on - RENEWED_BEFORE,
            max(ended, default=None),
            taken,
        )


@dataclass(frozen=True)
class Offered:
    """A class of consent that is not given at present."""

    kind: ConsentClass
    name: str
    facts: Sequence[str]


@dataclass(frozen=True)
class LookRow:
    who: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RegistrantPage(Page):
    look_id: int
    pseudonym: str
    registrant: Registrant
    assurance: Chip
    is_proven: bool
    language: str
    until: datetime
    consents: Sequence[ConsentRow]
    offered: Sequence[Offered]
    looks: Sequence[LookRow]


@dataclass(frozen=True, kw_only=True)
class GivePage(Page):
    title_text: str
    look_id: int
    seen: int
    notice: Notice
    language: str
    languages: Sequence[tuple[str, str]]
    givers: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
