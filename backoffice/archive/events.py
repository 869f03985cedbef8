"""What happens to paper that is kept, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class SheetArchived(Event):
    kind: ClassVar[str] = "sheet_archived"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を保存文書にしました(%(pages)sページ)。")
    sheet_id: int
    pages: int


@dataclass(frozen=True)
class ArchiveOpened(Event):
    kind: ClassVar[str] = "archive_opened"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の保存文書を開きました。")
    sheet_id: int


@dataclass(frozen=True)
class RetentionSet(Event):
    kind: ClassVar[str] = "retention_set"
    sentence: ClassVar[str] = _("様式の保存年限(%(rule_id)s)を%(before)s年から%(years)s年に変えました(0年は常用)。")
    rule_id: int
    before: int
    years: int


@dataclass(frozen=True)
class DisposalHeld(Event):
    kind: ClassVar[str] = "disposal_held"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の廃棄を停止しました。")
    sheet_id: int


@dataclass(frozen=True)
class DisposalHoldEnded(Event):
    kind: ClassVar[str] = "disposal_hold_ended"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の廃棄停止を解きました。")
    sheet_id: int


@dataclass(frozen=True)
class DisposalProposed(Event):
    kind: ClassVar[str] = "disposal_proposed"
    sentence: ClassVar[str] = _("廃棄 %(disposal_id)s(%(sheets)s枚)を提案しました。")
    disposal_id: int
    sheets: int


@dataclass(frozen=True)
class DisposalWithdrawn(Event):
    kind: ClassVar[str] = "disposal_withdrawn"
    sentence: ClassVar[str] = _("廃棄 %(disposal_id)s を取りやめました。")
    disposal_id: int


@dataclass(frozen=True)
class DisposalDone(Event):
    kind: ClassVar[str] = "disposal_done"
    sentence: ClassVar[str] = _(
        "廃棄 %(disposal_id)s を承認し、用紙%(sheets)s枚とファイル%(files)s件の鍵を破棄しました。"
    )
    disposal_id: int
    sheets: int
    files: int


@dataclass(frozen=True)
class DisposalsExported(Event):
    kind: ClassVar[str] = "disposals_exported"
    sentence: ClassVar[str] = _("廃棄簿を書き出しました(%(count)s件)。")
    count: int
