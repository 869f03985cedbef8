"""A city whose worker sends for a bench: the real claims, conditions, mails, signatures and commits of `audiences`."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from backoffice.audiences.messages import mail_kept
from backoffice.audiences.models import NoticeRun, RunBody
from backoffice.audiences.moving import states_of
from backoffice.audiences.sending import Post, send_run
from backoffice.audiences.ticking import tick
from backoffice.carriers.line import Channel
from backoffice.carriers.mime import Blank
from backoffice.carriers.smtp_greeting import Relay
from backoffice.composition import make_tables
from backoffice.work import Office
from tests.backoffice.audiences.post import OnceOnly
from tests.backoffice.audiences.town import Person, hear, people, register, release
from tests.backoffice.office import City, copy_template, make_template, open_city
from tests.postgres import Holder

DIALECTS = ("sqlite", "postgresql")


@dataclass
class SendingCity:
    """Everybody is registered beforehand; each run is of people who have heard of nothing."""

    city: City
    office: Office
    waiting: Iterator[Person]

    def released(self, count: int, lines: str) -> int:
        """Give a run of so many, to whom these lines are written, released and begun: its job is asked for."""
        run_id = release(self.office, list(islice(self.waiting, count)))
        own = ("照会番号: ", Blank("reference"), "\n", Blank("preference_url"), "\n")
        page = ("<!doctype html><html lang='ja'><body><p>", lines, "</p><p>", *own, "</p></body></html>")
        texts = {"mail": mail_kept("がん検診のお知らせ", (lines, *own), page), "line": line_kept(lines)}
        with self.city.unit() as work:
            for kind, content in texts.items():
                of_kind = sa.update(RunBody).where(RunBody.run_id == run_id, RunBody.kind == kind)
                work.session.execute(of_kind.values(content=content))
        tick(self.office)
        return run_id

    def send(self, run_id: int, *, relay: Relay | None = None, line: Channel | None = None, connections: int) -> None:
        """Do what a worker does when the job of a run comes to it."""
        seconds = self.city.clock
        post = Post(relay, line, connections, lambda: seconds().timestamp(), lambda _seconds: None, lambda: False)
        send_run(self.office, post, run_id, OnceOnly())

    def states(self, run_id: int) -> Counter[str]:
        with self.city.look() as work:
            assert work.session.get_one(NoticeRun, run_id).state == "done"
            return Counter({state: count for state, count in states_of(work.session, run_id).items() if count})


def line_kept(lines: str) -> dict[str, Any]:
    return {"schema": 1, "messages": [{"type": "text", "text": lines}]}


@contextlib.contextmanager
def sending_city(dialect: str, folder: Path, count: int, line_every: int = 0) -> Iterator[SendingCity]:
    """Give a city of so many registered people; every so-many'th is on LINE."""
    with tempfile.TemporaryDirectory(dir=folder) as name, contextlib.ExitStack() as stack:
        here = Path(name)
        if dialect == "sqlite":
            (here / "template").mkdir()
            url = copy_template(make_template(here / "template"), here)
        else:
            holder = Holder()
            stack.callback(holder.release)
            url = stack.enter_context(holder.place.cluster().fresh("bench"))
            make_tables(url)
        city = stack.enter_context(open_city(here, url, "not asked for here"))
        key = here / "dkim.pem"
        made = rsa.generate_private_key(65537, 2048)
        key.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        named: dict[str, Any] = {
            "smtp_from": "oshirase@city.example",
            "gateway_address": "https://gateway.city.example",
            "dkim_domain": "city.example",
            "dkim_selector": "s1",
            "dkim_key_file": key,
        }
        office = replace(city.office, settings=city.office.settings.model_copy(update=named))
        some = list(people(count, line_every))
        register(office, some)
        with city.unit() as work:
            hear(work)
        yield SendingCity(city, office, iter(some))
