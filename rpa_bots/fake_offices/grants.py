"""How does 経済観光文化局 keep 立地交付金? What was reviewed and passed, with its paper as a PDF."""

from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_offices.office import Look, OldOffice, Wording

GRANTS: Final = OldOffice(
    key="grants",
    name="交付金管理システム",
    look=Look.LABELS,
    letter="R",
    account="kofu01",
    password="Demo-kofu-8",
    boxes=(
        ScreenField("hojin", "法人名", Kind.TEXT, 40, required=True),
        ScreenField("daihyo", "代表者名", Kind.TEXT, 20, required=True),
        ScreenField("jimusho", "事務所の所在地", Kind.TEXT, 80, required=True),
        ScreenField("kaishi", "賃貸借の開始日", Kind.DAY, 10, required=True),
        ScreenField("chinryo", "月額賃料", Kind.DIGITS, 8, required=True),
        ScreenField("koyo", "市内で雇った人数", Kind.DIGITS, 4, required=True),
        ScreenField("kofu", "交付額", Kind.DIGITS, 9, required=True),
        ScreenField("shomei", "賃貸借の証明", Kind.FILE, required=True),
    ),
    wording=Wording(entry="交付決定の入力", register="登録する", stored="交付決定を登録しました。", number="管理番号"),
    sought=("hojin",),
    listed=("hojin", "kofu"),
)
