"""What a test lets the bot do with one record: refuse it, fail, crash, end unknown."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from rpa_bots.outcomes import BusinessRefusal, TargetFailure, Unknown
from tests.backoffice.automation.nights import CrashedError


def refuse(_record, _journal, _target):
    return BusinessRefusal("「住所」は60文字以内で入力してください。", ("address",))


def fail_with(cause):
    return lambda _record, _journal, _target: TargetFailure(cause, "対象システムから応答がありません")


def crash_before_the_click(_record, journal, _target):
    journal.submitting()
    raise CrashedError


def crash_after_the_click(record, journal, target):
    journal.submitting()
    target.register(record)
    raise CrashedError


def crash_after_the_receipt(record, journal, target):
    journal.submitting()
    journal.receipt(target.register(record))
    raise CrashedError


def crash_while_typing(_record, _journal, _target):
    raise CrashedError


NO_DATABASE = OperationalError("SELECT", {}, ConnectionError("the server closed the connection"))


def lose_the_database_while_typing(_record, _journal, _target):
    raise NO_DATABASE


def lose_the_database_after_the_click(record, journal, target):
    journal.submitting()
    target.register(record)
    raise NO_DATABASE


def end_unknown(record, journal, target):
    journal.submitting()
    target.register(record)
    return Unknown("対象システムから応答がありません")


def break_after_the_click(record, journal, target):
    journal.submitting()
    target.register(record)
    target.alive = False
    raise OSError("the browser is gone")
