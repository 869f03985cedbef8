"""Which other work have departments of the demonstration handed to recorded bots? A form and a bot each, released."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from backoffice.demo import grant_review, park_packets, recorded_bots
from backoffice.demo.processes import ready_line, running
from backoffice.demo.recorded_bots import Home, Proof, Taught
from backoffice.settings import Settings
from backoffice.work import Office
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType, Value
from forms.wareki import parse_date
from rpa_bots.fake_base.boxes import Kind
from rpa_bots.fake_base.recorded import Row
from rpa_bots.fake_offices.arrears import ARREARS
from rpa_bots.fake_offices.care import CARE
from rpa_bots.fake_offices.grants import GRANTS
from rpa_bots.fake_offices.known import KNOWN
from rpa_bots.fake_offices.known import SEED as KNOWN_BY
from rpa_bots.fake_offices.library import LIBRARY
from rpa_bots.fake_offices.office import OldOffice
from rpa_bots.fake_offices.petitions import PETITIONS
from rpa_bots.fake_offices.recorded import exported, recording_of, sample
from rpa_bots.fake_offices.residents import RESIDENTS
from rpa_bots.fake_offices.rewards import REWARDS
from rpa_bots.fake_offices.rows import rows
from rpa_bots.fake_offices.screens import NONE_FOUND
from rpa_bots.recording.tape.marks import Download, Reading

LEDGERS = "old-systems"
PRINTERS = "printers"
WAITING, SEED = 3, 8
NOBODY = "X-R8-99999"
BORN = "生年月日"


@dataclass(frozen=True)
class _Work:
    """One department's: who does it, what its form asks, and which answer goes where nobody can guess."""

    office: OldOffice
    title: str
    series: str
    department: str
    clerk: str
    head: str
    asked: Sequence[Sketch]
    meant: Mapping[str, str]
    items: int
    """A year."""
    joined: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """A day that the old system asks in parts: the boxes, era first."""
    home: Home = field(default_factory=Home)
    computed: Mapping[str, str] = field(default_factory=dict)
    """How a question is computed, by its label: an expression in which questions stand by their places, a1 and on."""
    proofs: Sequence[Proof] = ()


def _printed(old: OldOffice, key: str, queue: str) -> Download:
    """What the old system prints as a PDF is received, and goes to a printer's queue."""
    return Download(name=old.notice, key=f"{{{{{key}}}}}", kinds=("pdf",), printer=queue)


def _read(label: str, key: str, *, may_be_empty: bool = False) -> Reading:
    return Reading(name=label, label=label, key=f"{{{{{key}}}}}", to=label, may_be_empty=may_be_empty)


WIDOWS = acts.add(
    FormDraft(title="寡婦の調査の結果"),
    (
        Sketch("宛名番号", FieldType.TEXT, required=True, max_length=14),
        Sketch("氏名", FieldType.TEXT, required=True, max_length=20),
        Sketch("配偶の区分", FieldType.TEXT, required=True, max_length=10),
        Sketch("区分の日", FieldType.DATE),
        Sketch("扶養する子", FieldType.INTEGER, minimum=0),
    ),
)[0]
WORKS = (
    _Work(
        LIBRARY,
        "図書館利用カードの申込み",
        "図書",
        "総合図書館",
        "nishi",
        "oka",
        (
            Sketch("氏名", FieldType.PERSON_NAME, required=True, max_length=40),
            Sketch("フリガナ", FieldType.KATAKANA, required=True, max_length=60),
            Sketch(BORN, FieldType.DATE, required=True),
            Sketch("郵便番号", FieldType.POSTAL_CODE, required=True),
            Sketch("住所", FieldType.ADDRESS, required=True, max_length=120),
            Sketch("電話番号", FieldType.PHONE),
            Sketch(
                "受け取る図書館", FieldType.CHOICE, required=True, options=tuple(LIBRARY.box("kan").options.values())
            ),
            Sketch("区分", FieldType.CHOICE, required=True, options=tuple(LIBRARY.box("kubun").options.values())),
        ),
        {"受け取る図書館": "受け取る図書館.label"},
        items=21_000,
    ),
    _Work(
        CARE,
        "要介護認定の申請",
        "介護",
        "介護保険課",
        "harada",
        "noda",
        (
            Sketch("被保険者番号", FieldType.DIGITS, required=True, comb=10),
            Sketch("フリガナ", FieldType.KATAKANA, required=True, max_length=30),
            Sketch("氏名", FieldType.PERSON_NAME, required=True, max_length=20),
            Sketch(BORN, FieldType.DATE, required=True),
            Sketch("郵便番号", FieldType.POSTAL_CODE, required=True),
            Sketch("住所", FieldType.ADDRESS, required=True, max_length=60),
            Sketch("申請の種類", FieldType.CHOICE, required=True, options=tuple(CARE.box("shurui").options.values())),
            Sketch("主治医の医療機関", FieldType.TEXT, required=True, max_length=40),
            Sketch("調査で気をつけること", FieldType.LINES, max_length=100),
        ),
        {
            "生年月日(元号)": f"{BORN}.era",
            "生年月日(年)": f"{BORN}.era_year",
            "生年月日(月)": f"{BORN}.month",
            "生年月日(日)": f"{BORN}.day",
            "申請の種類": "申請の種類.label",
        },
        items=36_000,
        joined={BORN: ("gengo", "nen", "tsuki", "hi")},
        home=Home(press=f"{CARE.notice}を印刷する", file=_printed(CARE, "gijo.reference", "kaigo-tsuchi")),
    ),
    _Work(
        REWARDS,
        "報償費の支払い",
        "報償",
        "学事課",
        "tanaka",
        "yamada",
        (
            Sketch("受取人カナ", FieldType.KATAKANA, required=True, max_length=30),
            Sketch("受取人氏名", FieldType.PERSON_NAME, required=True, max_length=20),
            Sketch("受取人住所", FieldType.ADDRESS, required=True, max_length=60),
            Sketch("事業名", FieldType.TEXT, required=True, max_length=40),
            Sketch("実施日", FieldType.DATE, required=True),
            Sketch("支払金額", FieldType.YEN, required=True, minimum=0, maximum=99_999_999),
            Sketch(
                "報償の種類", FieldType.CHOICE, required=True, options=tuple(REWARDS.box("kamoku").options.values())
            ),
            Sketch("支払日", FieldType.DATE),
            Sketch("源泉徴収税額", FieldType.YEN, minimum=0, maximum=99_999_999),
        ),
        {"報償の種類": "報償の種類.label"},
        items=5_400,
    ),
    _Work(
        PETITIONS,
        "要望・陳情の受付",
        "陳情",
        "水道局",
        "ono",
        "ito",
        (
            Sketch("受け付けた日", FieldType.DATE, required=True),
            Sketch("申し出た人", FieldType.TEXT, required=True, max_length=60),
            Sketch("件名", FieldType.TEXT, required=True, max_length=60),
            Sketch("要旨", FieldType.LINES, required=True, max_length=1000),
            Sketch("答える局", FieldType.CHOICE, required=True, options=tuple(PETITIONS.box("kyoku").options.values())),
            Sketch("回答を求める", FieldType.CHECKBOX),
        ),
        {"答える局": "答える局.label"},
        items=1_300,
    ),
    _Work(
        RESIDENTS,
        "寡婦の調査",
        "寡婦",
        "保険年金課",
        "kuroki",
        "inaba",
        (Sketch("宛名番号", FieldType.TEXT, required=True, max_length=14), Sketch("調べる理由", FieldType.TEXT)),
        {},
        items=900,
        home=Home(
            nothing=NONE_FOUND,
            list_form=WIDOWS,
            series="寡婦結",
            readings=(
                *(_read(label, "宛名番号") for label in ("宛名番号", "氏名", "配偶の区分")),
                _read("区分の日", "宛名番号", may_be_empty=True),
                _read("扶養する子", "宛名番号"),
            ),
        ),
    ),
    _Work(
        ARREARS,
        "国保料の催告",
        "催告",
        "保険年金課",
        "kuroki",
        "inaba",
        (Sketch("記号番号", FieldType.TEXT, required=True, max_length=14),),
        {},
        items=12_000,
        home=Home(
            nothing=NONE_FOUND,
            readings=tuple(_read(label, "記号番号") for label in ("記号番号", "世帯主", "期別", "未納額")),
            press=f"{ARREARS.notice}を印刷する",
            file=_printed(ARREARS, "記号番号", "kokuho-saikoku"),
        ),
    ),
    _Work(
        GRANTS,
        "立地交付金の申請",
        "立地",
        "企業誘致課",
        "kai",
        "sakai",
        (
            Sketch("法人名", FieldType.TEXT, required=True, max_length=40),
            Sketch("代表者名", FieldType.PERSON_NAME, required=True, max_length=20),
            Sketch("事務所の所在地", FieldType.ADDRESS, required=True, max_length=80),
            Sketch("賃貸借の開始日", FieldType.DATE, required=True),
            Sketch("月額賃料", FieldType.YEN, required=True, minimum=1, maximum=9_999_999),
            Sketch("市内で雇った人数", FieldType.INTEGER, required=True, minimum=0, maximum=999),
            Sketch("交付額", FieldType.YEN),
            Sketch("賃貸借の証明", FieldType.FILE, required=True),
            Sketch("雇用の証明", FieldType.FILE),
        ),
        {"賃貸借の証明": "賃貸借の証明"},
        items=140,
        computed={"交付額": "choose(a5 * 6 > 6000000, 6000000, a5 * 6) + a6 * 300000"},
        proofs=grant_review.PROOFS,
    ),
)


def _draft(work: _Work) -> FormDraft:
    draft = acts.add(FormDraft(title=work.title), work.asked)[0]
    for asked in draft.fields:
        if asked.label in work.computed:
            draft = acts.put(draft, asked.model_copy(update={"computed": work.computed[asked.label]}))
    return draft


def teach(office: Office) -> None:
    """Let each department teach its bot."""
    for work in WORKS:
        recorded_bots.teach(office, taught(work))


@contextmanager
def old_systems(settings: Settings) -> Iterator[Mapping[str, str]]:
    """Run the old systems beside the office, at any free ports; gives the address of each by its key."""
    command = (sys.executable, "-m", "rpa_bots.fake_offices", "--folder", str(settings.data_dir / LEDGERS))
    with running(command, settings, settings.data_dir / "logs" / "old-systems.log") as child:
        told = ready_line(child, "旧システム").removeprefix("ready ").split()
        yield dict(each.split("=", 1) for each in told)


def with_printers(settings: Settings) -> Settings:
    """Give the settings with a folder for each printer's queue, made where it is not there yet."""
    folder = settings.print_dir or settings.data_dir / PRINTERS
    queues = (park_packets.PRINTER, *(work.home.file.printer for work in WORKS if work.home.file))
    for queue in queues:
        (folder / queue).mkdir(parents=True, exist_ok=True)
    return settings.model_copy(update={"print_dir": folder})


def connect(office: Office, addresses: Mapping[str, str]) -> None:
    """Register each old system on first use, with what waits for it; afterwards note where it answers."""
    for work in WORKS:
        recorded_bots.connect(office, taught(work), addresses[work.office.key])
        grant_review.begin(office, taught(work))


def taught(work: _Work) -> Taught:
    """Give the bot of one department's work."""
    old = work.office
    return Taught(
        draft=_draft(work),
        series=work.series,
        department=work.department,
        clerk=work.clerk,
        head=work.head,
        system=old.name,
        account=old.account,
        password=old.password,
        reference=old.reference.label if old.registers else "",
        raw=recording_of(old).read_bytes(),
        exported=partial(exported, old),
        sample=sample(old),
        typed=partial(_typed, work),
        meant=work.meant,
        dialogs=(old.wording.question,) if old.wording.question else (),
        proof=old.wording.stored,
        waiting=partial(_waiting, old),
        release=_release(work),
        home=work.home,
        proofs=work.proofs,
    )


def _release(work: _Work) -> Mapping[str, Value]:
    return {
        "bot": work.title,
        "target": f"{work.office.name}(演習用)",
        "work": f"「{work.title}」を、夜間に1件ずつ{'入力' if work.office.registers else '照会'}する。",
        "items": work.items,
        "test_result": "見本12件を動かし、対象システムの画面と照合した。違いはなかった。",
    }


def _typed(work: _Work, row: Row) -> Row:
    """Give answers by question: options by their words, days as one."""
    answers = dict(row)
    for each in work.office.fields:
        text = row.get(each.label, "")
        if each.options:
            answers[each.label] = each.options.get(text, "")
        elif each.kind is Kind.DAY and text:
            answers[each.label] = parse_date(text).isoformat()
    for label, boxes in work.joined.items():
        era, *numbers = (row[work.office.box(key).label] for key in boxes)
        year, month, day = numbers
        answers[label] = parse_date(f"{era}{year}年{month}月{day}日").isoformat()
    return answers


def _waiting(old: OldOffice, today: date) -> Sequence[Row]:
    """Give what waits: papers to be keyed, or numbers to be looked up, of whom the last is of nobody."""
    if old.registers:
        return rows(old, WAITING, SEED, today)
    *known, last = rows(old, KNOWN, KNOWN_BY, today)[:WAITING]
    return *known, last | {old.reference.label: NOBODY}
