"""What do the pages of papers that are sent show?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backoffice.enclosures.models import Packet
from backoffice.form_designs.models import FormDesign
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.translations import _

PRINTED: Final = Chip("good", "●", _("置き場所に置きました"))
WAITING: Final = Chip("plain", "…", _("印刷待ち"))
UNSURE: Final = Chip("bad", "■", _("印刷されたか不明"))


@dataclass(frozen=True)
class RuleRow:
    id: int
    paper: str
    condition: str
    """In words; "" for every record."""


@dataclass(frozen=True)
class PacketRow:
    packet: Packet
    chip: Chip

    @classmethod
    def of(cls, packet: Packet) -> "PacketRow":
        if packet.printed_at is not None:
            return cls(packet, PRINTED)
        return cls(packet, WAITING if packet.printing_at is None else UNSURE)


@dataclass(frozen=True, kw_only=True)
class EnclosuresPage(Page):
    title_text: str
    design: FormDesign
    rules: Sequence[RuleRow]
    packets: Sequence[PacketRow]
    may_set: bool
    papers: Sequence[tuple[str, str]]
    questions: Sequence[tuple[str, str]]
    signs: Sequence[tuple[str, str]]
    paper: str = ""
    key: str = ""
    sign: str = ""
    value: str = ""
    wrong: str = ""
    wrong_paper: str = ""
    wrong_value: str = ""


@dataclass(frozen=True)
class ChoiceRow:
    """One record of those that were chosen: which papers go there, or why none; and its last packet."""

    id: int
    number: str
    name: str
    papers: str
    why_not: str
    last: Packet | None


@dataclass(frozen=True, kw_only=True)
class ChoicePage(Page):
    title_text: str
    design: FormDesign
    rows: Sequence[ChoiceRow]
    ids: Sequence[int]
    everything: bool
    back: str
    printers: Sequence[tuple[str, str]]
    printer: str
    subject: str
    duplex: bool
    again: bool
    ready: int
    before: int
    """How many of those that are ready had a packet in this fiscal year."""
    wrong: str = ""
