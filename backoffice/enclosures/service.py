"""What is done with papers that are sent: which go to whom is set, packets are made and go to a printer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from backoffice.enclosures import queries
from backoffice.enclosures.choosing import Choice, answers_for
from backoffice.enclosures.events import EnclosuresSet, PacketsAsked
from backoffice.enclosures.models import EnclosureRule, Packet
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import copies_of
from backoffice.intake.known_papers import forms_on_paper
from backoffice.records.models import Record
from backoffice.records.packets import AddressKeys, addressee
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.definition import FormDefinition
from forms.paper.drawn import Leaf
from forms.paper.envelope import Letter, cover
from forms.paper.filling import filled
from forms.paper.printing import pdfs_of


@dataclass(frozen=True)
class Made:
    """The packet of one record, sealed."""

    record: Record
    papers: Sequence[str]
    pages: int
    file: StoredFile = field(repr=False)


def add_paper(work: Work, design: FormDesign, paper_code: str, condition: str) -> None:
    """Send a paper to the records of which a condition holds, "" for all; set before, it is set anew.

    Raises Invalid for too many, and for a paper that the department does not fill in or the house does not draw.
    """
    department_id = _department_of(work)
    offered = dict(forms_on_paper(work.session, department_id))
    if paper_code not in offered or paper_code not in queries.papers_of(work.session, [paper_code]):
        said = _("送る資料の様式を選んでください。")
        raise Invalid(said, {"paper": said})
    rules = queries.rules_of(work.session, design.id, department_id)
    rule = next((each for each in rules if each.paper_code == paper_code), None)
    if rule is None and len(rules) >= queries.MOST_PAPERS:
        raise Invalid(_("送る資料は%(most)s種類までです。"), most=queries.MOST_PAPERS)
    rule = rule or EnclosureRule(design_id=design.id, department_id=department_id, paper_code=paper_code)
    rule.condition = condition
    work.session.add(rule)
    work.record(EnclosuresSet(design.id))


def remove_paper(work: Work, design: FormDesign, rule_id: int | None) -> None:
    """Send a paper no more. What was removed already stays removed."""
    for rule in queries.rules_of(work.session, design.id, _department_of(work)):
        if rule.id == rule_id:
            work.session.delete(rule)
            work.record(EnclosuresSet(design.id))


def make(
    office: Office, own: FormDefinition, choices: Sequence[Choice], letter: Letter, keys: AddressKeys, *, duplex: bool
) -> list[Made]:
    """Set and seal the packets of those records that get any; no unit may be open. A page takes hundredths of a second.

    A cover first, then each paper with what the record knows of it. Printed on both sides each begins on a new sheet.
    """
    wanted = [choice for choice in choices if choice.papers]
    packets = [_sheets(office, own, choice, letter, keys, duplex=duplex) for choice in wanted]
    files = pdfs_of(letter.title, letter.sent_on, packets)
    return [
        Made(
            choice.record,
            [paper.title for paper in choice.papers],
            len(packet),
            office.files.put(content, "application/pdf", office.services.now()),
        )
        for choice, packet, content in zip(wanted, packets, files, strict=True)
    ]


def send_to_printer(
    work: Work, design: FormDesign, made: Sequence[Made], printer: str, last: Mapping[int, Packet]
) -> int:
    """Let packets wait for their printer, and give how many: the worker puts each into the folder once.

    `last`: the last packets of these records as they were chosen. Of two presses one counts: a record that got another
    meanwhile, or was taken out, gets none. Raises Overtaken where none is left.
    """
    standing = queries.wait_for_records(work.session, [each.record.id for each in made])
    now = queries.last_packets(work.session, standing)
    known = {record_id: packet.id for record_id, packet in last.items()}
    made = [
        each
        for each in made
        if each.record.id in standing
        and (each.record.id not in now or now[each.record.id].id == known.get(each.record.id))
    ]
    if not made:
        raise Overtaken(_("ほかの操作が先に印刷に回しました。最新の内容を確認してください。"))
    work.session.add_all(
        Packet(
            record_id=each.record.id,
            design_id=design.id,
            department_id=each.record.department_id,
            papers=list(each.papers),
            pages=each.pages,
            file=each.file,
            sha256=each.file.sha256,
            printer=printer,
            asked_by_id=work.actor.staff_id,
            asked_at=work.now,
        )
        for each in made
    )
    work.record(PacketsAsked(design.id, len(made)))
    return len(made)


def _sheets(
    office: Office, own: FormDefinition, choice: Choice, letter: Letter, keys: AddressKeys, *, duplex: bool
) -> list[Leaf]:
    to = addressee(keys, choice.record.values)
    if to is None:
        raise LookupError(choice.record.number)
    enclosed = [f"{paper.title} {len(paper.pages)}ページ" for paper in choice.papers]
    parts: Iterator[list[Leaf]] = chain(
        [[cover(letter, to, choice.record.number, enclosed)]],
        (
            [
                filled(page, answers_for(paper.definition, own, choice.record.values))
                for page in copies_of(paper.pages, 1, office.services)
            ]
            for paper in choice.papers
        ),
    )
    return [leaf for part in parts for leaf in (*part, *([Leaf(())] if duplex and len(part) % 2 else ()))]


def _department_of(work: Work) -> int:
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は設定できません。"))
    return work.actor.department_id
