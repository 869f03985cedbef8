"""What happens to sandboxes, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class SandboxOpened(Event):
    kind: ClassVar[str] = "link_sandbox_opened"
    sentence: ClassVar[str] = _(
        "データ連携 %(link_id)s を、外部システム %(client_id)s が架空の人で試せるようにしました。"
    )
    link_id: int
    client_id: int


@dataclass(frozen=True)
class SandboxFilled(Event):
    kind: ClassVar[str] = "link_sandbox_filled"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s を試すための、架空の人の申込みを用意しました。")
    version_id: int


@dataclass(frozen=True)
class ContractReportKept(Event):
    kind: ClassVar[str] = "link_contract_report_kept"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s の試験の結果 %(report_id)s を、案件に添えました。")
    version_id: int
    report_id: int
