"""Work that must survive a crash: asked for with its rows, done by a worker. Only this room knows DBOS."""

from backoffice.jobs.client import JobsClient, JobState, JobView
from backoffice.jobs.names import QUEUES, JobName, QueueName

__all__ = ["QUEUES", "JobName", "JobState", "JobView", "JobsClient", "QueueName"]
