"""How fast do notices leave, beside a client that does nothing but send? Into the same servers, in the same run.

Mail: the bare client pipelines prepared bytes over sockets, as many connections, into the same sink. The house's worker
claims, asks all conditions, builds each mail, signs it (DKIM, RSA 2048) and commits each intent and each fate; beside
it the carrier alone, which only counts. LINE: the bare client writes each body and posts it over one connection; the
worker claims 500 people and commits their request before, and the answer after.
Servers are processes of their own; rounds take turns, so that whatever else the machine does meets all.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import itertools
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from cryptography.hazmat.primitives.asymmetric import rsa

from backoffice.carriers.dkim import Signer
from backoffice.carriers.line import Channel, Pace, Reply
from backoffice.carriers.mime import Blank, Form, Mailing, Wording
from backoffice.carriers.parcels import Fate, Parcel, Settled
from backoffice.carriers.smtp import carry
from backoffice.carriers.smtp_greeting import Relay
from backoffice.demo.edge.line_account import MULTICAST
from backoffice.log import start_logging
from backoffice.settings import Settings
from bench._sending_city import DIALECTS, SendingCity, sending_city

MAILS, CALLS, ROUNDS = 4000, 60, 5
CONNECTIONS = Settings.model_fields["smtp_connections"].default
LEAST_MAIL, LEAST_LINE = 0.6, 0.8
AT_ONCE = 100
TOKEN = "invented token"  # noqa: S105 -- of an invented account
AT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
LINES = "今年度のがん検診を受けられます。お近くの医療機関に予約してください。\n" * 40
WORDING = Wording(
    "福岡市",
    "oshirase@city.example.jp",
    "【福岡市】がん検診のお知らせ",
    "ja",
    (LINES, "照会番号: ", Blank("code"), "\n"),
    ("<!doctype html><html lang='ja'><body><p>", LINES, "</p><p>", Blank("code"), "</p></body></html>"),
)


class Post:
    """Makes the mails of one run."""

    def __init__(self) -> None:
        self._form = Form(WORDING)
        self._signer = Signer("city.example.jp", "s1", rsa.generate_private_key(65537, 2048))

    def parcel(self, key: int) -> Parcel:
        to = f"hito{key}@example.jp"
        link = f"https://todoke.city.example.jp/stop/{key:060d}"
        own = Mailing(to, f"n-{key}@city.example.jp", AT, link, f"stop+{key}@city.example.jp", {"code": f"K-{key}"})
        return Parcel(key, f"bounce+{key}@city.example.jp", to, self._signer.signed(self._form.filled(own), AT))


@dataclass
class Counting:
    """A journal that only counts. Mails are made ahead in another thread: signing leaves the interpreter alone."""

    post: Post
    mails: int
    accepted: int = 0
    ready: list[Parcel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._keys = iter(range(self.mails))
        self._coming = self._ahead()

    async def next_parcel(self) -> Parcel | None:
        while not self.ready:
            coming = self._coming
            made = await asyncio.wrap_future(coming)
            if not made:
                return None
            if coming is self._coming:  # several connections may have waited for the same
                self.ready, self._coming = made, self._ahead()
        return self.ready.pop()

    async def turn(self, done: Settled | None, coming: int | None) -> bool:  # noqa: ARG002 -- the contract's
        self.accepted += done is not None and done.fate is Fate.ACCEPTED
        return True

    def _ahead(self) -> Future[list[Parcel]]:
        keys = list(itertools.islice(self._keys, AT_ONCE))
        return self._pool.submit(lambda: [self.post.parcel(key) for key in keys])


def ours(port: int, post: Post, mails: int) -> float:
    journal = Counting(post, mails)
    began = time.perf_counter()
    asyncio.run(carry(Relay("127.0.0.1", port), journal, connections=CONNECTIONS, stopping=lambda: False))
    took = time.perf_counter() - began
    assert journal.accepted == mails
    return mails / took


def the_house(port: int, city: SendingCity, mails: int) -> float:
    """All that a worker does, from the job of a run to its end."""
    run_id = city.released(mails, LINES)
    began = time.perf_counter()
    city.send(run_id, relay=Relay("127.0.0.1", port), connections=CONNECTIONS)
    took = time.perf_counter() - began
    assert city.states(run_id) == {"accepted": mails}
    return mails / took


def line_the_house(port: int, city: SendingCity, calls: int) -> float:
    """The same by LINE: each call with its 500 people claimed and asked of."""
    run_id = city.released(500 * calls, LINES)
    channel = Channel(f"http://127.0.0.1:{port}", TOKEN, seconds=30, pace=Pace(1_000_000))
    channel.validate([{"type": "text", "text": LINES}])
    began = time.perf_counter()
    city.send(run_id, line=channel, connections=CONNECTIONS)
    took = time.perf_counter() - began
    assert city.states(run_id) == {"accepted": 500 * calls}
    return calls / took


def bare(port: int, parcels: list[Parcel]) -> float:
    """Prepared bytes over sockets: the content of one mail and the envelope of the next in one go."""
    groups = [parcels[first::CONNECTIONS] for first in range(CONNECTIONS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda group: _pump(port, group), groups))
    return len(parcels) / (time.perf_counter() - began)


def _pump(port: int, parcels: list[Parcel]) -> None:
    envelopes = [f"MAIL FROM:<{one.sender}>\r\nRCPT TO:<{one.to}>\r\nDATA\r\n".encode() for one in parcels]
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def answer() -> bytes:
            while (heard := answers.readline())[3:4] == b"-":
                pass
            return heard[:3]

        answer()
        line.sendall(b"EHLO bench\r\n")
        answer()
        line.sendall(envelopes[0])
        for one, following in zip(parcels, [*envelopes[1:], b"QUIT\r\n"], strict=True):
            assert [answer(), answer(), answer()] == [b"250", b"250", b"354"]
            line.sendall(one.content + b".\r\n" + following)
            assert answer() == b"250"


def line_ours(port: int, calls: int) -> float:
    channel = Channel(f"http://127.0.0.1:{port}", TOKEN, seconds=30, pace=Pace(1_000_000))
    people = [f"U{number:032x}" for number in range(500)]
    channel.validate([{"type": "text", "text": LINES}])
    began = time.perf_counter()
    for _ in range(calls):
        answer = channel.multicast(people, [{"type": "text", "text": LINES}], key=uuid4())
        assert answer.reply is Reply.ACCEPTED
    return calls / (time.perf_counter() - began)


def line_bare(port: int, calls: int) -> float:
    people = [f"U{number:032x}" for number in range(500)]
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.connect()
    began = time.perf_counter()
    for _ in range(calls):
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Line-Retry-Key": str(uuid4())}
        body = json.dumps({"to": people, "messages": [{"type": "text", "text": LINES}]}).encode()
        line.request("POST", MULTICAST, body, headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200
    took = time.perf_counter() - began
    line.close()
    return calls / took


@contextlib.contextmanager
def player(name: str, folder: Path, *more: str) -> Iterator[int]:
    words = [sys.executable, "-m", f"backoffice.demo.edge.{name}", "--no-content", *more]
    words += ["--ledger", str(folder / name)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as process:  # noqa: S603 -- our own
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@dataclass
class Rates:
    """What each did in each round, in turns; the first is the bare client."""

    by_name: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, ways: dict[str, Callable[[], float]], rounds: int) -> Rates:
        for _ in range(rounds):
            for name, way in ways.items():
                self.by_name.setdefault(name, []).append(way())
        return self

    def of(self, name: str) -> float:
        return median(self.by_name[name])

    def ratio(self, name: str) -> float:
        """Give the median of the rounds' ratios to the bare client."""
        return median(one / bare for one, bare in zip(self.by_name[name], self.by_name["bare"], strict=True))

    def told(self, name: str) -> str:
        return f"{name} {self.of(name):.0f}/s (x{self.ratio(name):.2f})"


def mail_rates(folder: Path, mails: int, rounds: int) -> Rates:
    post = Post()
    parcels = [post.parcel(key) for key in range(mails)]
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(player("sink", folder))
        ways: dict[str, Callable[[], float]] = {
            "bare": lambda: bare(port, parcels),
            "carrier": lambda: ours(port, post, mails),
        }
        for dialect in DIALECTS:
            city = stack.enter_context(sending_city(dialect, folder, mails * rounds))
            ways[dialect] = partial(the_house, port, city, mails)
        return Rates().measure(ways, rounds)


def line_rates(folder: Path, calls: int, rounds: int) -> Rates:
    house_calls = max(1, calls // 10)
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(player("line_server", folder, "--token", TOKEN))
        ways: dict[str, Callable[[], float]] = {
            "bare": lambda: line_bare(port, calls),
            "carrier": lambda: line_ours(port, calls),
        }
        for dialect in DIALECTS:
            city = stack.enter_context(sending_city(dialect, folder, 500 * house_calls * rounds, line_every=1))
            ways[dialect] = partial(line_the_house, port, city, house_calls)
        return Rates().measure(ways, rounds)


def measured(mails: int, calls: int, rounds: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        mail, line = mail_rates(Path(name), mails, rounds), line_rates(Path(name), calls, rounds)
    worst = min(("carrier", *DIALECTS), key=mail.ratio)
    return {
        "name": "sending",
        "what": f"mails claimed, asked of, built, signed, journaled and sent, {CONNECTIONS} connections: "
        f"{', '.join(mail.told(each) for each in ('carrier', *DIALECTS))}; LINE multicasts to 500: carrier "
        f"{line.of('carrier'):.0f}/s of {line.of('bare'):.0f}/s bare (x{line.ratio('carrier'):.2f} >= {LEAST_LINE}), "
        f"with claims {', '.join(f'{each} {line.of(each):.1f}/s' for each in DIALECTS)}",
        "figure": round(mail.of(worst)),
        "unit": "mails/s",
        "against": f"a bare pipelining client {mail.of('bare'):.0f}/s",
        "ratio": round(mail.ratio(worst), 2),
        "goal": f">= {LEAST_MAIL}",
        "holds": mail.ratio(worst) >= LEAST_MAIL and line.ratio("carrier") >= LEAST_LINE,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    start_logging("ERROR")
    figures = measured(options.mails, options.calls, options.rounds)
    told = f"×{figures['ratio']}; {figures['figure']} mails/s; {figures['what']}; {figures['against']}"
    print(json.dumps(figures, ensure_ascii=False) if options.json else told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
