"""What have those who are registered consented to at this moment? It counts instead of what a snapshot brought of them.

Someone who is registered, was proven with their card and has consented to nothing is told with no bit: that too counts.
"""

from collections.abc import Mapping

from sqlalchemy import case, func, select

from backoffice.consents.models import Consent, ConsentEvent, Registrant
from backoffice.consents.queries import holds_on
from backoffice.consents.service import PSEUDONYM
from backoffice.consents.workflow import Assurance
from backoffice.identity import Actor
from backoffice.work import Office
from workflows.rules.vocabulary import ConsentClass

Mark = tuple[object, ...]
_BIT = case({str(kind): kind.bit for kind in ConsentClass}, value=Consent.kind)


def bits_now(office: Office, actor: Actor) -> Mapping[str, int]:
    """Give the bits of the consents that hold now, by pseudonym, of everybody who was proven with their card.

    Of others nothing counts instead: on a mere word, anyone could close what a stranger has consented to.
    """
    with office.look(actor) as work:
        today = work.today
        proven = Registrant.assurance == Assurance.CARD_VERIFIED
        people = work.session.execute(select(Registrant.id, Registrant.sealed_pseudonym).where(proven)).all()
        # Added up by the database: of a whole city it is a row a person instead of one for each of their consents.
        held = work.session.execute(
            select(Consent.registrant_id, func.sum(_BIT.distinct()))
            .join(Consent.registrant)
            .where(proven, holds_on(today))
            .group_by(Consent.registrant_id)
        ).all()
    bits = {registrant_id: int(given) for registrant_id, given in held}
    opened = office.cipher.open
    return {opened(person.sealed_pseudonym, PSEUDONYM).decode(): bits.get(person.id, 0) for person in people}


def consents_mark(office: Office, actor: Actor) -> Mark:
    """Give a mark that changes whenever `bits_now` may give something else; the same while nobody is registered."""
    with office.look(actor) as work:
        # A registrant's row is never taken away, and its version rises with every change.
        changed = select(func.sum(Registrant.version)).scalar_subquery()
        # Counted, not the highest id: who got a lower one may commit later, and would change nothing.
        happened = select(func.count(ConsentEvent.id)).scalar_subquery()
        mark = work.session.execute(select(changed, happened)).one()
    return () if mark[0] is None else (*mark, work.today)
