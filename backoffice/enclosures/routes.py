"""Papers that go to records of a list: which go to whom, by one press to a printer, who printed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.db.numbering import fiscal_year_of
from backoffice.enclosures import pages, printing, queries, service
from backoffice.enclosures.choosing import Choice, choose
from backoffice.enclosures.events import PacketSeen
from backoffice.enclosures.models import EnclosureRule, Packet
from backoffice.enclosures.service import Made
from backoffice.errors import Invalid, NotThere
from backoffice.form_designs import words
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Permission
from backoffice.intake.known_papers import forms_on_paper
from backoffice.records import queries as records
from backoffice.records.choosing import Lists, chosen, everything, inside, one_of
from backoffice.records.events import RecordsListed
from backoffice.records.packets import MOST_RECORDS, AddressKeys, addressee, guessed_keys, honorific_for
from backoffice.records.pages import ListAction, ListLink
from backoffice.records.routes import RECORDS
from backoffice.services import TOKYO
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import label_of, sentence, understood
from backoffice.web.forms_in import FormData, FormLists, whole_number
from backoffice.web.free_text import words_given
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.building import conditions
from forms.building.conditions import NEEDS_VALUE, Clause, Condition, Sign, signs_for
from forms.building.draft import FormDraft
from forms.definition import FormDefinition
from forms.paper.envelope import Letter

IN_LISTS = ListAction(_("送付資料を印刷に回す"), "enclosures/packets", queries.has_rules)
OF_LISTS = ListLink(_("送付資料"), "enclosures", lambda _actor, definition: bool(guessed_keys(definition).address))
GREETING = "次の資料をお送りします。ご確認のうえ、必要なものを記入してお返しください。"
"""On paper for those it is sent to: Japanese, whatever language the clerk works in."""
LONGEST_SUBJECT = 80

staff = StaffRouter()


@dataclass(frozen=True)
class _Wanted:
    """The chosen records of a list, and what goes to each."""

    design: FormDesign
    definition: FormDefinition
    keys: AddressKeys
    choices: Sequence[Choice]
    last: Mapping[int, Packet]

    def ready(self, year: int, *, again: bool) -> list[Choice]:
        """Give those that get a packet: not a second one in one fiscal year, unless it is wished for."""
        return [each for each in self.choices if each.papers and (again or not self.has_one(each, year))]

    def has_one(self, choice: Choice, year: int) -> bool:
        last = self.last.get(choice.record.id)
        return last is not None and fiscal_year_of(last.asked_at.astimezone(TOKYO).date()) == year


@staff.page("/records/{design_id}/enclosures", Permission.RECORD_READ)
def enclosures(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    design, definition = records.find_form(work.session, work.actor, design_id)
    return _page(request, work, design, definition, {})


@staff.action("/records/{design_id}/enclosures", Permission.FORM_BUILD)
def add_paper(request: Request, work: Writing, design_id: int, form: FormData) -> Response:
    design, definition = records.find_form(work.session, work.actor, design_id)
    try:
        service.add_paper(work, design, form.get("paper", ""), _condition(definition, form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _page(request, work, design, definition, form, refusal)
    return go_to(f"/records/{design.id}/enclosures", _("送る資料を保存しました。"))


@staff.action("/records/{design_id}/enclosures/remove", Permission.FORM_BUILD)
def remove_paper(work: Writing, design_id: int, form: FormData) -> Response:
    design, _definition = records.find_form(work.session, work.actor, design_id)
    service.remove_paper(work, design, whole_number(form.get("rule", "")))
    return go_to(f"/records/{design.id}/enclosures", _("送る資料から外しました。"))


@staff.action("/records/{design_id}/enclosures/packets", Permission.RECORD_WRITE)
def choose_papers(request: Request, work: Reading, office: TheOffice, design_id: int, form: FormLists) -> Response:
    """Show which papers go to each of the chosen records, before anything is printed."""
    wanted = _wanted(work, design_id, form)
    work.seen(RecordsListed(wanted.design.id, len(wanted.choices)))
    if not wanted.choices:
        return go_to(inside(one_of(form, "address"), wanted.design), _("記録を選んでください。"), tone="warning")
    typed = {"subject": f"{wanted.design.title} 資料の送付"[:LONGEST_SUBJECT], "duplex": "yes"}
    return _ask(request, wanted, form, typed, printing.queues_of(office), fiscal_year_of(work.today))


@staff.action("/records/{design_id}/enclosures/print", Permission.RECORD_WRITE)
def print_papers(request: Request, actor: SignedIn, office: TheOffice, design_id: int, form: FormLists) -> Response:
    """Make the packets with no unit open, and let them wait for their printer."""
    with office.look(actor) as work:
        wanted = _wanted(work, design_id, form)
    today, queues = office.services.today(), printing.queues_of(office)
    typed = {name: values[-1] for name, values in form.items() if values}
    ready = wanted.ready(fiscal_year_of(today), again=typed.get("again") == "yes")
    printer = typed.get("printer", "")
    try:
        _must_be_printable(has_printer=printer in queues, has_any=bool(ready))
        subject = words_given(typed.get("subject", ""), "subject", LONGEST_SUBJECT)
    except Invalid as refusal:
        return _ask(request, wanted, form, typed, queues, fiscal_year_of(today), refusal)
    honorific, duplex = honorific_for(wanted.definition, wanted.keys.name), typed.get("duplex") == "yes"
    made: list[Made] = []
    for place in dict.fromkeys(each.record.department.name for each in ready):
        letter = Letter(honorific, [f"福岡市 {place}"], subject, GREETING, today)
        of_place = [each for each in ready if each.record.department.name == place]
        made += service.make(office, wanted.definition, of_place, letter, wanted.keys, duplex=duplex)
    with office.unit(actor) as work:
        sent = service.send_to_printer(work, wanted.design, made, printer, wanted.last)
    return go_to(f"/records/{design_id}/enclosures", _("%(n)s件を印刷に回しました。"), n=sent)


@staff.page("/records/packets/{packet_id}/pdf", Permission.RECORD_READ)
def packet_pdf(work: Reading, packet_id: int) -> Response:
    """Give what was printed, as proof."""
    packet = queries.find_packet(work.session, work.actor, packet_id)
    if packet.file is None:
        raise NotThere(_("この送付資料の控えは、もうありません。"))
    content = work.office.files.read(packet.file)
    work.seen(PacketSeen(packet.id))
    return Response(content, media_type="application/pdf", headers={"Cache-Control": "private, no-store"})


def _must_be_printable(*, has_printer: bool, has_any: bool) -> None:
    if not has_printer:
        raise Invalid(_("印刷の置き場所を選んでください。"))
    if not has_any:
        raise Invalid(_("印刷に回す記録がありません。"))


def _wanted(work: Work, design_id: int, form: Lists) -> _Wanted:
    design, definition = records.find_form(work.session, work.actor, design_id)
    found = chosen(work, design, definition, form, Permission.RECORD_WRITE, MOST_RECORDS)
    if len(found) > MOST_RECORDS:
        raise Invalid(_("一度に印刷できるのは%(most)s件までです。条件で絞ってください。"), most=MOST_RECORDS)
    rules = queries.rules_of(work.session, design.id, work.actor.department_id)
    papers = queries.papers_of(work.session, [rule.paper_code for rule in rules])
    keys = guessed_keys(definition)
    choices = [choose(record, definition, rules, papers, keys) for record in found]
    return _Wanted(design, definition, keys, choices, queries.last_packets(work.session, [one.id for one in found]))


def _condition(definition: FormDefinition, form: Mapping[str, str]) -> str:
    """Read one picked condition. Raises Invalid, naming the field."""
    asked = next((one for one in definition.questions if one.key == form.get("key", "")), None)
    if asked is None:
        return ""
    sign = next((one for one in signs_for(asked.type) if one == form.get("sign", "")), None)
    if sign is None:
        said = _("この欄には使えない条件です。選び直してください。")
        raise Invalid(said, {"value": said})
    if sign not in NEEDS_VALUE:
        return conditions.write(Condition((Clause(asked.key, sign),)), definition.questions)
    typed = form.get("value", "").strip()
    by_label = {option.label: option.code for option in asked.options}
    normal = understood(asked, by_label.get(typed, typed))
    if normal.value is None:
        said = sentence(normal.problem) if normal.problem else _("比べる値を入れてください。")
        raise Invalid(said, {"value": said})
    return conditions.write(Condition((Clause(asked.key, sign, normal.value),)), definition.questions)


def _page(
    request: Request,
    work: Work,
    design: FormDesign,
    definition: FormDefinition,
    typed: Mapping[str, str],
    refusal: Invalid | None = None,
) -> HTMLResponse:
    place = work.actor.department_id
    offered = (
        [(code, title) for code, title in forms_on_paper(work.session, place) if code != design.code] if place else []
    )
    wrong = {name: translate(text) for name, text in refusal.fields.items()} if refusal else {}
    shown = pages.EnclosuresPage(
        title=_("送付資料"),
        title_text=f"{translate(_('送付資料'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")),
        design=design,
        rules=[_rule_row(rule, dict(offered), definition) for rule in queries.rules_of(work.session, design.id, place)],
        packets=[pages.PacketRow.of(each) for each in queries.newest_packets(work.session, work.actor, design.id)],
        may_set=work.actor.may(Permission.FORM_BUILD),
        papers=[("", translate(_("選んでください"))), *offered],
        questions=[
            ("", translate(_("すべての記録に送る"))),
            *((one.key, label_of(one)) for one in definition.questions),
        ],
        signs=[(str(sign), translate(words.SIGNS[sign])) for sign in Sign],
        paper=typed.get("paper", ""),
        key=typed.get("key", ""),
        sign=typed.get("sign", ""),
        value=typed.get("value", ""),
        wrong=translate(refusal.message, **refusal.params) if refusal and not wrong else "",
        wrong_paper=wrong.get("paper", ""),
        wrong_value=wrong.get("value", ""),
    )
    return render(request, "enclosures/enclosures.html", shown, status=422 if refusal else 200)


def _rule_row(rule: EnclosureRule, titles: Mapping[str, str], definition: FormDefinition) -> pages.RuleRow:
    said = words.condition(rule.condition, FormDraft.of(definition)) if rule.condition else ""
    return pages.RuleRow(rule.id, titles.get(rule.paper_code, rule.paper_code), said)


def _ask(  # what is asked stands where everything that was chosen meets
    request: Request,
    wanted: _Wanted,
    form: Lists,
    typed: Mapping[str, str],
    queues: Sequence[str],
    year: int,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    again = typed.get("again") == "yes"
    shown = pages.ChoicePage(
        title=_("送付資料を印刷に回す"),
        title_text=f"{translate(_('送付資料を印刷に回す'))}: {wanted.design.title}",
        crumbs=(RECORDS, Crumb(wanted.design.title, f"/records/{wanted.design.id}")),
        design=wanted.design,
        rows=[_choice_row(each, wanted) for each in wanted.choices],
        ids=[] if everything(form) else [each.record.id for each in wanted.choices],
        everything=everything(form),
        back=inside(one_of(form, "address"), wanted.design),
        printers=[("", translate(_("選んでください"))), *((queue, queue) for queue in queues)],
        printer=typed.get("printer", "") or _usual_printer(wanted, queues),
        subject=typed.get("subject", ""),
        duplex=typed.get("duplex") == "yes",
        again=again,
        ready=len(wanted.ready(year, again=again)),
        before=sum(wanted.has_one(each, year) for each in wanted.choices if each.papers),
        wrong=translate(refusal.message, **refusal.params) if refusal else "",
    )
    return render(request, "enclosures/choice.html", shown, status=422 if refusal else 200)


def _usual_printer(wanted: _Wanted, queues: Sequence[str]) -> str:
    """Give the queue that was used last, else the only one there is; "" where a person must say."""
    last = max(wanted.last.values(), key=lambda packet: packet.id, default=None)
    if last is not None and last.printer in queues:
        return last.printer
    return queues[0] if len(queues) == 1 else ""


def _choice_row(choice: Choice, wanted: _Wanted) -> pages.ChoiceRow:
    to = addressee(wanted.keys, choice.record.values)
    return pages.ChoiceRow(
        choice.record.id,
        choice.record.number,
        to.name if to else "",
        "、".join(paper.title for paper in choice.papers),
        translate(choice.why_not) if choice.why_not else "",
        wanted.last.get(choice.record.id),
    )
