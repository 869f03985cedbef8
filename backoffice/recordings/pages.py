"""What do the pages of recorded bots show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backoffice.form_designs.models import FormDesign
from backoffice.recordings.marks_in import in_words, marks_of
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.proposing import Shown, spot_kept
from backoffice.recordings.words import Said, read_way, said_of, said_of_reading
from backoffice.recordings.workflow import CHIPS, PURPOSES, BotState, Purpose
from backoffice.recordings.writing import cells_of, columns_of, files_asked, tables_of
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate
from forms.definition import FormDefinition
from rpa_bots.recording.tape.binding import ACCOUNT, PASSWORD, PLACE
from rpa_bots.recording.tape.mending import UNDECIDED, dialogs_of, numbers_of
from rpa_bots.recording.tape.steps import Change, Recording
from rpa_bots.recording.tape.submit_step import presses, submit_step

CONSTANT = "="


@dataclass(frozen=True)
class BotRow:
    bot: RecordedBot
    newest: BotVersion | None
    chip: Chip | None
    purpose: str
    proposals: int
    """What it would like to have changed, and nobody has taken in."""

    @classmethod
    def of(cls, bot: RecordedBot, proposals: int) -> "BotRow":
        living = [each for each in bot.versions if each.state != BotState.DISCARDED]
        newest = living[-1] if living else None
        chip = CHIPS[BotState(newest.state)] if newest else None
        return cls(bot, newest, chip, PURPOSES[Purpose(bot.purpose)], proposals)


@dataclass(frozen=True, kw_only=True)
class BotsPage(Page):
    rows: Sequence[BotRow]
    paging: Paging
    may_teach: bool


@dataclass(frozen=True, kw_only=True)
class NewBotPage(Page):
    purposes: Sequence[tuple[str, str]]
    forms: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: str = ""


@dataclass(frozen=True)
class StepRow:
    """One step as it is mended. `put`: what goes in (a place, CONSTANT, or "" for a step that takes nothing)."""

    place: int
    number: int
    """Under which people know it: our own marks are not counted."""
    said: Said
    put: str
    text: str
    may_register: bool
    registers: bool
    dropped: bool = False
    said_beside: Sequence[str] = ()
    """What is read, received, left out or repeated there."""

    @property
    def undecided(self) -> bool:
        return self.put == UNDECIDED

    @classmethod
    def all_of(cls, recording: Recording, definition: FormDefinition) -> list["StepRow"]:
        register = submit_step(recording)
        labels, tables = dict(columns_of(definition)) | dict(cells_of(definition)), dict(tables_of(definition))
        steps = {each.place: each for each in marks_of(recording)}
        found: list[StepRow] = []
        for place, number in numbers_of(recording).items():
            step = recording.steps[place]
            put, text = ("", "")
            if isinstance(step, Change):
                bound = PLACE.fullmatch(step.value) is not None
                put, text = (step.value, "") if bound else (CONSTANT, step.value)
            marks = steps.get(place)
            words = in_words(marks, tables, labels) if marks else ()
            beside = [translate(message, **about) for message, about in words]
            said = said_of_reading(marks.reading) if marks and marks.reading else said_of(step)
            row = cls(place, number, said, put, text, presses(step), place == register, said_beside=beside)
            found.append(row)
        return found

    def as_typed(self, typed: Mapping[str, str]) -> "StepRow":
        """Give the row as a clerk left it on the page whose saving was refused."""
        put, text = typed.get(f"put_{self.place}", self.put), typed.get(f"text_{self.place}", self.text)
        registers = typed.get("register") == str(self.place)
        return replace(self, put=put, text=text, registers=registers, dropped=f"drop_{self.place}" in typed)


@dataclass(frozen=True)
class ProposalRow:
    """One proposed change: what it is about, how the element is found today, and how it would be."""

    shown: Shown
    numbers: str
    old: str
    new: str

    @classmethod
    def all_of(cls, shown: Sequence[Shown], recording: Recording) -> list["ProposalRow"]:
        numbers = numbers_of(recording)
        return [
            cls(
                each,
                "・".join(str(numbers[place]) for place in each.places if place in numbers),
                read_way(spot_kept(each.proposal).ways[0]),
                read_way((each.proposal.new,)) if each.proposal.new else "",
            )
            for each in shown
        ]


@dataclass(frozen=True, kw_only=True)
class VersionPage(Page):
    title_text: str
    version: BotVersion
    chip: Chip
    rows: Sequence[StepRow]
    columns: Sequence[tuple[str, str]]
    """What may go into a step."""
    dialogs: str
    proof: str
    looks: bool
    """Whether the recording only looks, and registers nothing."""
    nothing: str
    """What the system says where it has no such record."""
    list: str
    lists: Sequence[tuple[str, str]]
    """The forms whose list may take what is read."""
    purpose: str
    problems: Sequence[str]
    proposals: Sequence[ProposalRow]
    next_title: str
    """The form on whose records the bot works that goes on; "" for none."""
    may_let_take_over: bool
    may_rehearse: bool
    versions: Sequence[tuple[BotVersion, Chip]]
    before: int | None
    """The number of the version that it is compared with."""
    differences: Sequence[str]
    may_edit: bool
    """A draft, or a version that was sent back to this person."""
    may_submit: bool
    may_take_up: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    error: str


def choices_of(definition: FormDefinition) -> list[tuple[str, str]]:
    """Give what a clerk chooses from: nothing yet, the form's questions, the account, the same text each time."""
    columns = [*columns_of(definition), *files_asked(definition), *cells_of(definition)]
    return [
        (UNDECIDED, translate(_("(決めてください)"))),
        *((f"{{{{{column}}}}}", label) for column, label in columns),
        (CONSTANT, translate(_("毎回同じ文字"))),
        (ACCOUNT, translate(_("対象システムのアカウント"))),
        (PASSWORD, translate(_("対象システムのパスワード"))),
    ]


def forms_of(designs: Sequence[FormDesign]) -> list[tuple[str, str]]:
    return [("", translate(_("選んでください"))), *((str(each.id), each.title) for each in designs)]


def lists_of(designs: Sequence[FormDesign]) -> list[tuple[str, str]]:
    return [("", translate(_("台帳に入れない"))), *((each.code, each.title) for each in designs)]


def dialogs_in(recording: Recording) -> str:
    return "\n".join(dialogs_of(recording))
