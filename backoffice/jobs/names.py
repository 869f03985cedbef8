"""Which jobs are there, in which queue, and how many of each queue run at once in a worker?"""

from enum import StrEnum


class QueueName(StrEnum):
    READING = "reading"
    NIGHTS = "nights"


class JobName(StrEnum):
    READ_SHEET = "read_sheet"
    RUN_NIGHT = "run_night"


QUEUES: dict[QueueName, int] = {QueueName.READING: 2, QueueName.NIGHTS: 1}
"""Reading: a process a core. Nights: one browser saturates two cores (design facts on bots)."""

QUEUE_OF: dict[JobName, QueueName] = {
    JobName.READ_SHEET: QueueName.READING,
    JobName.RUN_NIGHT: QueueName.NIGHTS,
}

JOBS_VERSION = "1"
"""Raised by hand when the steps of a job change; jobs of an older version are drained before (`gijo upgrade`)."""
