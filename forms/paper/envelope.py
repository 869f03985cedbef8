"""What lies on top in a window envelope? The page whose upper third shows to whom it goes, and says what is enclosed.

For 長形3号 (235 × 120 mm) with a window of 90 × 45 mm, 20 mm from the left and 12 mm from the top. The address and
its bars must stay visible however the paper slides. A4 folded in three is 210 × 99 mm and can slide 25 mm sideways and
21 mm down, so what is left for the address is 65 × 24 mm; the sender stands where no sliding brings it into view.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from forms.address_numbers import address_numbers
from forms.paper import customer_barcode
from forms.paper.drawn import PALE, Element, Frame, Leaf, Words
from forms.paper.measures import HEADING_PT, LABEL_PT, TITLE_PT, fitting, lines_of
from forms.wareki import show_wareki

ADDRESS_MM = (20.5, 12.1, 64.0, 23.8)
"""Left, top, width and height: within this everything shows in the window, wherever the paper lies."""
FOLDS_MM = (99.0, 198.0)
_SENDER_MM = (122.0, 14.0, 74.0)
_LEFT, _WIDTH = 25.0, 160.0
_LINE = 6.0
_ADDRESS_PT, _NAME_PT = 9.0, 11.0


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes. `postal_code`: seven digits, or "" where nobody asked for it."""

    postal_code: str
    address: str
    name: str


@dataclass(frozen=True)
class Letter:
    """What is the same on the covers of one posting: 様 or 御中, who sends, what, and a word before it."""

    honorific: str
    sender: Sequence[str]
    title: str
    greeting: str
    sent_on: date


def cover(letter: Letter, to: Addressee, number: str, enclosed: Sequence[str]) -> Leaf:
    """Return the page that lies on top. `number` is the sender's own, `enclosed` says line by line what follows."""
    x, y, width = _SENDER_MM
    sender = [
        Words(x, y + 4.4 * place, width, 4.4, line, fitting(line, LABEL_PT + 1, width), "right")
        for place, line in enumerate(letter.sender)
    ]
    folds = [Frame(3.0, fold, 4.0, 0, line=0.4) for fold in FOLDS_MM]
    return Leaf((*_address(letter, to), *sender, *folds, *_said(letter, number, enclosed)))


def barcode_of(to: Addressee) -> str:
    """Return the bars of an address, none where its postal code must have none (forms.paper.customer_barcode)."""
    if not customer_barcode.has_barcode(to.postal_code):
        return ""
    numbers = address_numbers(to.postal_code, to.address)
    return customer_barcode.bars_of(customer_barcode.symbols_of(to.postal_code, numbers))


def _address(letter: Letter, to: Addressee) -> list[Element]:
    x, y, width, height = ADDRESS_MM
    name = " ".join(part for part in (to.name, letter.honorific) if part)
    code = f"〒{to.postal_code[:3]}-{to.postal_code[3:]}" if to.postal_code else ""
    size = fitting(to.address, _ADDRESS_PT, width, lines=2)
    return [
        Words(x, y, width, 3.6, code, _ADDRESS_PT),
        Words(x, y + 3.7, width, 8.2, to.address, size),
        Words(x, y + 12.2, width, 6.4, name, fitting(name, _NAME_PT, width)),
        *customer_barcode.drawn(barcode_of(to), x, y + height - customer_barcode.HEIGHT_MM),
    ]


def _said(letter: Letter, number: str, enclosed: Sequence[str]) -> list[Element]:
    top = FOLDS_MM[0] + 8
    lines = lines_of(letter.greeting, HEADING_PT, _WIDTH)
    below = top + 34 + lines * 5.0
    return [
        Words(_LEFT, top, _WIDTH, _LINE, show_wareki(letter.sent_on), HEADING_PT, "right"),
        Words(_LEFT, top + _LINE, _WIDTH, _LINE, number, HEADING_PT, "right", PALE - 60),
        Words(_LEFT, top + 15, _WIDTH, 12, letter.title, fitting(letter.title, TITLE_PT, _WIDTH, lines=2), "center"),
        Words(_LEFT, top + 30, _WIDTH, lines * 5.0, letter.greeting, HEADING_PT),
        *(
            Words(_LEFT + 10, below + _LINE * place, _WIDTH - 10, _LINE, line, HEADING_PT)
            for place, line in enumerate(enclosed)
        ),
    ]
