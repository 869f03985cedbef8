"""When does a consent hold? From when it was given to the end of its last day, unless it was withdrawn or replaced."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

RENEWED_BEFORE = timedelta(days=60)
"""So long before its last day people are asked whether a consent is to go on. To be confirmed by the office."""


class Assurance(StrEnum):
    CARD_VERIFIED = "card_verified"
    """Proven with the My Number card: only these people are written to."""
    SELF_DECLARED = "self_declared"


class ProvenBy(StrEnum):
    """By what of the My Number card somebody was proven."""

    COUNTER = "counter"
    """Shown to a clerk."""
    USER_CERTIFICATE = "user_certificate"
    """利用者証明用電子証明書, at the portal."""
    SIGNATURE_CERTIFICATE = "signature_certificate"
    """署名用電子証明書, at the portal."""


class ChannelKind(StrEnum):
    MAIL = "mail"
    LINE = "line"


class Giver(StrEnum):
    ONESELF = "self"
    REPRESENTATIVE = "representative"
    """法定代理人, with evidence and the day on which their power ends."""


class Way(StrEnum):
    COUNTER = "counter"
    PORTAL = "portal"


class Happened(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    """By a later consent of the same class: renewed, or given to another wording."""
    EXPIRED = "expired"
    """Its last day is over: noted on the day after, so that what follows from it is done once."""


class Standing(StrEnum):
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    EXPIRED = "expired"


def standing_of(happened: Iterable[str], expires_on: date, today: date) -> Standing:
    """Say how a consent stands on a day. What ended it first is what is told."""
    kinds = set(happened)
    if Happened.WITHDRAWN in kinds:
        return Standing.WITHDRAWN
    if Happened.REPLACED in kinds:
        return Standing.REPLACED
    return Standing.LIVE if today <= expires_on else Standing.EXPIRED


def last_day(given: date, months: int) -> date:
    """Give the last day of a period of months that begins on the day after `given` (民法140条).

    It ends on the day with the same number, or on the last of a month that has none (民法143条2項).
    """
    year, month = divmod(given.year * 12 + given.month - 1 + months, 12)
    return date(year, month + 1, min(given.day, monthrange(year, month + 1)[1]))
