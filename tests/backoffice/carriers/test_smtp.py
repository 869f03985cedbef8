"""How do many mails leave by few connections, each at most once, and each with its end told?"""

from __future__ import annotations

import asyncio
import contextlib
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.carriers.parcels import Fate, Parcel
from backoffice.carriers.smtp import carry
from backoffice.carriers.smtp_greeting import Relay
from backoffice.carriers.smtp_session import with_dots
from backoffice.errors import Unavailable
from tests.backoffice.carriers.books import Books, parcel
from tests.backoffice.carriers.scripted_server import HANG_UP, SILENCE, ScriptedServer
from tests.city_mail_server import ACCOUNT, PASSWORD, CityMailServer, make_certificate, serve


def never() -> bool:
    return False


def send(server: ScriptedServer, books: Books, *, connections: int = 1, stopping=never, **more) -> None:
    async def run() -> None:
        async with server.served(**more) as relay, asyncio.timeout(20):
            await carry(relay, books, connections=connections, stopping=stopping)

    asyncio.run(run())


def at(step: str, number: int, said: bytes):
    """Say something else the one time: at the `number`th of these steps."""
    count = itertools.count(1)
    return lambda asked: said if asked == step and next(count) == number else None


@pytest.mark.parametrize("pipelines", [True, False])
@pytest.mark.parametrize("connections", [1, 4])
def test_every_mail_arrives_once_whether_the_server_pipelines_or_not(pipelines, connections):
    server, books = ScriptedServer(pipelines=pipelines), Books.of(parcel(key) for key in range(30))

    send(server, books, connections=connections)

    assert set(books.fates().values()) == {"accepted"}
    assert sorted(server.whole) == list(range(30))
    assert server.contents == {key: parcel(key).content for key in range(30)}
    assert server.connections == connections


def test_where_the_server_pipelines_one_mail_costs_one_round_trip():
    answered = []
    server = ScriptedServer()
    books = Books.of(parcel(key) for key in range(3))
    server.says = lambda step: answered.append((step, tuple(books.announced))) and None

    send(server, books)

    # The envelope of the second is answered while only the first has been announced: it came with the first's content.
    assert [known for step, known in answered if step == "MAIL"] == [(), (0,), (0, 1)]
    assert books.settled[0].said == "2.0.0"


@pytest.mark.parametrize(
    ("step", "said", "fate", "code", "status"),
    [
        ("RCPT", b"550 5.1.1 <hito1@example.jp> unknown\r\n", "refused", 550, "5.1.1"),
        ("RCPT", b"450-4.2.1 come\r\n450 4.2.1 later\r\n", "put_off", 450, "4.2.1"),
        ("MAIL", b"452 4.3.1 full\r\n", "put_off", 452, "4.3.1"),
        ("DATA", b"554 5.7.1 no\r\n", "refused", 554, "5.7.1"),
        ("DOT", b"554 5.7.1 spam of hito1@example.jp\r\n", "refused", 554, "5.7.1"),
        ("DOT", b"451 try again\r\n", "put_off", 451, ""),
        ("DOT", b"250 OK\r\n", "accepted", 250, ""),
        ("DOT", b"251 whatever\r\n", "unsure", 251, ""),
        ("DOT", b"nonsense\r\n", "unsure", 0, ""),
        ("DOT", HANG_UP, "unsure", 0, ""),
        ("DOT", SILENCE, "unsure", 0, ""),
        ("DOT", b"421 4.3.2 shutting\r\n", "put_off", 421, "4.3.2"),
    ],
)
@pytest.mark.parametrize("pipelines", [True, False])
def test_what_a_server_says_to_one_mail_is_that_mails_end_and_the_others_arrive(
    step, said, fate, code, status, pipelines
):
    server, books = ScriptedServer(at(step, 2, said), pipelines), Books.of(parcel(key) for key in range(4))

    send(server, books)

    assert books.fates() == {0: "accepted", 1: fate, 2: "accepted", 3: "accepted"}
    assert (books.settled[1].code, books.settled[1].said) == (code, status)
    assert server.empty_mails == 0


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("said", [HANG_UP, SILENCE, b"421 bye\r\n", b"nonsense\r\n", b"503 out of step\r\n"])
def test_a_connection_that_ends_before_a_content_costs_nobody_their_mail(step, said):
    server, books = ScriptedServer(at(step, 2, said)), Books.of(parcel(key) for key in range(4))

    send(server, books)

    assert set(books.fates().values()) == {"accepted"}
    assert sorted(server.whole) == [0, 1, 2, 3]


def test_a_server_that_goes_while_the_books_are_written_has_certainly_not_had_the_mail():
    server = ScriptedServer(at("DATA", 2, b"354 go on\r\n" + HANG_UP))
    books = Books.of((parcel(key) for key in range(4)), slow=0.05)

    send(server, books)

    assert books.fates() == {0: "accepted", 1: "untried", 2: "accepted", 3: "accepted"}


@pytest.mark.parametrize("extra", [b"250 OK\r\n", b"421 4.4.2 you were silent too long\r\n"])
def test_what_a_server_said_before_it_had_a_content_is_no_answer_to_it(extra):
    server = ScriptedServer(at("DATA", 2, b"354 go on\r\n" + extra))
    books = Books.of((parcel(key) for key in range(4)), slow=0.02)

    send(server, books)

    assert books.fates() == {0: "accepted", 1: "untried", 2: "accepted", 3: "accepted"}


def test_nothing_that_was_said_in_the_clear_is_believed_in_tls():
    server = ScriptedServer(at("STARTTLS", 1, b"220 go\r\n250-here\r\n250 AUTH PLAIN\r\n"))

    with pytest.raises(Unavailable) as refusal:
        send(server, Books.of([parcel(0)]), security="starttls", tries=1)

    assert refusal.value.params == {"trouble": "something was said before TLS began"}


def test_after_a_refusal_the_next_envelope_begins_afresh_on_the_same_connection():
    server, books = ScriptedServer(at("RCPT", 2, b"550 5.1.1 nobody\r\n")), Books.of(parcel(key) for key in range(4))

    send(server, books)

    assert (server.connections, server.commands.count("RSET")) == (1, 1)


def test_a_server_that_asks_for_content_without_a_recipient_gets_a_lone_dot_and_the_next_mail():
    count = itertools.count(1)

    def says(step):
        if step == "RCPT" and next(count) == 2:
            return b"550 5.1.1 nobody\r\n"
        return b"354 whatever\r\n" if step == "DATA" else None

    server, books = ScriptedServer(says), Books.of(parcel(key) for key in range(3))
    send(server, books)

    assert books.fates() == {0: "accepted", 1: "refused", 2: "accepted"}
    assert (server.whole, server.empty_mails, server.connections) == ([0, 2], 0, 1)


@pytest.mark.parametrize("pipelines", [True, False])
def test_whoever_withdrew_at_the_last_moment_gets_nothing_not_even_an_empty_mail(pipelines):
    server, books = (
        ScriptedServer(pipelines=pipelines),
        Books.of((parcel(key) for key in range(6)), withdrawn={0, 3, 5}),
    )

    send(server, books)

    assert books.fates() == {1: "accepted", 2: "accepted", 4: "accepted"}
    assert (server.whole, server.empty_mails, server.cut) == ([1, 2, 4], 0, 0)


def test_when_it_is_to_stop_what_is_on_the_line_ends_and_nothing_more_begins():
    server, books = ScriptedServer(), Books.of(parcel(key) for key in range(50))

    send(server, books, stopping=lambda: len(server.whole) >= 5)

    assert server.whole == [0, 1, 2, 3, 4]
    assert books.fates() == dict.fromkeys(range(5), "accepted") | {5: "untried"}


@pytest.mark.parametrize("greeting", [HANG_UP, SILENCE, b"554 no service\r\n", b"421 busy\r\n"])
def test_a_server_that_lets_nobody_in_is_said_after_a_few_tries_and_nobody_is_called_unsure(greeting):
    server, books = ScriptedServer(lambda step: greeting if step == "GREET" else None), Books.of([parcel(0), parcel(1)])

    with pytest.raises(Unavailable):
        send(server, books, connections=3, seconds=0.05)

    assert books.fates() == {0: "untried", 1: "untried"}
    assert server.connections <= 3 * 5


def test_a_connection_that_is_cut_again_and_again_while_another_sends_is_no_end_of_sending():
    def says(step):
        return HANG_UP if step == "RCPT" and "odd" in server.commands[-1] else None

    server = ScriptedServer()
    server.says = says
    odd = set(range(0, 100, 5))
    books = Books.of(parcel(key, to=f"odd{key}@example.jp" if key in odd else None) for key in range(100))

    send(server, books, connections=3)

    assert books.fates() == {key: "untried" if key in odd else "accepted" for key in range(100)}


def test_a_mail_that_ends_every_connection_is_let_go_and_those_behind_it_arrive():
    server = ScriptedServer()
    server.says = lambda step: b"500 what\r\n" if step == "RCPT" and "poison" in server.commands[-1] else None
    books = Books.of([parcel(0), parcel(1, to="poison@example.jp"), parcel(2)])

    send(server, books)

    assert books.fates() == {0: "accepted", 1: "untried", 2: "accepted"}


def test_a_sender_who_is_refused_is_our_trouble_and_nobodys_address_is_called_dead():
    server, books = ScriptedServer(lambda step: b"530 5.7.0 who are you\r\n" if step == "MAIL" else None), None
    books = Books.of(parcel(key) for key in range(9))

    with pytest.raises(Unavailable):
        send(server, books)

    assert set(books.fates().values()) == {"untried"}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Parcel(1, "b@city.example.jp", "a@example.jp>\r\nRCPT TO:<x@example.jp", b"x\r\n"), "5.1.3"),
        (Parcel(1, "b@city.example.jp", "ひと@example.jp", b"x\r\n"), "5.1.3"),
        (
            Parcel(1, "b@city.example.jp", "a@example.jp", b"Subject: 1\r\n\r\nx\n.\nMAIL FROM:<y@example.jp>\r\n"),
            "5.6.0",
        ),
        (Parcel(1, "b@city.example.jp", "a@example.jp", b"Subject: 1\r\n\r\nx\r.\r\r\n"), "5.6.0"),
        (Parcel(1, "b@city.example.jp", "a@example.jp", "Subject: 1\r\n\r\nあ\r\n".encode()), "5.6.0"),
        (Parcel(1, "b@city.example.jp", "a@example.jp", b"Subject: 1\r\n\r\n" + b"x" * 1_000_001), "5.3.4"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_what_cannot_be_handed_over_is_refused_here_and_nothing_of_it_goes_onto_the_line(bad, said, place):
    server, rest = ScriptedServer(), [parcel(7), parcel(8)]
    books = Books.of([*rest[:place], bad, *rest[place:]])

    send(server, books)

    assert books.fates() == {1: "refused", 7: "accepted", 8: "accepted"}
    assert books.settled[1].said == said
    assert server.whole == [7, 8]


def test_a_long_content_is_followed_to_its_end():
    server, books = ScriptedServer(), Books.of(parcel(key, ("y" * 70 + "\r\n") * 8_000) for key in range(3))

    send(server, books, seconds_with_a_content=10)

    assert set(books.fates().values()) == {"accepted"}


def test_what_the_books_raise_is_raised_and_the_line_is_hung_up():
    class Torn(Books):
        async def turn(self, done, coming):
            if coming == 2:
                raise RuntimeError("the database is gone")
            return await super().turn(done, coming)

    server, books = ScriptedServer(), Torn.of(parcel(key) for key in range(4))

    with pytest.raises(RuntimeError, match="the database is gone"):
        send(server, books)

    assert server.whole == [0, 1]


@given(st.lists(st.sampled_from([b".", b"..", b"a", b".a", b"\r\n"]), max_size=12))
def test_no_line_of_a_content_ends_it_and_the_server_reads_what_was_written(pieces):
    content = b"".join(pieces) + b"\r\n"

    dotted = with_dots(content)

    lines = dotted.split(b"\r\n")
    assert b"." not in lines
    assert b"\r\n".join(line.removeprefix(b".") if line.startswith(b".") else line for line in lines) == content


ANSWERS = st.sampled_from(
    [
        None,
        None,
        None,
        None,
        b"250 OK\r\n",
        b"250-\r\n250 2.0.0 long\r\n",
        b"354 go\r\n",
        b"450 4.2.1 later\r\n",
        b"550 5.1.1 no\r\n",
        b"421 4.3.2 bye\r\n",
        b"503 5.5.1 out of step\r\n",
        b"250-never ends\r\n",
        b"999 nonsense\r\n",
        b"\x00\xff\r\n",
        b"x" * 9000,
        HANG_UP,
        SILENCE,
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    script=st.lists(ANSWERS, max_size=40),
    pipelines=st.booleans(),
    pieces=st.sampled_from([0, 0, 1, 7]),
    connections=st.integers(1, 3),
    withdrawn=st.sets(st.integers(0, 7), max_size=3),
    stops_after=st.integers(0, 12),
)
def test_whatever_a_server_does_each_mail_has_one_end_and_it_is_true(
    script, pipelines, pieces, connections, withdrawn, stops_after
):
    words = iter(script)
    server = ScriptedServer(lambda _step: next(words, None), pipelines, pieces)
    books = Books.of([parcel(key) for key in range(8)], withdrawn=withdrawn)

    broken: list[str] = []

    def seen(key: int) -> None:
        # Collected: what a server's task raises reaches nobody.
        if key not in books.open:
            broken.append("a content is on its way that was not announced")
        if len(books.open) > connections:
            broken.append("a second content is on its way before the first one's end was noted")

    server.seen = seen
    with contextlib.suppress(Unavailable):
        send(
            server,
            books,
            connections=connections,
            stopping=lambda: len(books.settled) >= stops_after > 0,
            seconds=0.03,
            seconds_with_a_content=0.03,
        )

    assert broken == []
    assert set(books.given) == set(books.settled) | books.turned_away, "each that was given has exactly one end"
    assert len(server.whole) == len(set(server.whole)), "nothing goes twice"
    assert not books.turned_away & set(server.whole)
    assert server.empty_mails == 0
    for key, end in books.settled.items():
        if end.fate is Fate.ACCEPTED:
            assert key in server.said_250
        if end.fate is Fate.UNTRIED:
            assert key not in server.whole
        if key in server.whole:
            assert key in books.announced


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_mails_go_over_tls_and_with_a_password_as_the_settings_say(tmp_path, security):
    folder = make_certificate(tmp_path / "tls")
    how = {"none": {"asks": False}, "starttls": {"starttls": folder, "asks": True}, "tls": {"tls": folder}}[security]
    known = {"user": ACCOUNT, "password": PASSWORD} if security == "starttls" else {}
    books = Books.of(parcel(key) for key in range(5))
    with serve(CityMailServer(), **how) as running:
        relay = Relay(
            running.host, running.port, security, ca_file=str(folder / "certificate.pem"), host_here="gijo", **known
        )
        asyncio.run(carry(relay, books, connections=2, stopping=never))

    assert set(books.fates().values()) == {"accepted"}
    assert sorted(str(mail["Subject"]) for mail in running.server.taken) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("trouble", ["unknown certificate", "wrong password", "no TLS offered"])
def test_no_mail_goes_where_tls_or_the_password_fails(tmp_path, trouble):
    folder = make_certificate(tmp_path / "tls")
    how = {} if trouble == "no TLS offered" else {"starttls": folder, "asks": True}
    trusted = None if trouble == "unknown certificate" else str(folder / "certificate.pem")
    books = Books.of([parcel(0)])
    with serve(CityMailServer(), **how) as running, pytest.raises(Unavailable):
        relay = Relay(
            running.host, running.port, "starttls", ACCOUNT, "wrong", trusted, "gijo", seconds_between_tries=0.01
        )
        asyncio.run(carry(relay, books, connections=1, stopping=never))

    assert (books.fates(), running.server.taken) == ({0: "untried"}, [])
