"""What of records stands on the trail? Ids and counts, never what was written."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class RecordEntered(Event):
    kind: ClassVar[str] = "record_entered"
    sentence: ClassVar[str] = _("記録 %(record_id)s を入力しました。")
    record_id: int


@dataclass(frozen=True)
class RecordChanged(Event):
    kind: ClassVar[str] = "record_changed"
    sentence: ClassVar[str] = _("記録 %(record_id)s を変更しました。")
    record_id: int


@dataclass(frozen=True)
class RecordFileAdded(Event):
    kind: ClassVar[str] = "record_file_added"
    sentence: ClassVar[str] = _("台帳に添付するファイル %(record_file_id)s を受け取りました。")
    record_file_id: int


@dataclass(frozen=True)
class RecordFileFetched(Event):
    kind: ClassVar[str] = "record_file_fetched"
    sentence: ClassVar[str] = _("台帳に添付されたファイル %(record_file_id)s を取り出しました。")
    record_file_id: int


@dataclass(frozen=True)
class RecordsChanged(Event):
    kind: ClassVar[str] = "records_changed"
    sentence: ClassVar[str] = _(
        "様式 %(design_id)s の記録をまとめて変更しました(変更 %(change_set_id)s、%(count)s件)。"
    )
    design_id: int
    change_set_id: int
    count: int


@dataclass(frozen=True)
class RecordsUndone(Event):
    kind: ClassVar[str] = "records_undone"
    sentence: ClassVar[str] = _("記録の変更 %(change_set_id)s を取り消しました(%(count)s件)。")
    change_set_id: int
    count: int


@dataclass(frozen=True)
class RecordsListed(Event):
    kind: ClassVar[str] = "records_listed"
    sentence: ClassVar[str] = _("様式 %(design_id)s の一覧を見ました(%(count)s件)。")
    design_id: int
    count: int


@dataclass(frozen=True)
class RecordSeen(Event):
    kind: ClassVar[str] = "record_seen"
    sentence: ClassVar[str] = _("記録 %(record_id)s を見ました。")
    record_id: int


@dataclass(frozen=True)
class RecordsExported(Event):
    kind: ClassVar[str] = "records_exported"
    sentence: ClassVar[str] = _("様式 %(design_id)s の一覧を書き出しました(%(count)s件)。")
    design_id: int
    count: int


@dataclass(frozen=True)
class RecordsPrinted(Event):
    kind: ClassVar[str] = "records_printed"
    sentence: ClassVar[str] = _("様式 %(design_id)s の記録を用紙に印刷しました(%(count)s件)。")
    design_id: int
    count: int


@dataclass(frozen=True)
class RecordSettled(Event):
    """Done, or approved where the list has a route."""

    kind: ClassVar[str] = "record_settled"
    sentence: ClassVar[str] = _("記録 %(record_id)s の処理が決まりました。")
    record_id: int


@dataclass(frozen=True)
class RecordReopened(Event):
    kind: ClassVar[str] = "record_reopened"
    sentence: ClassVar[str] = _("記録 %(record_id)s の処理を戻しました。")
    record_id: int


@dataclass(frozen=True)
class ListRouteNamed(Event):
    kind: ClassVar[str] = "list_route_named"
    sentence: ClassVar[str] = _("様式 %(design_id)s の台帳の承認の経路を決めました(%(route_kind)s)。")
    design_id: int
    route_kind: str


@dataclass(frozen=True)
class SenderAllowed(Event):
    kind: ClassVar[str] = "form_sender_allowed"
    sentence: ClassVar[str] = _("様式 %(design_id)s の記録を外部システム %(client_id)s から受け付けることにしました。")
    design_id: int
    client_id: int


@dataclass(frozen=True)
class SenderEnded(Event):
    kind: ClassVar[str] = "form_sender_ended"
    sentence: ClassVar[str] = _("様式 %(design_id)s の記録を外部システム %(client_id)s から受け付けるのをやめました。")
    design_id: int
    client_id: int


@dataclass(frozen=True)
class ImportBrought(Event):
    kind: ClassVar[str] = "record_import_brought"
    sentence: ClassVar[str] = _("取込ファイル %(import_id)s を持ち込みました(%(count)s行)。")
    import_id: int
    count: int


@dataclass(frozen=True)
class ImportTaken(Event):
    kind: ClassVar[str] = "record_import_taken"
    sentence: ClassVar[str] = _("取込ファイル %(import_id)s を取り込みました(%(count)s件、保留 %(waiting)s行)。")
    import_id: int
    count: int
    waiting: int


@dataclass(frozen=True)
class ImportDropped(Event):
    kind: ClassVar[str] = "record_import_dropped"
    sentence: ClassVar[str] = _("取込ファイル %(import_id)s の行を捨てました。")
    import_id: int


@dataclass(frozen=True)
class QuarantineMended(Event):
    kind: ClassVar[str] = "quarantine_mended"
    sentence: ClassVar[str] = _("取込ファイル %(import_id)s の保留の行を直して受け付けました。")
    import_id: int
    record_id: int
