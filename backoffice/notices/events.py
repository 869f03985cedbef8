"""What happens to the wording of notices, one sentence each: ids only, never what they say."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class NoticeDrafted(Event):
    kind: ClassVar[str] = "notice_drafted"
    sentence: ClassVar[str] = _("制度 %(program_id)s のお知らせの文面 %(notice_id)s を書き始めました。")
    program_id: int
    notice_id: int


@dataclass(frozen=True)
class NoticeWritten(Event):
    kind: ClassVar[str] = "notice_written"
    sentence: ClassVar[str] = _("お知らせの文面 %(notice_id)s を書きました。")
    notice_id: int


@dataclass(frozen=True)
class NoticeSubmitted(Event):
    kind: ClassVar[str] = "notice_submitted"
    sentence: ClassVar[str] = _("お知らせの文面 %(notice_id)s の承認を求めました。")
    notice_id: int


@dataclass(frozen=True)
class NoticeTakenBack(Event):
    kind: ClassVar[str] = "notice_taken_back"
    sentence: ClassVar[str] = _("お知らせの文面 %(notice_id)s を下書きに引き戻しました。")
    notice_id: int


@dataclass(frozen=True)
class NoticeReturned(Event):
    kind: ClassVar[str] = "notice_returned"
    sentence: ClassVar[str] = _("お知らせの文面 %(notice_id)s を差し戻しました。")
    notice_id: int


@dataclass(frozen=True)
class NoticeApproved(Event):
    kind: ClassVar[str] = "notice_approved"
    sentence: ClassVar[str] = _("お知らせの文面 %(notice_id)s を承認しました。")
    notice_id: int


@dataclass(frozen=True)
class NoticeDiscarded(Event):
    kind: ClassVar[str] = "notice_discarded"
    sentence: ClassVar[str] = _("お知らせの文面の下書き %(notice_id)s を破棄しました。")
    notice_id: int
