"""How does 広聴 take in what citizens ask for? Labels, a long text, and the paper itself as a PDF."""

from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_offices.office import Look, OldOffice, Wording

PETITIONS: Final = OldOffice(
    key="petitions",
    name="要望・陳情受付システム",
    look=Look.LABELS,
    letter="Y",
    account="kocho01",
    password="Demo-kocho-8",
    boxes=(
        ScreenField("hi", "受け付けた日", Kind.DAY, 10, required=True),
        ScreenField("dare", "申し出た人", Kind.TEXT, 60, required=True),
        ScreenField("kenmei", "件名", Kind.TEXT, 60, required=True),
        ScreenField("yoshi", "要旨", Kind.AREA, 1000, required=True),
        ScreenField(
            "kyoku",
            "答える局",
            Kind.SELECT,
            required=True,
            options={"01": "水道局", "02": "道路下水道局", "03": "住宅都市みどり局"},
        ),
        ScreenField("kaito", "回答を求める", Kind.CHECK),
        ScreenField("shorui", "陳情書(PDF)", Kind.FILE),
    ),
    wording=Wording(entry="新しい受付", register="登録する", stored="登録しました。", number="整理番号"),
    sought=("kenmei",),
    listed=("dare", "kenmei", "kyoku"),
)
