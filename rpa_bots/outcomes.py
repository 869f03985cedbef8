"""How can keying one record end? Five values, and what the caller may do after each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rpa_bots.file_kinds import Fallen

Value = str | int | bool | None
Record = Mapping[str, Value]


class Cause(StrEnum):
    """Why the target could not be worked with; after SIGN_IN_REFUSED and PASSWORD_EXPIRED no further item may try."""

    UNREACHABLE = "unreachable"
    MAINTENANCE = "maintenance"
    SIGN_IN_REFUSED = "sign_in_refused"
    SESSION_LOST = "session_lost"
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 - the name of a trouble, not a password
    UNKNOWN_DIALOG = "unknown_dialog"
    UNKNOWN_SCREEN = "unknown_screen"


@dataclass(frozen=True)
class TakenHome:
    """What was taken off the target's pages for one record, each proven to be its own.

    `readings`: by name a text, or the rows of a table by heading.
    """

    readings: Mapping[str, str | Sequence[Mapping[str, str]]] = field(default_factory=dict, repr=False)
    files: tuple[Fallen, ...] = ()


@dataclass(frozen=True)
class Keyed:
    """Registered by us, and what the target stored equals what was meant."""

    receipt: str
    read_back: Record
    seconds: float
    home: TakenHome = TakenHome()


@dataclass(frozen=True)
class Looked:
    """Looked up, and nothing registered. `nothing`: the target said that it has no such record."""

    home: TakenHome
    nothing: bool
    seconds: float


@dataclass(frozen=True)
class AlreadyThere:
    """Found by its reference before keying, with equal values: nothing was keyed."""

    receipt: str
    read_back: Record


@dataclass(frozen=True)
class BusinessRefusal:
    """A person must look: never retried. `receipt` is set when a record with other values stands in the target."""

    reason: str
    fields: tuple[str, ...] = ()
    receipt: str | None = None


@dataclass(frozen=True)
class TargetFailure:
    """The target failed before anything was submitted: the caller may try again."""

    cause: Cause
    reason: str


@dataclass(frozen=True)
class Unknown:
    """結果不明: the submit was clicked and its end not proven. Never retried; settled by `reconcile` or a person.

    `receipt` is set when the target's receipt was seen and only the read-back is missing.
    """

    reason: str
    receipt: str | None = None


Outcome = Keyed | Looked | AlreadyThere | BusinessRefusal | TargetFailure | Unknown


@dataclass(frozen=True)
class Found:
    """`whole`: all of the record was looked up; otherwise `values` are those that were."""

    receipt: str
    values: Record
    whole: bool = True


@dataclass(frozen=True)
class Absent:
    """No record under the reference, as seen at the moment of the search."""


@dataclass(frozen=True)
class Doubled:
    """More than one record under the reference: a person must look."""

    receipts: tuple[str, ...]


Reconciled = Found | Absent | Doubled | TargetFailure


class TargetTroubleError(Exception):
    """Raised inside a step; the reason is in the office's words and holds no page text, value or password."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason

    def as_failure(self) -> TargetFailure:
        return TargetFailure(self.cause, self.reason)


def differences(meant: Record, stored: Record) -> tuple[str, ...]:
    """Name the fields of `meant` that stand otherwise in `stored`; an empty text and None are the same blank."""
    return tuple(key for key, value in meant.items() if (value or None) != (stored.get(key) or None))
