"""How far has a clerk come with an entry, and may the next step be taken? One entry a session, one token a screen."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from rpa_bots.fake_base.ledger import Value
from rpa_bots.fake_water.faults import Fault


class Stage(Enum):
    ENTRY = auto()
    CONFIRMATION = auto()


@dataclass(frozen=True)
class Visit:
    """One entry on its way, the `number`-th since the start: `token` must come back with the next step, once only."""

    stage: Stage
    number: int
    fault: Fault | None = None
    reference: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    token: str = ""


class Visits:
    """The entry of each session. Whatever opens another screen of the way ends the one before.

    So a step back, a second window and a form sent twice are all refused, as by the frameworks of those years.
    """

    def __init__(self) -> None:
        self._of_session: dict[str, Visit] = {}
        self._lock = threading.Lock()

    def begin(self, session: str, visit: Visit) -> Visit:
        begun = replace(visit, token=secrets.token_hex(8))
        with self._lock:
            self._of_session[session] = begun
        return begun

    def take(self, session: str, stage: Stage, token: str) -> Visit | None:
        """Use up the token of the session's entry; None for any but the newest, or at another stage."""
        with self._lock:
            visit = self._of_session.get(session)
            if visit is None or visit.stage is not stage or visit.token != token:
                return None
            return self._of_session.pop(session)
