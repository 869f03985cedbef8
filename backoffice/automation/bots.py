"""Which bot keys which procedure's records, and what does a night ask of it?"""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from rpa_bots.journal import Journal
from rpa_bots.outcomes import Outcome, Reconciled, Record
from rpa_bots.recording.keying import Taught, open_recorded
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.bot import open_bot as open_shugaku_enjo
from rpa_bots.target import Target


class KeyingBot(Protocol):
    """Belongs to the thread that opened it."""

    @property
    def alive(self) -> bool: ...

    def key(self, record: Record, journal: Journal) -> Outcome: ...

    def reconcile(self, reference: str, record: Record) -> Reconciled: ...


OpenBot = Callable[[str | Taught, Target, Secret, bool], AbstractContextManager[KeyingBot]]
"""Code of the procedure, or what a clerk recorded; system and account, password, whether to take pictures."""

PROCEDURES: Mapping[str, str] = {"shugaku-enjo": "就学援助システム"}
"""Code of the form, and the system that a bot of ours knows how to key it into. Others' bots are recorded by clerks."""


def bots_of_this_machine(chromium: Path | None) -> OpenBot:
    """Give the opener of real bots; `chromium` None: the one on the path."""

    def open_bot(
        procedure: str | Taught,
        target: Target,
        password: Secret,
        pictures: bool,  # noqa: FBT001 -- a value of the system, passed on
    ) -> AbstractContextManager[KeyingBot]:
        if isinstance(procedure, Taught):
            return open_recorded(procedure, target, password, pictures=pictures, executable=chromium)
        if procedure not in PROCEDURES:
            raise LookupError(procedure)
        return open_shugaku_enjo(target, password, time.monotonic, pictures=pictures, executable=chromium)

    return open_bot
