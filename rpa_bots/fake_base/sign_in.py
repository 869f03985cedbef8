"""Who may come in to an old system, and until when? Sessions that grow idle, three tries."""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

WRONG_TRIES_ALLOWED: Final = 3


class Entrance(Enum):
    OPEN = auto()
    WRONG = auto()
    LOCKED = auto()


@dataclass(frozen=True)
class Session:
    account: str
    seen_at: float


class Doorkeeper:
    """Three wrong tries lock an account until a restart; with `single` a second sign-in ends the account's first."""

    def __init__(
        self,
        passwords: Mapping[str, str],
        idle_seconds: float,
        clock: Callable[[], float],
        *,
        single: bool = True,
    ) -> None:
        self._passwords = passwords
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._single = single
        self._lock = threading.Lock()
        self._wrong: dict[str, int] = {}
        self._sessions: dict[str, Session] = {}

    def sign_in(self, account: str, password: str) -> tuple[Entrance, str]:
        """Answer whether the door opens, with the new session's token when it does."""
        with self._lock:
            if self._wrong.get(account, 0) >= WRONG_TRIES_ALLOWED:
                return Entrance.LOCKED, ""
            if not secrets.compare_digest(self._passwords.get(account, "").encode(), password.encode()) or not password:
                self._wrong[account] = self._wrong.get(account, 0) + 1
                return Entrance.WRONG, ""
            self._wrong.pop(account, None)
            if self._single:
                self._sessions = {token: each for token, each in self._sessions.items() if each.account != account}
            token = secrets.token_hex(16)
            self._sessions[token] = Session(account, self._clock())
            return Entrance.OPEN, token

    def end(self, token: str) -> None:
        with self._lock:
            self._sessions.pop(token, None)

    def account_of(self, token: str) -> str | None:
        """Name the account whose living session this token is, and keep that session alive; else None."""
        with self._lock:
            session = self._sessions.get(token)
            now = self._clock()
            if session is None or now - session.seen_at > self._idle_seconds:
                return None
            self._sessions[token] = Session(session.account, now)
            return session.account
