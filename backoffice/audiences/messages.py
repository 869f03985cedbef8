"""What are the very bytes that somebody gets? What all share was frozen; here a person's own pieces are put in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from backoffice.audiences.claiming import Addressee
from backoffice.audiences.models import NoticeRun, RunBody
from backoffice.audiences.topics import topic_of
from backoffice.carriers.dkim import Signer, signer_of
from backoffice.carriers.mime import Blank, Form, Mailing, Wording, Words
from backoffice.carriers.parcels import Parcel
from backoffice.carriers.smtp_session import is_address
from backoffice.carriers.verp import bounce_address
from backoffice.consents.portal import ADDRESS
from backoffice.consents.workflow import ChannelKind
from backoffice.identity import Actor, Origin
from backoffice.reachability.tokens import GOOD_FOR, StopLink, StopLinks
from backoffice.reachability.workflow import Topic
from backoffice.settings import Settings
from backoffice.work import Office
from workflows.notices.blocks import Slot

HOUSE = Actor.house(Origin.WORKER)
SENDER_NAME = "福岡市からのお知らせ"
LANGUAGE_TAGS = {"ja": "ja", "easy": "ja", "en": "en"}


class NoSuchMailError(Exception):
    """To this address no mail can be written at all."""


@dataclass(frozen=True)
class MailWriter:
    """Writes the mails of one run; each text is prepared once."""

    office: Office
    topic: Topic
    forms: dict[int, Form]

    def __call__(self, person: Addressee) -> Parcel:
        """Give one person's mail, signed. Raises NoSuchMailError."""
        now = self.office.services.now()
        to = self.office.cipher.open(person.sealed_address, ADDRESS).decode()
        if not is_address(to):
            raise NoSuchMailError
        back = bounce_address(person.recipient_id, key=self._bounce_key, domain=self._domain)
        link = self._stop_link(person, self.office.services.today())
        mailing = Mailing(
            to=to,
            message_id=message_id(person.reference, self._domain),
            written_at=now,
            stop_link=link,
            stop_mail=back,
            values={Slot.PREFERENCE_URL: link, Slot.REFERENCE: in_fours(person.reference)},
        )
        content = self.forms[person.body_id].filled(mailing)
        return Parcel(person.recipient_id, back, to, self._signer.signed(content, now) if self._signer else content)

    def _stop_link(self, person: Addressee, today: date) -> str:
        made = self._links.make(StopLink(person.recipient_id, person.registrant_id, self.topic, today + GOOD_FOR))
        return f"{self.office.settings.gateway_issuer}/stop/{made}"

    @cached_property
    def _domain(self) -> str:
        return bounce_domain(self.office.settings)

    @cached_property
    def _bounce_key(self) -> bytes:
        return bounce_key(self.office)

    @cached_property
    def _signer(self) -> Signer | None:
        return signer_of(self.office.settings)

    @cached_property
    def _links(self) -> StopLinks:
        return StopLinks(self.office.cipher)


def mail_writer(office: Office, run_id: int) -> MailWriter:
    """Give who writes the mails of a run."""
    with office.look(HOUSE) as work:
        topic = work.session.scalars(select(NoticeRun.topic).where(NoticeRun.id == run_id)).one()
        mails = select(RunBody).where(RunBody.run_id == run_id, RunBody.kind == ChannelKind.MAIL)
        bodies = work.session.scalars(mails).all()
    sender = office.settings.smtp_from
    return MailWriter(office, topic_of(topic), {each.id: form_of(each, sender) for each in bodies})


def form_of(body: RunBody, sender: str, mark: str = "") -> Form:
    """Give a frozen mail, prepared; `mark` stands before its subject."""
    return Form(_wording(body, sender, mark))


def line_messages(office: Office, body_id: int) -> list[dict[str, Any]]:
    """Give the messages that a LINE batch gets."""
    with office.look(HOUSE) as work:
        messages: list[dict[str, Any]] = work.session.get_one(RunBody, body_id).content["messages"]
    return messages


def message_id(reference: str, domain: str) -> str:
    """Give by what the relay's log names a person's mail; the same however often it is written."""
    return f"{reference}@{domain}"


def bounce_key(office: Office) -> bytes:
    """Give what marks the addresses to which mails come back."""
    return bytes.fromhex(office.cipher.mark("verp", "notice.bounce"))


def bounce_keys(office: Office) -> Sequence[bytes]:
    """Give that key, and those that marked the addresses of mails sent under former master keys."""
    return [bytes.fromhex(mark) for mark in office.cipher.marks_given_out("verp", "notice.bounce")]


def bounce_domain(settings: Settings) -> str:
    """Give the domain that notices come from, and to which they come back."""
    return settings.smtp_from.rpartition("@")[2] or "localhost"


def in_fours(reference: str) -> str:
    """Give a code as it is read aloud."""
    return "-".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def mail_kept(subject: str, text: Words, page: Words) -> dict[str, Any]:
    """Give a prepared mail as it is frozen."""
    return {"schema": 1, "subject": subject, "text": _kept(text), "html": _kept(page)}


def _kept(words: Words) -> list[dict[str, str] | str]:
    return [{"slot": word.name} if isinstance(word, Blank) else word for word in words]


def _wording(body: RunBody, sender: str, mark: str) -> Wording:
    content, language = body.content, LANGUAGE_TAGS[body.language]
    return Wording(
        SENDER_NAME, sender, mark + content["subject"], language, _words(content["text"]), _words(content["html"])
    )


def _words(kept: list[dict[str, str] | str]) -> Words:
    return tuple(piece if isinstance(piece, str) else Blank(piece["slot"]) for piece in kept)
