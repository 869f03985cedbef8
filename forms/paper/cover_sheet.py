"""What lies on top of a pile that is scanned? A page that people know from afar and that a scanner knows by its code.

Everything after it, up to the next cover, is one batch. It may be used again: its code names the cover, not a pile.
"""

from dataclasses import dataclass
from datetime import date

from forms.cover_codes import CODE_MM, PAGE_MM, cover_code
from forms.paper.drawn import Frame, Leaf, Words
from forms.paper.marks import qr_code
from forms.paper.measures import fitting
from forms.wareki import show_wareki

_LEFT, _WIDTH = 20.0, 170.0
_TITLE_PT, _NUMBER_PT, _FACT_PT, _STEP_PT = 34.0, 22.0, 15.0, 13.0
_STEPS = (
    "1. この紙を、束のいちばん上に置きます。",
    "2. 束をいくつか重ねて、一度にスキャンできます。次の表紙までが1つの束です。",
    "3. 全部が1つのファイル(PDFかTIFF)になるようにスキャンします。",
    "4. この紙は、くり返し使えます。書き込んだことは読み取りません。",
)


@dataclass(frozen=True)
class Cover:
    """What stands on a cover. `form` is the title of the only form of its piles, "" where they are mixed."""

    number: str
    title: str
    form: str
    department: str
    made_on: date


def cover_sheet(cover: Cover) -> Leaf:
    """Return the page of a cover. Error correction H: of the code's area, 30 % may be lost."""
    wide, high = PAGE_MM
    facts = [
        f"様式: {cover.form or '混在(1枚ずつ見分けます)'}",
        f"部署: {cover.department}",
        f"作成: {show_wareki(cover.made_on)}",
    ]
    return Leaf(
        (
            Frame(6, 6, wide - 12, high - 12, line=4),
            Words(_LEFT, 14, _WIDTH, 24, "表 紙", 54, "center"),
            Words(_LEFT, 40, _WIDTH, 30, cover.title, fitting(cover.title, _TITLE_PT, _WIDTH, lines=2), "center"),
            qr_code(cover_code(cover.number), "h", CODE_MM),
            Words(_LEFT, 149, _WIDTH, 11, cover.number, _NUMBER_PT, "center"),
            *(
                Words(_LEFT + 8, 166 + 9 * line, _WIDTH - 16, 9, fact, fitting(fact, _FACT_PT, _WIDTH - 16))
                for line, fact in enumerate(facts)
            ),
            Frame(_LEFT, 200, _WIDTH, 0, line=1),
            *(Words(_LEFT + 8, 208 + 14 * line, _WIDTH - 16, 12, step, _STEP_PT) for line, step in enumerate(_STEPS)),
        )
    )
