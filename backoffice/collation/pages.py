"""What do the pages of papers beside records show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.collation.comparing import ComparedPaper, Pair
from backoffice.collation.models import CollationRuling
from backoffice.collation.workflow import FINDING_CHIPS, PAPER_CHIPS, RULING_NAMES, PaperState, Ruling, rulings_for
from backoffice.form_designs.models import FormDesign
from backoffice.intake.models import Sheet, SheetField
from backoffice.records.models import Record
from backoffice.records.pages import said
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow
from backoffice.web.answers_in import label_of
from backoffice.web.chips import Chip
from backoffice.web.translations import translate
from forms.collating import as_answer
from forms.definition import FormDefinition, FormField
from forms.field_types import Value


@dataclass(frozen=True)
class Place:
    """Where an answer stands on the picture of its page: x, y, width and height in pixels."""

    picture: str
    width: int
    height: int
    box: tuple[int, int, int, int]

    @classmethod
    def of(cls, sheet: Sheet, field: SheetField) -> "Place | None":
        """Give the place; None where the page has no picture any more: its paper was thrown away."""
        nth, page = next((nth, page) for nth, page in enumerate(sheet.pages, 1) if page.number == field.page)
        if page.picture is None or page.picture.erased_at is not None:
            return None
        x, y, width, height = field.box
        return cls(f"/sheets/{sheet.id}/page?nth={nth}", page.width, page.height, (x, y, width, height))


@dataclass(frozen=True)
class PairRow:
    """One question: what the record says, what the paper says, its place, and what is decided of it."""

    file_key: str
    key: str
    label: str
    paper_label: str
    said: str
    read: str
    chip: Chip
    finding: str
    confirmed: bool
    place: Place | None
    open: bool
    ruling: CollationRuling | None
    ruling_name: str
    rulings: Sequence[tuple[str, str]]
    chosen: str = ""
    note: str = ""
    wrong_ruling: str = ""
    wrong_note: str = ""
    """Why what was decided was refused."""

    @property
    def id(self) -> str:
        return f"{self.file_key}-{self.key}"


@dataclass(frozen=True)
class PaperBlock:
    label: str
    title: str
    chip: Chip
    file_id: int | None
    file_name: str
    sheet: Sheet | None
    rows: Sequence[PairRow]
    unread: bool
    """Whether it can be handed in to be read."""
    reading: bool


@dataclass(frozen=True)
class Refused:
    """A decision that was not taken: of which pair, and what was typed."""

    file_key: str
    key: str
    ruling: str
    note: str
    errors: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class PapersPage(Page):
    title_text: str
    record: Record
    answers: Sequence[AnswerRow]
    files: Mapping[str, str]
    """The name of each file that an answer names, by its number."""
    computed: Sequence[tuple[str, str]]
    """What the form computes, by label: the grant that follows from the answers as they stand."""
    papers: Sequence[PaperBlock]
    rulings: Sequence["RulingRow"]
    """All that was decided, the last first."""
    open: int
    may_decide: bool
    may_read: bool
    wrong: str = ""

    @property
    def reading(self) -> bool:
        return any(paper.reading for paper in self.papers)

    @property
    def unread(self) -> bool:
        return any(paper.unread for paper in self.papers)


@dataclass(frozen=True)
class RuleRow:
    """A question for a file: which paper answers it, and how many answers are compared."""

    key: str
    label: str
    paper: str
    pairs: int


@dataclass(frozen=True)
class PairChoice:
    """One question of the form, and which of the paper's says the same."""

    key: str
    label: str
    chosen: str


@dataclass(frozen=True, kw_only=True)
class RulesPage(Page):
    title_text: str
    design: FormDesign
    rows: Sequence[RuleRow]
    key: str
    """Of the question that is being set; "" for none."""
    label: str
    papers: Sequence[tuple[str, str]]
    paper: str
    choices: Sequence[tuple[str, str]]
    """What stands on the paper."""
    pairs: Sequence[PairChoice]
    wrong: str = ""


@dataclass(frozen=True)
class RulingRow:
    """What was decided once: of which question, what the record and the paper said then."""

    ruling: CollationRuling
    label: str
    said: str
    read: str
    name: str

    @classmethod
    def of(cls, ruling: CollationRuling, definition: FormDefinition) -> "RulingRow":
        question = next((one for one in definition.questions if one.key == ruling.key), None)
        name = RULING_NAMES[Ruling(ruling.ruling)]
        if question is None:
            return cls(ruling, ruling.key, str(ruling.said or ""), str(ruling.read or ""), name)
        return cls(ruling, label_of(question), said(question, ruling.said), _read(question, ruling.read), name)


def block_of(paper: ComparedPaper, refused: Refused | None) -> PaperBlock:
    return PaperBlock(
        label=label_of(paper.question),
        title=paper.title,
        chip=PAPER_CHIPS[paper.state],
        file_id=paper.file.id if paper.file else None,
        file_name=paper.file.name if paper.file else "",
        sheet=paper.sheet,
        rows=[_row(pair, paper.sheet, refused) for pair in paper.pairs],
        unread=paper.state is PaperState.NOT_READ,
        reading=paper.state is PaperState.READING,
    )


def _row(pair: Pair, sheet: Sheet | None, refused: Refused | None) -> PairRow:
    mine = refused if refused and (refused.file_key, refused.key) == (pair.file_key, pair.question.key) else None
    return PairRow(
        file_key=pair.file_key,
        key=pair.question.key,
        label=label_of(pair.question),
        paper_label=pair.paper_label,
        said=said(pair.question, pair.said),
        read=_read(pair.question, pair.read),
        chip=FINDING_CHIPS[pair.finding],
        finding=pair.finding,
        confirmed=pair.is_confirmed,
        place=Place.of(sheet, pair.field) if sheet and pair.field else None,
        open=pair.is_open,
        ruling=pair.ruling,
        ruling_name=RULING_NAMES[Ruling(pair.ruling.ruling)] if pair.ruling else "",
        rulings=[(str(each), translate(RULING_NAMES[each])) for each in rulings_for(pair.finding)],
        chosen=mine.ruling if mine else "",
        note=mine.note if mine else "",
        wrong_ruling=mine.errors.get("ruling", "") if mine else "",
        wrong_note=mine.errors.get("note", "") if mine else "",
    )


def _read(question: FormField, read: Value) -> str:
    """Write what was read as an answer to the question; where it is none, the letters themselves."""
    meant = as_answer(question, read)
    return str(read or "") if meant is None else said(question, meant)
