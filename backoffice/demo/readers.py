"""Who in the demonstration city wants to be written to? Some of its elders, registered as the portal registers people.

Mostly by mail, some by LINE, some in plain Japanese or English. Their addresses lie in a domain that nobody has.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
from uuid import UUID

from backoffice.consents import portal
from backoffice.consents.notices import shown_on
from backoffice.consents.portal import Said, Visitor
from backoffice.consents.service import Given
from backoffice.consents.workflow import ChannelKind, Giver, ProvenBy
from backoffice.demo.city import HOUSE
from backoffice.residents.opening import load_snapshot
from backoffice.residents.queries import newest_snapshot
from backoffice.work import Office, Work
from workflows.rules import read_population
from workflows.rules.vocabulary import ConsentClass

READERS, TOO_YOUNG = 240, 45
"""Of age for the pass, and not yet."""
AT_ONCE = 60
A_YEAR = timedelta(days=366)
OF_AGE, NOT_YET = (71, 120), (66, 68)
KINDS = (ChannelKind.MAIL, ChannelKind.MAIL, ChannelKind.LINE)
LANGUAGES = ("ja", "ja", "ja", "easy", "ja", "ja", "en")


def register(office: Office) -> int:
    """Let some residents register, consent and say where they are written to; gives how many."""
    names = [*people_aged(office, *OF_AGE)[:READERS], *people_aged(office, *NOT_YET)[:TOO_YOUNG]]
    people = list(zip(names, cycle(KINDS), cycle(LANGUAGES), strict=False))
    for first in range(0, len(people), AT_ONCE):
        with office.unit(HOUSE) as work:
            for name, kind, language in people[first : first + AT_ONCE]:
                _register(work, name, kind, language)
    return len(people)


def _register(work: Work, name: str, kind: ChannelKind, language: str) -> None:
    visitor = Visitor(name, ProvenBy.USER_CERTIFICATE)
    portal.register(work, visitor, language)
    work.session.flush()
    version = shown_on(ConsentClass.CORE, work.today).version
    message = UUID(bytes=work.office.services.random_bytes(16), version=4)
    portal.give(work, visitor, Said(Given(ConsentClass.CORE, version, language, Giver.ONESELF, ""), message, ""))
    mark = work.office.cipher.mark(name, "demonstration.reader")
    address = "U" + mark[:32] if kind is ChannelKind.LINE else f"{mark[:10]}@mail.example"
    portal.set_channel(work, visitor, kind, address)


def people_aged(office: Office, youngest: int, eldest: int) -> Sequence[str]:
    """Give the pseudonyms of the residents between two ages, as the newest snapshot tells."""
    with office.look(HOUSE) as work:
        snapshot = newest_snapshot(work.session, work.today)
        first, last = ((work.today - age * A_YEAR).toordinal() for age in (eldest, youngest))
    if snapshot is None:
        return ()
    population = load_snapshot(office, HOUSE, snapshot.id, read_population)
    born = population.column("birth_date")
    found = (born.known & (born.values >= first) & (born.values <= last)).nonzero()[0]
    return [population.pseudonyms[int(at)] for at in found]
