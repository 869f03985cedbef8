"""How are 報償費 paid? One payment a screen, the tax taken off by the system itself, a question before it is stored."""

from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_offices.office import Look, OldOffice, Wording

REWARDS: Final = OldOffice(
    key="rewards",
    name="報償費支払システム",
    look=Look.TABLES,
    letter="H",
    account="hosho01",
    password="Demo-hosho-8",
    boxes=(
        ScreenField("kana", "受取人カナ", Kind.KATAKANA, 30, required=True),
        ScreenField("shimei", "受取人氏名", Kind.TEXT, 20, required=True),
        ScreenField("jusho", "受取人住所", Kind.TEXT, 60, required=True),
        ScreenField("jigyo", "事業名", Kind.TEXT, 40, required=True),
        ScreenField("jisshi", "実施日", Kind.DAY, 10, required=True),
        ScreenField("kingaku", "支払金額", Kind.DIGITS, 8, required=True),
        ScreenField(
            "kamoku",
            "報償の種類",
            Kind.SELECT,
            required=True,
            options={"11": "講師謝金", "12": "委員謝金", "19": "その他"},
        ),
    ),
    wording=Wording(
        entry="支払入力",
        register="確定",
        stored="支払を確定しました。",
        number="支払番号",
        question="この内容で確定します。",
    ),
    sought=("kana",),
    listed=("shimei", "jisshi", "kingaku"),
)
