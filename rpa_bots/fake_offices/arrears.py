"""What does 国保収納 tell of what was not paid, and what does it print? A 催告書 for each household."""

from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_offices.office import Look, OldOffice, Wording

ARREARS: Final = OldOffice(
    key="arrears",
    name="国民健康保険収納システム",
    look=Look.LABELS,
    letter="S",
    account="kokuho01",
    password="Demo-kokuho-8",
    reference=ScreenField("kigo", "記号番号", Kind.TEXT, 14),
    boxes=(
        ScreenField("kana", "世帯主カナ", Kind.KATAKANA, 30),
        ScreenField("shimei", "世帯主", Kind.TEXT, 20),
        ScreenField("yubin", "郵便番号", Kind.POSTAL, 7),
        ScreenField("jusho", "住所", Kind.TEXT, 60),
        ScreenField("nendo", "年度", Kind.TEXT, 6),
        ScreenField("ki", "期別", Kind.DIGITS, 2),
        ScreenField("mino", "未納額", Kind.DIGITS, 8),
    ),
    wording=Wording(number="整理番号"),
    sought=("kana",),
    listed=("shimei", "mino"),
    notice="国民健康保険料催告書",
)
