"""A city whose mail goes to a server of the test's own."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from backoffice.identity import Staff
from backoffice.mail import MailServer
from tests.backoffice.office import City


def with_mail(city: City, running, **others: object) -> None:
    settings = city.office.settings.model_copy(
        update={
            "smtp_host": running.host,
            "smtp_port": running.port,
            "smtp_security": "none",
            "smtp_from": "gijo@city.example.jp",
            "public_address": "https://gijo.city.example.jp",
            "smtp_timeout_seconds": 2.0,
            **others,
        }
    )
    city.office = replace(city.office, settings=settings, mail=MailServer(settings))


def give_mail(city: City, person: Staff, mail: str, language: str = "ja") -> None:
    with city.unit() as work:
        row = work.session.scalars(select(Staff).where(Staff.id == person.id)).one()
        row.mail, row.language = mail, language
