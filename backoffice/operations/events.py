"""What operators do to jobs, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class JobResumed(Event):
    kind: ClassVar[str] = "job_resumed"
    sentence: ClassVar[str] = _("処理 %(job)s をやり直させました。")
    job: str


@dataclass(frozen=True)
class JobCancelled(Event):
    kind: ClassVar[str] = "job_cancelled"
    sentence: ClassVar[str] = _("処理 %(job)s を取り消しました。")
    job: str
