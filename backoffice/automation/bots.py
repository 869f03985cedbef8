"""Which bot keys which procedure's records, and what does a night ask of it?"""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rpa_bots.journal import Journal
from rpa_bots.outcomes import Outcome, Reconciled, Record
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.bot import open_bot as open_shugaku_enjo
from rpa_bots.target import Target


class KeyingBot(Protocol):
    @property
    def alive(self) -> bool: ...

    def key(self, record: Record, journal: Journal) -> Outcome: ...

    def reconcile(self, reference: str) -> Reconciled: ...


OpenBot = Callable[[str, Target, Secret, bool], AbstractContextManager[KeyingBot]]
"""Code of the procedure, system and account, password, whether to take pictures."""

PROCEDURES: Mapping[str, str] = {"shugaku-enjo": "就学援助システム"}
"""Code of the form, and the system that a bot of ours knows how to key it into."""


def bots_of_this_machine(chromium: Path | None) -> OpenBot:
    """Give the opener of real bots; `chromium` None: the one on the path."""

    def open_bot(
        procedure: str,
        target: Target,
        password: Secret,
        pictures: bool,  # noqa: FBT001 -- a value of the system, passed on
    ) -> AbstractContextManager[KeyingBot]:
        if procedure not in PROCEDURES:
            raise LookupError(procedure)
        return in_its_own_thread(
            open_shugaku_enjo(target, password, time.monotonic, pictures=pictures, executable=chromium)
        )

    return open_bot


@dataclass(frozen=True)
class _ThreadedBot:
    thread: ThreadPoolExecutor
    bot: KeyingBot

    @property
    def alive(self) -> bool:
        return self.thread.submit(lambda: self.bot.alive).result()

    def key(self, record: Record, journal: Journal) -> Outcome:
        return self.thread.submit(self.bot.key, record, journal).result()

    def reconcile(self, reference: str) -> Reconciled:
        return self.thread.submit(self.bot.reconcile, reference).result()


@contextmanager
def in_its_own_thread(opening: AbstractContextManager[KeyingBot]) -> Iterator[KeyingBot]:
    """Give a bot whose every call runs in one thread of its own.

    Playwright's objects belong to the thread that made them, and leave an event loop running in it, where the durable
    engine refuses to run a step.
    """
    with ThreadPoolExecutor(1, "browser") as thread:
        bot = thread.submit(opening.__enter__).result()
        try:
            yield _ThreadedBot(thread, bot)
        finally:
            thread.submit(opening.__exit__, None, None, None).result()
