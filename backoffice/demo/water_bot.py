"""How did 水道局 of the demonstration teach a bot? One is released; a second one still asks something.

The old water system then waits for three move-ins: of one a letter is too rare for it, which the night will say.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from backoffice.demo import recorded_bots
from backoffice.demo.processes import ready_line, running
from backoffice.demo.recorded_bots import Taught
from backoffice.settings import Settings
from backoffice.work import Office
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from rpa_bots.fake_base.recorded import Row
from rpa_bots.fake_water.__main__ import ACCOUNT, PASSWORD
from rpa_bots.fake_water.recorded import MOVE_IN, exported, sample
from rpa_bots.fake_water.records import REFERENCE, generate
from rpa_bots.fake_water.screens import CONFIRM

HOMES, OFFICES = "水道の開栓の届け", "水道の開栓の届け(事業所)"
DAY, REMARKS = "開栓する日", "備考"
MOVE_INS, SEED = 3, 8
RARE = {"使用者氏名": "𠮷田 恵", "フリガナ": "ヨシダ メグミ"}
"""Shift_JIS, in which the old system keeps everything, has no 𠮷."""
LEDGER = "water-system-ledger.jsonl"


def move_in(title: str) -> FormDraft:
    """Give the form of a move-in: what the old system's entry screen asks. 事業所 have no remarks."""
    asked = (
        Sketch(DAY, FieldType.DATE, required=True),
        Sketch("フリガナ", FieldType.KATAKANA, required=True, max_length=30),
        Sketch("使用者氏名", FieldType.PERSON_NAME, required=True, max_length=20),
        Sketch("郵便番号", FieldType.POSTAL_CODE, required=True),
        Sketch("番地", FieldType.TEXT, required=True, max_length=20),
        Sketch("建物・部屋", FieldType.TEXT, max_length=20),
        Sketch("電話番号", FieldType.PHONE),
        Sketch("水栓番号", FieldType.DIGITS, required=True, comb=10),
        Sketch("口径", FieldType.CHOICE, required=True, options=("13", "20", "25", "40"), help="ミリメートル"),
        Sketch("使用人数", FieldType.INTEGER, minimum=0, maximum=99),
        Sketch(REMARKS, FieldType.LINES, max_length=100),
    )
    return acts.add(FormDraft(title=title), [each for each in asked if title == HOMES or each.label != REMARKS])[0]


def _typed(row: Row) -> Row:
    return {**row, DAY: "-".join(f"{int(row[part]):02}" for part in ("開栓年", "開栓月", "開栓日"))}


def _waiting(today: date) -> Sequence[Row]:
    *usual, last = generate(MOVE_INS, SEED, today)
    return *usual, last | RARE


AT_HOMES = Taught(
    draft=move_in(HOMES),
    series="開栓",
    department="水道局",
    clerk="ono",
    head="ito",
    system="水道開閉栓受付システム",
    account=ACCOUNT,
    password=PASSWORD,
    reference=REFERENCE,
    raw=MOVE_IN.read_bytes(),
    exported=exported,
    sample=sample(),
    typed=_typed,
    meant={"開栓月": f"{DAY}.month", "使用人数": "使用人数"},
    dialogs=(CONFIRM,),
    proof="受け付けました",
    waiting=_waiting,
    release={
        "bot": HOMES,
        "target": "水道開閉栓受付システム(演習用)",
        "work": "届けを確かめた開栓を、夜間に1件ずつ入力する。",
        "items": 4800,
        "test_result": "見本12件を入力し、台帳と照合した。違いはなかった。",
    },
)
"""One digit is nobody's: what 開栓月 and 使用人数 were for, the clerk says."""
AT_OFFICES = replace(AT_HOMES, draft=move_in(OFFICES), series="開栓事")


def teach(office: Office) -> None:
    """Let the clerk teach both bots; only one is mended and released."""
    recorded_bots.build(office, AT_OFFICES)
    recorded_bots.bring(office, AT_OFFICES)
    recorded_bots.teach(office, AT_HOMES)


@contextmanager
def water_system(settings: Settings, port: int) -> Iterator[str]:
    """Run the demonstration's old water system beside the office and give its address; `port` 0 takes any free one."""
    ledger = str(settings.data_dir / LEDGER)
    command = (sys.executable, "-m", "rpa_bots.fake_water", "--port", str(port), "--ledger", ledger)
    with running(command, settings, settings.data_dir / "logs" / "water-system.log") as child:
        yield ready_line(child, "水道のシステム").removeprefix("ready ")


def connect(office: Office, address: str) -> None:
    """Register the water system on first use, with what waits for it; afterwards note where it answers."""
    recorded_bots.connect(office, AT_HOMES, address)
