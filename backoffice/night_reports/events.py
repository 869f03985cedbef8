"""What happens to morning reports, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class NightReportMade(Event):
    kind: ClassVar[str] = "night_report_made"
    sentence: ClassVar[str] = _("夜間の入力の報告 %(report_id)s をまとめました(夜間入力 %(nights)s件)。")
    report_id: int
    nights: int


@dataclass(frozen=True)
class NightReportMailed(Event):
    kind: ClassVar[str] = "night_report_mailed"
    sentence: ClassVar[str] = _(
        "夜間の入力の報告 %(report_id)s を職員 %(staff_id)s にメールで知らせました(%(outcome)s)。"
    )
    report_id: int
    staff_id: int
    outcome: str
