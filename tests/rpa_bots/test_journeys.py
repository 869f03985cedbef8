"""Does the bot keep its promises in a real browser, on a system that breaks at the worst moments?"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from rpa_bots.__main__ import PASSWORD_FROM
from rpa_bots.browser import find_chromium, open_session, probe
from rpa_bots.charset import carried_characters
from rpa_bots.charset_table import ask_chromium
from rpa_bots.fake_legacy.records import generate
from rpa_bots.journal import Stage
from rpa_bots.outcomes import Absent, AlreadyThere, BusinessRefusal, Cause, Found, Keyed, TargetFailure, Unknown
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.bot import open_bot
from rpa_bots.shugaku_enjo.fields import meant
from tests.rpa_bots.conftest import LATE, PASSWORD, RememberingJournal

pytestmark = pytest.mark.journey


@contextmanager
def bot_at(system, *, password=PASSWORD, pictures=False, answer_seconds=10.0):
    with open_bot(
        system.target(answer_seconds=answer_seconds), Secret(password), time.monotonic, pictures=pictures
    ) as bot:
        yield bot


def keyed(bot, record):
    return bot.key(record, RememberingJournal())


def test_a_record_is_keyed_once_with_proof_and_found_ever_after(old_system, journal):
    system = old_system()
    record, twin = generate(2, seed=21)
    twin = {**twin, "reference": record["reference"]}
    long = {**record, "reference": "就援-R8-00099", "address": "長" * 61}

    with bot_at(system, pictures=True) as bot:
        first = bot.key(record, journal)
        again, other, cut = keyed(bot, record), keyed(bot, twin), keyed(bot, long)

    assert isinstance(first, Keyed)
    assert first.read_back == meant(record)
    assert journal.said == ["submitting", "E0000001"]
    assert again == AlreadyThere("E0000001", meant(record))
    assert (type(other), other.receipt) == (BusinessRefusal, "E0000001")
    assert (type(cut), cut.fields) == (BusinessRefusal, ("address",))
    assert [{"reference": row["reference"], **row["values"]} for row in system.registered()] == [record]


def test_another_family_looks_the_same_in_the_pictures(old_system, journal):
    other_journal = RememberingJournal()
    family, other_family = ({**generate(1, seed)[0], "apply_date": "2026-04-06"} for seed in (31, 32))

    for remembering, record in ((journal, family), (other_journal, other_family)):
        with bot_at(old_system(), pictures=True) as bot:
            assert isinstance(bot.key(record, remembering), Keyed)

    assert set(journal.pictures) == {Stage.FILLED, Stage.READ_BACK}
    assert journal.pictures == other_journal.pictures
    assert all(len(png) < 150_000 for png in journal.pictures.values())


def test_an_unknown_outcome_is_settled_by_looking_it_up_after_the_late_commit_time(old_system):
    faults = ("drop-after@1", "drop-before@2", "error-after@3", "odd-alert@4", "slow@5", "late-commit@6")
    system = old_system(*faults)
    records = generate(7, seed=22)

    with bot_at(system, answer_seconds=3.0) as bot:
        outcomes = [keyed(bot, record) for record in records]
        time.sleep(LATE + 0.5)  # the wait that reconcile_not_before() asks of the caller
        settled = [bot.reconcile(record["reference"]) for record in records[:6]]

    assert [type(outcome) for outcome in outcomes] == [Unknown] * 6 + [Keyed]
    assert [type(each) for each in settled] == [Found, Absent, *[Found] * 4]
    assert settled[0].values == meant(records[0])
    references = [row["reference"] for row in system.registered()]
    assert len(references) == len(set(references)) == 6


def test_an_unknown_dialog_or_page_stops_the_item_and_the_next_goes_on(old_system):
    system = old_system("odd-confirm@1", "maintenance@2", "password-expired@1")
    record, following = generate(2, seed=23)

    with bot_at(system) as bot:
        expired = keyed(bot, record)
        asked = keyed(bot, record)
        shut = keyed(bot, record)
        after = keyed(bot, following)

    assert expired.cause is Cause.PASSWORD_EXPIRED
    assert isinstance(asked, Unknown)
    assert (type(shut), shut.cause) == (TargetFailure, Cause.MAINTENANCE)
    assert isinstance(after, Keyed)
    assert [row["reference"] for row in system.registered()] == [following["reference"]]


def test_a_session_taken_by_another_is_opened_again_but_a_wrong_password_is_tried_twice_only(old_system):
    system = old_system()
    record, following = generate(2, seed=24)

    with bot_at(system) as bot:
        before = keyed(bot, record)
        system.clock.seconds += 1201
        after = keyed(bot, following)
    with bot_at(system, password="wrong") as bot:
        refused = [keyed(bot, record) for _ in range(3)]
    not_locked = httpx2.post(f"{system.url}/login", data={"account": "gakumu01", "password": PASSWORD})

    assert (type(before), type(after)) == (Keyed, Keyed)
    assert {outcome.cause for outcome in refused} == {Cause.SIGN_IN_REFUSED}
    assert not_locked.status_code == 303


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(302)
            self.send_header("Location", other_of.get("url", "/") + "redirected")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    other_of: dict[str, str] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", seen
    server.shutdown()
    thread.join()
    server.server_close()


LEAKS = """(url) => {
  const tried = [];
  new Image().src = url + 'image';
  tried.push(fetch(url + 'fetch', {mode: 'no-cors'}).then(() => 'out', () => 'shut'));
  tried.push(new Promise(end => { const socket = new WebSocket(url.replace('http', 'ws') + 'socket');
    socket.onopen = () => end('out'); socket.onerror = () => end('shut'); }));
  const frame = document.createElement('iframe'); frame.src = url + 'frame';
  tried.push(new Promise(end => { frame.onload = () => end('shut'); document.body.append(frame); }));
  navigator.sendBeacon(url + 'beacon', 'x');
  return Promise.all(tried);
}"""


def test_the_browser_reaches_its_target_and_a_second_listener_sees_nothing(old_system):
    system = old_system()

    with listener() as (elsewhere, seen), open_session(system.target(), ()) as session:
        session.page.goto(system.url)
        tried = session.page.evaluate(LEAKS, elsewhere)
        session.page.evaluate("url => { location.href = url }", f"{elsewhere}left")
        session.page.wait_for_timeout(300)

    assert tried == ["shut"] * 3
    assert seen == []


def test_the_table_agrees_with_the_browser_of_this_machine():
    first, last = 0x2000, 0x2300

    _, carried = ask_chromium(first, last)

    assert carried == {each for each in carried_characters() if first <= ord(each) < last}
    assert probe(find_chromium()).lower().startswith(("chromium", "google chrome"))


def test_the_command_line_keys_into_the_program_and_looks_it_up(tmp_path):
    (tmp_path / "records.json").write_text(json.dumps(generate(2, seed=25, unencodable_every=2)))
    environment = {**os.environ, PASSWORD_FROM: PASSWORD, "FAKE_LEGACY_PASSWORD": PASSWORD}
    program = [sys.executable, "-m", "rpa_bots.fake_legacy", "--port", "0", "--ledger", str(tmp_path / "ledger")]

    with subprocess.Popen(  # noqa: S603 - our own program
        program, stdout=subprocess.PIPE, text=True, env=environment
    ) as system:
        place = ["--target", system.stdout.readline().split()[1], "--account", "gakumu01"]
        key = _run(["key", *place, "--record", str(tmp_path / "records.json")], environment)
        looked_up = _run(["reconcile", *place, "--reference", "就援-R8-00001"], environment)
        system.terminate()

    lines = [json.loads(line) for line in key.stdout.splitlines()]
    assert [line.get("event") or line["outcome"] for line in lines] == [
        "submitting",
        "receipt",
        "Keyed",
        "BusinessRefusal",
    ]
    assert (key.returncode, looked_up.returncode, system.returncode) == (10, 0, 0)
    assert PASSWORD not in key.stdout + key.stderr


def _run(arguments, environment):
    command = [sys.executable, "-m", "rpa_bots", *arguments]
    return subprocess.run(  # noqa: S603 - our own program
        command, capture_output=True, text=True, env=environment, timeout=60, check=False
    )
