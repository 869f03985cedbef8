"""What do the pages of intake show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.intake.models import Sheet, SheetField
from backoffice.intake.workflow import NAMES, SheetState
from backoffice.web import Page
from backoffice.web.answers_in import Checked, label_of, sentence, shown
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _
from forms.catalogue import CataloguedForm
from forms.definition import FormField
from forms.field_types import FieldType
from ocr.refusal import REASONS

TONES = {
    SheetState.RECEIVED: ("plain", "…"),
    SheetState.REFUSED: ("bad", "✕"),
    SheetState.TO_VERIFY: ("doubt", "▲"),
    SheetState.HELD: ("plain", "■"),
    SheetState.UNREADABLE: ("bad", "✕"),
    SheetState.SETTLED: ("good", "●"),
}
LOW = 0.6
"""Below this the machine's own confidence counts as low, above as doubtful: a colour and a sign, not a decision."""


@dataclass(frozen=True)
class StateChip:
    tone: str
    sign: str
    text: str

    @classmethod
    def of(cls, state: str) -> "StateChip":
        tone, sign = TONES[SheetState(state)]
        return cls(tone, sign, NAMES[SheetState(state)])


@dataclass(frozen=True)
class SheetRow:
    sheet: Sheet
    chip: StateChip
    reason: str

    @classmethod
    def of(cls, sheet: Sheet) -> "SheetRow":
        return cls(sheet, StateChip.of(sheet.state), REASONS.get(sheet.refusal, sheet.refusal))


@dataclass(frozen=True, kw_only=True)
class SheetsPage(Page):
    rows: Sequence[SheetRow]
    tabs: Sequence[Tab]
    state: str
    keyword: str
    paging: Paging
    may_upload: bool
    may_verify: bool
    waiting: int
    reading: int


@dataclass(frozen=True, kw_only=True)
class UploadPage(Page):
    limit_mb: int
    accepted: Sequence[Sheet] = ()
    refused: Sequence[tuple[str, str, Mapping[str, object]]] = ()
    """Name of the file, why (a msgid), and what to fill in."""


@dataclass(frozen=True)
class FieldRow:
    """One field as a clerk checks it. `tone` is good, doubt or bad; the sign says the same without colour."""

    key: str
    label: str
    type: str
    text: str
    ticked: bool
    required: bool
    tone: str
    sign: str
    verdict: str
    percent: int
    candidates: tuple[str, ...]
    box: tuple[int, int, int, int]
    problem: str
    corrected: bool

    @property
    def asks(self) -> bool:
        return self.tone != "good" or bool(self.problem)


@dataclass(frozen=True, kw_only=True)
class SheetPage(Page):
    title_text: str
    sheet: Sheet
    chip: StateChip
    reason: str
    rows: Sequence[FieldRow]
    form_title: str
    may_verify: bool
    may_upload: bool


@dataclass(frozen=True, kw_only=True)
class VerifyPage(Page):
    title_text: str
    sheet: Sheet
    form_title: str
    rows: Sequence[FieldRow]
    done: int
    total: int
    asking: Sequence[str] = ()
    dialog: str = ""
    """`hold` or `unreadable` where its reason was refused."""
    note: str = ""
    wrong_note: str = ""


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    waiting: int
    done: int


@dataclass(frozen=True, kw_only=True)
class EchoPage(Page):
    """The note under one input: how the answer is understood."""

    key: str
    text: str
    problem: str


def rows_of(
    sheet: Sheet, form: CataloguedForm, typed: Mapping[str, str] | None = None, checked: Checked | None = None
) -> list[FieldRow]:
    """Give the fields in the form's order; `typed` wins over what was read."""
    read = {field.key: field for field in sheet.fields}
    return [
        _row(asked, read[asked.key], None if typed is None else typed.get(asked.key, ""), checked)
        for asked in form.definition.fields
        if asked.key in read
    ]


def _row(asked: FormField, read: SheetField, typed: str | None, checked: Checked | None) -> FieldRow:
    value = read.value if read.value is not None or read.corrected else read.read_value
    text = (
        typed
        if typed is not None
        else shown(asked.type, value) or ("" if asked.type is FieldType.CHECKBOX else read.read_text)
    )
    problem = checked.refusing.get(asked.key) if checked else None
    tone, sign, verdict = _verdict(read)
    return FieldRow(
        key=asked.key,
        label=label_of(asked),
        type=str(asked.type),
        text=text,
        ticked=text == "on",
        required=asked.required,
        tone=tone,
        sign=sign,
        verdict=verdict,
        percent=round(read.confidence * 100),
        candidates=tuple(read.candidates),
        box=(read.box[0], read.box[1], read.box[2], read.box[3]),
        problem=sentence(problem) if problem else "",
        corrected=read.corrected,
    )


def _verdict(read: SheetField) -> tuple[str, str, str]:
    if read.passes:
        return "good", "●", _("確度 高")
    if read.confidence >= LOW:
        return "doubt", "▲", _("要確認")
    return "bad", "■", _("確度 低")
