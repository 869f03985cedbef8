"""What does every page of a run begin with: its name, its state, what the person may do with it?"""

from collections.abc import Mapping
from typing import Any

from backoffice.audiences import queries, service
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.pages import RUNS, people_said
from backoffice.audiences.run_pages import Decision
from backoffice.audiences.versions import warning_of
from backoffice.audiences.workflow import OVER, REACHED, RUN_CHIPS, UNDER_WAY, RecipientState, RunState
from backoffice.web.lists import Tab
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.rules.disclosure import told

SAME_PERIOD = _("同じ期間(%(period)s)の配信が、ほかにもあります: %(numbers)s。どれかで知らせた人には、もう送りません。")
MAY_BE_CANCELLED = (RunState.FREEZING, RunState.FROZEN, *UNDER_WAY)


def title_of(run: NoticeRun) -> str:
    return translate(_("%(name)s の配信"), name=run.program_version.name)


def common(work: Work, run: NoticeRun, title: str, tab: str, states: Mapping[str, int]) -> dict[str, Any]:
    """Give what `run_pages.OneRunPage` asks for. `tab`: the page that is shown; `states`: people by state."""
    return {
        "title": title,
        "title_text": title_of(run),
        "crumbs": (RUNS,),
        "run": run,
        "chip": RUN_CHIPS[RunState(run.state)],
        "tabs": [
            Tab(_("内容"), f"/audiences/{run.id}", current=tab == "basis"),
            Tab(_("送信の様子"), f"/audiences/{run.id}/watch", current=tab == "watch"),
        ],
        "may": decision(work, run, states),
        "versions": warning_of(work, run),
        "same_period": _same_period(work, run),
    }


def _same_period(work: Work, run: NoticeRun) -> str:
    """Say which other runs are of the same program and period; nothing once this one is over."""
    others = () if run.state in OVER else queries.others_of_period(work.session, run)
    if not others:
        return ""
    return translate(SAME_PERIOD, period=run.period, numbers=" · ".join(others))


def decision(work: Work, run: NoticeRun, states: Mapping[str, int]) -> Decision:
    """Say what the person may do with a run as it stands."""
    stops = service.may_stop(work, run)
    is_ready = run.state == RunState.FROZEN and bool(states.get(RecipientState.WAITING))
    return Decision(
        may_submit=is_ready and service.may_prepare(work, run),
        may_pause=stops and run.state in (RunState.RELEASED, RunState.SENDING),
        may_resume=stops and run.state == RunState.PAUSED,
        may_cancel=stops and run.state in MAY_BE_CANCELLED,
        sent="" if run.began_at is None else people_said(told(sum(states.get(state, 0) for state in REACHED))),
    )
