"""What happens to a sheet, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class BatchReceived(Event):
    kind: ClassVar[str] = "batch_received"
    sentence: ClassVar[str] = _("用紙の束 %(batch_id)s(%(files)sファイル)を受け取りました。")
    batch_id: int
    files: int


@dataclass(frozen=True)
class BatchReadAgain(Event):
    kind: ClassVar[str] = "batch_read_again"
    sentence: ClassVar[str] = _("用紙の束 %(batch_id)s の読めなかった%(sheets)s枚を、すべての様式から読み直します。")
    batch_id: int
    sheets: int


@dataclass(frozen=True)
class CoverMade(Event):
    kind: ClassVar[str] = "cover_made"
    sentence: ClassVar[str] = _("束の表紙 %(cover_id)s を作りました。")
    cover_id: int


@dataclass(frozen=True)
class CoverFound(Event):
    kind: ClassVar[str] = "cover_found"
    sentence: ClassVar[str] = _("ファイル %(paper_file_id)s の%(page)sページ目は束の表紙です(%(outcome)s)。")
    paper_file_id: int
    page: int
    outcome: str


@dataclass(frozen=True)
class BatchBegunByCover(Event):
    kind: ClassVar[str] = "batch_begun_by_cover"
    sentence: ClassVar[str] = _("表紙 %(cover_id)s により、束 %(pile_id)s から束 %(batch_id)s を分けました。")
    batch_id: int
    cover_id: int
    pile_id: int


@dataclass(frozen=True)
class PaperFileErased(Event):
    kind: ClassVar[str] = "paper_file_erased"
    sentence: ClassVar[str] = _("個人番号が写っていたため、ファイル %(paper_file_id)s の原本を消去しました。")
    paper_file_id: int


@dataclass(frozen=True)
class SheetReceived(Event):
    kind: ClassVar[str] = "sheet_received"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を受け取りました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetEnteredOnce(Event):
    kind: ClassVar[str] = "sheet_entered_once"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の1人目の入力を終えました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetIncomplete(Event):
    kind: ClassVar[str] = "sheet_incomplete"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s は、届いていないページがあります。")
    sheet_id: int


@dataclass(frozen=True)
class SheetGoesOn(Event):
    kind: ClassVar[str] = "sheet_goes_on"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を、ページが足りないまま確認に進めました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetExcluded(Event):
    kind: ClassVar[str] = "sheet_excluded"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を除外しました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetRead(Event):
    kind: ClassVar[str] = "sheet_read"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を読み取りました。%(passed)s欄が通り、%(asked)s欄は人に尋ねます。")
    sheet_id: int
    passed: int
    asked: int


@dataclass(frozen=True)
class SheetRefused(Event):
    kind: ClassVar[str] = "sheet_refused"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s は読み取れませんでした(%(code)s)。")
    sheet_id: int
    code: str


@dataclass(frozen=True)
class SheetReadAgain(Event):
    kind: ClassVar[str] = "sheet_read_again"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の読取をやり直します。")
    sheet_id: int


@dataclass(frozen=True)
class SheetClaimed(Event):
    """Also the record that personal data was shown."""

    kind: ClassVar[str] = "sheet_claimed"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の確認を始めました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetReleased(Event):
    kind: ClassVar[str] = "sheet_released"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の確認を途中でやめました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetHeld(Event):
    kind: ClassVar[str] = "sheet_held"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を保留にしました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetTakenUp(Event):
    kind: ClassVar[str] = "sheet_taken_up"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を要確認に戻しました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetUnreadable(Event):
    kind: ClassVar[str] = "sheet_unreadable"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を読取不能としました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetSettled(Event):
    kind: ClassVar[str] = "sheet_settled"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を確定しました(訂正 %(corrections)s欄)。")
    sheet_id: int
    corrections: int


@dataclass(frozen=True)
class SheetReopened(Event):
    kind: ClassVar[str] = "sheet_reopened"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の確定を取り消しました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetSeen(Event):
    kind: ClassVar[str] = "sheet_seen"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s を見ました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetPictureSeen(Event):
    kind: ClassVar[str] = "sheet_picture_seen"
    sentence: ClassVar[str] = _("用紙 %(sheet_id)s の画像を見ました。")
    sheet_id: int


@dataclass(frozen=True)
class SheetsExported(Event):
    kind: ClassVar[str] = "sheets_exported"
    sentence: ClassVar[str] = _("用紙の一覧を書き出しました(%(count)s件)。")
    count: int
