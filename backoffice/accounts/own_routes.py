"""A person's own page: settings, second factors, sign-ins on other devices, what happened to their account."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from backoffice.accounts import fresh_proof, history, pages, service, signing_in
from backoffice.accounts.cookies import device_of
from backoffice.accounts.inputs import (
    LanguageInput,
    MailInput,
    MorningMailInput,
    PasswordInput,
    ProofInput,
    TextSizeInput,
    safe_next,
)
from backoffice.accounts.second_factor import keys
from backoffice.accounts.second_factor import service as factors
from backoffice.accounts.second_factor.queries import held_by
from backoffice.errors import FreshProofNeeded, Invalid
from backoffice.identity import Permission, Staff, StaffSession
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.identity.sessions import is_alive
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.lists import PAGE_SIZE, Paging
from backoffice.web.translations import _
from backoffice.work import Office, Work

LATEST = 8
"""Of what happened; the rest is on a page of its own."""

staff = StaffRouter()


@staff.page("/me", Permission.HOME_VIEW)
def me(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "accounts/me.html", _me_page(work))


@staff.page("/me/history", Permission.HOME_VIEW)
def own_history(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    paging = Paging("/me/history", history.count_entries(work.session, work.actor.staff_id), page)
    shown = pages.HistoryPage(
        title=_("自分のアカウントの記録"),
        crumbs=(Crumb(_("自分の設定"), "/me"),),
        entries=history.latest_entries(work.session, work.actor.staff_id, PAGE_SIZE, paging.offset),
        paging=paging,
    )
    return render(request, "accounts/history.html", shown)


@staff.action("/me/language", Permission.HOME_VIEW)
def choose_language(work: Writing, form: LanguageInput) -> Response:
    service.choose_language(work, form.language)
    return go_to("/me", _("表示言語を変えました。"))


@staff.action("/me/text-size", Permission.HOME_VIEW)
def choose_text_size(work: Writing, form: TextSizeInput) -> Response:
    service.choose_text_size(work, form.size)
    return go_to("/me", _("文字の大きさを変えました。"))


@staff.page("/me/prove", Permission.HOME_VIEW)
def show_again(request: Request, work: Reading, next: str = "/me") -> Response:  # noqa: A002 -- the query parameter's name
    """Ask whoever has been inside for a while to show who they are: by their factor, else by their password."""
    if held_by(work.session, work.actor.staff_id).any:
        return RedirectResponse(f"/second-factor?again=yes&next={quote(safe_next(next), safe='')}", 303)
    return _proof(request, work, next)


@staff.action("/me/prove", Permission.HOME_VIEW)
def prove_again(request: Request, actor: SignedIn, form: ProofInput) -> Response:
    office: Office = request.app.state.office
    try:
        fresh_proof.prove_by_password(office, actor, form.password, device_of(request))
    except Invalid as refusal:
        with office.look(actor) as work:
            return _proof(request, work, form.next, refusal.fields)
    return RedirectResponse(safe_next(form.next), 303)


@staff.action("/me/mail", Permission.HOME_VIEW)
def change_mail(request: Request, work: Writing, form: MailInput) -> Response:
    try:
        fresh_proof.must_be_fresh(work)
    except FreshProofNeeded:
        work.refused = True
        return go_to("/me/prove", _("メールアドレスを変える前に、もう一度確かめさせてください。"), tone="warning")
    try:
        service.change_mail(work, work.actor.staff_id, form.mail)
    except Invalid as refusal:
        work.refused = True
        return _refused(request, work, refusal, {"mail": form.mail})
    return go_to("/me", _("メールアドレスを変えました。"))


@staff.action("/me/morning-mail", Permission.HOME_VIEW)
def choose_morning_mail(work: Writing, form: MorningMailInput) -> Response:
    wanted = form.wanted == "yes"
    service.choose_morning_mail(work, wanted=wanted)
    return go_to("/me", _("朝のお知らせを届けます。") if wanted else _("朝のお知らせを止めました。"))


@staff.action("/me/password", Permission.HOME_VIEW)
def change_password(request: Request, actor: SignedIn, form: PasswordInput) -> Response:
    office: Office = request.app.state.office
    try:
        service.change_password(office, actor, form.current, form.new, device_of(request))
    except Invalid as refusal:
        with office.look(actor) as work:
            return _refused(request, work, refusal, {})
    return go_to("/sign-in", _("パスワードを変えました。もう一度サインインしてください。"))


@staff.action("/me/sessions/end-others", Permission.HOME_VIEW)
def end_other_sessions(work: Writing) -> Response:
    count = signing_in.end_other_sessions(work)
    return go_to("/me", _("ほかのサインインを%(count)s件終わらせました。"), count=count)


@staff.action("/me/sessions/{session_id}/end", Permission.HOME_VIEW)
def end_one_session(work: Writing, session_id: int) -> Response:
    signing_in.end_one_session(work, session_id)
    return go_to("/me", _("サインインを終わらせました。"))


@staff.action("/me/code/remove", Permission.HOME_VIEW)
def remove_code(work: Writing) -> Response:
    try:
        factors.remove_code(work)
    except Invalid as refusal:
        work.refused = True
        return go_to("/me", refusal.message, tone="error")
    return go_to("/me", _("認証アプリを外しました。"))


@staff.action("/me/keys/{key_id}/remove", Permission.HOME_VIEW)
def remove_key(work: Writing, key_id: int) -> Response:
    try:
        factors.remove_key(work, key_id)
    except Invalid as refusal:
        work.refused = True
        return go_to("/me", refusal.message, tone="error")
    return go_to("/me", _("セキュリティキーを外しました。"))


def _proof(request: Request, work: Work, following: str, wrong: dict[str, str] | None = None) -> HTMLResponse:
    page = pages.ProofPage(
        title=_("本人の確認"),
        crumbs=(Crumb(_("自分の設定"), "/me"),),
        next=safe_next(following),
        may_use_password=_may_use_password(work, service.own_account(work)),
        wrong=wrong or {},
    )
    return render(request, "accounts/prove.html", page, status=422 if wrong else 200)


def _may_use_password(work: Work, person: Staff) -> bool:
    return bool(person.break_glass or not work.office.settings.oidc_issuer)


def _refused(request: Request, work: Work, refusal: Invalid, typed: dict[str, str]) -> HTMLResponse:
    return render(request, "accounts/me.html", _me_page(work, refusal.fields, typed), status=422)


def _me_page(work: Work, wrong: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> pages.MePage:
    person = service.own_account(work)
    return pages.MePage(
        title=_("自分の設定"),
        staff=person,
        roles=tuple(dict.fromkeys(ROLE_NAMES[grant.role] for grant in work.actor.grants)),
        factors=held_by(work.session, person.id),
        sessions=_sessions(work),
        entries=history.latest_entries(work.session, person.id, LATEST),
        may_use_password=_may_use_password(work, person),
        keys_work=keys.site_of(work.office.settings.public_address) is not None,
        typed=typed or {},
        wrong=wrong or {},
    )


def _sessions(work: Work) -> list[pages.OwnSession]:
    """Give the person's live sign-ins, this one first."""
    found = work.session.scalars(
        select(StaffSession).where(StaffSession.staff_id == work.actor.staff_id).order_by(StaffSession.seen_at.desc())
    )
    rows = [
        pages.OwnSession(each.id, each.started_at, each.seen_at, each.address, each.id == work.actor.session_id)
        for each in found
        if is_alive(each, work.office.settings, work.now)
    ]
    return sorted(rows, key=lambda row: not row.here)
