"""How is a long list shown? Filter, order and page stand in the URL, so that a list can be kept, sent and reloaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

PAGE_SIZE = 50


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    count: int | None = None
    more: bool = False
    """There are more than `count`: counting stopped there."""


@dataclass(frozen=True)
class Paging:
    """Which page of a list is shown; pages count from 1. A page beyond the last shows the last."""

    path: str
    total: int
    wanted: int = 1
    params: Mapping[str, str] = field(default_factory=dict)
    size: int = PAGE_SIZE
    """Rows on a page: fewer where each is long, and personal."""

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        return min(max(1, self.wanted), self.last)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def address_of(self, number: int) -> str:
        return address(self.path, {**self.params, "page": str(number)})


def address(path: str, params: Mapping[str, str]) -> str:
    """Give `path` with those parameters that are not empty."""
    kept = {name: value for name, value in params.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
