"""Which states does a case pass through, and a task, and what may still be taken back?"""

from datetime import datetime, timedelta
from enum import StrEnum

from backoffice.web.translations import _
from workflows.routes import Decision

TAKE_BACK = timedelta(minutes=1)
"""So long a decision can be taken back; the effects of an end begin only then."""


class CaseState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    ENDING = "ending"
    """Decided; its effects begin when the minute for taking back is over."""
    ENDED = "ended"


CASE_STATE_NAMES = {
    CaseState.DRAFT: _("下書き"),
    CaseState.RUNNING: _("回議中"),
    CaseState.ENDING: _("決裁済(まもなく発効)"),
    CaseState.ENDED: _("完了"),
}


class TaskState(StrEnum):
    OPEN = "open"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"
    """The route went another way: the case was withdrawn, or a timer took it on."""


WAITING = frozenset({TaskState.OPEN, TaskState.HELD})

DECISION_NAMES = {
    Decision.APPROVE: _("承認"),
    Decision.SEND_BACK: _("差戻し"),
    Decision.REJECT: _("却下"),
    Decision.DONE: _("完了"),
    Decision.WITHDRAW: _("取下げ"),
}
NEEDS_REASON = frozenset({Decision.SEND_BACK, Decision.REJECT, Decision.WITHDRAW})
"""What the drafter must be told: what to mend, or why not."""

OUTCOME_NAMES = {
    "approved": _("承認"),
    "rejected": _("却下"),
    "withdrawn": _("取下げ"),
    "done": _("完了"),
}


def may_take_back(decided_at: datetime, now: datetime) -> bool:
    return decided_at <= now < decided_at + TAKE_BACK


def verdict(votes: list[Decision], quorum: int, asked: int | None) -> Decision | None:
    """Give what the voices so far decide together, or None while others have still to speak.

    `quorum` equal voices for going on carry the step. Where `asked` are heard, one that says no only counts against
    it: the step falls when `quorum` can no longer be reached, with the mildest of the refusals. Where it is open who
    speaks, the first that says no decides.
    """
    onward = [each for each in votes if each in _ONWARD]
    refusals = [each for each in votes if each not in _ONWARD]
    if len(onward) >= quorum:
        return onward[0]
    if refusals and (asked is None or len(refusals) > asked - quorum):
        return min(refusals, key=_MILDEST_FIRST.index)
    return None


_ONWARD = frozenset({Decision.APPROVE, Decision.DONE})
_MILDEST_FIRST = (Decision.SEND_BACK, Decision.REJECT, Decision.WITHDRAW)
