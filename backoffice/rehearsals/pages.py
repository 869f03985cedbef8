"""What do the pages of rehearsals show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.automation.models import TargetSystem
from backoffice.recordings.models import BotVersion
from backoffice.recordings.words import said_of
from backoffice.rehearsals.checking import Fault, Finding
from backoffice.rehearsals.models import Rehearsal, RehearsedRow, RehearsedStep
from backoffice.rehearsals.queries import Candidate
from backoffice.rehearsals.service import Unfit
from backoffice.rehearsals.trials import Trial
from backoffice.rehearsals.workflow import (
    NOT_TRIED,
    OUTCOME_CHIPS,
    STATE_CHIPS,
    VERDICT_CHIPS,
    WHY_NAMES,
    RehearsalState,
    WhyEnded,
)
from backoffice.web import Page
from backoffice.web.answers_in import label_of
from backoffice.web.chips import Chip
from backoffice.web.translations import _, translate
from forms.definition import FormDefinition
from rpa_bots.recording.tape.mending import numbers_of
from rpa_bots.recording.tape.steps import Recording

SAID_OF_FAULTS = {
    Fault.LETTERS: _("%(label)sに「%(detail)s」"),
    Fault.TOO_LONG: _("%(label)sが%(detail)s文字多い"),
    Fault.MISSING: _("%(label)sがない"),
    Fault.NO_OPTION: _("%(label)sが選択肢にない"),
}


CAPTION = _("手順%(n)sのあとの画面")
CAPTIONS = {"held": _("手順%(n)sの手前の画面"), "stopped": _("手順%(n)sで止まった画面")}


@dataclass(frozen=True)
class RehearsalRow:
    """A rehearsal in the list of its version."""

    rehearsal: Rehearsal
    chip: Chip
    why: str
    well: int

    @classmethod
    def of(cls, rehearsal: Rehearsal, *, silent: bool) -> "RehearsalRow":
        why = WhyEnded.BROKEN_OFF if silent else rehearsal.why_ended
        well = sum(row.outcome == "done" for row in rehearsal.rows)
        return cls(rehearsal, chip_of(rehearsal, silent=silent), WHY_NAMES[WhyEnded(why)] if why else "", well)


@dataclass(frozen=True, kw_only=True)
class RehearsalsPage(Page):
    title_text: str
    version: BotVersion
    target: TargetSystem | None
    missing: str
    """Why it cannot be rehearsed now; "" where it can."""
    trials: Sequence[Trial]
    may_try: bool
    candidates: Sequence[Candidate]
    chosen: Sequence[str]
    typed: str
    wrong: Mapping[str, str]
    error: str
    rows: Sequence[RehearsalRow]


@dataclass(frozen=True)
class SeenStep:
    step: RehearsedStep
    number: int
    """Under which people know it; 0 for a mark of ours."""
    text: str
    chip: Chip

    @property
    def caption(self) -> str:
        """What its picture shows."""
        return translate(CAPTIONS.get(self.step.verdict, CAPTION), n=self.number)


@dataclass(frozen=True)
class SeenRow:
    """One record as it was tried."""

    row: RehearsedRow
    chip: Chip
    letters: Sequence[str]
    steps: Sequence[SeenStep]

    @property
    def pictures(self) -> list[SeenStep]:
        return [each for each in self.steps if each.step.file_id is not None]

    @classmethod
    def of(cls, row: RehearsedRow, recording: Recording, definition: FormDefinition, *, moving: bool) -> "SeenRow":
        numbers, labels = numbers_of(recording), labels_of(definition)
        found = [Finding(key, Fault.LETTERS, lost) for key, lost in row.letters["columns"].items()]
        steps = [
            SeenStep(step, numbers[step.place], said_of(recording.steps[step.place]).text, VERDICT_CHIPS[step.verdict])
            for step in row.steps
            if step.place in numbers
        ]
        chip = OUTCOME_CHIPS[row.outcome] if row.outcome or moving else NOT_TRIED
        return cls(row, chip, [said(each, labels) for each in found], steps)


@dataclass(frozen=True, kw_only=True)
class RehearsalPage(Page):
    title_text: str
    rehearsal: Rehearsal
    version: BotVersion
    chip: Chip
    why: str
    rows: Sequence[SeenRow]
    steps: int
    """How many steps the recording has."""
    moving: bool
    proposes: bool


@dataclass(frozen=True)
class UnfitRow:
    candidate: Candidate
    said: str


@dataclass(frozen=True, kw_only=True)
class QueuePage(Page):
    title_text: str
    version: BotVersion
    count: int
    unfit: int
    rows: Sequence[UnfitRow]
    knows: bool
    left_off: bool


def chip_of(rehearsal: Rehearsal, *, silent: bool) -> Chip:
    if silent:
        return Chip("bad", "✕", STATE_CHIPS[RehearsalState.ENDED].text)
    chip = STATE_CHIPS[RehearsalState(rehearsal.state)]
    well = rehearsal.why_ended in {"", WhyEnded.FINISHED, WhyEnded.STOPPED}
    return chip if well else Chip("bad", "✕", chip.text)


def unfit_rows(unfit: Sequence[Unfit], definition: FormDefinition) -> list[UnfitRow]:
    labels = labels_of(definition)
    return [UnfitRow(each.candidate, "、".join(said(one, labels) for one in each.findings)) for each in unfit]


def said(finding: Finding, labels: Mapping[str, str]) -> str:
    label = labels.get(finding.key, finding.key)
    return translate(SAID_OF_FAULTS[finding.fault], label=label, detail=finding.detail)


def labels_of(definition: FormDefinition) -> dict[str, str]:
    return {question.key: label_of(question) for question in definition.questions}
