"""How does one text reach 500 people at most once, and what does the city hear of them?"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.carriers.line import Answered, Channel, Pace, Reply, _read, channel_of
from backoffice.carriers.webhook import Followed, Unfollowed, events_in, is_from_line
from backoffice.demo.edge.faults import Fault, Faults
from backoffice.demo.edge.ledger import Ledger, entries, received
from backoffice.demo.edge.line_account import COMPLAINT, Account, Said, nothing_wrong
from backoffice.demo.edge.line_rules import Call
from backoffice.demo.edge.line_server import Played, serving
from backoffice.demo.edge.line_webhooks import Happening, signature, webhook
from backoffice.errors import Invalid
from backoffice.settings import Settings
from tests.official_line import IS_HERE, needs_schemas, official, official_webhook

TOKEN, SECRET = "invented token", "invented secret"
TEXT = {"type": "text", "text": "福岡市からのお知らせです。"}
FLEX = {
    "type": "flex",
    "altText": "福岡市からのお知らせ",
    "contents": {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [
                {"type": "text", "text": "乳がん検診のお知らせ", "wrap": True},
                {"type": "button", "action": {"type": "uri", "label": "くわしく", "uri": "https://city.example.jp/k"}},
            ],
        },
    },
}
KEY = UUID("123e4567-e89b-12d3-a456-426614174000")


def user(number: int) -> str:
    return f"U{number:032x}"


class Edge:
    def __init__(self, folder: Path, **more) -> None:
        self.file = folder / "ledger"
        self.ledger = Ledger(self.file)
        self.account = Account(self.ledger, TOKEN, validator=official if IS_HERE else nothing_wrong, **more)

    def channel(self, port: int, token: str = TOKEN, seconds: float = 5.0) -> Channel:
        return Channel(f"http://127.0.0.1:{port}", token, seconds=seconds, pace=Pace(10_000))

    def complaints(self) -> list[str]:
        return [entry.content for entry in entries(self.file) if entry.channel == COMPLAINT]


@contextlib.contextmanager
def edge(folder: Path, *faults: Fault, seconds: float = 5.0, **more) -> Iterator[tuple[Edge, Channel]]:
    """LINE at the edge; its first calls meet these faults, one after the other, and then none."""
    played = Edge(folder, faults=_InOrder(list(faults)), **more)
    with serving(Played(played.account)) as port:
        yield played, played.channel(port, seconds=seconds)
    played.ledger.close()


class _InOrder(Faults):
    def __init__(self, order: list[Fault]) -> None:
        super().__init__(slow_seconds=0.05)
        self.order = order

    def draw(self) -> Fault | None:
        return self.order.pop(0) if self.order else None


@needs_schemas
def test_every_call_that_the_client_makes_is_one_that_lines_own_schemas_know(tmp_path):
    with edge(tmp_path, seconds=60.0) as (line, channel):  # the first call waits until the schemas are read
        answers = [
            channel.multicast([user(1)], [TEXT], key=uuid4()),
            channel.multicast([user(number) for number in range(500)], [FLEX, TEXT], key=uuid4(), unit="run_12"),
            channel.validate([TEXT, FLEX]),
        ]

    assert [one.reply for one in answers] == [Reply.ACCEPTED] * 3
    assert line.complaints() == []


def test_each_gets_the_message_once_and_lines_number_of_it_is_kept(tmp_path):
    with edge(tmp_path) as (line, channel):
        answer = channel.multicast([user(1), user(2)], [TEXT], key=KEY)

    assert received(line.file) == {user(1): [answer.request_id], user(2): [answer.request_id]}


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.GONE, Fault.TAKEN_5XX, Fault.NO, Fault.HANG_UP, Fault.NOT_NOW])
def test_what_nobody_knows_goes_again_under_its_key_and_reaches_each_once(tmp_path, fault):
    with edge(tmp_path, fault, seconds=0.3) as (line, channel):
        first = channel.multicast([user(1)], [TEXT], key=KEY)
        second = channel.multicast([user(1)], [TEXT], key=KEY)

    assert (first.reply, second.reply) == (Reply.AGAIN, Reply.ACCEPTED)
    ((number,),) = received(line.file).values()
    assert second.request_id == number
    assert line.complaints() == []


def test_a_slow_answer_is_an_answer(tmp_path):
    with edge(tmp_path, Fault.SLOW) as (_line, channel):
        assert channel.multicast([user(1)], [TEXT], key=KEY).reply is Reply.ACCEPTED


def test_where_line_asks_to_be_left_alone_it_is_said_how_long(tmp_path):
    with edge(tmp_path, Fault.NOT_NOW) as (_line, channel):
        answer = channel.multicast([user(1)], [TEXT], key=KEY)

    assert (answer.reply, answer.status, answer.wait_seconds) == (Reply.AGAIN, 429, 1.0)


def test_an_id_that_line_does_not_know_is_refused_and_nobody_got_it(tmp_path):
    with edge(tmp_path, knows={user(1)}.__contains__) as (line, channel):
        answer = channel.multicast([user(1), user(2)], [TEXT], key=KEY)

    assert (answer.reply, answer.status) == (Reply.REFUSED, 400)
    assert received(line.file) == {}


def test_a_message_that_line_would_not_draw_is_refused_before_anybody_is_asked(tmp_path):
    with edge(tmp_path) as (line, channel):
        answers = [channel.validate([{"type": "text", "text": ""}]), channel.validate([{"type": "klingon"}])]

    assert [one.reply for one in answers] == [Reply.REFUSED] * 2
    assert len(line.complaints()) == 2


def test_a_token_that_line_does_not_take_stops_everything(tmp_path):
    line = Edge(tmp_path)
    with serving(Played(line.account)) as port:
        answer = line.channel(port, token="stolen").multicast([user(1)], [TEXT], key=KEY)
    line.ledger.close()

    assert (answer.reply, answer.status, received(line.file)) == (Reply.BROKEN, 401, {})


def test_whoever_blocked_the_account_gets_nothing_and_line_does_not_say_so(tmp_path):
    with edge(tmp_path, blocked={user(2)}) as (line, channel):
        answer = channel.multicast([user(1), user(2)], [TEXT], key=KEY)

    assert answer.reply is Reply.ACCEPTED
    assert set(received(line.file)) == {user(1)}


def test_a_key_stays_a_key_when_the_edge_begins_anew(tmp_path):
    with edge(tmp_path) as (line, channel):
        first = channel.multicast([user(1)], [TEXT], key=KEY)
    again = Edge(tmp_path)
    again.account.remember(again.file)
    with serving(Played(again.account)) as port:
        second = again.channel(port).multicast([user(1)], [TEXT], key=KEY)
    again.ledger.close()

    assert (second.status, second.request_id) == (409, first.request_id)
    assert received(line.file) == {user(1): [first.request_id]}


def test_a_key_is_forgotten_after_a_day_and_a_retry_that_changed_is_complained_of(tmp_path):
    clock = [1000.0]
    with edge(tmp_path, now=lambda: clock[0]) as (line, channel):
        channel.multicast([user(1)], [TEXT], key=KEY)
        channel.multicast([user(1)], [FLEX], key=KEY)
        clock[0] += 24 * 3600 + 1
        late = channel.multicast([user(1)], [TEXT], key=KEY)

    assert late.status == 200
    assert line.complaints() == ["a retry that is not the same call"]


@pytest.mark.parametrize(
    ("to", "messages"),
    [
        ([], [TEXT]),
        ([user(number) for number in range(501)], [TEXT]),
        ([user(1)], []),
        ([user(1)], [TEXT] * 6),
        ([user(1), user(1)], [TEXT]),
        (["tanaka"], [TEXT]),
    ],
)
def test_what_line_would_not_read_is_not_sent(to, messages):
    with pytest.raises(ValueError):
        Channel("http://127.0.0.1:9", TOKEN, seconds=1, pace=Pace(1)).multicast(to, messages, key=KEY)


def test_so_many_calls_a_second_and_whoever_is_early_waits():
    clock, waited = [0.0], []

    def wait(seconds: float) -> None:
        waited.append(round(seconds, 6))
        clock[0] += seconds

    pace = Pace(5, lambda: clock[0], wait)
    for _ in range(4):
        pace.keep()
    clock[0] += 10
    pace.keep()

    assert waited == [0.2, 0.2, 0.2]


def answered_by(status: int, body: bytes = b"{}", **headers: str) -> Answered:
    return _read(status, headers, body)


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        *((status, "accepted") for status in (200, 409)),
        *((status, "again") for status in (0, 408, 429, 500, 503)),
        *((status, "refused") for status in (400, 413)),
        *((status, "broken") for status in (204, 302, 401, 403, 404)),
    ],
)
def test_what_an_answer_means(status, reply):
    assert answered_by(status).reply == reply


def test_a_month_that_is_used_up_stops_everything_and_no_words_of_line_name_anybody():
    month = answered_by(429, b'{"message":"You have reached your monthly limit."}')
    named = answered_by(400, json.dumps({"message": f"{user(7)} is unknown"}).encode())

    assert month.reply is Reply.BROKEN
    assert named.said == "U… is unknown"


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"details":[1]}', b"\xff"])
def test_an_answer_that_is_not_lines_own_is_read_all_the_same(body):
    assert answered_by(400, body).reply is Reply.REFUSED


def test_an_address_that_sends_elsewhere_is_not_followed(tmp_path, monkeypatch):
    seen: list[str] = []
    line = Edge(tmp_path)

    class Elsewhere(Account):
        def answer(self, call: Call):
            seen.append(call.path)
            return Said(307, {}, {"Location": "/v2/bot/message/elsewhere"})

    with serving(Played(Elsewhere(line.ledger, TOKEN))) as port:
        answer = line.channel(port).multicast([user(1)], [TEXT], key=KEY)
    line.ledger.close()

    assert (answer.reply, len(seen)) == (Reply.BROKEN, 1)


def test_the_settings_name_the_account_or_nothing_goes_by_line(tmp_path):
    (tmp_path / "token").write_text(TOKEN + "\n")
    line = Edge(tmp_path)
    with serving(Played(line.account)) as port:
        channel = channel_of(Settings(line_token_file=tmp_path / "token", line_endpoint=f"http://127.0.0.1:{port}"))
        assert channel is not None
        assert channel.multicast([user(1)], [TEXT], key=KEY).reply is Reply.ACCEPTED
    line.ledger.close()

    assert channel_of(Settings()) is None
    with pytest.raises(ValueError, match="GIJO_LINE_ENDPOINT"):
        Settings(line_endpoint="http://api.line.me")


def happening(kind: str, **more) -> Happening:
    return Happening(kind, user(1), "01FZ74A0TDDPYRVKNK77XKC3ZR", 1_692_251_666_727, **more)


@needs_schemas
@pytest.mark.parametrize("kind", ["follow", "unfollow", "message"])
def test_the_player_writes_webhooks_as_lines_own_schemas_know_them(kind):
    headers = {"content-type": "application/json"}

    assert official_webhook(webhook(happening(kind, text="こんにちは")), headers) == ""


def test_who_follows_and_who_stopped_is_read_with_when_and_whether_it_was_told_before():
    raw = webhook(
        happening("follow", is_unblocked=True),
        happening("unfollow", is_redelivery=True),
        happening("message", text="停止"),
    )

    followed, unfollowed = events_in(raw)

    assert isinstance(followed, Followed)
    assert (followed.user, followed.is_unblocked, followed.is_redelivery) == (user(1), True, False)
    assert isinstance(unfollowed, Unfollowed)
    assert (unfollowed.is_redelivery, unfollowed.event_id) == (True, followed.event_id)
    assert unfollowed.at.isoformat() == "2023-08-17T05:54:26.727000+00:00"


def test_what_is_about_no_person_and_kinds_to_come_are_left_out():
    raw = json.dumps(
        {"events": [{"type": "join"}, {"type": "message", "source": {"type": "group", "groupId": "C1"}}]}
    ).encode()

    assert events_in(raw) == ()
    assert events_in(b'{"destination":"U1","events":[]}') == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"events":[1]}',
        webhook(happening("follow")).replace(user(1).encode(), b"tanaka"),
        b'{"events":[{"type":"follow","source":{"type":"user"}}]}',
        webhook(happening("follow")).replace(b"1692251666727", b"1e999"),
        webhook(happening("follow")).replace(b"false", b'"no"'),
        b"[" * 100_000,
    ],
)
def test_what_line_would_not_write_is_refused(raw):
    with pytest.raises(Invalid):
        events_in(raw)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_only_what_lines_secret_signed_is_believed_to_the_last_byte(raw, guess):
    signed = signature(raw, SECRET)

    assert is_from_line(raw, signed, SECRET)
    assert not is_from_line(raw + b" ", signed, SECRET)
    assert not is_from_line(raw, signed, "another")
    assert not is_from_line(raw, guess, SECRET)
