"""The post office of a test: the city's mail server and LINE as they behave, in this process; and runs sent by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audiences.sending import Post, send_run
from backoffice.audiences.ticking import tick
from backoffice.carriers.line import Answered, Reply
from backoffice.carriers.smtp_greeting import Relay
from backoffice.work import Office
from tests.backoffice.audiences.town import hear
from tests.backoffice.office import City


class OnceOnly:
    """Steps of the durable engine that never crash."""

    def run(self, _name: str, work: Callable[[], Any]) -> Any:
        return work()


@dataclass
class Line:
    """What LINE was asked, in order, and what it answers next; ACCEPTED when nothing else was agreed."""

    answers: list[Reply] = field(default_factory=list)
    asked: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    """Retry key, people, the text."""
    before: Callable[[], None] = lambda: None

    def multicast(self, to: list[str], messages: list[dict[str, Any]], *, key: UUID) -> Answered:
        self.before()
        if len(set(to)) < len(to):
            raise ValueError("twice the same")
        self.asked.append((str(key), tuple(to), str(messages)))
        return Answered(self.answers.pop(0) if self.answers else Reply.ACCEPTED)


def deliver(
    city: City, run_id: int, *, smtp_port: int | None = None, line: Line | None = None, office: Office | None = None
) -> None:
    """Let the worker see to the run, and do its job once where one is asked for."""
    office = office or writing_office(city)
    with city.unit() as work:
        hear(work)
    tick(office)
    with city.look() as work:
        run = work.session.get_one(NoticeRun, run_id)
    if run.jobs_asked > run.jobs_begun:
        relay = None if smtp_port is None else Relay("127.0.0.1", smtp_port)
        post = Post(relay, line, 2, city_seconds(city), lambda _seconds: None, lambda: False)
        send_run(office, post, run_id, OnceOnly())


def writing_office(city: City, **settings: Any) -> Office:
    """The city's office, with an address that it writes from."""
    named = {
        "smtp_host": "127.0.0.1",
        "line_token_file": Path("/dev/null"),
        "smtp_from": "oshirase@city.example",
        "gateway_address": "https://gateway.city.example",
        **settings,
    }
    return replace(city.office, settings=city.office.settings.model_copy(update=named))


def city_seconds(city: City) -> Callable[[], float]:
    return lambda: city.clock().timestamp()


def states(city: City, run_id: int) -> Counter[str]:
    with city.look() as work:
        return Counter(work.session.scalars(select(Recipient.state).where(Recipient.run_id == run_id)))


def reasons(city: City, run_id: int) -> dict[str, int]:
    with city.look() as work:
        stopped = select(Recipient.reason).where(Recipient.run_id == run_id, Recipient.reason != "")
        return dict(Counter(work.session.scalars(stopped)))


def run_state(city: City, run_id: int) -> str:
    with city.look() as work:
        return work.session.get_one(NoticeRun, run_id).state
