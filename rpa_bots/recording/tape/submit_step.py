"""Which step registers? Whoever mends a recording names it; where nobody has, the words on its buttons tell."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from rpa_bots.recording.tape.marks import SUBMIT, only_looks
from rpa_bots.recording.tape.reading import UnusableRecordingError
from rpa_bots.recording.tape.steps import (
    Change,
    Click,
    CustomStep,
    DoubleClick,
    KeyDown,
    Recording,
    Step,
    WaitForElement,
)

NAMED: Final = SUBMIT
"""A custom step of this name says that the step behind it registers; the Recorder's own runner passes it over."""
REGISTERS: Final = re.compile(
    r"登録|送信|確定|保存|申請|更新|実行|申込|提出|完了|register|submit|save|send|store|apply|update", re.IGNORECASE
)
CHANGES: Final = re.compile(
    r"削除|抹消|承認|却下|決裁|差し?戻|取り?下げ|変更する|変更を?(実行|反映)|delete|remove|approve|reject",
    re.IGNORECASE,
)
"""Registers nothing anew, but leaves the other system otherwise than it was: no look-up does that."""
LOOKS: Final = re.compile(
    r"(検索|照会|表示|出力)を?(実行|開始)|新規登録|続けて.{0,4}登録|新規|続けて|確認|次へ|進む|戻|メニュー|ログアウト|ログイン|サインイン|終了|閉じ|検索|照会|一覧|印刷|取消|キャンセル|クリア"
    r"|confirm|next|back|menu|log.?(out|in|off|on)|sign.?(out|in)|close|search|find|list|print|cancel|clear|reset",
    re.IGNORECASE,
)


def submit_step(recording: Recording, named: int | None = None) -> int | None:
    """Give the place (from 0) of the step that registers; None where nothing seems to, or the recording only looks.

    `named` counts from 1, as people do. Raises UnusableRecordingError where it is no step that presses something.
    """
    steps = recording.steps
    if named is not None:
        if not 0 < named <= len(steps) or not presses(steps[named - 1]):
            raise UnusableRecordingError("登録の手順には、クリックかEnterキーの手順を選んでください。")
        return named - 1
    if only_looks(recording):
        return None
    marked = _marked(steps)
    if marked is not None:
        return marked
    if clearly := perhaps_registering(recording):
        return clearly[-1]
    after = _after_the_last_change(steps)
    return next((place for place in reversed(after) if not _only_looks(steps[place])), None)


def perhaps_registering(recording: Recording) -> tuple[int, ...]:
    """Give the places of all steps whose words say that they register, after something was filled in.

    Of several the last is taken for the one that does: the others may, and nothing is tried again behind them.
    """
    return tuple(
        place for place in _pressed_after_filling(recording) if _says(recording.steps[place], says_it_registers)
    )


def perhaps_before(recording: Recording, submit: int | None) -> list[int]:
    """Give the places of steps that may register though they are not the one that does.

    Of a recording that only looks these are all; of one that registers nothing by its words there are none.
    """
    if only_looks(recording):
        return [place for place in _pressed_after_filling(recording) if _says(recording.steps[place], says_it_changes)]
    return [place for place in perhaps_registering(recording) if submit is not None and place < submit]


def _pressed_after_filling(recording: Recording) -> Iterator[int]:
    steps = recording.steps
    first = min((place for place, step in enumerate(steps) if isinstance(step, Change)), default=len(steps))
    return (place for place in range(first, len(steps)) if presses(steps[place]))


def _after_the_last_change(steps: tuple[Step, ...]) -> list[int]:
    last = max((place for place, step in enumerate(steps) if isinstance(step, Change)), default=len(steps))
    return [place for place in range(last + 1, len(steps)) if presses(steps[place])]


def _marked(steps: tuple[Step, ...]) -> int | None:
    marks = (place + 1 for place, step in enumerate(steps) if isinstance(step, CustomStep) and step.name == NAMED)
    return next((place for place in marks if place < len(steps) and presses(steps[place])), None)


def presses(step: Step) -> bool:
    return isinstance(step, Click | DoubleClick) or (isinstance(step, KeyDown) and step.key in {"Enter", "NumpadEnter"})


def says_it_registers(word: str) -> bool:
    """Tell whether what a person reads on a button says that it registers."""
    return bool(REGISTERS.search(word)) and not _looks(word)


def says_it_changes(word: str) -> bool:
    """Tell whether what a person reads on a button says that it registers, deletes or decides."""
    return says_it_registers(word) or (bool(CHANGES.search(word)) and not _looks(word))


def _says(step: Step, what: Callable[[str], bool]) -> bool:
    return any(map(what, _words(step)))


def _only_looks(step: Step) -> bool:
    return any(_looks(word) for word in _words(step))


def _looks(word: str) -> bool:
    """「登録内容を確認」 looks, 「確認して登録」 registers: what stands last tells."""
    looking = [found.end() for found in LOOKS.finditer(word)]
    registering = [found.end() for doing in (REGISTERS, CHANGES) for found in doing.finditer(word)]
    return bool(looking) and max(looking) >= max(registering, default=0)


def says_what_it_does(step: Step) -> bool:
    """Tell whether the words of a step are those of a button or of an answer, and nobody's value."""
    return any(REGISTERS.search(word) or LOOKS.search(word) for word in _words(step))


def _words(step: Step) -> list[str]:
    """What a person reads there: never its place."""
    if not isinstance(step, Click | DoubleClick | WaitForElement):
        return []
    last = [way[-1] for way in step.selectors]
    return [
        part.split("/", 1)[1].split("[role=", maxsplit=1)[0] for part in last if part.startswith(("aria/", "text/"))
    ]
