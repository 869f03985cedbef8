"""Which states does a version of a recorded bot go through, and what keeps it from being sent on its route?"""

from collections.abc import Collection
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _
from rpa_bots.recording.tape.addresses import goes_elsewhere
from rpa_bots.recording.tape.binding import ACCOUNT, columns_asked
from rpa_bots.recording.tape.mending import UNDECIDED, numbers_of, undecided
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.recording.tape.submit_step import submit_step


class BotState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RELEASED = "released"
    RETIRED = "retired"
    """Another version took its place."""
    DISCARDED = "discarded"


MAY_BE_REHEARSED = frozenset({BotState.DRAFT, BotState.SUBMITTED, BotState.RELEASED})


CHIPS = {
    BotState.DRAFT: Chip("doubt", "▲", _("下書き")),
    BotState.SUBMITTED: Chip("info", "▶", _("回議中")),
    BotState.RELEASED: Chip("good", "●", _("公開中")),
    BotState.RETIRED: Chip("plain", "○", _("以前の版")),
    BotState.DISCARDED: Chip("plain", "■", _("取りやめ")),
}


def problems_of(recording: Recording, columns: Collection[str]) -> list[tuple[str, dict[str, object]]]:
    """Say what keeps a recording from being released: sentences with what they are about.

    `columns`: what the form has to give; a question that was deleted leaves a step that nothing goes into.
    """
    number = numbers_of(recording)
    problems: list[tuple[str, dict[str, object]]] = [
        (_("手順%(step)sに何を入れるか、決めてください。"), {"step": number.get(place, place + 1)})
        for place in undecided(recording)
    ]
    if submit_step(recording) is None:
        problems.append((_("登録の手順を選んでください。"), {}))
    given = {*columns, *(place.strip("{}") for place in (ACCOUNT, UNDECIDED))}
    missing = [column for column in columns_asked(recording) if column not in given]
    problems += [(_("様式にない欄「%(column)s」が使われています。"), {"column": column}) for column in missing]
    if goes_elsewhere(recording):
        problems.append((_("2つ以上のシステムを開く録画は使えません。"), {}))
    return problems
