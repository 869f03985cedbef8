"""Which step registers? Whoever mends a recording names it; where nobody has, the words on its buttons tell."""

import re
from typing import Final

from rpa_bots.recording.reading import UnusableRecordingError
from rpa_bots.recording.steps import Change, Click, CustomStep, DoubleClick, KeyDown, Recording, Step

NAMED: Final = "gijo-submit"
"""A custom step of this name says that the step behind it registers; the Recorder's own runner passes it over."""
REGISTERS: Final = re.compile(
    r"登録|送信|確定|保存|申請|更新|実行|申込|提出|完了|register|submit|save|send|store|apply|update", re.IGNORECASE
)
LOOKS: Final = re.compile(
    r"確認|次へ|進む|戻|メニュー|ログアウト|ログイン|サインイン|終了|閉じ|検索|照会|一覧|印刷|取消|キャンセル|クリア"
    r"|confirm|next|back|menu|log.?(out|in|off|on)|sign.?(out|in)|close|search|find|list|print|cancel|clear|reset",
    re.IGNORECASE,
)


def submit_step(recording: Recording, named: int | None = None) -> int | None:
    """Give the place (from 0) of the step that registers; None where nothing is filled in, or nothing pressed after.

    `named` counts from 1, as people do. Raises UnusableRecordingError where it is no step that presses something.
    """
    steps = recording.steps
    place = named - 1 if named is not None else _marked(steps)
    if place is not None:
        if not 0 <= place < len(steps) or not _presses(steps[place]):
            raise UnusableRecordingError("登録の手順には、クリックかEnterキーの手順を選んでください。")
        return place
    last_change = max((number for number, step in enumerate(steps) if isinstance(step, Change)), default=None)
    if last_change is None:
        return None
    pressed = [number for number in range(last_change + 1, len(steps)) if _presses(steps[number])]
    clearly = [number for number in pressed if _registers(steps[number])]
    perhaps = [number for number in pressed if not _only_looks(steps[number])]
    return next((found[-1] for found in (clearly, perhaps, pressed) if found), None)


def _marked(steps: tuple[Step, ...]) -> int | None:
    marks = [number for number, step in enumerate(steps) if isinstance(step, CustomStep) and step.name == NAMED]
    return marks[-1] + 1 if marks else None


def _presses(step: Step) -> bool:
    return isinstance(step, Click | DoubleClick) or (isinstance(step, KeyDown) and step.key in {"Enter", "NumpadEnter"})


def _registers(step: Step) -> bool:
    return any(REGISTERS.search(word) and not _looks(word) for word in _words(step))


def _only_looks(step: Step) -> bool:
    return any(_looks(word) for word in _words(step))


def _looks(word: str) -> bool:
    """「登録内容を確認」 looks, 「確認して登録」 registers: what stands last tells."""
    looking = [found.end() for found in LOOKS.finditer(word)]
    registering = [found.end() for found in REGISTERS.finditer(word)]
    return bool(looking) and max(looking) > max(registering, default=0)


def _words(step: Step) -> list[str]:
    """What a person reads on the button: never its place."""
    if not isinstance(step, Click | DoubleClick):
        return []
    last = [way[-1] for way in step.selectors]
    return [
        part.split("/", 1)[1].split("[role=", maxsplit=1)[0] for part in last if part.startswith(("aria/", "text/"))
    ]
