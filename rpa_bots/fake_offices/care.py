"""How does 介護保険 take in an application for 要介護認定? Tables, an era in a box of its own, a notice."""

from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_offices.office import Look, OldOffice, Wording

CARE: Final = OldOffice(
    key="care",
    name="介護認定受付システム",
    look=Look.TABLES,
    letter="K",
    account="kaigo01",
    password="Demo-kaigo-8",
    boxes=(
        ScreenField("hihokensha", "被保険者番号", Kind.DIGITS, 10, required=True),
        ScreenField("kana", "フリガナ", Kind.KATAKANA, 30, required=True),
        ScreenField("shimei", "氏名", Kind.TEXT, 20, required=True),
        ScreenField(
            "gengo",
            "生年月日(元号)",
            Kind.SELECT,
            required=True,
            options={"明治": "明治", "大正": "大正", "昭和": "昭和"},
        ),
        ScreenField("nen", "生年月日(年)", Kind.DIGITS, 2, required=True),
        ScreenField("tsuki", "生年月日(月)", Kind.DIGITS, 2, required=True),
        ScreenField("hi", "生年月日(日)", Kind.DIGITS, 2, required=True),
        ScreenField("yubin", "郵便番号", Kind.POSTAL, 7, required=True),
        ScreenField("jusho", "住所", Kind.TEXT, 60, required=True),
        ScreenField(
            "shurui", "申請の種類", Kind.SELECT, required=True, options={"1": "新規", "2": "更新", "3": "区分変更"}
        ),
        ScreenField("iin", "主治医の医療機関", Kind.TEXT, 40, required=True),
        ScreenField("biko", "調査で気をつけること", Kind.AREA, 100),
    ),
    wording=Wording(
        entry="認定申請入力",
        register="登録",
        stored="申請を受け付けました。",
        number="申請番号",
        question="登録します。よろしいですか？",
    ),
    sought=("hihokensha",),
    listed=("shimei", "shurui"),
    notice="認定申請受理通知書",
)
