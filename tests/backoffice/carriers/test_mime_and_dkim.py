"""What are the bytes of a mail, and does a receiver with another library believe that the city wrote them?"""

from __future__ import annotations

import email
import re
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parseaddr

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from backoffice.carriers.dkim import Signer, canonical_body, key_in, signer_of
from backoffice.carriers.mime import Blank, Form, Mailing
from backoffice.errors import Unavailable
from backoffice.settings import Settings
from tests.backoffice.carriers.mails import AT, DOMAIN, SELECTOR, WORDING, judged, mailing

READABLE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn")), max_size=90)


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    held = message.get_body((kind,))
    assert held is not None
    return held.get_content()


@pytest.fixture(scope="module")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module", params=["rsa", "ed25519"])
def key(request, rsa_key):
    return rsa_key if request.param == "rsa" else ed25519.Ed25519PrivateKey.generate()


def test_a_mail_says_first_in_words_then_as_a_page_what_it_has_to_say():
    message = read(Form(WORDING).filled(mailing()))

    assert message.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
    assert part(message, "plain").replace("\r\n", "\n") == (
        "福岡市からのお知らせです。\n.\n今年度の乳がん検診を受けられます。  \n"
        "照会番号: K7-23\nやめる: https://todoke.city.example.jp/stop/abcdef\n"
    )
    assert "<p>照会番号: K7-23</p>" in part(message, "html")


def test_its_head_says_who_writes_to_whom_when_and_how_to_stop_it_with_one_click():
    message = read(Form(WORDING).filled(mailing()))

    assert (message["From"].addresses[0].display_name, message["To"]) == (WORDING.sender_name, "hito@example.jp")
    assert message["From"].addresses[0].addr_spec == WORDING.sender
    assert message["Subject"] == WORDING.subject
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == "<n-12-7@gijo.city.example.jp>"
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("ja", "auto-generated")
    assert message["List-Unsubscribe"] == (
        "<https://todoke.city.example.jp/stop/abcdef>, <mailto:stop+abcdef@city.example.jp?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(message.keys()) == len(set(message.keys()))


@given(st.lists(st.one_of(READABLE, st.just("\n"), st.just("\r\n"), st.just(" \n.\n")), max_size=30), READABLE)
def test_whatever_the_words_are_they_are_read_as_they_were_written(pieces, value):
    cut = len(pieces) // 2
    words = (*pieces[:cut], Blank("own"), *pieces[cut:])
    wording = replace(WORDING, text=words, page=words)

    content = Form(wording).filled(mailing(own=value))

    message = read(content)
    lines = re.compile("\r\n|\r|\n")
    assert lines.sub("\n", part(message, "plain")) == lines.sub("\n", "".join((*pieces[:cut], value, *pieces[cut:])))
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace('"', "&quot;").replace("'", "&#x27;")
    assert lines.sub("\n", part(message, "html")) == lines.sub("\n", "".join((*pieces[:cut], escaped, *pieces[cut:])))
    assert content.isascii()
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")
    assert max(map(len, content.split(b"\r\n"))) <= 200


@given(READABLE.filter(str.strip), READABLE)
def test_whatever_sender_and_subject_are_they_are_read_as_they_were_written(name, subject):
    content = Form(replace(WORDING, sender_name=name, subject=subject)).filled(mailing())

    # Python's newer reader puts a blank between two encoded words of a name (RFC 2047, 6.2: none); its older does not.
    head = email.message_from_bytes(content)
    written_name, address = parseaddr(head["From"])
    assert str(make_header(decode_header(written_name))) == name
    assert address == WORDING.sender
    assert str(make_header(decode_header(head["Subject"]))) == subject


def test_one_persons_values_are_nobody_elses():
    form = Form(WORDING)

    first, second = form.filled(mailing(code="AA-11")), form.filled(mailing("b@example.jp", code="BB-22"))

    assert ("AA-11" in part(read(first), "plain"), "BB-22" in part(read(second), "plain")) == (True, True)
    assert first == form.filled(mailing(code="AA-11"))


@pytest.mark.parametrize("bad", ["a\r\nBcc: b@example.jp", "a\nb", "a\rb", "a\0b", "a\u2028b"])
@pytest.mark.parametrize("field", ["to", "message_id", "stop_link", "stop_mail", "code"])
def test_no_value_breaks_out_of_its_line(bad, field):
    held = mailing(code=bad) if field == "code" else replace(mailing(), **{field: bad})

    with pytest.raises(ValueError):
        Form(WORDING).filled(held)


@pytest.mark.parametrize("bad", ["a\r\nBcc: b@example.jp", "a\nb", "a\rb"])
@pytest.mark.parametrize("field", ["sender_name", "sender", "subject", "language"])
def test_no_wording_breaks_out_of_its_line(bad, field):
    with pytest.raises(ValueError):
        Form(replace(WORDING, **{field: bad}))


@pytest.mark.parametrize("bad", ["a@example.jp, b@example.jp", "<a@example.jp>", "ひと@example.jp", ""])
def test_a_mail_goes_to_one_plain_address(bad):
    with pytest.raises(ValueError):
        Form(WORDING).filled(replace(mailing(), to=bad))


def test_another_library_finds_the_signature_good_and_both_lists_of_rfc_8058_covered(key):
    form, signer = Form(WORDING), Signer(DOMAIN, SELECTOR, key)
    messages = [signer.signed(form.filled(mailing(code=f"K{number}")), AT) for number in range(20)]

    verdicts = judged(messages, key)

    assert len(verdicts) == 20
    for (verdict,) in verdicts:
        assert verdict["result"] == "pass", verdict
        assert (verdict["domain"], verdict["algorithm"]) == (DOMAIN, signer._how)
        signed = re.split(r"[:;,\s]+", verdict["signed"])
        assert {"list-unsubscribe", "list-unsubscribe-post", "from", "to", "subject", "date", "message-id"} <= {*signed}
        assert {"mime-version", "content-type", "content-language", "auto-submitted"} <= {*signed}


SPOILT = {
    "another subject": lambda raw: re.sub(rb"\r\nSubject: (.*\r\n )*.*", b"\r\nSubject: other", raw),
    "another link": lambda raw: raw.replace(b"/stop/abcdef>", b"/stop/abcdeg>"),
    "another letter of the body": lambda raw: raw.replace(b"charset=utf-8", b"charset=utf-7"),
    "a second sender": lambda raw: b"From: mayor@elsewhere.example.jp\r\n" + raw,
    "a second subject": lambda raw: b"Subject: other\r\n" + raw,
    "no one-click": lambda raw: raw.replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_was_changed_on_the_way_is_found(rsa_key, how):
    raw = Signer(DOMAIN, SELECTOR, rsa_key).signed(Form(WORDING).filled(mailing()), AT)
    spoilt = SPOILT[how](raw)
    assert spoilt != raw

    ((verdict,),) = judged([spoilt], rsa_key)

    assert verdict["result"] != "pass"


def test_what_relays_may_change_leaves_the_signature_good(rsa_key):
    raw = Signer(DOMAIN, SELECTOR, rsa_key).signed(Form(WORDING).filled(mailing()), AT)
    relayed = b"Received: from a by b; today\r\n" + raw.replace(b"\r\nTo: ", b"\r\nTO:\r\n\t ") + b"\r\n\r\n"

    ((verdict,),) = judged([relayed], rsa_key)

    assert verdict["result"] == "pass"


def test_any_mail_that_python_writes_is_signed_so_that_it_is_believed(rsa_key):
    plain = EmailMessage(policy=SMTP)
    plain["From"], plain["To"], plain["Subject"] = "a@city.example.jp", "b@example.jp", "x " * 80
    plain.set_content("two  blanks\tand a tab \nblanks at an end   \n\n\n\n", cte="7bit")
    bodies = [plain.as_bytes(), b"From: a@city.example.jp\r\n\r\n", b"From: a@city.example.jp\r\n\r\nno end"]

    verdicts = judged([Signer(DOMAIN, SELECTOR, rsa_key).signed(body, AT) for body in bodies], rsa_key)

    assert [one["result"] for (one,) in verdicts] == ["pass"] * 3


@pytest.mark.parametrize(
    ("body", "relaxed"),
    [
        (b"", b""),
        (b"\r\n\r\n", b""),
        (b" \r\n\t\r\n", b""),
        (b"a", b"a\r\n"),
        (b"a \r\nb\t c\r\n\r\n", b"a\r\nb c\r\n"),
        (b" C \r\nD \t E\r\n\r\n\r\n", b" C\r\nD E\r\n"),  # the example of RFC 6376, 3.4.5
    ],
)
def test_bodies_are_relaxed_as_the_standard_says(body, relaxed):
    assert canonical_body(body) == relaxed


def write_key(folder, key, file="dkim.pem"):
    path = folder / file
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_the_settings_name_the_key_or_nothing_is_signed_here(tmp_path, rsa_key):
    named = {"dkim_domain": DOMAIN, "dkim_selector": SELECTOR, "dkim_key_file": write_key(tmp_path, rsa_key)}
    signer = signer_of(Settings(**named))

    assert signer is not None
    ((verdict,),) = judged([signer.signed(Form(WORDING).filled(mailing()), AT)], rsa_key)
    assert verdict["result"] == "pass"
    assert signer_of(Settings()) is None
    with pytest.raises(ValueError, match="GIJO_DKIM"):
        Settings(dkim_domain=DOMAIN)


def test_a_key_that_receivers_would_not_believe_is_refused(tmp_path):
    short = write_key(tmp_path, rsa.generate_private_key(65537, 1024))  # noqa: S505 -- that is the point
    curve = write_key(tmp_path, ec.generate_private_key(ec.SECP256R1()), "curve.pem")
    (tmp_path / "text.pem").write_text("no key")

    for file in (short, curve, tmp_path / "text.pem", tmp_path / "nothing.pem"):
        with pytest.raises(Unavailable):
            key_in(file)


def test_a_person_is_named_by_nothing_that_shows(rsa_key):
    held: Mailing = mailing()

    content = Signer(DOMAIN, SELECTOR, rsa_key).signed(Form(WORDING).filled(held), AT)

    assert b"<img" not in content
    assert content.count(held.to.encode()) == 1
