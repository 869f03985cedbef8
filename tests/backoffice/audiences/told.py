"""A notice that reached somebody: a run of an approved program, let go and delivered to a mail server of the test."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from backoffice.audiences.models import Recipient
from backoffice.audiences.queries import lock_run
from backoffice.audiences.workflow import RunState
from tests.backoffice.audiences.post import deliver
from tests.backoffice.audiences.runs import Sending
from tests.backoffice.office import City
from tests.city_mail_server import CityMailServer, serve


@dataclass(frozen=True)
class ToldTo:
    """Who was told, and the code that stands in their mail."""

    city: City
    name: str
    run_id: int
    number: str
    code: str


def let_go(city: City, run_id: int) -> None:
    """Release a frozen run, as the end of its route does."""
    with city.unit() as work:
        run = lock_run(work.session, run_id)
        run.state, run.released_at = RunState.RELEASED, work.now


def told(sending: Sending, language: str = "ja") -> ToldTo:
    """Tell one woman of a program."""
    (name,) = sending.women_over_forty(1)
    sending.register([name], language=language)
    run_id = sending.frozen()
    let_go(sending.city, run_id)
    server = CityMailServer()
    with serve(server) as there:
        deliver(sending.city, run_id, smtp_port=there.port)
    with sending.city.look() as work:
        recipient = work.session.scalars(select(Recipient).where(Recipient.run_id == run_id)).one()
    assert recipient.state == "accepted"
    code = "-".join(re.findall("....", recipient.reference))
    assert code in server.taken[0].get_body(["plain"]).get_content()
    return ToldTo(sending.city, name, run_id, sending.run(run_id).number, code)
