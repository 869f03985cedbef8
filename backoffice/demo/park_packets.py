"""What does the ward send to those who look after its parks? A list of associations, and papers chosen by rule."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select

from backoffice.demo.built_forms import build_one
from backoffice.demo.city import actor_of
from backoffice.enclosures import service
from backoffice.enclosures.choosing import choose
from backoffice.enclosures.queries import papers_of, rules_of
from backoffice.form_designs.models import FormDesign
from backoffice.records import queries as records
from backoffice.records import service as lists
from backoffice.records.models import Record
from backoffice.records.packets import guessed_keys
from backoffice.records.workflow import Source
from backoffice.work import Office, Work
from forms.building import acts, conditions
from forms.building.conditions import Clause, Condition, Sign
from forms.building.draft import FormDraft
from forms.building.kinds import Group, Sketch
from forms.definition import FormDefinition
from forms.field_types import FieldType, Value
from forms.paper.envelope import Letter

CLERK, PLACE, PRINTER = "mizuno", "維持管理課", "minami-aigokai"
BODY, PARK = (
    Sketch("愛護会の名称", FieldType.TEXT, required=True, max_length=60),
    Sketch("公園名", FieldType.TEXT, required=True, max_length=60),
)
FLOWERS, ACCOUNT = "花壇がある", "振込先を届け出ている"
ASSOCIATIONS: Final = "公園愛護会の台帳"
REPORT, FLOWER_ORDER, ACCOUNT_NOTE = "愛護会の活動報告書", "花苗の申込書", "報償金の振込先の届出"
LISTED: Final[Sequence[Mapping[str, Value]]] = tuple(
    {
        BODY.label: f"{park}愛護会",
        PARK.label: park,
        "代表者": who,
        "郵便番号": "815-0032" if place else None,
        "住所": place or None,
        FLOWERS: flowers,
        ACCOUNT: account,
    }
    for park, who, place, flowers, account in (
        ("架空塩原公園", "架空 花子", "福岡市南区塩原3-25-1", True, True),
        ("見本大橋公園", "見本 次郎", "福岡市南区大橋1-2-3", True, False),
        ("演習長住公園", "演習 三郎", "福岡市南区長住2-3-4", False, False),
        ("仮名野間公園", "仮名 良子", "福岡市南区野間4-5-6", False, True),
        ("例題花畑公園", "例題 五月", "", False, True),
    )
)
"""Invented. The last has told no address: the house says so instead of printing."""


def build(office: Office) -> None:
    """Let the clerk build the list and its papers, say what goes to whom, and print for the first of them."""
    for series, draft in (("報告", _report()), ("花苗", _flower_order()), ("振込", _account_note()), ("南愛", _list())):
        build_one(office, CLERK, PLACE, series, draft)
    clerk = actor_of(office, CLERK)
    with office.unit(clerk) as work:
        design, definition = _form(work)
        _set_rules(work, design, definition)
        entered = [_enter(work, design, definition, answers) for answers in LISTED]
    _print(office, entered[:1])


def _list() -> FormDraft:
    asked = (
        *(BODY, PARK, Sketch("代表者", FieldType.PERSON_NAME, required=True, max_length=40)),
        *(Sketch("郵便番号", FieldType.POSTAL_CODE), Sketch("住所", FieldType.ADDRESS, max_length=120)),
        *(Sketch(FLOWERS, FieldType.CHECKBOX), Sketch(ACCOUNT, FieldType.CHECKBOX)),
    )
    return acts.add(FormDraft(title=ASSOCIATIONS), asked)[0]


def _report() -> FormDraft:
    asked = (
        *(BODY, PARK, Sketch("活動した回数", FieldType.INTEGER, required=True, minimum=0)),
        Sketch("活動の内容", FieldType.LINES, max_length=300),
    )
    return acts.add(FormDraft(title=REPORT), asked)[0]


def _flower_order() -> FormDraft:
    asked = (BODY, PARK, Sketch("花苗の数", FieldType.INTEGER, required=True, minimum=0, maximum=500))
    return acts.add(FormDraft(title=FLOWER_ORDER), asked)[0]


def _account_note() -> FormDraft:
    return acts.add_group(acts.add(FormDraft(title=ACCOUNT_NOTE), (BODY, PARK))[0], Group.ACCOUNT)[0]


def _form(work: Work) -> tuple[FormDesign, FormDefinition]:
    design_id = work.session.scalars(select(FormDesign.id).where(FormDesign.title == ASSOCIATIONS)).one()
    return records.find_form(work.session, work.actor, design_id)


def _set_rules(work: Work, design: FormDesign, definition: FormDefinition) -> None:
    keys = {one.label: one.key for one in definition.questions}
    flowers = Condition((Clause(keys[FLOWERS], Sign.TICKED),))
    no_account = Condition((Clause(keys[ACCOUNT], Sign.NOT_TICKED),))
    for title, condition in ((REPORT, None), (FLOWER_ORDER, flowers), (ACCOUNT_NOTE, no_account)):
        code = work.session.scalars(select(FormDesign.code).where(FormDesign.title == title)).one()
        written = conditions.write(condition, definition.questions) if condition else ""
        service.add_paper(work, design, code, written)
        work.session.flush()


def _enter(work: Work, design: FormDesign, definition: FormDefinition, answers: Mapping[str, Value]) -> Record:
    values = {one.key: answers.get(one.label) for one in definition.questions}
    return lists.enter(work, design, definition, values, Source.SCREEN)


def _print(office: Office, chosen: Sequence[Record]) -> None:
    clerk = actor_of(office, CLERK)
    with office.look(clerk) as work:
        design, definition = _form(work)
        rules = rules_of(work.session, design.id, clerk.department_id)
        papers = papers_of(work.session, [rule.paper_code for rule in rules])
    keys = guessed_keys(definition)
    choices = [choose(record, definition, rules, papers, keys) for record in chosen]
    letter = Letter("御中", [f"福岡市 {PLACE}"], "資料の送付", "次の資料をお送りします。", office.services.today())
    made = service.make(office, definition, choices, letter, keys, duplex=True)
    with office.unit(clerk) as work:
        service.send_to_printer(work, design, made, PRINTER, {})
