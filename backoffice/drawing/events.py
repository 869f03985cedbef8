"""What happens to the drawings of routes and to the city's closed days, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class RouteShipped(Event):
    kind: ClassVar[str] = "route_shipped"
    sentence: ClassVar[str] = _("同梱の決裁ルート(第%(number)s版、%(route_kind)s)を有効にしました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class RouteCopied(Event):
    kind: ClassVar[str] = "route_copied"
    sentence: ClassVar[str] = _(
        "決裁ルート(%(route_kind)s)の版 %(from_id)s を写して、第%(number)s版の下書きを作りました。"
    )
    version_id: int
    route_kind: str
    number: int
    from_id: int


@dataclass(frozen=True)
class RouteUploaded(Event):
    kind: ClassVar[str] = "route_uploaded"
    sentence: ClassVar[str] = _("決裁ルート(%(route_kind)s)の図を取り込み、第%(number)s版の下書きを作りました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class RouteDrawn(Event):
    kind: ClassVar[str] = "route_drawn"
    sentence: ClassVar[str] = _("決裁ルート(%(route_kind)s)の第%(number)s版の図を直しました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class RouteProposed(Event):
    kind: ClassVar[str] = "route_proposed"
    sentence: ClassVar[str] = _("決裁ルート(%(route_kind)s)の第%(number)s版の有効化を提案しました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class RouteTakenBack(Event):
    kind: ClassVar[str] = "route_taken_back"
    sentence: ClassVar[str] = _("決裁ルート(%(route_kind)s)の第%(number)s版を下書きに戻しました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class RouteDiscarded(Event):
    kind: ClassVar[str] = "route_discarded"
    sentence: ClassVar[str] = _("決裁ルート(%(route_kind)s)の第%(number)s版の下書きを破棄しました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class RouteActivated(Event):
    kind: ClassVar[str] = "route_activated"
    sentence: ClassVar[str] = _("決裁ルート(%(route_kind)s)の第%(number)s版を有効にしました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class RouteCalledOff(Event):
    kind: ClassVar[str] = "route_called_off"
    sentence: ClassVar[str] = _("決裁ルート(%(route_kind)s)の第%(number)s版の発効を取りやめました。")
    version_id: int
    route_kind: str
    number: int


@dataclass(frozen=True)
class ClosureAdded(Event):
    kind: ClassVar[str] = "closure_added"
    sentence: ClassVar[str] = _("市の休業日 %(closure_id)s を加えました。")
    closure_id: int


@dataclass(frozen=True)
class ClosureRemoved(Event):
    kind: ClassVar[str] = "closure_removed"
    sentence: ClassVar[str] = _("市の休業日 %(closure_id)s を外しました。")
    closure_id: int
