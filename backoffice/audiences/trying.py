"""How do the guests get a trial? By the same carrier as everybody, marked in the subject; nobody's recipient row moves.

A worker that dies on the way begins anew: a guest may get a trial twice, and is told so in its subject.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog

from backoffice.audiences import guests, messages, queries
from backoffice.audiences.guest_models import Trial
from backoffice.audiences.models import RunBody
from backoffice.audiences.samples import EXAMPLES
from backoffice.audiences.sending import Post
from backoffice.carriers.dkim import signer_of
from backoffice.carriers.mime import Mailing
from backoffice.carriers.parcels import Fate, Parcel, Settled
from backoffice.carriers.smtp import carry
from backoffice.errors import Unavailable
from backoffice.identity import Actor, Origin
from backoffice.jobs.worker import Steps
from backoffice.work import Office
from workflows.notices.blocks import Slot

HOUSE = Actor.house(Origin.WORKER)
MARK = "【試し】"

log = structlog.get_logger("gijo.sending")


class TrialBooks:
    """The journal of a trial: counted, not kept."""

    def __init__(self, parcels: Sequence[Parcel]) -> None:
        self._coming = iter(parcels)
        self.sent = 0

    async def next_parcel(self) -> Parcel | None:
        return next(self._coming, None)

    async def turn(self, done: Settled | None, coming: int | None) -> bool:  # noqa: ARG002 -- whatever comes may go
        if done is not None and done.fate is Fate.ACCEPTED:
            self.sent += 1
        return True


@dataclass(frozen=True)
class ToTry:
    bodies: Sequence[RunBody]
    addresses: Sequence[str]


def try_run(office: Office, post: Post, trial_id: int, steps: Steps) -> None:
    """Send a trial; what came of it stands in its row."""
    steps.run("try", lambda: send_trial(office, post, trial_id))


def send_trial(office: Office, post: Post, trial_id: int) -> str:
    with office.look(HOUSE) as work:
        trial = work.session.get_one(Trial, trial_id)
        run = queries.find_run(work.session, trial.run_id)
        addresses = [each.staff.mail for each in guests.guests(work.session) if each.staff.mail]
        what = ToTry(guests.mails_of(work.session, run), addresses)
    parcels = list(_parcels(office, trial_id, what))
    books = TrialBooks(parcels)
    if post.mail is not None:
        try:
            asyncio.run(carry(post.mail, books, connections=1, stopping=post.stopping))
        except Unavailable as trouble:
            log.error("mail server does not answer", trouble=type(trouble.__cause__).__name__, run_id=run.id)  # noqa: TRY400 -- a traceback may quote people's addresses
    with office.unit(HOUSE) as work:
        trial = work.session.get_one(Trial, trial_id)
        trial.ended_at, trial.sent, trial.failed = work.now, books.sent, len(parcels) - books.sent
    return f"{books.sent} sent"


def _parcels(office: Office, trial_id: int, what: ToTry) -> Iterator[Parcel]:
    settings, now = office.settings, office.services.now()
    signer = signer_of(settings)
    domain, link = messages.bounce_domain(settings), f"{settings.gateway_issuer}/stop/trial"
    values = {**EXAMPLES, Slot.PREFERENCE_URL.value: link}
    for body in what.bodies:
        form = messages.form_of(body, settings.smtp_from, MARK)
        for number, address in enumerate(what.addresses):
            mailing = Mailing(
                to=address,
                message_id=f"trial-{trial_id}-{body.id}-{number}@{domain}",
                written_at=now,
                stop_link=link,
                stop_mail=settings.smtp_from,
                values=values,
            )
            content = form.filled(mailing)
            yield Parcel(number, settings.smtp_from, address, signer.signed(content, now) if signer else content)
