"""How crowded is it in the demonstration city? A morning's counts at two ward offices, the last of them just now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from joserfc.jwk import ECKey

from backoffice.clients import service as clients
from backoffice.clients.scopes import Scope
from backoffice.clients.service import Particulars
from backoffice.crowding import service
from backoffice.crowding.service import Counted
from backoffice.crowding.workflow import Counter
from backoffice.demo.city import actor_of
from backoffice.work import Office

WHO = "inoue"
SYSTEM = Particulars("区役所の混雑(演習用)", None, "区役所", "区政推進課(演習用)", frozenset({Scope.CROWDING}))
EVERY = timedelta(minutes=12)
WAITING = (2, 4, 9, 14, 17, 12, 8, 11, 6, 3)
SHOWN = {("chuo", Counter.RESIDENTS): 1, ("hakata", Counter.INSURANCE): 2, ("chuo", Counter.TAX): 0}
"""How much busier one is than another."""
STOPPED = ("chuo", Counter.TAX)
"""Its last count is an hour old: what is stale is seen as well."""


def count(office: Office) -> None:
    """Enter the ward offices' system, with a key that nobody keeps, and let it have counted since the morning."""
    key = ECKey.generate_key("P-256").as_pem(private=False).decode()
    actor = replace(actor_of(office, WHO), proved_at=office.services.now())
    with office.unit(actor) as work:
        client = clients.enter(work, SYSTEM, key)
        service.keep(work, client.id, list(_counts(work.now)))


def _counts(now: datetime) -> Iterator[Counted]:
    for (ward, counter), more in SHOWN.items():
        last = now - timedelta(hours=1) if (ward, counter) == STOPPED else now
        for number, waiting in enumerate(reversed(WAITING)):
            picture = f"{ward}-{counter}-{number:03d}"
            yield Counted(ward, counter, waiting * (1 + more), picture, last - number * EVERY)
