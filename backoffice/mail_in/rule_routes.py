"""The pages of a department's rules for mail, and of the addresses by which mail finds departments."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.mail_in import pages, queries, service
from backoffice.mail_in.events import LetterOpened, LettersListed
from backoffice.mail_in.models import MailLetter, MailRule
from backoffice.mail_in.pages import ActsTyped, Tried
from backoffice.mail_in.routes import LETTERS, choices_of
from backoffice.mail_in.rules import Conditions, first_met, meets
from backoffice.mail_in.service import LIMITS
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of, whole_number
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _
from backoffice.work import Office, Work

RULES = Crumb(_("メールの仕分けルール"), "/mail-in/rules")
NOTHING = Invalid("")

staff = StaffRouter()


@staff.page("/mail-in/rules", Permission.MAIL_SORT)
def rules(request: Request, work: Reading) -> HTMLResponse:
    titles = pages.titles_of(choices_of(work, work.actor))
    shown = pages.RulesPage(
        title=_("メールの仕分けルール"),
        crumbs=(LETTERS,),
        rows=[pages.rule_row(rule, titles) for rule in queries.list_rules(work.session, work.actor)],
        may_write=queries.holds_at_home(work.session, work.actor, Permission.MAIL_SORT),
    )
    return render(request, "mail_in/rules.html", shown)


@staff.page("/mail-in/rules/new", Permission.MAIL_SORT)
def new_rule(request: Request, work: Reading, letter: int | None = None) -> HTMLResponse:
    """Begin a rule, from a letter where one is named: who wrote it, and what was done with it."""
    typed: dict[str, str] = {}
    if letter is not None:
        found = queries.find_letter(work.session, work.actor, letter, Permission.MAIL_SORT)
        work.seen(LetterOpened(found.id))
        typed = _from_letter(found)
    return _rule(request, work, None, typed, NOTHING)


@staff.action("/mail-in/rules", Permission.MAIL_SORT)
def write_rule(request: Request, office: TheOffice, actor: SignedIn, form: FormData) -> Response:
    if form.get("try"):
        return _try(request, office, actor, None, form)
    try:
        with office.unit(actor) as work:
            rule = service.write_rule(work, _written(work, form))
    except Invalid as refusal:
        with office.look(actor) as work:
            return _rule(request, work, None, form, refusal)
    return go_to("/mail-in/rules", _("ルール「%(title)s」を加えました。次に届くメールから使います。"), title=rule.title)


@staff.page("/mail-in/rules/{rule_id}", Permission.MAIL_SORT)
def one_rule(request: Request, work: Reading, rule_id: int) -> HTMLResponse:
    rule = queries.find_rule(work.session, work.actor, rule_id)
    return _rule(request, work, rule, _typed_of(rule), NOTHING)


@staff.action("/mail-in/rules/{rule_id}", Permission.MAIL_SORT)
def rewrite_rule(request: Request, office: TheOffice, actor: SignedIn, rule_id: int, form: FormData) -> Response:
    if form.get("try"):
        return _try(request, office, actor, rule_id, form)
    try:
        with office.unit(actor) as work:
            rule = queries.find_rule(work.session, actor, rule_id)
            if rule.version != seen_of(form):
                raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))
            service.rewrite_rule(work, rule, _written(work, form))
    except Invalid as refusal:
        with office.look(actor) as work:
            return _rule(request, work, queries.find_rule(work.session, actor, rule_id), form, refusal)
    return go_to("/mail-in/rules", _("ルール「%(title)s」を直しました。次に届くメールから使います。"), title=rule.title)


@staff.action("/mail-in/rules/{rule_id}/switch", Permission.MAIL_SORT)
def switch_rule(work: Writing, rule_id: int) -> Response:
    rule = queries.find_rule(work.session, work.actor, rule_id)
    service.switch_rule(work, rule)
    said = _("ルール「%(title)s」を使います。") if rule.active else _("ルール「%(title)s」を止めました。")
    return go_to("/mail-in/rules", said, title=rule.title)


@staff.action("/mail-in/rules/{rule_id}/up", Permission.MAIL_SORT)
def move_rule_up(work: Writing, rule_id: int) -> Response:
    service.move_rule_up(work, queries.find_rule(work.session, work.actor, rule_id))
    return go_to("/mail-in/rules", _("順番を変えました。上のルールから当てはめます。"))


@staff.page("/mail-in/addresses", Permission.STAFF_EDIT)
def addresses(request: Request, work: Reading) -> HTMLResponse:
    return _addresses(request, work, {}, NOTHING)


@staff.action("/mail-in/addresses", Permission.STAFF_EDIT)
def name_address(request: Request, work: Writing, form: FormData) -> Response:
    try:
        named = service.name_address(work, form.get("address", ""), whole_number(form.get("department", "")))
    except Invalid as refusal:
        work.refused = True
        return _addresses(request, work, form, refusal)
    return go_to("/mail-in/addresses", _("%(mail)s を登録しました。"), mail=named.address)


@staff.action("/mail-in/addresses/{address_id}/remove", Permission.STAFF_EDIT)
def take_address_away(work: Writing, address_id: int) -> Response:
    service.take_address_away(work, address_id)
    return go_to("/mail-in/addresses", _("アドレスを外しました。"))


def _written(work: Work, form: Mapping[str, str]) -> service.RuleWritten:
    return service.read_rule(form, choices_of(work, work.actor), work.office.settings)


def _try(request: Request, office: Office, actor: Actor, rule_id: int | None, form: Mapping[str, str]) -> HTMLResponse:
    """Show what a rule would do as it is typed; nothing is kept but that letters were looked at."""
    with office.look(actor) as work:
        rule = None if rule_id is None else queries.find_rule(work.session, actor, rule_id)
        return _rule(request, work, rule, form, NOTHING, tried=_tried(work, rule, form))


def _tried(work: Work, rule: MailRule | None, form: Mapping[str, str]) -> Sequence[Tried]:
    """Say which of the last letters a rule would sort as it is typed, and which a rule before it takes."""
    typed = Conditions(*(form.get(name, "").strip() for name in ("sender", "subject", "file_name", "file_kind")))
    used = [one for one in queries.list_rules(work.session, work.actor) if one.active]
    before = [one for one in used if rule is None or (one.place < rule.place and one.id != rule.id)]
    found = queries.latest_letters(work.session, work.actor)
    if found:
        work.seen(LettersListed(len(found)))
    return [Tried(letter, meets(typed, letter), _title(first_met(before, letter))) for letter in found]


def _title(rule: MailRule | None) -> str:
    return rule.title if rule else ""


def _rule(
    request: Request,
    work: Work,
    rule: MailRule | None,
    typed: Mapping[str, str],
    refusal: Invalid,
    tried: Sequence[Tried] | None = None,
) -> HTMLResponse:
    shown = pages.RulePage(
        title=_("ルールを直す") if rule else _("ルールを加える"),
        crumbs=(LETTERS, RULES),
        rule=rule,
        typed={"file_kind": "", **dict.fromkeys(LIMITS, ""), **typed},
        wrong=refusal.fields,
        asked=ActsTyped(choices_of(work, work.actor), typed, refusal.fields),
        kinds=pages.kind_choices(),
        tried=tried,
        refusal=refusal.message,
    )
    return render(request, "mail_in/rule.html", shown, status=422 if refusal.message else 200)


def _typed_of(rule: MailRule) -> dict[str, str]:
    written = {"title": rule.title, "sender": rule.sender, "subject": rule.subject}
    return {**written, "file_name": rule.file_name, "file_kind": rule.file_kind, **pages.acts_typed(rule.wanted)}


def _from_letter(letter: MailLetter) -> dict[str, str]:
    """Give what a rule for such letters might say; whoever writes it decides."""
    acts = pages.acts_typed(service.wanted_of(letter))
    return {"title": letter.sender[:60], "sender": letter.sender, **acts}


def _addresses(request: Request, work: Work, typed: Mapping[str, str], refusal: Invalid) -> HTMLResponse:
    shown = pages.AddressesPage(
        title=_("メールの受付アドレス"),
        rows=queries.list_addresses(work.session),
        departments=pages.department_choices(queries.departments(work.session)),
        typed={"address": "", "department": "", **typed},
        wrong=refusal.fields,
    )
    return render(request, "mail_in/addresses.html", shown, status=422 if refusal.message else 200)
