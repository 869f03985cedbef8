"""Which jobs are there, in which queue, and how many of each queue run at once in a worker?"""

from enum import StrEnum


class QueueName(StrEnum):
    READING = "reading"
    ARCHIVING = "archiving"
    NIGHTS = "nights"
    REHEARSING = "rehearsing"
    FREEZING = "freezing"
    SENDING = "sending"


class JobName(StrEnum):
    READ_FILE = "read_file"
    READ_SHEET = "read_sheet"
    ARCHIVE_SHEET = "archive_sheet"
    RUN_NIGHT = "run_night"
    RUN_BY_DAY = "run_by_day"
    REHEARSE = "rehearse"
    FREEZE_RUN = "freeze_run"
    SEND_RUN = "send_run"
    TRY_RUN = "try_run"
    COUNT_TAKE_UP = "count_take_up"


QUEUES: dict[QueueName, int] = {
    QueueName.READING: 2,
    QueueName.ARCHIVING: 1,
    QueueName.NIGHTS: 1,
    QueueName.REHEARSING: 1,
    QueueName.FREEZING: 1,
    QueueName.SENDING: 1,
}
"""Reading: a process a core. Archiving: a page takes hundredths of a second. Nights: one browser saturates two cores.
Rehearsing, and runs by day: somebody waits for them, also while a night of another system runs for hours.
Freezing: a city in memory. Sending: what stands open in a worker's name is then this one job's."""

QUEUE_OF: dict[JobName, QueueName] = {
    JobName.READ_FILE: QueueName.READING,
    JobName.READ_SHEET: QueueName.READING,
    JobName.ARCHIVE_SHEET: QueueName.ARCHIVING,
    JobName.RUN_NIGHT: QueueName.NIGHTS,
    JobName.RUN_BY_DAY: QueueName.REHEARSING,
    JobName.REHEARSE: QueueName.REHEARSING,
    JobName.FREEZE_RUN: QueueName.FREEZING,
    JobName.SEND_RUN: QueueName.SENDING,
    JobName.TRY_RUN: QueueName.FREEZING,
    JobName.COUNT_TAKE_UP: QueueName.FREEZING,
}

JOBS_VERSION = "2"
"""Raised by hand when the steps of a job change; jobs of an older version are drained before (`gijo upgrade`)."""
