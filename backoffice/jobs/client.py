"""How is a job asked for, watched, retried and cancelled from the web application?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, WorkflowStatus
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backoffice.jobs.names import JOBS_VERSION, QUEUE_OF, JobName

APPLICATION = "gijo"
SCHEMA = "dbos"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_STATES: dict[str, JobState] = {
    "ENQUEUED": JobState.WAITING,
    "DELAYED": JobState.WAITING,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "ERROR": JobState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
}


@dataclass(frozen=True)
class JobView:
    """One job as an operator sees it. `trouble` is the error's class, never its text: that may hold personal data."""

    id: str
    name: str
    record_id: int | None
    state: JobState
    asked_at: datetime
    changed_at: datetime
    worker: str
    trouble: str


def job_id_of(job: JobName, record_id: int, attempt: int = 1) -> str:
    return f"{job}:{record_id}:{attempt}"


class JobsClient:
    """Asks for jobs and looks at them; runs none. `engine` is one of its own, on the application's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._client = DBOSClient(
            system_database_engine=engine,
            dbos_system_schema=SCHEMA,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            lazy=True,
        )

    def ask(self, session: Session, job: JobName, record_id: int, attempt: int = 1) -> str:
        """Enqueue `job` for a record in the caller's transaction and give the job's id.

        The same job for the same record and attempt is asked for once, however often this is called.
        """
        options = EnqueueOptions(
            queue_name=QUEUE_OF[job],
            workflow_name=str(job),
            workflow_id=job_id_of(job, record_id, attempt),
            app_version=JOBS_VERSION,
        )
        self._client.enqueue_in_transaction(session, options, record_id)
        return options["workflow_id"]

    def list(self, *, states: Sequence[JobState] = (), limit: int = 50, offset: int = 0) -> list[JobView]:
        """Give the newest jobs first."""
        wanted = [name for name, state in _STATES.items() if state in states] or None
        found = self._client.list_workflows(
            status=wanted, limit=limit, offset=offset, sort_desc=True, load_output=False
        )
        return [_view(status) for status in found]

    def find(self, job_id: str) -> JobView | None:
        found = self._client.list_workflows(workflow_ids=[job_id], load_output=True)
        return _view(found[0]) if found else None

    def resume(self, job_id: str) -> None:
        """Let a job that failed, was cancelled or lost its worker go on from its last finished step, in its queue."""
        self._client.resume_workflow(job_id, queue_name=str(QUEUE_OF[JobName(job_id.partition(":")[0])]))

    def cancel(self, job_id: str) -> None:
        """Stop a job before its next step."""
        self._client.cancel_workflow(job_id)

    def forget_before(self, moment: datetime) -> int:
        """Delete finished jobs older than `moment` and give how many."""
        old = self._client.list_workflows(
            status=[name for name, state in _STATES.items() if state in {JobState.DONE, JobState.CANCELLED}],
            end_time=moment.astimezone(UTC).isoformat(),
            load_input=False,
            load_output=False,
        )
        if old:
            self._client.delete_workflows([status.workflow_id for status in old])
        return len(old)

    def close(self) -> None:
        self._client.destroy()
        self._engine.dispose()


def _view(status: WorkflowStatus) -> JobView:
    arguments = status.input["args"] if status.input else ()
    record_id = arguments[0] if arguments and isinstance(arguments[0], int) else None
    return JobView(
        id=status.workflow_id,
        name=status.name,
        record_id=record_id,
        state=_STATES[status.status],
        asked_at=_instant(status.created_at),
        changed_at=_instant(status.updated_at),
        worker=status.executor_id or "",
        trouble=type(status.error).__name__ if status.error else "",
    )


def _instant(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)
