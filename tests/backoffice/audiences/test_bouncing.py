"""A notice comes back: the mark in its envelope names whose it was, and nobody else's address is touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice.audiences import bouncing
from backoffice.audiences.messages import bounce_domain, bounce_key
from backoffice.audiences.models import Recipient
from backoffice.audiences.moving import minute_key, move, reasons_of
from backoffice.audiences.workflow import RecipientState
from backoffice.carriers.verp import bounce_address
from backoffice.consents.models import RegistrantChannel
from backoffice.reachability import queries
from backoffice.reachability.models import AddressStanding, DoubtfulMail
from backoffice.vault import Cipher
from backoffice.work import Office
from tests.backoffice.audiences.post import deliver, states, writing_office
from tests.backoffice.audiences.town import Person, register, release
from tests.backoffice.carriers.test_bounces import COMPLAINT, DSN
from tests.backoffice.office import City
from tests.backoffice.reachability.people import alive_kinds
from tests.backoffice.recount import kept, recounted
from tests.city_mail_server import CityMailServer, serve

HIKARI, KASUMI = Person("hikari"), Person("kasumi")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    (tmp_path / "bounces" / "new").mkdir(parents=True)
    return tmp_path / "bounces"


def sent(city: City, box: Path) -> tuple[Office, dict[str, Recipient]]:
    """Send a notice to two people; the office reads what comes back."""
    register(city.office, [HIKARI, KASUMI])
    run_id = release(city.office, [HIKARI, KASUMI])
    with serve(CityMailServer()) as there:
        deliver(city, run_id, smtp_port=there.port)
    office = writing_office(city, bounce_maildir=box)
    with city.look() as work:
        rows = work.session.scalars(select(Recipient).order_by(Recipient.id)).all()
    return office, dict(zip(("hikari", "kasumi"), rows, strict=True))


def come_back(office: Office, box: Path, recipient: Recipient, *, key: bytes = b"", mail: str = DSN) -> None:
    to = bounce_address(recipient.id, key=key or bounce_key(office), domain="city.example")
    said = {"to": to, "sender": to, "action": "failed", "status": "5.1.1", "kind": "abuse"}
    (box / "new" / "1.M1.mx").write_text(f"Delivered-To: {to}\n{mail.format(**said)}")
    bouncing.tick(office)


def alive(city: City, *recipients: Recipient) -> list[bool]:
    with city.look() as work:
        found = alive_kinds(work.session, [each.registrant_id for each in recipients])
    return [each.registrant_id in found for each in recipients]


def test_the_address_of_whoever_it_was_sent_to_is_closed(city_on_both: City, box: Path):
    office, recipients = sent(city_on_both, box)

    come_back(office, box, recipients["hikari"])

    assert alive(city_on_both, recipients["hikari"], recipients["kasumi"]) == [False, True]


def test_a_mark_that_this_office_did_not_make_closes_nothing_and_waits_for_a_person(city: City, box: Path):
    office, recipients = sent(city, box)

    come_back(office, box, recipients["hikari"], key=b"somebody else's")

    assert alive(city, recipients["hikari"]) == [True]
    with city.look() as work:
        assert work.session.scalars(select(DoubtfulMail.why)).all() == ["not_ours"]


def test_what_came_back_from_an_address_that_was_changed_since_says_nothing_of_the_new_one(city: City, box: Path):
    office, recipients = sent(city, box)
    with city.unit() as work:
        theirs = RegistrantChannel.registrant_id == recipients["hikari"].registrant_id
        work.session.scalars(select(RegistrantChannel).where(theirs)).one().set_at = work.now + timedelta(hours=1)

    come_back(office, box, recipients["hikari"])

    assert alive(city, recipients["hikari"]) == [True]


def test_whoever_calls_it_spam_after_changing_their_address_has_stopped_everything_all_the_same(city: City, box: Path):
    office, recipients = sent(city, box)
    with city.unit() as work:
        theirs = RegistrantChannel.registrant_id == recipients["hikari"].registrant_id
        work.session.delete(work.session.scalars(select(RegistrantChannel).where(theirs)).one())

    come_back(office, box, recipients["hikari"], mail=COMPLAINT)

    with city.look() as work:
        stops = queries.stops_of(work.session, recipients["hikari"].registrant_id)
        assert [each.topic for each in stops] == ["all"]


def test_a_mail_program_that_writes_to_the_address_of_list_unsubscribe_stops_the_topic(city: City, box: Path):
    office, recipients = sent(city, box)

    come_back(office, box, recipients["hikari"], mail="Subject: unsubscribe\n\n")

    with city.look() as work:
        stops = queries.stops_of(work.session, recipients["hikari"].registrant_id)
        assert [each.topic for each in stops] == ["health"]
    assert alive(city, recipients["hikari"]) == [True]


def test_a_message_that_was_never_handed_over_did_not_come_back(city: City, box: Path):
    office, recipients = sent(city, box)
    with city.unit() as work:
        work.session.get_one(Recipient, recipients["hikari"].id).handed_at = None

    come_back(office, box, recipients["hikari"])

    assert alive(city, recipients["hikari"]) == [True]


def test_without_a_box_the_worker_reads_nothing(city: City):
    assert bouncing.tick(replace(city.office)) == 0


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_mail_that_was_sent_under_a_former_master_key_comes_back_while_that_is_kept(
    city: City, box: Path, is_kept: bool
):
    office, recipients = sent(city, box)
    then = bytes.fromhex(office.settings.master_key_path.read_text())
    key = bounce_key(office)
    cipher = Cipher(bytes(32), office.services.random_bytes, [then] if is_kept else [])

    come_back(replace(office, cipher=cipher), box, recipients["hikari"], key=key)

    assert alive(city, recipients["hikari"]) == [not is_kept]


def test_an_address_that_bounced_for_good_is_not_written_to_by_the_next_run(city: City, box):
    some = [Person("hikari"), Person("kasumi")]
    register(city.office, some)
    first = release(city.office, some)
    office = writing_office(city, bounce_maildir=box)
    server = CityMailServer()
    with serve(server) as there:
        deliver(city, first, smtp_port=there.port, office=office)
        with city.look() as work:
            hikari = work.session.scalars(select(Recipient.id).order_by(Recipient.id)).first()
        back = bounce_address(hikari, key=bounce_key(office), domain=bounce_domain(office.settings))
        report = DSN.format(to=back, sender=back, action="failed", status="5.1.1")
        (box / "new" / "1.mx").write_text(f"Delivered-To: {back}\n{report}")
        city.clock.pass_(minutes=5)

        assert bouncing.tick(office) == 1
        second = release(city.office, some, period="2027")
        deliver(city, second, smtp_port=there.port, office=office)

    with city.look() as work:
        assert [each.state for each in work.session.scalars(select(AddressStanding))] == ["bounced"]
    assert states(city, second) == {"accepted": 1, "stopped": 1}
    assert server.addresses.count("hikari@mail.example") == 1


def test_a_run_knows_what_came_back_and_that_a_doubtful_mail_had_left(city: City, box: Path):
    office, recipients = sent(city, box)
    with city.unit() as work:
        hikari = work.session.get_one(Recipient, recipients["hikari"].id)
        run_id = hikari.run_id
        move(work, run_id, RecipientState.ACCEPTED, RecipientState.UNKNOWN, Recipient.id == hikari.id)
        work.counted[minute_key(run_id, work.now)] -= 1

    come_back(office, box, recipients["hikari"])
    come_back(office, box, recipients["hikari"])

    assert states(city, run_id) == {"accepted": 2}
    with city.look() as work:
        assert reasons_of(work.session, run_id)["came_back"] == 1
        assert kept(work.session) == recounted(work.session)
