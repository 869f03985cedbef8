"""What have those who are registered consented to at this moment? It counts instead of what a snapshot brought of them.

Someone who is registered and has consented to nothing is told with no bit: that too counts instead.
"""

from collections.abc import Mapping

from sqlalchemy import func, select

from backoffice.consents.models import Consent, ConsentEvent, Registrant
from backoffice.consents.queries import holds_on
from backoffice.consents.service import PSEUDONYM
from backoffice.consents.workflow import Assurance
from backoffice.identity import Actor
from backoffice.services import TOKYO
from backoffice.work import Office
from workflows.rules.vocabulary import ConsentClass

Mark = tuple[object, ...]


def bits_now(office: Office, actor: Actor) -> Mapping[str, int]:
    """Give the bits of the consents that hold now, by pseudonym, of everybody who is registered.

    Only whoever was proven with their card is written to: of others no consent counts.
    """
    with office.look(actor) as work:
        today = work.now.astimezone(TOKYO).date()
        people = work.session.execute(select(Registrant.id, Registrant.sealed_pseudonym, Registrant.assurance)).all()
        held = work.session.execute(select(Consent.registrant_id, Consent.kind).where(holds_on(today))).all()
    bits = dict.fromkeys((person.id for person in people), 0)
    proven = {person.id for person in people if person.assurance == Assurance.CARD_VERIFIED}
    for registrant_id, kind in held:
        if registrant_id in proven:
            bits[registrant_id] |= ConsentClass(kind).bit
    opened = office.cipher.open
    return {opened(person.sealed_pseudonym, PSEUDONYM).decode(): bits[person.id] for person in people}


def consents_mark(office: Office, actor: Actor) -> Mark:
    """Give a mark that changes whenever `bits_now` may give something else; the same while nobody is registered."""
    with office.look(actor) as work:
        # A registrant's row is never taken away, and its version rises with every change.
        changed = select(func.sum(Registrant.version)).scalar_subquery()
        # Counted, not the highest id: who got a lower one may commit later, and would change nothing.
        happened = select(func.count(ConsentEvent.id)).scalar_subquery()
        mark = work.session.execute(select(changed, happened)).one()
    return () if mark[0] is None else (*mark, work.now.astimezone(TOKYO).date())
