"""What do operators do to jobs? Let them go on, or cancel them."""

from collections.abc import Callable, Mapping

from backoffice.errors import Invalid, NotThere
from backoffice.jobs import JobName, JobState, JobView
from backoffice.operations.events import JobCancelled, JobResumed
from backoffice.web.translations import _
from backoffice.work import Work

Guard = Callable[[Work, int], str | None]
"""Says (a msgid) why a job about a record must not be run again, or not be cancelled, now; or None."""

RESUMABLE = frozenset({JobState.FAILED, JobState.CANCELLED})
CANCELLABLE = frozenset({JobState.WAITING, JobState.RUNNING})


def resume(work: Work, job_id: str, guards: Mapping[JobName, Guard]) -> JobView:
    """Let a failed or cancelled job go on from its last finished step. Raises Invalid when it must not."""
    job = _find(work, job_id)
    if job.state not in RESUMABLE:
        raise Invalid(_("失敗したか取り消された処理だけをやり直せます。"))
    _ask(work, job, guards)
    work.record(JobResumed(job.id))
    return job


def cancel(work: Work, job_id: str, guards: Mapping[JobName, Guard]) -> JobView:
    """Stop a job before its next step. Raises Invalid for one that has ended or must not be cut off."""
    job = _find(work, job_id)
    if job.state not in CANCELLABLE:
        raise Invalid(_("この処理はもう終わっています。"))
    _ask(work, job, guards)
    work.record(JobCancelled(job.id))
    return job


def _ask(work: Work, job: JobView, guards: Mapping[JobName, Guard]) -> None:
    guard = guards.get(JobName(job.name))
    trouble = guard(work, job.record_id) if guard and job.record_id is not None else None
    if trouble:
        raise Invalid(trouble)


def _find(work: Work, job_id: str) -> JobView:
    job = work.office.jobs.find(job_id)
    if job is None:
        raise NotThere(_("お探しの記録は見つかりませんでした。"))
    return job
