"""How did a case stand before a decision, so that taking it back leaves everything where it lay?

The route only knows whom it asks. That a step was handed over, put aside, or taken on by the heads stands in the
trays alone, and these are cleared when it is decided.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backoffice.inbox.desks import holders_of, person_desk
from backoffice.inbox.models import Case, Pile, Task, TrayEntry
from backoffice.inbox.moving import put_in_tray
from backoffice.inbox.workflow import WAITING, TaskState
from backoffice.work import Work


def remember(work: Work, case: Case) -> dict[str, Any]:
    """Write down who answers for the case, and where each of its waiting tasks lies on which pile."""
    rows = work.session.execute(
        select(Task.id, Task.state, TrayEntry.desk, TrayEntry.pile, TrayEntry.escalated)
        .outerjoin(TrayEntry, TrayEntry.task_id == Task.id)
        .where(Task.case_id == case.id, Task.state.in_(WAITING))
        .order_by(TrayEntry.id)
    )
    tasks: dict[str, dict[str, Any]] = {}
    for task_id, state, desk, pile, escalated in rows:
        task = tasks.setdefault(str(task_id), {"state": state, "trays": []})
        if desk is not None:
            task["trays"].append({"desk": desk, "pile": pile, "escalated": escalated})
    since = case.unattended_at
    return {
        "responsible": case.responsible_id,
        "unattended": since.isoformat() if since is not None else None,
        "tasks": tasks,
    }


def let_unattended_again(case: Case, stood: Mapping[str, Any]) -> None:
    """Let the heads see again that nobody answers for the case, unless somebody took over meanwhile."""
    if stood.get("unattended") and stood["responsible"] == case.responsible_id:
        case.unattended_at = datetime.fromisoformat(stood["unattended"])


def lay_where_it_lay(work: Work, case: Case, task: Task, stood: Mapping[str, Any]) -> bool:
    """Put a task back on its piles. False, and nothing done, where that is not known or nobody sits there any more."""
    known = stood.get("tasks", {}).get(str(task.id))
    if known is None or not known["trays"]:
        return False
    gone = person_desk(stood["responsible"]) if stood["responsible"] != case.responsible_id else ""
    today = work.today
    if any(tray["desk"] == gone or not holders_of(work.session, tray["desk"], today) for tray in known["trays"]):
        return False
    task.state = TaskState(known["state"])
    for tray in known["trays"]:
        put_in_tray(work, task, tray["desk"], Pile(tray["pile"]), escalated=tray["escalated"])
    return True
