"""How does a letter leave the house? Over the city's own mail server, or not at all; never twice."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from backoffice.errors import Unavailable
from backoffice.mail import Letter, MailServer, Outcome
from backoffice.operations import premises
from backoffice.settings import Settings
from tests.backoffice.office import NOON
from tests.city_mail_server import ACCOUNT, PASSWORD, CityMailServer, Running, make_certificate, serve

LETTER = Letter(
    "tanaka@city.example.jp", "技助 朝のお知らせ 令和8年11月24日(火)", "承認待ち 3件\n.\n終わり\n", "morning-7", NOON
)


def settings(running: Running, **more) -> Settings:
    return Settings(
        **{
            "smtp_host": running.host,
            "smtp_port": running.port,
            "smtp_security": "none",
            "smtp_from": "gijo@city.example.jp",
            "public_address": "https://gijo.city.example.jp",
            "smtp_timeout_seconds": 5,
            **more,
        }
    )


def send(known: Settings, letter: Letter = LETTER) -> Outcome:
    with MailServer(known).open() as postbox:
        return postbox.send(letter)


@pytest.fixture
def password_file(tmp_path):
    path = tmp_path / "smtp-password"
    path.write_text(PASSWORD + "\n")
    return path


def test_a_letter_arrives_as_it_was_written_and_says_that_a_machine_wrote_it():
    with serve(CityMailServer()) as running:
        outcome = send(settings(running))

    (taken,) = running.server.taken
    assert outcome is Outcome.SENT
    assert (taken["Subject"], taken["To"]) == (LETTER.subject, LETTER.to)
    assert taken["From"] == "技助 <gijo@city.example.jp>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Message-ID"] == "<morning-7@gijo.city.example.jp>"
    assert taken["Date"].datetime == NOON
    assert taken.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_where_the_server_speaks_tls_with_a_known_certificate_letters_go_encrypted_with_the_password(
    tmp_path, password_file, security
):
    folder = make_certificate(tmp_path / "tls")
    how = {"starttls": folder, "asks": True} if security == "starttls" else {"tls": folder}
    known = {"smtp_user": ACCOUNT, "smtp_password_file": password_file} if security == "starttls" else {}
    with serve(CityMailServer(), **how) as running:
        outcome = send(settings(running, smtp_security=security, smtp_ca_file=folder / "certificate.pem", **known))

    assert (outcome, len(running.server.taken)) == (Outcome.SENT, 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_gets_no_letter(tmp_path, security):
    folder = make_certificate(tmp_path / "tls")
    with serve(CityMailServer(), **{security: folder}) as running, pytest.raises(Unavailable) as refusal:
        send(settings(running, smtp_security=security))

    assert (refusal.value.params, running.server.taken) == ({"trouble": "SSLCertVerificationError"}, [])


def test_a_server_that_will_not_speak_tls_gets_no_letter_in_the_clear():
    with serve(CityMailServer()) as running, pytest.raises(Unavailable):
        send(settings(running, smtp_security="starttls"))

    assert running.server.taken == []


def test_a_wrong_password_is_told_without_the_password(tmp_path, password_file):
    password_file.write_text("machigai-no-kasa")
    folder = make_certificate(tmp_path / "tls")
    known = {"smtp_security": "starttls", "smtp_ca_file": folder / "certificate.pem"}
    with serve(CityMailServer(), starttls=folder, asks=True) as running, pytest.raises(Unavailable) as refusal:
        send(settings(running, smtp_user=ACCOUNT, smtp_password_file=password_file, **known))

    assert refusal.value.params == {"trouble": "SMTPAuthenticationError"}
    assert running.server.taken == []


def test_one_address_that_nobody_has_stops_no_other_letter():
    with (
        serve(CityMailServer(refuses={"gone@city.example.jp"})) as running,
        MailServer(settings(running)).open() as postbox,
    ):
        outcomes = [
            postbox.send(Letter(to, "件名", "本文", f"morning-{to}", NOON))
            for to in ("gone@city.example.jp", "悪い宛先@city.example.jp", "tanaka@city.example.jp")
        ]

    assert outcomes == [Outcome.REFUSED, Outcome.REFUSED, Outcome.SENT]


def test_a_server_that_refuses_the_content_has_not_taken_it():
    with serve(CityMailServer(content_answer="554 not today")) as running:
        outcome = send(settings(running))

    assert outcome is Outcome.REFUSED


@pytest.mark.parametrize("behaves", [{"hangs_up_with_the_letter": True}, {"slow_seconds": 1.0}])
def test_where_nobody_knows_whether_a_letter_arrived_it_counts_as_unsure(behaves):
    with serve(CityMailServer(**behaves)) as running:
        outcome = send(settings(running, smtp_timeout_seconds=0.3))

    assert outcome is Outcome.UNSURE


def test_the_check_greets_the_server_and_says_what_it_offers():
    with serve(CityMailServer()) as running:
        row = premises.mail(settings(running))

    assert (row.ok, f"127.0.0.1:{running.port}" in row.detail, running.server.greeted) == (True, True, 1)
    assert running.server.taken == []


def test_the_check_tells_of_a_server_that_does_not_answer():
    with serve(CityMailServer()) as running:
        known = settings(running, smtp_security="starttls")
        row = premises.mail(known)

    assert (row.ok, "GIJO_SMTP" in row.mend) == (False, True)


def test_a_city_without_a_mail_server_is_in_order(tmp_path):
    row = premises.mail(Settings(data_dir=tmp_path))

    assert (row.ok, "GIJO_SMTP_HOST" in row.detail) == (True, True)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"smtp_from": ""}, "GIJO_SMTP_FROM"),
        ({"public_address": ""}, "GIJO_PUBLIC_ADDRESS"),
        ({"smtp_user": "gijo"}, "GIJO_SMTP_PASSWORD_FILE"),
        ({"smtp_user": "gijo", "smtp_password_file": "x", "smtp_host": "mail.city.example.jp"}, "GIJO_SMTP_SECURITY"),
    ],
)
def test_settings_that_could_send_no_mail_or_tell_a_password_are_refused(wrong, named):
    with pytest.raises(ValidationError, match=named):
        settings(Running("127.0.0.1", 25, CityMailServer()), **wrong)
