"""Which trouble does 水道開閉栓受付システム make, and where on the way from the entry screen to the receipt?"""

from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """`KIND@N` is the N-th entry screen opened since the start, but for the two that count steps.

    A step is a screen that a signed-in clerk asks for, the menu and the calendar not counted.
    """

    SERVER_ERROR_BEFORE = "server-error-before"  # status 500, nothing is stored
    SERVER_ERROR_AFTER = "server-error-after"  # the record is stored, then status 500
    DROP_BEFORE = "drop-before"  # the connection is cut, nothing is stored
    DROP_AFTER = "drop-after"  # the record is stored, then the connection is cut
    LATE_COMMIT = "late-commit"  # the connection is cut, the record is stored seconds afterwards
    ALERT_BEFORE = "alert-before"  # the confirmation screen says something nobody expects, nothing is stored yet
    ALERT_AFTER = "alert-after"  # the record is stored, then an alert nobody expects
    TRUNCATION = "truncation"  # the record is stored with half of its longest text, and nobody says so
    DUPLICATE_AFTER = "duplicate-after"  # the record is stored, then the page that calls it a duplicate
    TOKEN_ERROR = "token-error"  # the confirmation is taken for a step backwards, status 200
    LABEL_DRIFT = "label-drift"  # the entry screen calls its boxes otherwise
    ID_DRIFT = "id-drift"  # the entry screen's ids are others
    SWAPPED_FIELDS = "swapped-fields"  # two boxes have changed places, and so their ids
    SLOW = "slow"  # all goes well, but late
    SESSION_DEATH = "session-death"  # the n-th step finds the session ended
    MAINTENANCE = "maintenance"  # the n-th step meets the maintenance page, status 200


AT_STEPS: Final = (Fault.SESSION_DEATH, Fault.MAINTENANCE)
AT_ENTRY: Final = tuple(fault for fault in Fault if fault not in AT_STEPS)
DRIFTS: Final = (Fault.LABEL_DRIFT, Fault.ID_DRIFT, Fault.SWAPPED_FIELDS)
