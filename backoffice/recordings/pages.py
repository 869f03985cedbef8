"""What do the pages of recorded bots show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.form_designs.models import FormDesign
from backoffice.recordings.models import BotVersion, RecordedBot
from backoffice.recordings.words import Said, said_of
from backoffice.recordings.workflow import CHIPS, BotState
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate
from rpa_bots.recording.binding import ACCOUNT, PASSWORD, PLACE
from rpa_bots.recording.mending import UNDECIDED, dialogs_of, ours
from rpa_bots.recording.steps import Change, Recording
from rpa_bots.recording.submit_step import presses, submit_step

CONSTANT = "="


@dataclass(frozen=True)
class BotRow:
    bot: RecordedBot
    newest: BotVersion | None
    chip: Chip | None

    @classmethod
    def of(cls, bot: RecordedBot) -> "BotRow":
        living = [each for each in bot.versions if each.state != BotState.DISCARDED]
        newest = living[-1] if living else None
        return cls(bot, newest, CHIPS[BotState(newest.state)] if newest else None)


@dataclass(frozen=True, kw_only=True)
class BotsPage(Page):
    rows: Sequence[BotRow]
    paging: Paging
    may_teach: bool


@dataclass(frozen=True, kw_only=True)
class NewBotPage(Page):
    forms: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: str = ""


@dataclass(frozen=True)
class StepRow:
    """One step as it is mended. `put`: what goes in (a place, CONSTANT, or "" for a step that takes nothing)."""

    place: int
    said: Said
    put: str
    text: str
    may_register: bool
    registers: bool

    @property
    def undecided(self) -> bool:
        return self.put == UNDECIDED

    @classmethod
    def all_of(cls, recording: Recording) -> list["StepRow"]:
        register, written_anew = submit_step(recording), ours(recording)
        found: list[StepRow] = []
        for place, step in enumerate(recording.steps):
            if place in written_anew:
                continue
            put, text = ("", "")
            if isinstance(step, Change):
                bound = PLACE.fullmatch(step.value) is not None
                put, text = (step.value, "") if bound else (CONSTANT, step.value)
            found.append(cls(place, said_of(step), put, text, presses(step), place == register))
        return found


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
    problems: Sequence[str]
    versions: Sequence[tuple[BotVersion, Chip]]
    before: int | None
    """The number of the version that it is compared with."""
    differences: Sequence[str]
    may_edit: bool
    may_take_up: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    error: str


def choices_of(columns: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give what a clerk chooses from: nothing yet, the form's questions, the account, the same text each time."""
    return [
        (UNDECIDED, translate(_("(決めてください)"))),
        *((f"{{{{{column}}}}}", label) for column, label in columns),
        (CONSTANT, translate(_("毎回同じ文字"))),
        (ACCOUNT, translate(_("対象システムのアカウント"))),
        (PASSWORD, translate(_("対象システムのパスワード"))),
    ]


def forms_of(designs: Sequence[FormDesign]) -> list[tuple[str, str]]:
    return [("", translate(_("選んでください"))), *((str(each.id), each.title) for each in designs)]


def dialogs_in(recording: Recording) -> str:
    return "\n".join(dialogs_of(recording))
