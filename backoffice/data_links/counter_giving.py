"""At the counter: the person here reads what a link hands over, chooses, and consents; or a representative does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.consents import service as counter
from backoffice.consents.models import RegistrantLook
from backoffice.consents.pages import DESK, GIVER_NAMES, LANGUAGE_NAMES
from backoffice.consents.workflow import Assurance, Giver
from backoffice.data_links import consenting, live, queries
from backoffice.data_links.consenting import Agreed
from backoffice.data_links.models import LinkVersion
from backoffice.data_links.weighing import terms_of
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.web import Crumb, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, read_day, whole_number
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work
from workflows.links import ATTRIBUTES, Necessity

NOTHING: Mapping[str, str] = {}
CHOSEN = "attribute-"
"""How the fields of what somebody may choose begin."""

staff = StaffRouter()


@dataclass(frozen=True)
class Offered:
    """One attribute that would be handed over."""

    code: str
    name: str
    says: str
    is_required: bool


@dataclass(frozen=True, kw_only=True)
class LinkGivingPage(Page):
    title_text: str
    look_id: int
    version: LinkVersion
    seen: int
    is_open: bool
    is_proven: bool
    text: str
    recipient: str
    purposes: Sequence[str]
    retention_days: int
    attributes: Sequence[Offered]
    language: str
    languages: Sequence[tuple[str, str]]
    givers: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@staff.page("/consents/looks/{look_id}/links/{link_id}/consent", Permission.CONSENT_TAKE)
def read_terms(request: Request, work: Reading, look_id: int, link_id: int, lang: str = "") -> HTMLResponse:
    return _page(request, work, counter.look_of(work, look_id), link_id, {"language": lang}, NOTHING)


@staff.action("/consents/looks/{look_id}/links/{link_id}/consent", Permission.CONSENT_TAKE)
def give(request: Request, work: Writing, look_id: int, link_id: int, form: FormData) -> Response:
    look = counter.look_of(work, look_id)
    version = consenting.link_open(work, queries.find_link(work.session, link_id).code)
    try:
        evidence = counter.evidence_given(form.get("evidence", ""))
        seen = whole_number(form.get("seen", "")) or 0
        consenting.take(work, look.registrant, version, _read(form), evidence, seen)
    except Invalid as refusal:
        work.refused = True
        return _page(request, work, look, link_id, form, refusal.fields)
    return go_to(f"/consents/looks/{look.id}/links", _("同意を受け付けました。今この時から有効です。"))


def _read(form: Mapping[str, str]) -> Agreed:
    if form.get("agreed") != "yes":
        unread = _("本人か法定代理人が読んで同意したときに、しるしを付けてください。")
        raise Invalid(counter.WRONG, {"agreed": unread})
    if form.get("giver") not in set(Giver):
        raise Invalid(counter.WRONG, {"giver": _("同意した人を選んでください。")})
    return Agreed(
        whole_number(form.get("version", "")) or 0,
        frozenset(name.removeprefix(CHOSEN) for name in form if name.startswith(CHOSEN)),
        counter.spoken(form.get("language", "")),
        Giver(form["giver"]),
        read_day(form, "power_ends") if form.get("power_ends", "").strip() else None,
    )


def _page(
    request: Request,
    work: Work,
    look: RegistrantLook,
    link_id: int,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    link = queries.find_link(work.session, link_id)
    version = queries.version_in_force(work.session, link.id)
    if version is None:
        raise NotThere(consenting.NO_LINK)
    version.link = link
    terms = terms_of(version)
    if whole_number(typed.get("version", "")) not in (None, version.number):
        typed = {**typed, "agreed": ""}  # of another text than the one that was read
    chosen = typed.get("language", "")
    language = chosen if chosen in LANGUAGE_NAMES else look.registrant.language
    is_english, seen = language == "en", whole_number(typed.get("seen", ""))
    shown = LinkGivingPage(
        title=_("連携への同意を受け付ける"),
        title_text=link.name,
        crumbs=(DESK, Crumb(_("連携への同意と使われ方"), f"/consents/looks/{look.id}/links")),
        look_id=look.id,
        version=version,
        seen=live.last_event(work.session, look.registrant_id) if seen is None else seen,
        is_open=consenting.is_open(work, version),
        is_proven=look.registrant.assurance == Assurance.CARD_VERIFIED,
        text=getattr(terms.shown, language),
        recipient=terms.recipient.en if is_english else terms.recipient.ja,
        purposes=[each.en if is_english else each.ja for each in terms.purposes],
        retention_days=terms.retention_days,
        attributes=[_offered(each.attribute, is_required=each.necessity is Necessity.REQUIRED) for each in terms.uses],
        language=language,
        languages=[(code, translate(name)) for code, name in LANGUAGE_NAMES.items()],
        givers=[(str(code), translate(name)) for code, name in GIVER_NAMES.items()],
        typed=typed,
        wrong=wrong,
    )
    return render(request, "data_links/counter_giving.html", shown, status=422 if wrong else 200)


def _offered(code: str, *, is_required: bool) -> Offered:
    known, is_english = ATTRIBUTES[code], language_now() == "en"
    return Offered(code, known.en if is_english else known.ja, known.says_en if is_english else known.says, is_required)
