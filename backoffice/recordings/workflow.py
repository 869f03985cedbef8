"""Which states does a version of a recorded bot go through, and what keeps it from being sent on its route?"""

from collections.abc import Collection
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _
from rpa_bots.recording.tape.addresses import goes_elsewhere
from rpa_bots.recording.tape.binding import ACCOUNT, columns_asked
from rpa_bots.recording.tape.marks import looking_in, marked, must_be_done_once, only_looks
from rpa_bots.recording.tape.mending import UNDECIDED, numbers_of, undecided
from rpa_bots.recording.tape.reading import UnusableRecordingError
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.recording.tape.submit_step import perhaps_before, submit_step


class BotState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RELEASED = "released"
    RETIRED = "retired"
    """Another version took its place."""
    DISCARDED = "discarded"


class Purpose(StrEnum):
    KEYING = "keying"
    """Works on the records of its form at night: keys them, or looks them up where its recording only looks."""
    LOOKING_UP = "looking_up"
    """Finds out what became of records of unknown outcome."""


PURPOSES = {
    Purpose.KEYING: _("入力・照会"),
    Purpose.LOOKING_UP: _("結果不明の照会"),
}
MAY_BE_REHEARSED = frozenset({BotState.DRAFT, BotState.SUBMITTED, BotState.RELEASED})


CHIPS = {
    BotState.DRAFT: Chip("doubt", "▲", _("下書き")),
    BotState.SUBMITTED: Chip("info", "▶", _("回議中")),
    BotState.RELEASED: Chip("good", "●", _("公開中")),
    BotState.RETIRED: Chip("plain", "○", _("以前の版")),
    BotState.DISCARDED: Chip("plain", "■", _("取りやめ")),
}


def problems_of(
    recording: Recording, columns: Collection[str], purpose: Purpose = Purpose.KEYING
) -> list[tuple[str, dict[str, object]]]:
    """Say what keeps a recording from being released: sentences with what they are about.

    `columns`: what the form has to give; a question that was deleted leaves a step that nothing goes into.
    """
    number = numbers_of(recording)
    problems: list[tuple[str, dict[str, object]]] = [
        (_("手順%(step)sに何を入れるか、決めてください。"), {"step": number.get(place, place + 1)})
        for place in undecided(recording)
    ]
    try:
        steps = marked(recording)
        must_be_done_once(steps, submit_step(recording))
    except UnusableRecordingError as wrong:
        return [*problems, (" ".join(wrong.sentences), {})]
    if only_looks(recording):
        problems += [
            (
                _("手順%(step)sは登録しそうなボタンです。照会だけの録画では押せません。"),
                {"step": number.get(place, place + 1)},
            )
            for place in perhaps_before(recording, None)
        ]
        if not any(each.reading or each.download for each in steps):
            problems.append((_("画面から読み取るものか、受け取るファイルを決めてください。"), {}))
    elif submit_step(recording) is None:
        problems.append((_("登録の手順を選んでください。登録しない録画は、「照会だけ」にしてください。"), {}))
    if purpose is Purpose.LOOKING_UP:
        problems += _of_a_look_up(recording)
    given = {*columns, *(place.strip("{}") for place in (ACCOUNT, UNDECIDED))}
    missing = [column for column in columns_asked(recording) if column not in given]
    problems += [(_("様式にない欄「%(column)s」が使われています。"), {"column": column}) for column in missing]
    if goes_elsewhere(recording):
        problems.append((_("2つ以上のシステムを開く録画は使えません。"), {}))
    return problems


def _of_a_look_up(recording: Recording) -> list[tuple[str, dict[str, object]]]:
    """A record is keyed again only where the system surely has none; it is done only where something was compared."""
    looking, problems = looking_in(recording), list[tuple[str, dict[str, object]]]()
    if looking is None or not looking.nothing:
        problems.append(
            (_("結果不明を照会する録画は、「照会だけ」にして、該当がないときに出る文字を入れてください。"), {})
        )
    readings = [each.reading for each in marked(recording) if each.reading]
    if not any(reading.to or any(column.to for column in reading.columns) for reading in readings):
        problems.append((_("登録した内容と比べる値を、1つ以上読み取ってください。"), {}))
    return problems
