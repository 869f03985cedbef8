"""What if the database ends a unit because two waited for one another? Nothing of it was kept: it is done again."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError

DEADLOCK = "40P01"
"""PostgreSQL's SQLSTATE; SQLite has one writer, and no deadlocks."""
TIMES = 5
Done = TypeVar("Done")


def after_deadlocks(act: Callable[[], Done]) -> Done:
    """Do what opens a unit of its own and keeps nothing outside it, a few times if need be."""
    for _ in range(TIMES - 1):
        try:
            return act()
        except OperationalError as trouble:
            if getattr(trouble.orig, "sqlstate", "") != DEADLOCK:
                raise
    return act()
