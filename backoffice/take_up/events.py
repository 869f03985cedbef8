"""What happens to take-up, one sentence each: ids and counts of rows."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class GrantsTaken(Event):
    kind: ClassVar[str] = "grants_taken"
    sentence: ClassVar[str] = _("制度 %(program_id)s の支給の一覧 %(list_id)s を取り込みました。")
    program_id: int
    list_id: int


@dataclass(frozen=True)
class GrantsForgotten(Event):
    kind: ClassVar[str] = "grants_forgotten"
    sentence: ClassVar[str] = _("制度 %(program_id)s の支給の一覧 %(list_id)s の中身を、期限が過ぎたので消しました。")
    program_id: int
    list_id: int


@dataclass(frozen=True)
class TakeUpCounted(Event):
    kind: ClassVar[str] = "take_up_counted"
    sentence: ClassVar[str] = _("配信 %(run_id)s の利用の状況を数えました。")
    run_id: int


@dataclass(frozen=True)
class TakeUpSeen(Event):
    kind: ClassVar[str] = "take_up_seen"
    sentence: ClassVar[str] = _("制度 %(program_id)s の配信 %(run_id)s の利用の状況を見ました。")
    program_id: int
    run_id: int


@dataclass(frozen=True)
class TakeUpsSeen(Event):
    kind: ClassVar[str] = "take_ups_seen"
    sentence: ClassVar[str] = _("制度 %(program_id)s の利用の状況を見ました。")
    program_id: int
