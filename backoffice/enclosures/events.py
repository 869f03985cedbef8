"""What of sending papers stands on the trail? Ids and counts."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class EnclosuresSet(Event):
    kind: ClassVar[str] = "enclosures_set"
    sentence: ClassVar[str] = _("様式 %(design_id)s の台帳から送る資料を決めました。")
    design_id: int


@dataclass(frozen=True)
class PacketsAsked(Event):
    kind: ClassVar[str] = "packets_asked"
    sentence: ClassVar[str] = _("様式 %(design_id)s の送付資料を印刷に回しました(%(count)s件)。")
    design_id: int
    count: int


@dataclass(frozen=True)
class PacketPrinted(Event):
    kind: ClassVar[str] = "packet_printed"
    sentence: ClassVar[str] = _("送付資料 %(packet_id)s を印刷の置き場所に置きました。")
    packet_id: int


@dataclass(frozen=True)
class PacketSeen(Event):
    kind: ClassVar[str] = "packet_seen"
    sentence: ClassVar[str] = _("送付資料 %(packet_id)s を見ました。")
    packet_id: int


@dataclass(frozen=True)
class PacketsErased(Event):
    kind: ClassVar[str] = "packets_erased"
    sentence: ClassVar[str] = _("古い送付資料の控えを消しました(%(count)s件)。")
    count: int
