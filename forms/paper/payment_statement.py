"""How does the yearly statement of one payee look on paper? 報酬、料金、契約金及び賞金の支払調書, a page each.

The boxes of the tax office's own form, in their order. That for the 個人番号 stays empty: the house knows none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from forms.paper.drawn import PALE, Align, Element, Frame, Leaf, Words
from forms.paper.measures import fitting

LINES: Final = 6
"""So many kinds have room; more are no payee's."""
_LEFT, _WIDTH, _HEAD = 20.0, 170.0, 38.0
_ROW = 12.0
_COLUMNS: Final = (("区分", 50.0), ("細目", 40.0), ("支払金額(円)", 40.0), ("源泉徴収税額(円)", 40.0))
NOTE: Final = "個人番号はこの仕組みに入れません。提出する用紙に、別に管理している番号を記入してください。"


@dataclass(frozen=True)
class Line:
    """One kind of payment, in yen. `detail`: how many times."""

    kind: str
    detail: str
    paid: int
    withheld: int


@dataclass(frozen=True)
class PaperStatement:
    """What stands on it. `year`: as it is written, 令和8年分; `payer`: address and name."""

    year: str
    address: str
    name: str
    kana: str
    lines: Sequence[Line]
    payer: tuple[str, str]
    remark: str


def payment_statement(said: PaperStatement) -> Leaf:
    """Return the page of one payee. Raises ValueError for more kinds than it has lines."""
    if len(said.lines) > LINES:
        raise ValueError(f"{len(said.lines)} kinds on a statement of {LINES} lines")
    title = f"{said.year} 報酬、料金、契約金及び賞金の支払調書"
    payee = (("住所(居所)", said.address), ("フリガナ", said.kana), ("氏名", said.name), ("個人番号", ""))
    payer = (("住所(所在地)", said.payer[0]), ("名称", said.payer[1]))
    below = 34 + _ROW * (4 + 1 + LINES + 1)
    return Leaf(
        (
            Words(_LEFT, 16, _WIDTH, 12, title, fitting(title, 16.0, _WIDTH), "center"),
            *_facts(34, "支払を受ける者", payee),
            Words(_LEFT + _HEAD + 2, 34 + _ROW * 3, _WIDTH - _HEAD - 4, _ROW, NOTE, 7.5, grey=PALE - 60),
            *_amounts(34 + _ROW * 4, said.lines),
            *_facts(below, "摘要", (("", said.remark),)),
            *_facts(below + _ROW, "支払者", payer),
        )
    )


def _facts(top: float, group: str, pairs: Sequence[tuple[str, str]]) -> list[Element]:
    drawn: list[Element] = []
    for place, (label, text) in enumerate(pairs):
        y, room = top + _ROW * place, _WIDTH - _HEAD
        head = f"{group} {label}".strip() if place == 0 else label
        drawn += [
            Frame(_LEFT, y, _HEAD, _ROW),
            Words(_LEFT + 1.5, y, _HEAD - 3, _ROW, head, fitting(head, 9.0, _HEAD - 3, lines=2)),
            Frame(_LEFT + _HEAD, y, room, _ROW),
            Words(_LEFT + _HEAD + 2, y, room - 4, _ROW, text, fitting(text, 11.0, room - 4, lines=2)),
        ]
    return drawn


def _amounts(top: float, lines: Sequence[Line]) -> list[Element]:
    total = Line("合計", "", sum(line.paid for line in lines), sum(line.withheld for line in lines))
    rows = [[label for label, _width in _COLUMNS], *(_cells(line) for line in lines)]
    rows += [["", "", "", ""]] * (LINES - len(lines))
    return [part for place, row in enumerate([*rows, _cells(total)]) for part in _row(top + _ROW * place, row)]


def _cells(line: Line) -> list[str]:
    return [line.kind, line.detail, f"{line.paid:,}", f"{line.withheld:,}"]


def _row(top: float, cells: Sequence[str]) -> list[Element]:
    drawn: list[Element] = []
    x = _LEFT
    for place, ((_label, width), text) in enumerate(zip(_COLUMNS, cells, strict=True)):
        align: Align = "right" if place > 1 and text[:1].isdigit() else "left"
        drawn += [
            Frame(x, top, width, _ROW),
            Words(x + 2, top, width - 4, _ROW, text, fitting(text, 10.5, width - 4, lines=2), align),
        ]
        x += width
    return drawn
