"""What does a mail that came back say? As much as flufl.bounce reads in the samples; hostile ones say nothing."""

from __future__ import annotations

import email
from pathlib import Path

import pytest
from flufl.bounce import all_failures
from hypothesis import given
from hypothesis import strategies as st

from backoffice.carriers.bounces import Bounce, Kind, read_bounce
from backoffice.carriers.verp import BEGINS, MOST, bounce_address, recipient_of
from backoffice.reachability.bounces import failure_of
from backoffice.reachability.workflow import Failure

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT.parent / "shared" / "data" / "standards" / "bounces"
KEY, DOMAIN = b"invented key of an invented city", "city.example.jp"

DSN = """\
From: MAILER-DAEMON@relay.example.jp
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.jp

Final-Recipient: rfc822; hito@example.jp
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Return-Path: <{sender}>
Subject: oshirase
--b--
"""
COMPLAINT = """\
From: fbl@provider.example.jp
To: abuse@city.example.jp
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1.0
Version: 1
Original-Mail-From: <{sender}>

--b
Content-Type: message/rfc822

Subject: oshirase

text
--b--
"""


def address(number: int = 7) -> str:
    return bounce_address(number, key=KEY, domain=DOMAIN)


def read(raw: str | bytes, envelope_to: str | None = None) -> Bounce:
    content = raw.replace("\n", "\r\n").encode() if isinstance(raw, str) else raw
    return read_bounce(content, address() if envelope_to is None else envelope_to, key=KEY, domain=DOMAIN)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the bounces are not in ../shared/data/standards beside the checkout")
def test_the_sample_bounces_are_classified_as_flufl_does():
    files = sorted(SAMPLES.glob("*.txt"))
    found, expected = {}, {}
    for file in files:
        raw = file.read_bytes()
        temporary, permanent = all_failures(email.message_from_bytes(raw))
        bounce = read(raw, "somebody@elsewhere.example.jp")
        kind = Kind.PERMANENT if permanent else Kind.TEMPORARY if temporary else Kind.NOT_A_BOUNCE
        expected[file.name] = (None, kind, {each.decode() for each in permanent or temporary})
        found[file.name] = (bounce.recipient, bounce.kind, bounce.addresses)

    assert len(files) == 117
    assert found == expected


@pytest.mark.parametrize(
    ("action", "status", "kind", "is_dead"),
    [
        ("failed", "5.1.1", Kind.PERMANENT, True),
        ("failed", "4.4.7", Kind.PERMANENT, False),
        ("delayed", "4.4.1", Kind.TEMPORARY, False),
        ("relayed", "2.0.0", Kind.NOT_A_BOUNCE, False),
        ("delivered", "2.0.0", Kind.NOT_A_BOUNCE, False),
    ],
)
def test_only_what_failed_for_good_ends_an_address(action, status, kind, is_dead):
    bounce = read(DSN.format(to=address(), action=action, status=status, sender=address()))

    assert (bounce.recipient, bounce.kind) == (7, kind)
    assert (failure_of(bounce) is Failure.PERMANENT) is is_dead
    if kind is not Kind.NOT_A_BOUNCE:
        assert (bounce.status, bounce.addresses) == (status, {"hito@example.jp"})


def test_where_a_relay_rewrote_the_envelope_what_is_quoted_says_whose_mail_it_was():
    raw = DSN.format(to="x", action="failed", status="5.1.1", sender=address(12))

    assert read(raw, "postmaster@city.example.jp").recipient == 12


def test_the_envelope_goes_before_whatever_a_stranger_quotes():
    raw = DSN.format(to=address(3), action="failed", status="5.1.1", sender=address(12))

    assert read(raw, address(7)).recipient == 7


@pytest.mark.parametrize(("kind", "is_one"), [("abuse", True), ("fraud", True), ("other", True), ("not-spam", False)])
def test_a_complaint_names_whose_notice_it_was_about(kind, is_one):
    bounce = read(COMPLAINT.format(kind=kind, sender=address(99)), "abuse@city.example.jp")

    assert (bounce.kind is Kind.COMPLAINT, bounce.recipient) == (is_one, 99 if is_one else None)


def test_a_holiday_message_is_no_bounce():
    bounce = read("From: hito@example.jp\nAuto-Submitted: auto-replied\nSubject: kyuka\n\nraishu modorimasu\n")

    assert bounce == Bounce(7, Kind.NOT_A_BOUNCE)


def deep(levels: int) -> str:
    begun = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(levels))
    return "MIME-Version: 1.0\n" + begun + "Content-Type: text/plain\n\nhello\n"


def deep_messages(levels: int) -> str:
    return "MIME-Version: 1.0\n" + "Content-Type: message/rfc822\n\n" * levels + "Subject: x\n\nhello\n"


HOSTILE = {
    "empty": b"",
    "only zeros": bytes(100_000),
    "huge": b"Subject: x\r\n\r\n" + b"Final-Recipient: rfc822; a@b\r\n" * 500_000,
    "one endless line": b"Subject: x\r\n\r\n" + b"a@" * 500_000,
    "one endless header": b"To: " + b"<" * 900_000 + b"\r\n\r\nx",
    "many headers": b"X: y\r\n" * 150_000 + b"\r\nx",
    "many blanks": b"Subject: x\r\n\r\n" + b" " * 900_000 + b"x",
    "nested 1000 deep": deep(1000).encode(),
    "messages 1000 deep": deep_messages(1000).encode(),
    "nested 58 deep": deep(25).encode(),
    "a charset that nobody knows": b'Content-Type: text/plain; charset="klingon"\r\n\r\n\xff\xfe 550 <a@b.example>',
    "a charset with a zero": b"Content-Type: text/plain; charset=a\0b\r\n\r\n\xff <a@b.example>",
    "broken base64": b"Content-Transfer-Encoding: base64\r\nContent-Type: message/delivery-status\r\n\r\n%%%=",
    "a broken encoded word": b"Subject: =?utf-8?b?////?=\r\nContent-Type: =?x?q?=00?=; boundary==?x?=\r\n\r\nx",
    "an address beyond ASCII": DSN.format(to="x", action="failed", status="5.1.1", sender="y")
    .replace("hito@", "ひと@")
    .encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_no_bounce(name):
    assert read(HOSTILE[name]).kind is Kind.NOT_A_BOUNCE


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_a_fault(raw):
    assert read(raw).recipient == 7


@given(st.integers(0, MOST), st.booleans(), st.booleans())
def test_whose_mail_it_was_is_read_again_whatever_case_a_relay_writes(number, upper, domain_upper):
    made = bounce_address(number, key=KEY, domain=DOMAIN)
    local, domain = made.split("@")
    folded = (local.upper() if upper else local) + "@" + (domain.upper() if domain_upper else domain)

    assert recipient_of(folded, key=KEY, domain=DOMAIN) == number
    assert len(local) <= 64
    assert recipient_of(folded, key=b"another city's", domain=DOMAIN) is None
    assert recipient_of(folded, key=KEY, domain="elsewhere.example.jp") is None


@given(st.integers(0, MOST), st.data())
def test_an_address_with_one_letter_changed_is_nobodys(number, data):
    made = bounce_address(number, key=KEY, domain=DOMAIN)
    at = data.draw(st.integers(len(BEGINS), len(BEGINS) + 28))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567").filter(lambda one: one != made[at]))

    assert recipient_of(made[:at] + letter + made[at + 1 :], key=KEY, domain=DOMAIN) is None


@given(st.text(max_size=80))
def test_no_other_text_is_an_address_of_ours(text):
    assert recipient_of(text, key=KEY, domain=DOMAIN) is None
    assert recipient_of(f"{BEGINS}{text}@{DOMAIN}", key=KEY, domain=DOMAIN) is None


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_a_number_that_is_none_gets_no_address(number):
    with pytest.raises(ValueError):
        bounce_address(number, key=KEY, domain=DOMAIN)
