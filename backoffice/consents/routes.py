"""The consent counter: a person stands before the clerk, shows their card, and gives or withdraws consents."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.consents import pages, queries, service
from backoffice.consents.models import RegistrantLook
from backoffice.consents.names import CONSENTS
from backoffice.consents.notices import shown_on
from backoffice.consents.service import Given
from backoffice.consents.workflow import Assurance, Giver
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.web import MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, read_day, whole_number
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work
from workflows.rules.vocabulary import ConsentClass, Fact

MENU = (MenuItem(_("同意の窓口"), "/consents", Permission.CONSENT_TAKE),)
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/consents", Permission.CONSENT_TAKE)
def desk(request: Request) -> HTMLResponse:
    return _desk(request, NOTHING, NOTHING)


@staff.action("/consents/find", Permission.CONSENT_TAKE)
def find(request: Request, work: Writing, form: FormData) -> Response:
    """Posted, so that no address, and no log of addresses, holds whom somebody looked for."""
    try:
        look = service.open_look(work, form.get("pseudonym", ""), form.get("reason", ""))
    except Invalid as refusal:
        work.refused = True
        return _desk(request, form, refusal.fields)
    if look is None:
        nobody = _("登録されていません。仮名を確かめるか、「新しく登録する」から登録してください。")
        return _desk(request, form, {"pseudonym": nobody})
    return go_to(f"/consents/looks/{look.id}")


@staff.page("/consents/enter", Permission.CONSENT_TAKE)
def enter_form(request: Request) -> HTMLResponse:
    return _enter_page(request, NOTHING, NOTHING)


@staff.action("/consents/enter", Permission.CONSENT_TAKE)
def enter(request: Request, work: Writing, form: FormData) -> Response:
    """Open the page of whoever is registered already: a mere refusal would tell that they are, and leave no trace."""
    pseudonym, reason = form.get("pseudonym", ""), form.get("reason", "")
    try:
        known = service.open_look(work, pseudonym, reason) if service.is_registered(work, pseudonym) else None
        if known is not None:
            return go_to(f"/consents/looks/{known.id}", _("もう登録されています。登録の内容は変えていません。"))
        look = service.enter(
            work, pseudonym, form.get("language", ""), reason, card_seen=form.get("card_seen") == "yes"
        )
    except Invalid as refusal:
        work.refused = True
        return _enter_page(request, form, refusal.fields)
    return go_to(f"/consents/looks/{look.id}", _("登録しました。続けて同意を受け付けられます。"))


@staff.page("/consents/looks/{look_id}", Permission.CONSENT_TAKE)
def registrant(request: Request, work: Reading, look_id: int) -> HTMLResponse:
    return render(request, "consents/registrant.html", _registrant_page(work, service.look_of(work, look_id)))


@staff.action("/consents/looks/{look_id}/card", Permission.CONSENT_TAKE)
def see_card(work: Writing, look_id: int) -> Response:
    look = service.look_of(work, look_id)
    service.see_card(work, look.registrant)
    return go_to(f"/consents/looks/{look.id}", _("カードで確かめました。今この時から、この人の同意が使われます。"))


@staff.page("/consents/looks/{look_id}/give/{consent_kind}", Permission.CONSENT_TAKE)
def read_notice(request: Request, work: Reading, look_id: int, consent_kind: str, lang: str = "") -> HTMLResponse:
    return _give_page(
        request, work, service.look_of(work, look_id), _class_of(consent_kind), {"language": lang}, NOTHING
    )


@staff.action("/consents/looks/{look_id}/give/{consent_kind}", Permission.CONSENT_TAKE)
def give(request: Request, work: Writing, look_id: int, consent_kind: str, form: FormData) -> Response:
    look = service.look_of(work, look_id)
    try:
        service.give(work, look.registrant, _read_given(form, _class_of(consent_kind)))
    except Invalid as refusal:
        work.refused = True
        return _give_page(request, work, look, _class_of(consent_kind), form, refusal.fields)
    return go_to(f"/consents/looks/{look.id}", _("同意を受け付けました。今この時から有効です。"))


@staff.action("/consents/looks/{look_id}/consents/{consent_id}/withdraw", Permission.CONSENT_TAKE)
def withdraw(work: Writing, look_id: int, consent_id: int) -> Response:
    look = service.look_of(work, look_id)
    service.withdraw(work, look.registrant, consent_id)
    return go_to(f"/consents/looks/{look.id}", _("同意を取り消しました。今この時から使われません。"))


def _desk(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str]) -> HTMLResponse:
    shown = pages.DeskPage(title=_("同意の窓口"), typed=typed, wrong=wrong)
    return render(request, "consents/desk.html", shown, status=422 if wrong else 200)


def _enter_page(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str]) -> HTMLResponse:
    languages = _translated(pages.LANGUAGE_NAMES)
    shown = pages.EnterPage(
        title=_("新しく登録する"), crumbs=(pages.DESK,), typed=typed, wrong=wrong, languages=languages
    )
    return render(request, "consents/enter.html", shown, status=422 if wrong else 200)


def _registrant_page(work: Work, look: RegistrantLook) -> pages.RegistrantPage:
    today = work.today
    cipher = work.office.cipher
    rows = [
        pages.ConsentRow.of(each, CONSENTS[ConsentClass(each.kind)], today)
        for each in queries.consents_of(work.session, look.registrant_id)
    ]
    given = {row.consent.kind for row in rows if row.is_live and not row.ends_soon}
    return pages.RegistrantPage(
        title=_("登録者の同意"),
        crumbs=(pages.DESK,),
        look_id=look.id,
        pseudonym=cipher.open(look.registrant.sealed_pseudonym, service.PSEUDONYM).decode(),
        registrant=look.registrant,
        assurance=pages.ASSURANCE_CHIPS[Assurance(look.registrant.assurance)],
        is_proven=look.registrant.assurance == Assurance.CARD_VERIFIED,
        language=pages.LANGUAGE_NAMES[look.registrant.language],
        until=look.opened_at + service.LOOK_LASTS,
        consents=rows,
        offered=[
            pages.Offered(each, CONSENTS[each], [_fact_name(fact) for fact in shown_on(each, today).facts])
            for each in ConsentClass
            if each not in given
        ],
        looks=[
            pages.LookRow(each.staff.name, cipher.open(each.sealed_reason, service.REASON).decode(), each.opened_at)
            for each in queries.looks_at(work.session, look.registrant_id)
        ],
    )


def _give_page(
    request: Request,
    work: Work,
    look: RegistrantLook,
    kind: ConsentClass,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    chosen = typed.get("language", "")
    shown = pages.GivePage(
        title=_("同意を受け付ける"),
        title_text=translate(CONSENTS[kind]),
        crumbs=(pages.DESK,),
        look_id=look.id,
        seen=whole_number(typed.get("seen", "")) or queries.last_event(work.session, look.registrant_id),
        notice=shown_on(kind, work.today),
        language=chosen if chosen in pages.LANGUAGE_NAMES else look.registrant.language,
        languages=_translated(pages.LANGUAGE_NAMES),
        givers=_translated(pages.GIVER_NAMES),
        typed=typed,
        wrong=wrong,
    )
    return render(request, "consents/give.html", shown, status=422 if wrong else 200)


def _read_given(form: Mapping[str, str], kind: ConsentClass) -> Given:
    if form.get("agreed") != "yes":
        raise Invalid(service.WRONG, {"agreed": _("本人か法定代理人が読んで同意したときに、しるしを付けてください。")})
    if form.get("giver") not in set(Giver):
        raise Invalid(service.WRONG, {"giver": _("同意した人を選んでください。")})
    power_ends = read_day(form, "power_ends") if form.get("power_ends", "").strip() else None
    version = whole_number(form.get("notice_version", "")) or 0
    language, giver, seen = form.get("language", ""), Giver(form["giver"]), whole_number(form.get("seen", "")) or 0
    return Given(kind, version, language, giver, form.get("evidence", ""), power_ends, seen)


def _class_of(kind: str) -> ConsentClass:
    if kind not in set(ConsentClass):
        raise NotThere("お探しの記録は見つかりませんでした。")
    return ConsentClass(kind)


def _translated(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(word), translate(name)) for word, name in words.items()]


def _fact_name(fact: Fact) -> str:
    return fact.en if language_now() == "en" else fact.ja
