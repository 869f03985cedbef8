"""Letters as strangers write them, and the mailbox of a department into which they come."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backoffice.demo.edge import imap_server
from backoffice.identity import Department
from backoffice.mail_in import acting, fetching, forwarding
from backoffice.mail_in.models import MailAct, MailEnclosure, MailLetter
from backoffice.work import Office
from tests.backoffice.office import City

PDF = b"%PDF-1.7 invented"
PNG = b"\x89PNG\r\n\x1a\n invented IEND\xaeB`\x82"
File = tuple[str, bytes]


def letter(
    subject: str = "参加者名簿の送付",
    *files: File,
    sender: str = "koen@example.jp",
    to: str = "gakuji@city.example.jp",
    number: str = "<1@example.jp>",
    text: str = "お世話になります。",
) -> bytes:
    """An ordinary letter, which says only what the test cares about."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"], message["Message-ID"] = sender, to, subject, number
    message.set_content(text)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@dataclass(frozen=True)
class Mailroom:
    """The mailbox, and an office that looks into it."""

    city: City
    office: Office
    department: Department
    server: imap_server.Playing

    def comes(self, *letters: bytes) -> None:
        with self.client() as client:
            for each in letters:
                client.append("INBOX", "", imaplib.Time2Internaldate(0), each)

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(imap_server.HOST, self.server.port) as client:
            client.login(imap_server.USER, imap_server.PASSWORD)
            yield client

    def count(self, folder: str) -> int:
        with self.client() as client:
            return int(client.select(folder, readonly=True)[1][0] or 0)

    def ticks(self) -> int:
        """Let the worker do what it does with mail, as it does every while."""
        new = fetching.tick(self.office)
        acting.tick(self.office)
        forwarding.tick(self.office)
        return new

    def letters(self) -> Sequence[MailLetter]:
        with self.city.look() as work:
            files = selectinload(MailLetter.files).joinedload(MailEnclosure.file)
            acts = selectinload(MailLetter.acts).joinedload(MailAct.batch)
            return work.session.scalars(select(MailLetter).options(files, acts).order_by(MailLetter.id)).all()


@contextmanager
def mailroom(city: City, *, without: frozenset[bytes] = frozenset(), **more: object) -> Iterator[Mailroom]:
    """An office whose mailbox stands on a real server, and the department that sorts what comes."""
    department = city.department("学事課")
    password = city.office.settings.data_dir / "imap-password"
    password.write_text(imap_server.PASSWORD + "\n")
    with imap_server.play(without=without) as server:
        settings = city.office.settings.model_copy(
            update={
                "imap_host": imap_server.HOST,
                "imap_port": server.port,
                "imap_security": "none",
                "imap_user": imap_server.USER,
                "imap_password_file": password,
                "imap_timeout_seconds": 5.0,
                "mail_in_department": department.name,
                "mail_in_domains": "city.example.jp",
                **more,
            }
        )
        yield Mailroom(city, replace(city.office, settings=settings), department, server)
