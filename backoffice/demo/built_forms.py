"""Which forms have departments of the demonstration built? Head counts, a report, a petition; all invented."""

from collections.abc import Sequence

from sqlalchemy import select

from backoffice.demo.city import actor_of
from backoffice.form_designs import service
from backoffice.form_designs.paper import draw
from backoffice.identity import Department
from backoffice.work import Office
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Group, Sketch
from forms.definition import FormField, FormRule
from forms.field_types import FieldType
from forms.problems import Severity


def build(office: Office) -> int:
    """Let clerks build their forms and put them into use, and give how many that makes."""
    build_one(office, "inoue", "DX推進課", "公民館", head_counts(), shared=True)
    build_one(office, "tanaka", "学事課", "愛護会", park_report())
    build_one(office, "ono", "水道局", "街灯", street_lamp())
    return 3


def head_counts() -> FormDraft:
    """Give the monthly head count of a community centre: a table of rooms, sums and a rule."""
    draft = _begun(
        "公民館 利用人数報告",
        [
            Sketch("公民館名", FieldType.TEXT, required=True, max_length=40),
            Sketch("報告する月の初日", FieldType.DATE, required=True),
            Sketch("報告者", FieldType.PERSON_NAME, required=True, max_length=40),
            Sketch("部屋ごとの人数", FieldType.TABLE, required=True),
        ],
    )
    room = draft.find("a4").columns[0]
    draft = acts.put(draft, room.model_copy(update={"label": "部屋", "key": "room", "required": True}), room.key)
    for label in ("大人", "子ども"):
        draft = acts.add_column(draft, "a4", Sketch(label, FieldType.INTEGER, required=True, minimum=0))[0]
    adults, children = (column.key for column in draft.find("a4").columns[1:])
    draft = acts.put(draft, draft.find("a4").model_copy(update={"rows": 8}))
    draft, total = acts.add(draft, [Sketch("合計", FieldType.INTEGER)])
    draft = _told(draft, total, computed=f"total({adults}) + total({children})", unit="人")
    draft, events = acts.add(draft, [Sketch("行事の回数", FieldType.INTEGER, minimum=0)])
    draft, what = acts.add(draft, [Sketch("行事の内容", FieldType.LINES, max_length=500)])
    draft = _told(draft, what, shown_if=f"{events} >= 1", required=True)
    return acts.put_rule(
        draft,
        FormRule(
            code="r1",
            holds=f"{total} <= 20000",
            keys=(adults,),
            severity=Severity.ASK,
            message_ja="1か月の合計が2万人を超えています。桁を確かめてください。",
            message_en="More than 20,000 people in a month: please check the digits.",
        ),
    )


def park_report() -> FormDraft:
    """Give the report of an association that looks after a park, with the account that its reward goes to."""
    draft = _begun(
        "公園愛護会 活動報告",
        [
            Sketch("愛護会の名称", FieldType.TEXT, required=True, max_length=60),
            Sketch("公園名", FieldType.TEXT, required=True, max_length=60),
            Sketch("活動期間の初日", FieldType.DATE, required=True),
            Sketch("活動期間の末日", FieldType.DATE, required=True),
            Sketch(
                "活動した作業", FieldType.CHOICES, required=True, options=("清掃", "除草", "花壇の手入れ", "見回り")
            ),
            Sketch("活動回数", FieldType.INTEGER, required=True, minimum=0),
            Sketch("延べ人数", FieldType.INTEGER, required=True, minimum=0),
            Sketch("報償金の振込先を変える", FieldType.CHECKBOX),
        ],
    )
    draft = acts.add_group(draft, Group.ACCOUNT)[0]
    for field in draft.fields[8:]:
        draft = _told(draft, field.key, shown_if="a8")
    rule = FormRule(
        code="r1",
        holds="a3 <= a4",
        keys=("a4",),
        severity=Severity.REFUSE,
        message_ja="末日は初日以後にしてください。",
        message_en="The last day is before the first.",
    )
    return acts.put_rule(draft, rule)


def street_lamp() -> FormDraft:
    """Give a petition for a street lamp: who asks, where, and why."""
    draft = acts.add_group(acts.add_section(FormDraft(title="街灯設置要望書"), "申し込む人")[0], Group.NAME)[0]
    draft = acts.add_group(draft, Group.ADDRESS)[0]
    draft = acts.add_section(draft, "設置してほしい場所")[0]
    return acts.add(
        draft,
        [
            Sketch("電話番号", FieldType.PHONE),
            Sketch(
                "場所の説明", FieldType.LINES, required=True, max_length=300, help="目印になる建物を書いてください。"
            ),
            Sketch(
                "理由",
                FieldType.CHOICE,
                required=True,
                options=("暗くて危ない", "通学路", "街灯が壊れている", "その他"),
            ),
            Sketch("近くの住民に話した", FieldType.CHECKBOX),
        ],
    )[0]


def _begun(title: str, sketches: Sequence[Sketch]) -> FormDraft:
    return acts.add(FormDraft(title=title), sketches)[0]


def _told(draft: FormDraft, key: str, **parts: object) -> FormDraft:
    return acts.put(draft, FormField.model_validate({**dict(draft.find(key)), **parts}))


def build_one(  # who, where, under which numbers, what
    office: Office,
    account: str,
    where: str,
    series: str,
    draft: FormDraft,
    *,
    shared: bool = False,
    in_print: bool = False,
) -> None:
    """Let a clerk build a form for their department and put it into use; `shared` lets every department use it.

    `in_print`: it is filled in by machine, not by hand.
    """
    with office.unit(actor_of(office, account)) as work:
        department_id = work.session.scalars(select(Department.id).where(Department.name == where)).one()
        design = service.begin(work, draft.title, series, department_id, draft)
        asks = service.definition_to_draw(work, design)
        paper = draw(asks) if asks else []
        service.publish(work, design, design.version, "", paper, confirmed=False)
        work.session.flush()
        if in_print:
            service.write_in_print(work, design, design.version)
            work.session.flush()
        if shared:
            service.share(work, design, design.version)
