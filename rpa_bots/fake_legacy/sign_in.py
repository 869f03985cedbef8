"""Who may come in to the old system, and until when? One session an account, three tries."""

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
    token: str
    account: str
    seen_at: float


class Doorkeeper:
    """One session an account: a second sign-in ends the first. Three wrong tries lock the account until a restart."""

    def __init__(self, passwords: Mapping[str, str], idle_seconds: float, clock: Callable[[], float]) -> None:
        self._passwords = passwords
        self._idle_seconds = idle_seconds
        self._clock = clock
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
            self._sessions[account] = Session(secrets.token_hex(16), account, self._clock())
            return Entrance.OPEN, self._sessions[account].token

    def end(self, token: str) -> None:
        with self._lock:
            self._sessions = {name: each for name, each in self._sessions.items() if each.token != token}

    def account_of(self, token: str) -> str | None:
        """Name the account whose living session this token is, and keep that session alive; else None."""
        with self._lock:
            session = next((each for each in self._sessions.values() if each.token == token), None)
            now = self._clock()
            if session is None or now - session.seen_at > self._idle_seconds:
                return None
            self._sessions[session.account] = Session(token, session.account, now)
            return session.account
