"""Which kinds of matter pass through people here, and what holds for each?"""

from dataclasses import dataclass

from backoffice.drawing.kinds import COORDINATED, TITLES
from backoffice.identity import Actor, Permission
from backoffice.web.translations import _
from workflows.routes import RouteKind


@dataclass(frozen=True)
class CaseKind:
    kind: RouteKind
    form_code: str
    retention_years: int
    decision_level: str
    personal: bool = False
    """Residents stand in it: every look is on the trail."""
    in_bulk: bool = True
    """May be decided many at a time; never for links, audiences or bots."""
    begun_elsewhere: bool = False
    """Begins only from the record that it is about, on a page of its own."""

    @property
    def title(self) -> str:
        """A msgid."""
        return TITLES[self.kind]

    @property
    def coordinated(self) -> bool:
        """The drafter names a second department that the route asks."""
        return self.kind in COORDINATED


LEVELS: dict[str, str] = {
    "mayor": _("市長決裁"),
    "bureau": _("局長専決"),
    "division": _("部長専決"),
    "section": _("課長専決"),
}
"""専決区分: who decides in the mayor's name."""

LEVEL_OF_WORD = {
    "市長": "mayor",
    "局長": "bureau",
    "部長": "division",
    "DX戦略部": "division",
    "課長": "section",
    "所属長": "section",
}
"""What a decision table may say under `level`: 専決区分 in the words of whoever drew it."""

RETENTION: dict[int, str] = {1: _("1年"), 3: _("3年"), 5: _("5年"), 10: _("10年"), 0: _("永年")}
"""保存年限: 0 is for ever."""

_KINDS = (
    CaseKind(RouteKind.PROGRAM_REGISTRATION, "program-registration", 10, "division"),
    CaseKind(RouteKind.DATA_LINK, "data-link", 10, "bureau", in_bulk=False),
    CaseKind(RouteKind.BOT_RELEASE, "bot-release", 5, "division", in_bulk=False),
    CaseKind(RouteKind.AUDIENCE_RELEASE, "audience-release", 5, "division", in_bulk=False),
    CaseKind(RouteKind.SMALL_CHANGE, "small-change", 3, "section"),
    CaseKind(RouteKind.PROPOSAL, "proposal", 5, "division"),
    CaseKind(RouteKind.GRANT_REVIEW, "grant-review", 10, "bureau"),
    CaseKind(RouteKind.PETITION, "petition", 5, "section", personal=True),
    CaseKind(RouteKind.LINK_REVIEW, "link-review", 10, "division", in_bulk=False),
    CaseKind(RouteKind.DATA_BREACH, "data-breach", 10, "division", personal=True, in_bulk=False, begun_elsewhere=True),
    CaseKind(RouteKind.DISCLOSURE, "disclosure", 5, "section", personal=True, in_bulk=False, begun_elsewhere=True),
    CaseKind(RouteKind.RECORD_APPROVAL, "record-approval", 5, "section", begun_elsewhere=True),
    CaseKind(RouteKind.RECORD_CHECK, "record-check", 5, "section", begun_elsewhere=True),
)
KINDS: dict[str, CaseKind] = {str(one.kind): one for one in _KINDS}

SUBJECT_PAGES = {
    "program_version": ("/programs/versions/{id}", Permission.PROGRAM_VIEW),
    "link_version": ("/links/versions/{id}", Permission.LINK_VIEW),
    "link": ("/links/{id}", Permission.LINK_VIEW),
    "notice_run": ("/audiences/{id}", Permission.AUDIENCE_VIEW),
    "breach": ("/breaches/{id}", Permission.LINK_SHUT),
    "bot_version": ("/bots/versions/{id}", Permission.BOT_VIEW),
    "record": ("/records/entries/{id}", Permission.RECORD_READ),
    "target_system": ("/nights/plan", Permission.NIGHT_VIEW),
    "target_account": ("/targets/{id}", Permission.TARGET_EDIT),
    "next_work": ("/nights/next-work", Permission.ITEM_READ),
    "night": ("/nights/{id}", Permission.NIGHT_VIEW),
    "rights_request": ("/rights/{id}", Permission.CONSENT_TAKE),
}
"""Where the record lies that a case is about, and who may open it, by what its feature calls it."""


def subject_page(actor: Actor, kind: str, record_id: int | None) -> str:
    """Give the address of what a case is about; empty for a case that stands for itself, or where it is not theirs."""
    page, needed = SUBJECT_PAGES.get(kind, ("", Permission.HOME_VIEW))
    return page.format(id=record_id) if actor.may(needed) else ""
