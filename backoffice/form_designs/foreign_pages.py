"""What do the pages of foreign paper show? The empty page with its zones, and what was read on trial sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.form_designs import words
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.pages import Choices, FindingRow
from backoffice.web import Crumb, Page
from backoffice.web.answers_in import label_of, option_label
from backoffice.web.translations import _, translate
from forms.building.finding import ZONE, Finding
from forms.definition import FormField
from forms.layout import Box
from forms.zones import ForeignPage, ForeignPaper, Proposal, Writing, Zone

NEW_QUESTION = "+"
"""Stands among the questions that a zone may answer: one that is made for it."""


@dataclass(frozen=True)
class ZoneRow:
    """One zone: on the picture, and in the list beside it."""

    code: str
    name: str
    box: Box
    writing: str
    place: str
    troubles: Sequence[str]
    is_open: bool


@dataclass(frozen=True)
class ProposalRow:
    number: int
    label: str
    type: str
    """A msgid."""
    place: str
    boxes: Sequence[Box]


@dataclass(frozen=True)
class ZoneSettings:
    """What is opened to be told more of."""

    code: str
    name: str
    values: Mapping[str, str]
    means: Choices
    writings: Choices
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ForeignPaperPage(Page):
    title_text: str
    design: FormDesign
    sizes: Choices
    paper: ForeignPaper | None = None
    number: int = 1
    zones: Sequence[ZoneRow] = ()
    open: ZoneSettings | None = None
    proposals: Sequence[ProposalRow] = ()
    findings: Sequence[FindingRow] = ()
    undoable: int = 0
    redoable: int = 0
    trouble: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"/forms/{self.design.id}/foreign"

    @property
    def sheet(self) -> ForeignPage | None:
        """The page that is looked at."""
        return self.paper.pages[self.number - 1] if self.paper else None


@dataclass(frozen=True)
class ReadRow:
    """One field of a sheet as it was read; `drawn` is what stands there, as the outlines of its ink in an SVG path."""

    label: str
    text: str
    percent: int
    passes: bool
    why_not: Sequence[str]
    drawn: str
    size: tuple[int, int]


@dataclass(frozen=True)
class SheetRow:
    """One sheet of a file; `refusal` says why it was not read."""

    name: str
    page: int
    refusal: str
    rows: Sequence[ReadRow]
    advice: Sequence[str] = ()

    @property
    def passed(self) -> int:
        return sum(row.passes for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class TrialPage(Page):
    title_text: str
    design: FormDesign
    sheets: Sequence[SheetRow] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"/forms/{self.design.id}/foreign"


def zone_rows(
    paper: ForeignPaper, page: int, questions: Mapping[str, FormField], found: Sequence[Finding], opened: str
) -> list[ZoneRow]:
    """Give the zones of a page in the order in which one reads, each with what is to be mended there."""
    troubles: dict[str, list[str]] = {}
    for each in found:
        troubles.setdefault(each.place, []).append(words.finding_said(each.message_ja, each.message_en))
    return [
        ZoneRow(
            code=zone.code,
            name=words.zone_name(zone, questions),
            box=zone.box,
            writing=translate(words.WRITINGS[zone.writing]),
            place=words.place(zone.box),
            troubles=troubles.get(f"{ZONE}{zone.code}", ()),
            is_open=zone.code == opened,
        )
        for zone in paper.on(page)
    ]


def zone_settings(
    zone: Zone,
    questions: Mapping[str, FormField],
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> ZoneSettings:
    """Give what can be told of a zone, with what was typed where it was refused."""
    left, top, width, height = (f"{side:g}" for side in zone.box)
    kept = {
        "left": left,
        "top": top,
        "width": width,
        "height": height,
        "writing": str(zone.writing),
        "many": str(zone.many or ""),
        "means": meaning(zone.key, zone.option),
        "new_label": zone.label,
    }
    return ZoneSettings(
        zone.code,
        words.zone_name(zone, questions),
        kept | dict(typed or {}),
        [("", translate(words.NOT_YET)), (NEW_QUESTION, translate(words.NEW_QUESTION)), *_meanings(questions)],
        [(str(writing), translate(words.WRITINGS[writing])) for writing in Writing],
        wrong or {},
    )


def proposal_rows(proposals: Sequence[tuple[int, Proposal]]) -> list[ProposalRow]:
    return [
        ProposalRow(number, each.label or "—", words.TYPES[each.type][0], words.place(each.box), each.boxes)
        for number, each in proposals
    ]


def crumb_of(design: FormDesign) -> Crumb:
    return Crumb(translate(_("外の用紙")), f"/forms/{design.id}/foreign")


def meaning(key: str, option: str) -> str:
    """Give how a page names what is answered in a zone."""
    return f"{key}:{option}" if option else key


def _meanings(questions: Mapping[str, FormField]) -> list[tuple[str, str]]:
    found = []
    for key, question in questions.items():
        if question.options:
            found += [
                (meaning(key, option.code), f"{label_of(question)}: {option_label(option)}")
                for option in question.options
            ]
        elif question.computed is None:
            found.append((key, label_of(question)))
    return found
