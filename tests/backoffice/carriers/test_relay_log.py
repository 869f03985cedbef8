"""The relay's log says for good that a message left or came back; whatever else it says decides nothing."""

from __future__ import annotations

import pytest

from backoffice.carriers.relay_log import Word, read_relay_log

MX = "Nov 27 10:00:01 mx"
CLEANUP = f"{MX} postfix/cleanup[11]"
SMTP = f"{MX} postfix/smtp[12]"
QMGR = f"{MX} postfix/qmgr[3]"


def named(queue: str, reference: str, domain: str = "city.example") -> str:
    return f"{CLEANUP}: {queue}: message-id=<{reference}@{domain}>"


def ended(queue: str, status: str, agent: str = SMTP) -> str:
    return f"{agent}: {queue}: to=<x@mail.example>, relay=mx[192.0.2.1]:25, delay=1, dsn=2.0.0, status={status} (said)"


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ([named("4FA1B2C3D4", "a1"), ended("4FA1B2C3D4", "sent")], Word.SENT),
        ([named("4FA1B2C3D4", "a1"), ended("4FA1B2C3D4", "bounced")], Word.BOUNCED),
        ([named("4FA1B2C3D4", "a1"), ended("4FA1B2C3D4", "expired")], Word.BOUNCED),
        (
            [named("4cPqNz1xYqz5Bd", "a1"), ended("4cPqNz1xYqz5Bd", "deferred"), ended("4cPqNz1xYqz5Bd", "sent")],
            Word.SENT,
        ),
        ([named("4FA1B2C3D4", "a1"), ended("4FA1B2C3D4", "deferred")], None),
        ([named("4FA1B2C3D4", "a1")], None),
        ([named("4FA1B2C3D4", "a1"), ended("4FA1B2C3D5", "sent")], None),
        ([named("4FA1B2C3D4", "a1", "elsewhere.example"), ended("4FA1B2C3D4", "sent")], None),
        (["not a log", "", named("4FA1B2C3D4", "a1")], None),
    ],
)
def test_only_what_is_said_for_good_counts(lines: list[str], word: Word | None):
    assert read_relay_log(lines, "city.example").get("a1") == word


def test_a_place_in_the_queue_is_given_anew():
    lines = [
        named("4FA1B2C3D4", "a1"),
        ended("4FA1B2C3D4", "sent"),
        f"{QMGR}: 4FA1B2C3D4: removed",
        ended("4FA1B2C3D4", "bounced"),
        named("4FA1B2C3D4", "b2"),
        ended("4FA1B2C3D4", "bounced"),
    ]

    assert read_relay_log(lines, "CITY.example") == {"a1": Word.SENT, "b2": Word.BOUNCED}


def test_behind_a_filter_the_later_word_counts():
    lines = [
        named("AAAAAAAAAA", "a1"),
        ended("AAAAAAAAAA", "sent", f"{MX} postfix/smtp-amavis/smtp[14]"),
        named("BBBBBBBBBB", "a1"),
        ended("BBBBBBBBBB", "bounced"),
    ]

    assert read_relay_log(lines, "city.example") == {"a1": Word.BOUNCED}
