"""Does the edge keep what arrived, whatever dies, and show it as a resident's phone would?"""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from backoffice.carriers.dkim import Signer
from backoffice.carriers.mime import Form
from backoffice.carriers.parcels import Parcel
from backoffice.carriers.smtp import carry
from backoffice.carriers.smtp_greeting import Relay
from backoffice.carriers.webhook import Unfollowed, events_in, is_from_line
from backoffice.demo.edge import sink as mail_sink
from backoffice.demo.edge.faults import Fault, Faults, faults_in
from backoffice.demo.edge.ledger import Entry, Ledger, entries, received
from backoffice.demo.edge.line_account import Account, Said
from backoffice.demo.edge.line_server import HAPPENING, Played
from backoffice.demo.edge.line_server import serving as line_serving
from backoffice.demo.edge.phone import phone_view
from backoffice.demo.edge.sink import Sink
from tests.backoffice.carriers.books import Books
from tests.backoffice.carriers.mails import AT, DOMAIN, ROOT, SELECTOR, WORDING, mailing
from tests.backoffice.carriers.test_line import FLEX, SECRET, TEXT, TOKEN, user


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "edge" / "ledger"


@contextmanager
def ledger_in(file):
    ledger = Ledger(file)
    yield ledger
    ledger.close()


def mail(key: int) -> Parcel:
    content = Form(WORDING).filled(mailing(f"hito{key}@example.jp", code=f"K-{key}"))
    return Parcel(key, f"bounce+{key}@{DOMAIN}", f"hito{key}@example.jp", content.replace(b"n-12-7", b"n-%d" % key))


def send(port: int, books: Books, connections: int = 2, seconds: float = 5) -> None:
    relay = Relay("127.0.0.1", port, seconds=5, seconds_with_a_content=seconds, seconds_between_tries=0.001)
    asyncio.run(carry(relay, books, connections=connections, stopping=lambda: False))


def test_the_sink_pipelines_and_what_it_took_stands_in_the_ledger(file):
    books = Books.of(mail(key) for key in range(50))
    with ledger_in(file) as ledger, mail_sink.serving(Sink(ledger)) as port:
        send(port, books)

    assert set(books.fates().values()) == {"accepted"}
    assert received(file) == {f"hito{key}@example.jp": [f"n-{key}@gijo.city.example.jp"] for key in range(50)}


def test_whatever_goes_wrong_each_phone_has_one_mail_or_none_and_the_books_say_which(file):
    faults = Faults(
        dict.fromkeys((Fault.NOT_NOW, Fault.NO, Fault.SILENT, Fault.GONE, Fault.HANG_UP, Fault.SLOW), 0.05), 7
    )
    faults.slow_seconds = 0.01
    books = Books.of((mail(key) for key in range(200)), withdrawn={5, 50})
    with ledger_in(file) as ledger:
        nobody = frozenset({"hito3@example.jp"})
        with mail_sink.serving(Sink(ledger, faults, refuses=nobody, keeps_content=False)) as port:
            send(port, books, connections=4, seconds=0.3)

    had = {key: len(received(file).get(f"hito{key}@example.jp", [])) for key in range(200)}
    assert max(had.values()) == 1
    assert books.turned_away == {5, 50}
    assert Counter(had[key] for key in books.turned_away) == {0: 2}
    fates = books.fates()
    assert set(fates) == set(range(200)) - {5, 50}
    assert {fates[key] for key in fates if had[key]} <= {"accepted", "unsure"}
    assert {fates[key] for key in fates if not had[key]} <= {"refused", "put_off", "untried", "unsure"}
    assert fates[3] == "refused"
    assert all(entry.content is None for entry in entries(file))


def test_the_same_seed_draws_the_same_faults():
    words = ["4xx=0.1", "silent=0.2"]

    first, second = ([faults_in(words, 3, 0.1).draw() for _ in range(5)] for _ in range(2))

    assert first == second
    with pytest.raises(ValueError):
        faults_in(["4xx=0.9", "5xx=0.2"], 0, 0)
    with pytest.raises(ValueError):
        faults_in(["rain=0.1"], 0, 0)


def test_a_ledger_whose_writer_was_killed_in_a_line_goes_on_with_a_line_of_its_own(file):
    with ledger_in(file) as ledger:
        ledger.note(Entry("mail", ("a@example.jp",), "1", 0.0))
    with file.open("ab") as torn:
        torn.write(b'{"channel":"mail","to":["b@exa')
    assert received(file) == {"a@example.jp": ["1"]}

    with ledger_in(file) as ledger:
        ledger.note(Entry("mail", ("c@example.jp",), "2", 0.0))

    assert received(file) == {"a@example.jp": ["1"], "c@example.jp": ["2"]}
    assert received(file.with_name("nothing")) == {}


def test_a_phone_shows_a_mail_as_it_was_written(file, rsa_key):
    signed = Signer(DOMAIN, SELECTOR, rsa_key).signed(Form(WORDING).filled(mailing()), AT)
    with ledger_in(file) as ledger, mail_sink.serving(Sink(ledger)) as port:
        send(port, Books.of([Parcel(1, f"bounce+1@{DOMAIN}", "hito@example.jp", signed)]))

    (shown,) = phone_view(file, "hito@example.jp")

    assert (shown.channel, shown.title, shown.language) == ("mail", WORDING.subject, "ja")
    assert "照会番号: K7-23" in shown.text
    assert "\n.\r\n" in shown.text
    assert shown.page.startswith("<!doctype html>")
    assert shown.stop_link == "https://todoke.city.example.jp/stop/abcdef"
    assert phone_view(file, "nobody@example.jp") == []


def test_a_phone_shows_line_messages_the_newest_first(file):
    with ledger_in(file) as ledger:
        ledger.note(Entry("line", (user(1), user(2)), "r1", 10.0, "k1", content=[TEXT]))
        ledger.note(Entry("line", (user(1),), "r2", 20.0, "k2", content=[FLEX]))

    flex, text = phone_view(file, user(1))

    assert (text.text, text.channel) == (TEXT["text"], "line")
    assert (flex.title, flex.text) == (
        "福岡市からのお知らせ",
        "乳がん検診のお知らせ\n[くわしく] https://city.example.jp/k",
    )
    assert len(phone_view(file, user(2))) == 1


class City:
    """Where the city hears of LINE's users: keeps what came."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, str]] = []

    def answer(self, call):
        self.heard.append((call.body, call.headers["x-line-signature"]))
        return Said(200)


def post(port: int, path: str, body: object) -> dict:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("POST", path, json.dumps(body))
    answer = json.loads(line.getresponse().read())
    line.close()
    return answer


def test_whoever_stops_is_told_to_the_city_by_a_signed_webhook_and_gets_nothing_more(file):
    city = City()
    with ledger_in(file) as ledger, line_serving(Played(city)) as city_port:  # type: ignore[arg-type] -- answers like an account
        account = Account(ledger, TOKEN)
        with line_serving(Played(account, f"http://127.0.0.1:{city_port}/line", SECRET)) as port:
            first = post(port, HAPPENING, {"kind": "unfollow", "user": user(1)})
            post(port, HAPPENING, {"kind": "unfollow", "user": user(1), "is_redelivery": True, **first})
            post(port, HAPPENING, {"kind": "follow", "user": user(1)})

    assert first["city_answered"] == 200
    assert all(is_from_line(raw, signature, SECRET) for raw, signature in city.heard)
    (stopped,), (again,), (back,) = (events_in(raw) for raw, _signature in city.heard)
    assert isinstance(stopped, Unfollowed)
    assert (again.event_id, again.is_redelivery) == (stopped.event_id, True)
    assert back.is_unblocked
    assert account.blocked == set()


@pytest.mark.journey
@pytest.mark.parametrize("player", ["sink", "line_server"])
def test_each_player_runs_as_a_process_of_its_own(file, player):
    more = ["--token", TOKEN] if player == "line_server" else []
    words = [sys.executable, "-m", f"backoffice.demo.edge.{player}", "--ledger", str(file), "--fault", "slow=0.5"]
    with subprocess.Popen(  # noqa: S603 -- our own modules
        [*words, "--slow-seconds", "0.01", *more], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as one:
        try:
            assert one.stdout is not None
            port = int(one.stdout.readline())
            if player == "sink":
                send(port, Books.of(mail(key) for key in range(5)), seconds=5)
            else:
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                headers = {"Authorization": f"Bearer {TOKEN}"}
                body = json.dumps({"to": [user(1)], "messages": [TEXT]})
                line.request("POST", "/v2/bot/message/multicast", body, headers)
                assert line.getresponse().status == 200
                line.close()
        finally:
            one.kill()

    assert len(received(file)) == (5 if player == "sink" else 1)
