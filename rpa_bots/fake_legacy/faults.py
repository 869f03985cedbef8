"""Which trouble does 就学援助システム make? Its own list, and what may meet a registration."""

from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """`KIND@N` counts registrations, entry screens, searches and sign-ins each on their own."""

    LATE_COMMIT = "late-commit"  # the connection is cut, the record is stored seconds afterwards
    DROP_BEFORE = "drop-before"  # the connection is cut, nothing is stored
    DROP_AFTER = "drop-after"  # the record is stored, then the connection is cut
    ERROR_BEFORE = "error-before"  # an error page with status 200, nothing is stored
    ERROR_AFTER = "error-after"  # the record is stored, then an error page with status 200
    ODD_ALERT = "odd-alert"  # the record is stored, then an alert nobody expects
    SLOW = "slow"  # all goes well, but late
    ODD_CONFIRM = "odd-confirm"  # the n-th entry screen asks something nobody expects
    MAINTENANCE = "maintenance"  # the n-th search meets the maintenance page, status 200
    PASSWORD_EXPIRED = "password-expired"  # the n-th sign-in meets the page that wants a new password


AT_REGISTRATION: Final = (
    Fault.LATE_COMMIT,
    Fault.DROP_BEFORE,
    Fault.DROP_AFTER,
    Fault.ERROR_BEFORE,
    Fault.ERROR_AFTER,
    Fault.ODD_ALERT,
    Fault.SLOW,
)
