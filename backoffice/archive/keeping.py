"""What does a department say about its paper? How many years a form is kept, and what is not thrown away for now."""

from collections.abc import Mapping

from backoffice.archive.events import DisposalHeld, DisposalHoldEnded, RetentionSet
from backoffice.archive.models import ArchivedSheet, RetentionRule
from backoffice.archive.workflow import YEARS, ArchiveState, DisposalState
from backoffice.errors import Invalid, Overtaken
from backoffice.web.forms_in import whole_number
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Work

WRONG = _("入力を確認してください")


def set_retention(work: Work, rule: RetentionRule, typed: Mapping[str, str]) -> None:
    """Keep a form for other years: the end of every sheet of it moves at once, since none has one of its own.

    What was already proposed stays proposed: whoever approves it sees the years. Raises Invalid.
    """
    years = whole_number(typed.get("years", ""))
    if years is None or years not in YEARS:
        raise Invalid(WRONG, {"years": _("保存年限を選んでください。")})
    if years == rule.years:
        return
    work.record(RetentionSet(rule.id, rule.years, years))
    rule.years, rule.set_by_id, rule.set_at = years, work.actor.staff_id, work.now


def hold(work: Work, archived: ArchivedSheet, reason: str) -> None:
    """Keep a sheet from being thrown away, for a lawsuit or an audit; a proposal that names it goes on without it.

    Raises Invalid without a reason, Overtaken for what is held or gone already.
    """
    if archived.state == ArchiveState.DISPOSED or archived.held_at is not None:
        raise Overtaken(_("この用紙の状態が変わっています。最新の内容を確認してください。"))
    archived.held_reason = reason_given(reason, "reason")
    archived.held_by_id, archived.held_at = work.actor.staff_id, work.now
    if archived.disposal is not None and archived.disposal.state == DisposalState.PROPOSED:
        archived.disposal.sheets -= 1
        archived.disposal_id = None
    work.record(DisposalHeld(archived.sheet_id))


def end_hold(work: Work, archived: ArchivedSheet) -> None:
    """Let the years decide again. Raises Overtaken for what is not held."""
    if archived.held_at is None:
        raise Overtaken(_("この用紙の状態が変わっています。最新の内容を確認してください。"))
    archived.held_reason, archived.held_by_id, archived.held_at = "", None, None
    work.record(DisposalHoldEnded(archived.sheet_id))
