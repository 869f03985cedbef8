"""Do the demonstration's other old systems behave, and are the recordings that ship with them good for every paper?"""

from __future__ import annotations

import hashlib
import re
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from rpa_bots.browser import WITH_NAMES, open_browser, walled_in
from rpa_bots.fake_base.boxes import Kind, stored_values
from rpa_bots.fake_base.ledger import Ledger
from rpa_bots.fake_base.sign_in import Doorkeeper
from rpa_bots.fake_offices.known import KNOWN, SEED, settle
from rpa_bots.fake_offices.looks import LOOKS
from rpa_bots.fake_offices.recorded import recording_of, sample
from rpa_bots.fake_offices.rows import LEASE, rows
from rpa_bots.fake_offices.screens import NONE_FOUND
from rpa_bots.fake_offices.shipped import OFFICES
from rpa_bots.fake_offices.system import ENDED, OUT_OF_STEP, TWICE, OfficeSystem
from rpa_bots.recording.folders import files_under
from rpa_bots.recording.page.endings import Ending
from rpa_bots.recording.page.visit import Plan
from rpa_bots.recording.replaying import replay
from rpa_bots.recording.tape.addresses import addresses
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.submit_step import submit_step
from tests.rpa_bots.conftest import TurnedClock, serving
from tests.rpa_bots.staff import Staff

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TODAY = NOW.date()
ONE_PAGE = "library"
PDF = b"%PDF-1.7 lease"


class Clerk(Staff):
    """Who keys without a browser, in UTF-8 or Shift_JIS as the system wants it."""

    def __init__(self, office, url):
        super().__init__(base_url=url, timeout=5)
        self.office = office
        self.codec = LOOKS[office.look].codec

    def __enter__(self):
        super().__enter__()
        self.sent("/login", {"shokuin": self.office.account, "angou": self.office.password})
        return self

    def begun(self, form):
        """Send the entry screen; where there is a second one, give that."""
        path = "/register" if self.office.key == ONE_PAGE else "/confirm"
        return self.posted(path, {**form, "token": token(self.shown("/entry"))}).content.decode(self.codec)

    def registered(self, form):
        shown = self.begun(form)
        if 'action="/register"' not in shown:
            return shown
        return self.sent("/register", {"token": token(shown)})


def token(page):
    found = re.search(r'name="token" value="(\w+)"', page, re.IGNORECASE) or re.search(
        r"token&quot;: &quot;(\w+)", page
    )
    return found[1]


def keyed(office, row):
    return {each.key: row.get(each.label, "") for each in office.fields}


@pytest.fixture(params=[key for key, each in OFFICES.items() if each.registers])
def office(request):
    return OFFICES[request.param]


@pytest.fixture
def running(office, tmp_path):
    clock = TurnedClock()
    ledger = Ledger(tmp_path / "ledger.jsonl", office.letter)
    with serving(system(office, ledger, clock)) as url:
        yield url, ledger, clock


def system(office, ledger, clock):
    door = Doorkeeper({office.account: office.password}, 1200, clock, single=False)
    return OfficeSystem(office, ledger, door, lambda: NOW)


def test_a_paper_is_stored_once_and_found_and_refused_a_second_time(office, running):
    url, ledger, _ = running
    first, second = rows(office, 2, seed=1, today=TODAY)
    with Clerk(office, url) as clerk:
        assert office.wording.stored in clerk.registered(keyed(office, first))
        assert office.wording.stored in clerk.registered(keyed(office, second))
        assert TWICE in clerk.registered(keyed(office, first))
        (row, _other) = ledger.rows()
        found = clerk.sent("/search", {office.reference.key: first[office.reference.label]})
        shown = clerk.shown("/detail", bango=row.number)

    assert dict(row.values) == stored_values(office.fields, keyed(office, first))[0]
    assert "1件" in found
    assert row.number in found
    assert row.number in shown


def test_what_is_missing_or_wrong_is_said_and_nothing_is_stored(office, running):
    url, ledger, _ = running
    (row,) = rows(office, 1, seed=1, today=TODAY)
    with Clerk(office, url) as clerk:
        for each in office.fields:
            if each.required:
                assert f"「{each.label}」" in clerk.registered(keyed(office, row) | {each.key: ""})
            if each.max_length and each.kind is Kind.TEXT:
                assert "文字以内" in clerk.registered(keyed(office, row) | {each.key: "長" * (each.max_length + 1)})

    assert ledger.rows() == []


def test_a_screen_is_good_for_one_step_and_a_session_ends(office, running):
    url, ledger, clock = running
    (row,) = rows(office, 1, seed=1, today=TODAY)
    with Clerk(office, url) as clerk:
        assert OUT_OF_STEP in clerk.sent("/register", {**keyed(office, row), "token": "old"})
        clock.seconds = 1201
        assert ENDED in clerk.shown("/entry")

    assert ledger.rows() == []


def test_the_notice_is_a_pdf_where_there_is_one(office, running):
    url, ledger, _ = running
    (row,) = rows(office, 1, seed=1, today=TODAY)
    with Clerk(office, url) as clerk:
        clerk.registered(keyed(office, row))
        answer = clerk.get("/paper", params={"bango": ledger.rows()[0].number})

    assert answer.content.startswith(b"%PDF-") is bool(office.notice)


@pytest.mark.parametrize("key", [key for key, each in OFFICES.items() if not each.registers])
def test_what_only_answers_knows_its_people_and_takes_nobody_in(key, tmp_path):
    office, ledger = OFFICES[key], Ledger(tmp_path / "ledger.jsonl", "X")
    settle(office, ledger, NOW)
    at, row = max(enumerate(rows(office, KNOWN, SEED, TODAY)), key=lambda each: list(each[1].values()).count(""))
    with serving(system(office, ledger, TurnedClock())) as url, Clerk(office, url) as clerk:
        found = clerk.sent("/search", {office.reference.key: row[office.reference.label]})
        nobody = clerk.sent("/search", {office.reference.key: "0"})
        shown = clerk.shown("/detail", bango=ledger.rows()[at].number)
        refused = clerk.posted("/register", keyed(office, row)).status_code

    assert "1件" in found
    assert NONE_FOUND in nobody
    assert not [each.label for each in office.fields if each.label not in shown]
    assert "None" not in shown
    assert (refused, len(ledger.rows())) == (404, KNOWN)


@pytest.fixture(scope="module")
def keying(tmp_path_factory):
    """All systems at once, and one browser that reaches no other address."""
    folder = tmp_path_factory.mktemp("offices")
    with ExitStack() as stack:
        urls, ledgers = {}, {}
        for key, office in OFFICES.items():
            ledgers[key] = Ledger(folder / f"{key}.jsonl", office.letter)
            urls[key] = stack.enter_context(serving(system(office, ledgers[key], TurnedClock())))
        browser = stack.enter_context(open_browser((*walled_in(*urls.values()), WITH_NAMES)))
        yield browser, urls, ledgers


def test_the_shipped_recording_keys_every_paper_as_it_is(office, keying, tmp_path):
    browser, urls, ledgers = keying
    (tmp_path / LEASE).write_bytes(PDF)
    recording = read_recording(recording_of(office).read_bytes())
    allowed = (re.compile(re.escape(office.wording.question)),) if office.wording.question else ()
    there, files = addresses(recording, urls[office.key], ()), files_under(tmp_path)
    plan = Plan(recording, there, submit_step(recording), allowed, uploads=files)
    papers = [sample(office), rows(office, 2, seed=7, today=TODAY)[1]]

    ended = [replay(browser, plan, row) for row in (*papers, papers[0])]

    assert [each.ending for each in ended[:2]] == [Ending.DONE] * 2, [each.message for each in ended]
    assert ended[2].ending in {Ending.REFUSED, Ending.UNKNOWN}, "the first paper once more"
    brought = {each.key: hashlib.sha256(PDF).hexdigest() for each in office.fields if each.kind is Kind.FILE}
    meant = [stored_values(office.fields, keyed(office, row))[0] for row in papers]
    meant = [values | {key: sha256 for key, sha256 in brought.items() if values[key]} for values in meant]
    assert [dict(row.values) for row in ledgers[office.key].rows()] == meant
    assert [each.receipt for each in ended[:2]] == [row.number for row in ledgers[office.key].rows()]
