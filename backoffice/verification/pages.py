"""What do the pages of checking in volume show?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from backoffice.intake.ledger import ALWAYS, CAUGHT, DESK, HAND, SAMPLE, UNSURE, summed
from backoffice.intake.models import LedgerLine, Sheet, SheetField
from backoffice.intake.pages import as_kept
from backoffice.verification.fields import was_shown
from backoffice.verification.models import FieldSample
from backoffice.verification.queries import FieldKey
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow, question_row
from backoffice.web.answers_in import label_of, typed_text
from backoffice.web.chips import Chip
from forms.definition import FormDefinition, FormField
from ocr.calibration import worst_error

_BY_PEOPLE = (DESK, UNSURE, HAND, ALWAYS, CAUGHT)


@dataclass(frozen=True)
class Waiting:
    """A question of a form, and how many doubtful answers to it wait."""

    form_title: str
    label: str
    wanted: FieldKey
    count: int


@dataclass(frozen=True, kw_only=True)
class FieldsPage(Page):
    rows: Sequence[Waiting]


@dataclass(frozen=True)
class Crop:
    """Where a field stands on the picture of its page: x, y, width and height in pixels."""

    picture: str
    width: int
    height: int
    box: tuple[int, int, int, int]

    @classmethod
    def of(cls, sheet: Sheet, field: SheetField) -> "Crop":
        nth, page = next((nth, page) for nth, page in enumerate(sheet.pages, 1) if page.number == field.page)
        x, y, width, height = field.box
        return cls(f"/sheets/{sheet.id}/page?nth={nth}", page.width, page.height, (x, y, width, height))


@dataclass(frozen=True)
class HeldField:
    """One field in the row: its picture, and its answer as it is typed."""

    id: int
    number: str
    crop: Crop
    answer: AnswerRow
    candidates: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class RowPage(Page):
    title_text: str
    form_title: str
    label: str
    wanted: FieldKey
    fields: Sequence[HeldField]


@dataclass(frozen=True)
class LedgerRow:
    """One question of a form: what people were asked and what was right, what was sampled and what was wrong."""

    form_title: str
    label: str
    asked: int
    asked_right: int
    sampled: int
    wrong: int

    @property
    def worst(self) -> float:
        """The error rate that the true one of what passes does not exceed, at 95 %."""
        return worst_error(self.wrong, self.sampled) if self.sampled else 1.0


@dataclass(frozen=True, kw_only=True)
class SamplesPage(Page):
    states: Sequence[tuple[Chip, int]]
    waiting: int
    differing: int
    may_key: bool
    may_decide: bool
    """Whether there are any that the person did not settle or key themselves."""
    rows: Sequence[LedgerRow]


@dataclass(frozen=True, kw_only=True)
class SamplePage(Page):
    title_text: str
    sample: FieldSample
    number: str
    crop: Crop
    answer: AnswerRow
    passed: str
    """What had passed; empty while the person is not to see it."""
    keyed: str


@dataclass(frozen=True, kw_only=True)
class SecondDeskPage(Page):
    waiting: int


@dataclass(frozen=True)
class BlindField:
    """A field as it stands on the paper, and an answer that nobody has filled in."""

    crop: Crop
    answer: AnswerRow


@dataclass(frozen=True, kw_only=True)
class SecondPage(Page):
    title_text: str
    sheet: Sheet
    form_title: str
    rows: Sequence[BlindField]


def held_fields(
    question: FormField,
    held: Sequence[tuple[SheetField, Sheet]],
    typed: Mapping[str, str],
    wrong: Mapping[int, str],
) -> list[HeldField]:
    """Give the fields in the row; `typed` wins over what was read."""

    def text_of(field: SheetField) -> str:
        return typed_text(question, typed, f"{field.id}--") if was_shown(field, typed) else as_kept(question, field)

    return [
        HeldField(
            field.id,
            sheet.number,
            Crop.of(sheet, field),
            replace(
                question_row(question, f"{field.id}--"),
                text=text_of(field),
                problem=wrong.get(field.id, ""),
            ),
            field.candidates,
        )
        for field, sheet in held
    ]


def _all(counted: Iterable[tuple[int, int] | None]) -> tuple[int, int]:
    told = [each for each in counted if each]
    return sum(each[0] for each in told), sum(each[1] for each in told)


def ledger_rows(lines: Iterable[LedgerLine], definitions: Mapping[str, FormDefinition]) -> list[LedgerRow]:
    """Give a row a question, in the order of forms and their questions."""
    sums = summed(lines)
    rows = []
    for code in dict.fromkeys(place[0] for place in sums):
        labels = {each.key: label_of(each) for each in definitions[code].questions} if code in definitions else {}
        keys = dict.fromkeys([*labels, *(key for form, key, _ in sums if form == code)])
        for key in keys:
            right, wrong = _all(sums.get((code, key, seen_by)) for seen_by in _BY_PEOPLE)
            agreed, missed = sums.get((code, key, SAMPLE), (0, 0))
            if right + wrong + agreed + missed:
                title = definitions[code].title if code in definitions else code
                rows.append(LedgerRow(title, labels.get(key, key), right + wrong, right, agreed + missed, missed))
    return rows
