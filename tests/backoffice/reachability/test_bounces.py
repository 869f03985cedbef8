"""The worker reads the mails that came back, each once; what names no message of ours waits for a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice.carriers.bounces import LARGEST, Bounce, Kind
from backoffice.reachability import bounces, service
from backoffice.reachability.models import DoubtfulMail, SoftFailure
from backoffice.reachability.service import Written
from backoffice.reachability.workflow import AddressState, Failure, Topic
from tests.backoffice.reachability.people import MAIL, RECIPIENT, registered, with_settings


def read(raw: bytes, envelope_to: str) -> Bounce:
    """A reader as simple as the mails of this test: the envelope's number, and what happened as the body."""
    if b"explode" in raw:
        raise ValueError(raw)
    number = envelope_to.partition("+")[2].partition("@")[0]
    kind, _, status = raw.rpartition(b"\n")[2].decode().partition(" ")
    said = Kind(kind) if kind in set(Kind) else Kind.NOT_A_BOUNCE
    return Bounce(int(number) if number.isdecimal() else None, said, status)


@pytest.fixture
def box(tmp_path) -> Path:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / folder).mkdir(parents=True)
    return tmp_path / "bounces"


@pytest.fixture
def office(city, box):
    return with_settings(city, bounce_maildir=box)


VERP = f"bounce+{RECIPIENT}@city.example"


def come_back(
    box: Path, name: str, word: str, *, to: str = VERP, by: str = "Delivered-To", subject: str = "Undelivered"
) -> None:
    (box / "new" / name).write_text(f"{by}: {to}\nSubject: {subject}\n\n{word}")


def tick(city, person) -> int:
    mark = service.mark_of(city.office.cipher, MAIL)

    def whose(_session, recipient: int) -> Written | None:
        known = Written(recipient, person.registrant_id, Topic.HEALTH, mark, city.clock.moment)
        return known if recipient == RECIPIENT else None

    return bounces.tick(city.office, read, whose)


@pytest.mark.parametrize("by", ["Delivered-To", "X-Original-To"])
def test_a_mail_that_came_back_closes_its_address_and_is_read_once(office, box, by):
    person = registered(office)
    come_back(box, "1700000000.M1P1.mx", "permanent", by=by)

    assert (tick(office, person), tick(office, person)) == (1, 0)

    assert person.state() is AddressState.BOUNCED
    assert [each.name for each in (box / "cur").iterdir()] == ["1700000000.M1P1.mx:2,S"]


def test_an_automatic_answer_is_put_away_and_changes_nothing(office, box):
    person = registered(office)
    come_back(box, "1.M1.mx", "I am on holiday")

    tick(office, person)

    assert person.state() is AddressState.ALIVE
    assert len(list((box / "cur").iterdir())) == 1


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("permanent 5.1.1", AddressState.BOUNCED),
        ("permanent 5.2.1", AddressState.BOUNCED),
        ("permanent 4.4.7", AddressState.ALIVE),
        ("permanent 5.7.1", AddressState.ALIVE),
        ("permanent 5.1.8", AddressState.ALIVE),
        ("temporary 4.2.2", AddressState.ALIVE),
        ("complaint", AddressState.COMPLAINED),
    ],
)
def test_what_is_wrong_with_what_was_sent_closes_nobodys_address(office, box, said, state):
    person = registered(office)
    come_back(box, "1.M1.mx", said)

    tick(office, person)

    assert person.state() is state


def test_a_server_that_refuses_us_three_times_closes_nobodys_address_either(office, box):
    for of_us in ("5.7.26", "5.3.4", "4.7.1"):
        assert bounces.failure_of(Bounce(1, Kind.PERMANENT, of_us)) is None
    assert bounces.failure_of(Bounce(1, Kind.PERMANENT, "5.4.4")) is Failure.TEMPORARY


def test_whose_mail_program_writes_to_unsubscribe_has_stopped_the_topic(office, box):
    person = registered(office)
    come_back(box, "1.M1.mx", "", subject="Unsubscribe")

    tick(office, person)

    assert (person.stopped, person.state()) == ({"health"}, AddressState.ALIVE)


def test_an_automatic_answer_to_that_word_stops_nothing(office, box):
    person = registered(office)
    come_back(box, "1.M1.mx", "", subject="unsubscribe\nAuto-Submitted: auto-replied")

    tick(office, person)

    assert person.stopped == set()


@pytest.mark.parametrize(
    ("to", "word", "why"),
    [
        ("postmaster@city.example", "permanent", "not_ours"),
        ("bounce+99@city.example", "permanent", "unknown"),
        (f"bounce+{RECIPIENT}@city.example", "explode", "unreadable"),
        (f"bounce+{RECIPIENT}@city.example", "x" * (LARGEST + 1), "too_large"),
    ],
)
def test_what_names_no_message_of_ours_waits_in_its_folder_and_closes_nobodys_address(office, box, to, word, why):
    person = registered(office)
    come_back(box, "2.M2.mx", word, to=to)
    come_back(box, "3.M3.mx", "temporary")

    tick(office, person)

    assert person.state() is AddressState.ALIVE
    assert [each.name for each in (box / "doubtful").iterdir()] == ["2.M2.mx"]
    with office.look() as work:
        (kept,) = work.session.scalars(select(DoubtfulMail)).all()
        assert (kept.name, kept.why) == ("2.M2.mx", why)
        assert work.session.scalars(select(SoftFailure)).one().recipient == RECIPIENT


def test_a_worker_that_died_before_it_put_a_mail_away_reads_it_again_to_no_effect(office, box):
    person = registered(office)
    come_back(box, "4.M4.mx", "temporary")
    tick(office, person)

    (box / "cur" / "4.M4.mx:2,S").rename(box / "new" / "4.M4.mx")
    tick(office, person)

    with office.look() as work:
        assert len(work.session.scalars(select(SoftFailure)).all()) == 1


def test_without_a_box_nothing_is_read(city):
    assert tick(city, registered(city)) == 0
