"""Somebody who keeps the books of a sending, as the product's journal does, but in memory and without mercy."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from backoffice.carriers.parcels import Parcel, Settled


def parcel(key: int, text: str = "", to: str | None = None) -> Parcel:
    content = f"Subject: {key}\r\n\r\n{text or f'tegami {key}'}\r\n"
    return Parcel(key, f"bounce+{key}@city.example.jp", to or f"hito{key}@example.jp", content.encode())


@dataclass
class Books:
    """Every rule of the contract is checked when it is broken, not afterwards."""

    waiting: list[Parcel]
    withdrawn: set[int] = field(default_factory=set)
    given: list[int] = field(default_factory=list)
    settled: dict[int, Settled] = field(default_factory=dict)
    announced: Counter[int] = field(default_factory=Counter)
    turned_away: set[int] = field(default_factory=set)
    slow: float = 0.0

    @classmethod
    def of(cls, parcels: Iterable[Parcel], **more) -> Books:
        return cls(list(parcels), **more)

    async def next_parcel(self) -> Parcel | None:
        if not self.waiting:
            return None
        one = self.waiting.pop(0)
        self.given.append(one.key)
        return one

    async def turn(self, done: Settled | None, coming: int | None) -> bool:
        await asyncio.sleep(self.slow)
        if done is not None:
            assert done.key not in self.settled, f"{done} is told twice"
            assert done.key not in self.turned_away, f"{done} was withdrawn"
            self.settled[done.key] = done
        if coming is None:
            return True
        assert coming in self.given, "what was never given is announced"
        assert coming not in self.settled, "what has ended is announced"
        self.announced[coming] += 1
        assert self.announced[coming] == 1, "one content is announced twice"
        if coming in self.withdrawn:
            self.turned_away.add(coming)
            return False
        return True

    @property
    def open(self) -> set[int]:
        """Announced, and its end not told yet."""
        return set(self.announced) - set(self.settled) - self.turned_away

    def fates(self) -> dict[int, str]:
        return {key: one.fate.value for key, one in sorted(self.settled.items())}
