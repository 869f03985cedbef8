"""Chosen records as paper to be posted: what is to be printed is asked, then one file is made with no unit open."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import quote
from zipfile import ZipFile, ZipInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import copies_of, pages_to_print
from backoffice.form_designs.queries import newest_of
from backoffice.identity import Permission
from backoffice.records import packets, pages, queries
from backoffice.records.choosing import Lists, chosen, everything, inside, one_of
from backoffice.records.events import RecordsPrinted
from backoffice.records.models import Record
from backoffice.records.packets import MOST_PAGES, MOST_RECORDS, AddressKeys, Order, addressee, packet
from backoffice.records.routes import RECORDS
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormLists
from backoffice.web.free_text import note_given, words_given
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition, FormField
from forms.paper.drawn import Leaf, PaperPage
from forms.paper.envelope import Letter
from forms.paper.printing import pdf_of, pdfs_of

_LONGEST_SUBJECT, _LONGEST_SENDER, _SENDER_LINES = 80, 250, 5
_ASKED = ("answers", "duplex", "file", "cover", "code_key", "address_key", "name_key", "honorific", "unaddressed")
_WRITTEN = ("subject", "greeting", "sender")
_GREETING = "次の書類をお送りします。ご確認のうえ、必要な事項を記入してお返しください。"
"""On paper for residents: Japanese, whatever language the clerk works in."""

staff = StaffRouter()


class Unaddressed(StrEnum):
    """What becomes of a record that does not say to whom it goes."""

    STOP = "stop"
    BARE = "bare"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class _Chosen:
    design: FormDesign
    definition: FormDefinition
    records: Sequence[Record]

    def unaddressed(self, keys: AddressKeys) -> list[str]:
        return [one.number for one in self.records if addressee(keys, one.values) is None]


@staff.action("/records/{design_id}/packets", Permission.RECORD_READ)
def choose(request: Request, work: Reading, design_id: int, form: FormLists) -> Response:
    """Ask how the chosen records are to be printed."""
    found = _found(work, design_id, form)
    if not found.records:
        return go_to(inside(one_of(form, "address"), found.design), _("印刷する記録を選んでください。"), tone="warning")
    _must_be_few(found.records)
    keys = packets.guessed_keys(found.definition)
    typed = {
        "answers": "yes",
        "cover": "yes" if keys.address and keys.name else "",
        "code_key": keys.postal_code,
        "address_key": keys.address,
        "name_key": keys.name,
        "honorific": packets.honorific_for(found.definition, keys.name),
        "subject": found.design.title[:_LONGEST_SUBJECT],
        "greeting": _GREETING,
        "sender": f"福岡市 {found.records[0].department.name}",
    }
    return _ask(request, found, form, typed)


@staff.action("/records/{design_id}/packets/print", Permission.RECORD_READ)
def print_packets(request: Request, actor: SignedIn, office: TheOffice, design_id: int, form: FormLists) -> Response:
    """Give the packets of the chosen records as one PDF, or each as its own in a ZIP. The trail says so before."""
    with office.look(actor) as work:
        found = _found(work, design_id, form)
        drawn = _pages_of(work, found.design)
    _must_be_few(found.records)
    today = office.services.today()
    try:
        order = _order(found.definition, form, today)
    except Invalid as refusal:
        return _ask(request, found, form, _typed(form), refusal)
    missing = found.unaddressed(order.keys) if order.letter else []
    try:
        printed = _to_print(found.records, missing, one_of(form, "unaddressed"))
    except Invalid as refusal:
        return _ask(request, found, form, _typed(form), refusal)
    if len(printed) * (len(drawn) + (order.letter is not None)) > MOST_PAGES:
        raise Invalid(_("一度に印刷できるのは%(most)sページまでです。記録を減らしてください。"), most=MOST_PAGES)
    title = found.design.title
    made = [
        (one.number, packet(order, copies_of(drawn, 1, office.services), title, one.number, one.values))
        for one in printed
    ]
    answer = (_zip if one_of(form, "file") == "each" else _pdf)(title, today, made)
    with office.unit(actor) as work:
        work.record(RecordsPrinted(found.design.id, len(printed)))
    return answer


def _to_print(records: Sequence[Record], missing: Sequence[str], way: str) -> Sequence[Record]:
    """Give the records that are printed, as was chosen for those `missing` an address. Raises Invalid for no choice."""
    if missing and way not in (Unaddressed.BARE, Unaddressed.LEFT_OUT):
        raise Invalid(_("住所か宛名のない記録を、どうするか選んでください。"))
    left_out = frozenset(missing if way == Unaddressed.LEFT_OUT else ())
    printed = [one for one in records if one.number not in left_out]
    if not printed:
        raise Invalid(_("印刷する記録が残りません。"))
    return printed


def _found(work: Work, design_id: int, form: Lists) -> _Chosen:
    design, definition = queries.find_form(work.session, work.actor, design_id)
    records = chosen(work, design, definition, form, Permission.RECORD_READ, MOST_RECORDS)
    return _Chosen(design, definition, records)


def _must_be_few(records: Sequence[Record]) -> None:
    if len(records) > MOST_RECORDS:
        raise Invalid(_("一度に印刷できるのは%(most)s件までです。条件で絞ってください。"), most=MOST_RECORDS)


def _pages_of(work: Work, design: FormDesign) -> Sequence[PaperPage]:
    """Give the pages of the newest version. Raises Invalid for one whose paper others print."""
    version = newest_of(work.session, [design.id])[design.id]
    if version.paper:
        raise Invalid(_("この版は外の用紙に記入されます。用紙は、作った所のものを使ってください。"))
    return pages_to_print(work.session, version)


def _order(definition: FormDefinition, form: Lists, today: date) -> Order:
    """Read what is to be printed. Raises Invalid, naming the field."""
    picked = zip(("code_key", "address_key", "name_key"), packets.keys_to_pick(definition), strict=True)
    keys = AddressKeys(*(_picked(one_of(form, name), offered) for name, offered in picked))
    letter = _letter(form, today) if one_of(form, "cover") == "yes" else None
    return Order(letter, keys, answers=one_of(form, "answers") == "yes", duplex=one_of(form, "duplex") == "yes")


def _letter(form: Lists, today: date) -> Letter:
    sender = words_given(one_of(form, "sender"), "sender", _LONGEST_SENDER).splitlines()
    if len(sender) > _SENDER_LINES:
        said = _("差出人は5行までです。")
        raise Invalid(said, {"sender": said})
    honorific = one_of(form, "honorific")
    return Letter(
        honorific if honorific in dict(_honorifics()) else "",
        sender,
        words_given(one_of(form, "subject"), "subject", _LONGEST_SUBJECT),
        note_given(one_of(form, "greeting"), "greeting"),
        today,
    )


def _picked(key: str, offered: Sequence[FormField]) -> str:
    return key if key in {one.key for one in offered} else ""


def _pdf(title: str, today: date, made: Sequence[tuple[str, Sequence[Leaf]]]) -> Response:
    every = [leaf for _number, leaves in made for leaf in leaves]
    return _file(pdf_of(title, today, every), "application/pdf", f"{title}.pdf")


def _zip(title: str, today: date, made: Sequence[tuple[str, Sequence[Leaf]]]) -> Response:
    """Each packet by the number of its record. They are small already: nothing is packed tighter."""
    file = io.BytesIO()
    with ZipFile(file, "w") as packed:
        for (number, _leaves), content in zip(
            made, pdfs_of(title, today, (leaves for _number, leaves in made)), strict=True
        ):
            packed.writestr(ZipInfo(f"{number}.pdf", (today.year, today.month, today.day, 0, 0, 0)), content)
    return _file(file.getvalue(), "application/zip", f"{title}.zip")


def _file(content: bytes, kind: str, name: str) -> Response:
    said = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=said)


def _typed(form: Lists) -> Mapping[str, str]:
    return {name: values[-1] for name, values in form.items() if values}


def _ask(
    request: Request, found: _Chosen, form: Lists, typed: Mapping[str, str], refusal: Invalid | None = None
) -> HTMLResponse:
    codes, places, names = packets.keys_to_pick(found.definition)
    keys = AddressKeys(*(typed.get(name, "") for name in ("code_key", "address_key", "name_key")))
    wrong = refusal.fields if refusal else {}
    shown = pages.PacketsPage(
        title=_("記録の印刷"),
        title_text=f"{translate(_('記録の印刷'))}: {found.design.title}",
        crumbs=(RECORDS, Crumb(found.design.title, f"/records/{found.design.id}")),
        design=found.design,
        count=len(found.records),
        ids=[] if everything(form) else [one.id for one in found.records],
        everything=everything(form),
        back=inside(one_of(form, "address"), found.design),
        typed={name: typed.get(name, "") for name in (*_ASKED, *_WRITTEN)},
        codes=[("", translate(_("使わない"))), *_labelled(codes)],
        places=[("", translate(_("選んでください"))), *_labelled(places)] if places else (),
        names=[("", translate(_("選んでください"))), *_labelled(names)] if names else (),
        honorifics=_honorifics(),
        ways=[
            (Unaddressed.STOP, translate(_("知らせて止める"))),
            (Unaddressed.BARE, translate(_("宛名の紙なしで印刷する"))),
            (Unaddressed.LEFT_OUT, translate(_("印刷しない"))),
        ],
        files=[("one", translate(_("全件を1つのPDFにする"))), ("each", translate(_("1件ずつのPDFをZIPにまとめる")))],
        unaddressed=found.unaddressed(keys) if typed.get("cover") else (),
        wrong=translate(refusal.message, **refusal.params) if refusal else "",
        errors={name: translate(wrong[name]) if name in wrong else "" for name in _WRITTEN},
    )
    return render(request, "records/packets.html", shown, status=422 if refusal else 200)


def _honorifics() -> list[tuple[str, str]]:
    return [("様", "様"), ("御中", "御中"), ("", translate(_("なし")))]


def _labelled(offered: Sequence[FormField]) -> list[tuple[str, str]]:
    return [(one.key, label_of(one)) for one in offered]
