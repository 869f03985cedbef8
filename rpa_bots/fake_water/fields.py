"""Which boxes does the entry screen of 開閉栓 have? Its own list."""

from collections.abc import Mapping, Sequence
from typing import Final

from rpa_bots.fake_base.boxes import Kind, ScreenField
from rpa_bots.fake_base.ledger import Value

TOWNS: Final[Mapping[str, str]] = {
    "8100001": "福岡市中央区天神",
    "8100041": "福岡市中央区大名",
    "8120011": "福岡市博多区博多駅前",
    "8140002": "福岡市早良区西新",
    "8190001": "福岡市西区小戸",
    "8150032": "福岡市南区塩原",
}
REFERENCE: Final = ScreenField("uketsuke", "受付番号", Kind.TEXT, 14, required=True)
FIELDS: Final = (
    ScreenField("todoke", "届出区分", Kind.RADIO, required=True, options={"1": "開栓", "2": "閉栓", "3": "名義変更"}),
    ScreenField("hiduke", "開閉栓日", Kind.DAY, 10, required=True),
    ScreenField("kana", "フリガナ", Kind.KATAKANA, 30, required=True, labelled=True),
    ScreenField("shimei", "使用者氏名", Kind.TEXT, 20, required=True, labelled=True),
    ScreenField("yubin", "郵便番号", Kind.POSTAL, 7, required=True),
    ScreenField("jusho", "住所", Kind.TEXT, 40, required=True),
    ScreenField("banchi", "番地", Kind.TEXT, 20, required=True, labelled=True),
    ScreenField("tatemono", "建物・部屋", Kind.TEXT, 20, labelled=True),
    ScreenField("denwa", "電話番号", Kind.TEXT, 13),
    ScreenField("suisen", "水栓番号", Kind.DIGITS, 10, required=True),
    ScreenField(
        "kokei",
        "口径",
        Kind.SELECT,
        required=True,
        labelled=True,
        options={"13": "13mm", "20": "20mm", "25": "25mm", "40": "40mm"},
    ),
    ScreenField("ninzu", "使用人数", Kind.DIGITS, 2),
    ScreenField(
        "shiharai",
        "支払方法",
        Kind.RADIO,
        required=True,
        options={"1": "口座振替", "2": "納入通知書", "3": "クレジットカード"},
    ),
    ScreenField("tachiai", "立会を希望する", Kind.CHECK, labelled=True),
    ScreenField("biko", "備考", Kind.AREA, 100),
)
TEXTS: Final = tuple(each.key for each in FIELDS if each.kind in {Kind.TEXT, Kind.AREA})


def truncated(values: Mapping[str, Value], texts: Sequence[str] = TEXTS) -> dict[str, Value]:
    """Cut the longest text to its first half, as a column does that is shorter than its box."""
    longest = max(texts, key=lambda key: len(str(values[key] or "")))
    text = str(values[longest] or "")
    return {**values, longest: text[: len(text) // 2]}
