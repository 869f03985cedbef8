"""Why a test cannot reach the world outside: the interpreter itself tells us of every connection before it is made.

Open to every test: sockets of this machine's files (AF_UNIX) and servers that the test's own process has started.
Open to journeys: everything. The tests' PostgreSQL is reached by libpq, which does not pass here.
"""

from __future__ import annotations

import socket
import sys
import weakref
from typing import Any


class ReachedOutsideError(Exception):
    """A test that is no journey tried to leave its process."""


class ClosedNetwork:
    """Watches what this process's sockets do. `is_open` is set for the length of one journey."""

    def __init__(self) -> None:
        self.is_open = False
        self._bound: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take one audit event of the interpreter. Raises ReachedOutsideError for a connection that may not be made."""
        if event == "socket.bind":
            self._bound.add(arguments[0])
        elif event in ("socket.connect", "socket.sendto") and not self.is_open:
            self._examine(*arguments)

    def _examine(self, one: socket.socket, address: Any) -> None:
        if one.family == socket.AF_UNIX or self._is_served_here(address):
            return
        raise ReachedOutsideError(f"a test tried to reach {address!r}; only tests marked `journey` may")

    def _is_served_here(self, address: tuple[Any, ...]) -> bool:
        return address[0] in ("127.0.0.1", "::1", "localhost") and address[1] in self._ports_served_here()

    def _ports_served_here(self) -> set[int]:
        alive = [one for one in self._bound if one.fileno() != -1 and one.family != socket.AF_UNIX]
        return {one.getsockname()[1] for one in alive}


def close_the_network() -> ClosedNetwork:
    """Begin to watch. An audit hook stays for the life of the process; this function will answer the switch."""
    network = ClosedNetwork()
    sys.addaudithook(network.watch)
    return network
