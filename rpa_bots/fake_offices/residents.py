"""What does 住民情報 tell whoever asks after a widow (寡婦調査)? It answers only; nothing can be entered."""

from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_offices.office import Look, OldOffice, Wording

RESIDENTS: Final = OldOffice(
    key="residents",
    name="住民情報照会システム",
    look=Look.TABLES,
    letter="N",
    account="zeimu01",
    password="Demo-zeimu-8",
    reference=ScreenField("atena", "宛名番号", Kind.TEXT, 14),
    boxes=(
        ScreenField("kana", "フリガナ", Kind.KATAKANA, 30),
        ScreenField("shimei", "氏名", Kind.TEXT, 20),
        ScreenField("umare", "生年月日", Kind.DAY, 10),
        ScreenField("jusho", "住所", Kind.TEXT, 60),
        ScreenField("kubun", "配偶の区分", Kind.SELECT, options={"1": "有配偶", "2": "死別", "3": "離別"}),
        ScreenField("kubunbi", "区分の日", Kind.DAY, 10),
        ScreenField("fuyo", "扶養する子", Kind.DIGITS, 2),
    ),
    wording=Wording(number="照会番号"),
    sought=("kana",),
    listed=("shimei", "umare"),
)
