"""How does 図書館 register who asked for a card? A page of today: a component, a script, no second screen."""

from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_offices.office import Look, OldOffice, Wording

LIBRARIES: Final = {"01": "総合図書館", "02": "東図書館", "03": "博多図書館", "04": "早良図書館", "05": "西図書館"}
LIBRARY: Final = OldOffice(
    key="library",
    name="図書館利用者登録システム",
    look=Look.SCRIPT,
    letter="T",
    account="tosho01",
    password="Demo-tosho-8",
    boxes=(
        ScreenField("shimei", "氏名", Kind.TEXT, 40, required=True),
        ScreenField("kana", "フリガナ", Kind.KATAKANA, 60, required=True),
        ScreenField("umare", "生年月日", Kind.DAY, 10, required=True),
        ScreenField("yubin", "郵便番号", Kind.POSTAL, 7, required=True),
        ScreenField("jusho", "住所", Kind.TEXT, 120, required=True),
        ScreenField("denwa", "電話番号", Kind.TEXT, 13),
        ScreenField("kan", "受け取る図書館", Kind.SELECT, required=True, options=LIBRARIES),
        ScreenField("kubun", "区分", Kind.RADIO, required=True, options={"1": "市内に住む", "2": "市内に通う"}),
    ),
    wording=Wording(entry="利用者登録", register="登録する", stored="利用者を登録しました。", number="利用者番号"),
    sought=("kana",),
    listed=("shimei", "kan"),
)
