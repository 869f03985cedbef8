"""What happens to the drawings of routes, one sentence each."""

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
