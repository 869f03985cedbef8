"""How does a worker run jobs, and take up after a crash what it held?

DBOS keeps each finished step; a job that was cut off goes on after its last one. A step may run twice, so each step
asks the records first what has been done (docs/architecture.md, "What a bot may never get wrong").
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Engine

from backoffice.jobs.client import APPLICATION, SCHEMA
from backoffice.jobs.names import JOBS_VERSION, QUEUES, JobName

Result = TypeVar("Result", bound=int | str | bool | None)

POLLING_SECONDS = 0.5


class Steps(Protocol):
    """Handed to a job: what runs through it is kept, and not run again after a crash."""

    def run(self, name: str, work: Callable[[], Result]) -> Result: ...


Job = Callable[[int, Steps], None]


class LeftForNextStart(BaseException):
    """Raised by a job between two steps when its worker stops: the job goes on when a worker of this id starts again.

    No Exception, which the durable engine would keep as the job's failure.
    """


class _DurableSteps:
    def run(self, name: str, work: Callable[[], Result]) -> Result:
        return DBOS.run_step({"name": name}, work)


class Worker:
    """One process, one `worker_id`: two processes of one id would take up each other's jobs."""

    def __init__(self, engine: Engine, worker_id: str, jobs: Mapping[JobName, Job]) -> None:
        self._jobs = jobs
        self._engine = engine
        self._config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_engine": engine,
            "system_database_url": _dialect_only(engine),
            "dbos_system_schema": SCHEMA,
            "serializer": DBOSPortableJSONSerializer(),
            "executor_id": worker_id,
            "application_version": JOBS_VERSION,
            "enable_otlp": False,
            "log_level": "WARNING",
            "use_listen_notify": False,
            "run_migrations": False,
            "notification_listener_polling_interval_sec": POLLING_SECONDS,
        }

    def start(self) -> None:
        """Begin to run jobs, first those that a worker of this id left unfinished."""
        DBOS(config=self._config)
        for name, job in self._jobs.items():
            DBOS.workflow(name=str(name), max_recovery_attempts=1000)(_entry(job))
        DBOS.launch()
        for queue, at_once in QUEUES.items():
            DBOS.register_queue(str(queue), worker_concurrency=at_once, polling_interval_sec=POLLING_SECONDS)

    def stop(self, patience_seconds: int = 30) -> None:
        """Wait for running jobs up to `patience_seconds`, then leave them to the next start."""
        DBOS.destroy(workflow_completion_timeout_sec=patience_seconds, destroy_registry=True)


def migrate(engine: Engine) -> None:
    """Create or upgrade the durable engine's own tables; Alembic leaves them alone."""
    DBOS.migrate(engine.url.render_as_string(hide_password=False), schema=SCHEMA)


def _entry(job: Job) -> Callable[[int], None]:
    def run(record_id: int) -> None:
        job(record_id, _DurableSteps())

    return run


def _dialect_only(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)
