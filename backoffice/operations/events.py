"""What operators do to jobs, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.audit.chain import YEAR_RETIRED
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


@dataclass(frozen=True)
class BackupMade(Event):
    kind: ClassVar[str] = "backup_made"
    sentence: ClassVar[str] = _("バックアップを作りました(%(files)sファイル)。")
    files: int


@dataclass(frozen=True)
class OfficeRestored(Event):
    kind: ClassVar[str] = "office_restored"
    sentence: ClassVar[str] = _(
        "バックアップから復元しました。結果不明とした案件 %(doubted)s件、終わらせたサインイン %(signed_out)s件。"
    )
    doubted: int
    signed_out: int


@dataclass(frozen=True)
class DayKept(Event):
    kind: ClassVar[str] = "day_kept"
    sentence: ClassVar[str] = _(
        "一日の手入れを済ませました(古い処理 %(jobs)s件と、使われていないファイル %(files)s件を片付けました)。"
    )
    jobs: int
    files: int


@dataclass(frozen=True)
class UpkeepFailed(Event):
    kind: ClassVar[str] = "upkeep_failed"
    sentence: ClassVar[str] = _("一日の手入れのうち %(code)s ができませんでした。あとでもう一度試します。")
    code: str


@dataclass(frozen=True)
class AuditYearRetired(Event):
    kind: ClassVar[str] = YEAR_RETIRED
    sentence: ClassVar[str] = _("保存期間の過ぎた%(year)s年度の監査記録%(events)s件を廃棄しました。")
    year: int
    events: int
