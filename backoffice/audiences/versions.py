"""Does the program still say what a run of it was frozen by? Asked before it is sent on its route, released and sent.

Before people have decided, a run by an older version is not let go: its people and words are no longer what the office
approved. What was decided goes on, and says so: half a city told by each of two rules would be worse. Where no version
is in force any more nothing is sent at all.
"""

from dataclasses import dataclass
from enum import StrEnum

from backoffice.audiences.models import NoticeRun
from backoffice.audiences.workflow import OVER, UNDER_WAY, RunState
from backoffice.programs import queries as programs
from backoffice.web.translations import _, translate
from backoffice.work import Work

BEGIN_ANEW = _(
    "確定したあとに、制度の新しい版(第%(number)s版)が有効になりました。取りやめて、新しい版で起こし直してください。"
)
ENDED = _("この制度には、いま有効な版がありません。配信できません。")
GOES_ON = _(
    "送ってよいと決まったあとに、制度の新しい版(第%(number)s版)が有効になりました。決めたときの版のまま送ります。違いが大きければ、一時停止して確かめてください。"
)
NEWER_VERSION, PROGRAM_ENDED = "newer_version", "program_ended"
"""What stands with a run as its trouble."""


class Standing(StrEnum):
    SAME = "same"
    NEWER = "newer"
    ENDED = "ended"


@dataclass(frozen=True)
class Against:
    """How a run stands against the program of today."""

    standing: Standing
    number: int = 0
    """Of the version in force, where it is another one."""


def against_today(work: Work, run: NoticeRun) -> Against:
    current = programs.in_force(work.session, run.program_id, work.today)
    if current is None:
        return Against(Standing.ENDED)
    if current.id == run.program_version_id:
        return Against(Standing.SAME)
    return Against(Standing.NEWER, current.number)


def warning_of(work: Work, run: NoticeRun) -> str:
    """Say what is to be known of the versions of a run's program; nothing where they are the same, or it is over."""
    if run.state in OVER or run.state == RunState.FREEZING:
        return ""
    found = against_today(work, run)
    if found.standing is Standing.ENDED:
        return translate(ENDED)
    if found.standing is Standing.SAME:
        return ""
    return translate(GOES_ON if run.state in UNDER_WAY else BEGIN_ANEW, number=found.number)
