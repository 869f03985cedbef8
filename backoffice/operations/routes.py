"""The operators' page: which jobs run, wait, failed; letting them go on, cancelling them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import service as nights
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.inbox import stuck
from backoffice.inbox.models import StuckMatter
from backoffice.inbox.stuck import DUTY_NAMES, Duty
from backoffice.jobs import JobName, JobState, JobView
from backoffice.operations import service
from backoffice.web import MenuItem, Page, Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.lists import PAGE_SIZE, Tab, address
from backoffice.web.translations import _
from backoffice.work import Office

MENU = (MenuItem(_("処理の状況"), "/jobs", Permission.JOB_VIEW),)

STATE_NAMES = {
    JobState.WAITING: _("待機中"),
    JobState.RUNNING: _("実行中"),
    JobState.DONE: _("済"),
    JobState.FAILED: _("失敗"),
    JobState.CANCELLED: _("取消"),
}
TONES = {
    JobState.WAITING: ("plain", "…"),
    JobState.RUNNING: ("info", "▶"),
    JobState.DONE: ("good", "●"),
    JobState.FAILED: ("bad", "✕"),
    JobState.CANCELLED: ("plain", "■"),
}
JOB_NAMES = {
    str(JobName.READ_FILE): _("用紙の読取"),
    str(JobName.READ_SHEET): _("用紙の読み直し"),
    str(JobName.ARCHIVE_SHEET): _("保存文書(PDF/A)の作成"),
    str(JobName.RUN_NIGHT): _("夜間の入力"),
    str(JobName.RUN_BY_DAY): _("選んだ案件の入力"),
    str(JobName.REHEARSE): _("ロボットの練習"),
    str(JobName.FREEZE_RUN): _("配信の対象の確定"),
    str(JobName.SEND_RUN): _("お知らせの送信"),
    str(JobName.TRY_RUN): _("お知らせの試し送り"),
    str(JobName.COUNT_TAKE_UP): _("利用の状況を数える"),
}

RUNS = (JobName.RUN_NIGHT, JobName.RUN_BY_DAY)
GUARDS: dict[JobName, service.Guard] = dict.fromkeys(RUNS, nights.why_not_again)
CANCEL_GUARDS: dict[JobName, service.Guard] = dict.fromkeys(RUNS, nights.why_not_cancel)

staff = StaffRouter()


@dataclass(frozen=True)
class JobRow:
    job: JobView
    name: str
    tone: str
    sign: str
    state: str
    may_resume: bool
    may_cancel: bool

    @classmethod
    def of(cls, job: JobView) -> "JobRow":
        tone, sign = TONES[job.state]
        return cls(
            job,
            JOB_NAMES.get(job.name, job.name),
            tone,
            sign,
            STATE_NAMES[job.state],
            job.state in service.RESUMABLE,
            job.state in service.CANCELLABLE,
        )


@dataclass(frozen=True)
class StuckRow:
    """One matter that does not come to what is due by itself."""

    number: str
    duty: str
    """A msgid."""
    since: datetime
    tries: int
    next_at: datetime
    trouble: str

    @classmethod
    def of(cls, matter: StuckMatter) -> "StuckRow":
        name = DUTY_NAMES[Duty(matter.duty)]
        return cls(matter.case.number, name, matter.since, matter.tries, matter.next_at, matter.trouble)


@dataclass(frozen=True, kw_only=True)
class JobsPage(Page):
    rows: Sequence[JobRow]
    tabs: Sequence[Tab]
    older: str
    may_operate: bool
    moving: bool
    stuck: Sequence[StuckRow]
    stuck_count: int


@staff.page("/jobs", Permission.JOB_VIEW)
def jobs(request: Request, work: Reading, state: str = "", skip: int = 0) -> HTMLResponse:
    office, actor = work.office, work.actor
    wanted = (JobState(state),) if state in set(JobState) else ()
    found = office.jobs.list(states=wanted, limit=PAGE_SIZE, offset=max(0, skip))
    tabs = [Tab(_("すべて"), "/jobs", not wanted)] + [
        Tab(STATE_NAMES[each], address("/jobs", {"state": each}), wanted == (each,)) for each in JobState
    ]
    page = JobsPage(
        title=_("処理の状況"),
        rows=[JobRow.of(job) for job in found],
        tabs=tabs,
        older=address("/jobs", {"state": state, "skip": str(skip + PAGE_SIZE)}) if len(found) == PAGE_SIZE else "",
        may_operate=actor.may(Permission.JOB_OPERATE),
        moving=any(job.state in service.CANCELLABLE for job in found),
        stuck=[StuckRow.of(matter) for matter in stuck.list_longest(work.session)],
        stuck_count=stuck.count_all(work.session),
    )
    return render(request, "operations/jobs.html", page, block="live" if request.headers.get("HX-Request") else "")


@staff.action("/jobs/{job_id}/resume", Permission.JOB_OPERATE)
def resume(request: Request, actor: SignedIn, job_id: str) -> Response:
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            job = service.resume(work, job_id, GUARDS)
    except Invalid as refusal:
        return go_to("/jobs", refusal.message, tone="error", **refusal.params)
    # The durable engine keeps its own transactions: it is told after the trail is committed.
    office.jobs.resume(job.id)
    return go_to("/jobs", _("処理をやり直します。"))


@staff.action("/jobs/{job_id}/cancel", Permission.JOB_OPERATE)
def cancel(request: Request, actor: SignedIn, job_id: str) -> Response:
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            job = service.cancel(work, job_id, CANCEL_GUARDS)
    except Invalid as refusal:
        return go_to("/jobs", refusal.message, tone="error", **refusal.params)
    office.jobs.cancel(job.id)
    return go_to("/jobs", _("処理を取り消しました。"))
