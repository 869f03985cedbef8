"""What does a recording say that the Recorder has no step for? Marks of ours, each about the step behind it.

A mark is a custom step, which every other runner passes over: so an exported recording loses nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from rpa_bots.recording.tape.reading import UnusableRecordingError
from rpa_bots.recording.tape.steps import Change, Click, CustomStep, Recording, Step, WaitForElement, WaitForExpression

SUBMIT: Final = "gijo-submit"
LOOK: Final = "gijo-look"
READ: Final = "gijo-read"
NEXT: Final = "gijo-next"
"""The step behind it leads to the next page of the table that was read last: pressed as long as it is there."""
DOWNLOAD: Final = "gijo-download"
UPLOAD: Final = "gijo-upload"
"""Into the file box behind it goes the file that its column names."""
IF: Final = "gijo-if"
REPEAT: Final = "gijo-repeat"
END: Final = "gijo-end"
"""Here the steps end that a repeat does for each row of a table."""
FAKE_PATH: Final = "c:\\fakepath\\"
"""What every browser writes for the folder of a chosen file."""
NAME_AT_MOST: Final = 60

Name = Annotated[str, Field(min_length=1, max_length=NAME_AT_MOST)]
OF_THE_HOUSE: Final = re.compile(r"\{\{\s*gijo\.(account|password)\s*\}\}")


def _of_the_record(key: str) -> str:
    """The name of whoever is signed in stands on everybody's page."""
    if OF_THE_HOUSE.search(key):
        raise ValueError("an account is no record's")
    return key


Bound = Annotated[str, Field(pattern=r"\{\{[^{}]+\}\}"), AfterValidator(_of_the_record)]
"""Holds a column: what belongs to one record alone."""
Kind: TypeAlias = Literal["csv", "xls", "xlsx", "pdf"]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


Said = TypeVar("Said", bound=_Said)


class Looking(_Said):
    """The recording only looks.

    `nothing`: what the page says where there is no result; `list`: the code of the form whose list takes what is read.
    """

    nothing: str = ""
    list: str = ""


class Column(_Said):
    """A column of a table by its heading; `to`: the question of the list that takes it."""

    heading: Name
    to: str = ""


class Reading(_Said):
    """What the element shows is read: its text, or the table around it.

    `key` is what of the record must stand beside it: in each row that is taken (`proof` "row"; other rows are another's
    and are left), or on the page. `columns`: the headings that are read; none: all. `label`: the heading that must
    stand beside a text, since its place alone would be read on when another value has come to stand there; "": none.
    """

    name: Name
    label: Annotated[str, Field(max_length=NAME_AT_MOST)] = ""
    kind: Literal["text", "table"] = "text"
    key: Bound
    proof: Literal["row", "page"] = "page"
    to: str = ""
    columns: tuple[Column, ...] = ()
    may_be_empty: bool = False

    @model_validator(mode="after")
    def _a_text_is_in_no_row(self) -> Self:
        if self.kind == "text" and self.proof == "row":
            raise ValueError("a text stands on a page")
        return self


class Download(_Said):
    """A press makes a file fall. `key` must stand on the page of the button.

    `kinds`: what the file may be; none: any that is known. `proves`: that it comes proves that something was
    registered; `printer`: the queue it is put into.
    """

    name: Name
    key: Bound
    kinds: tuple[Kind, ...] = ()
    proves: bool = False
    to: str = ""
    printer: str = ""


class Condition(_Said):
    """The step is done where the column holds `equals`; None: where it holds anything."""

    column: Name
    equals: str | None = None


class Repeat(_Said):
    """Steps are done for each row of a table. `moves`: each row has fields of its own, a table row further down."""

    table: Name
    moves: bool = False


@dataclass(frozen=True)
class Marked:
    """A step with what its marks say. `turns`: it leads to the next page; `block`: which run of repeated steps."""

    place: int
    step: Step
    reading: Reading | None = None
    download: Download | None = None
    uploads: bool = False
    turns: bool = False
    condition: Condition | None = None
    repeat: Repeat | None = None
    block: int = 0
    registers: bool = False


ABOUT: Final[dict[str, type[_Said]]] = {READ: Reading, DOWNLOAD: Download, IF: Condition, REPEAT: Repeat, LOOK: Looking}
NAMES: Final = frozenset({*ABOUT, NEXT, UPLOAD, END})


def marked(recording: Recording) -> tuple[Marked, ...]:
    """Give the steps with what is said of each. Raises UnusableRecordingError for a mark that makes no sense."""
    found: list[Marked] = []
    said: dict[str, Any] = {}
    repeat: tuple[Repeat, int] | None = None
    for place, step in enumerate(recording.steps):
        if not isinstance(step, CustomStep):
            about = Marked(place, step, **said)
            _must_fit(about)
            found.append(replace(about, repeat=repeat[0], block=repeat[1]) if repeat else about)
            said = {}
        elif step.name in {REPEAT, END}:
            repeat = _repeated(step, place, repeat)
        else:
            said |= _said(step, place)
    if repeat:
        raise UnusableRecordingError("くり返す手順の終わりの印(gijo-end)がありません。")
    _must_be_whole(recording, found)
    return tuple(found)


def looking_in(recording: Recording) -> Looking | None:
    """Give what is said of a recording that only looks; None for one that registers."""
    said = (step for step in recording.steps if isinstance(step, CustomStep) and step.name == LOOK)
    return next((_parsed(Looking, step, 0) for step in said), None)


def only_looks(recording: Recording) -> bool:
    return any(isinstance(step, CustomStep) and step.name == LOOK for step in recording.steps)


def readings_in(recording: Recording) -> list[Reading]:
    return [each.reading for each in marked(recording) if each.reading]


def must_be_done_once(steps: Sequence[Marked], submit: int | None) -> None:
    """Raise UnusableRecordingError where what registers may be done twice, or not at all, or makes a file fall."""
    step = next((each for each in steps if each.place == submit), None)
    if step is not None and (step.repeat or step.condition or step.download or step.reading or step.turns):
        raise UnusableRecordingError(
            f"{step.place + 1}番目の手順: 登録の手順は、くり返し・条件・読み取り・ファイルと一緒にできません。"
        )


def is_file_name(value: str) -> bool:
    """Tell whether a recorded value is what a browser writes for a chosen file."""
    return value.lower().startswith(FAKE_PATH)


def _said(step: CustomStep, place: int) -> dict[str, Any]:
    match step.name:
        case "gijo-read":
            return {"reading": _parsed(Reading, step, place)}
        case "gijo-download":
            return {"download": _parsed(Download, step, place)}
        case "gijo-if":
            return {"condition": _parsed(Condition, step, place)}
    flags = {SUBMIT: "registers", UPLOAD: "uploads", NEXT: "turns"}
    return {flags[step.name]: True} if step.name in flags else {}


def _repeated(step: CustomStep, place: int, now: tuple[Repeat, int] | None) -> tuple[Repeat, int] | None:
    if (step.name == REPEAT) == (now is not None):
        raise UnusableRecordingError(f"{place + 1}番目の手順: くり返しの始まりと終わりが合っていません。")
    return (_parsed(Repeat, step, place), place + 1) if step.name == REPEAT else None


def _parsed(kind: type[Said], step: CustomStep, place: int) -> Said:
    try:
        return kind.model_validate(step.parameters or {})
    except ValidationError:
        raise UnusableRecordingError(f"{place + 1}番目の手順: 印({step.name})の書き方が正しくありません。") from None


def _must_fit(about: Marked) -> None:
    """Say which marks may stand before which steps: what is read or taken is pointed at."""
    fits = {
        READ: about.reading is None or isinstance(about.step, Click | WaitForElement),
        DOWNLOAD: about.download is None or isinstance(about.step, Click),
        NEXT: not about.turns or isinstance(about.step, Click),
        UPLOAD: not about.uploads or isinstance(about.step, Change),
    }
    wrong = next((name for name, fit in fits.items() if not fit), None)
    if wrong or sum((about.reading is not None, about.download is not None, about.turns, about.uploads)) > 1:
        raise UnusableRecordingError(f"{about.place + 1}番目の手順: この手順に付けられない印({wrong or '2つ'})です。")


def _must_be_whole(recording: Recording, found: Sequence[Marked]) -> None:
    marks = next((each.place for each in found if each.registers), None)
    must_be_done_once(found, marks)
    if marks is not None and only_looks(recording):
        raise UnusableRecordingError("照会だけの録画に、登録の手順があります。")
    if looking_in(recording) and any(isinstance(each.step, WaitForExpression) for each in found):
        raise UnusableRecordingError("照会だけの録画では、式を待つ手順(waitForExpression)は使えません。")
    if repeated := next((each for each in found if each.reading and each.repeat), None):
        raise UnusableRecordingError(f"{repeated.place + 1}番目の手順: くり返しの中では読み取れません。")
    names = [each.name for step in found for each in (step.reading, step.download) if each]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise UnusableRecordingError(f"読み取るものの名前「{doubled}」が2つあります。")
    read = None
    for each in found:
        read = each.reading or read
        if each.turns and (read is None or read.kind != "table"):
            raise UnusableRecordingError(f"{each.place + 1}番目の手順: 次の頁の前に、表を読み取る手順がありません。")
