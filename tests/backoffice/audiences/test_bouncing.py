"""A mail that comes back closes the address it went to, and nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.audiences import bouncing
from backoffice.audiences.messages import bounce_domain, bounce_key
from backoffice.audiences.models import Recipient
from backoffice.carriers.verp import bounce_address
from backoffice.reachability.models import AddressStanding
from tests.backoffice.audiences.post import deliver, states, writing_office
from tests.backoffice.audiences.town import Person, register, release
from tests.backoffice.office import City
from tests.city_mail_server import CityMailServer, serve

REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Delivered-To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

It could not be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {whom}
Action: failed
Status: 5.1.1

--x--
"""


@pytest.fixture
def box(tmp_path):
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    return tmp_path / "box"


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
        (box / "new" / "1.mx").write_text(REPORT.format(to=back, whom="hikari@mail.example"))
        city.clock.pass_(minutes=5)

        assert bouncing.tick(office) == 1
        second = release(city.office, some, period="2027")
        deliver(city, second, smtp_port=there.port, office=office)

    with city.look() as work:
        assert [each.state for each in work.session.scalars(select(AddressStanding))] == ["bounced"]
    assert states(city, second) == {"accepted": 1, "stopped": 1}
    assert server.addresses.count("hikari@mail.example") == 1
