"""What may the office say of one person, as it was made of a snapshot? One sealed row each; the gateway opens those."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.data_links import live
from backoffice.vault import Cipher
from backoffice.work import Work
from workflows.links import Claim
from workflows.rules.vocabulary import ConsentClass

HOLDING = "link_holding.claims"
"""What the sealed text is bound to, with whom it is about."""


@dataclass(frozen=True)
class Held:
    """What the office may say of one person, as it was made of a snapshot."""

    claims: Mapping[str, Claim]
    others: tuple[int, ...] = ()
    """Who else of the household is registered: what they withdraw closes at once."""
    household: frozenset[ConsentClass] = frozenset()
    """What all of the household consented to when it was made."""

    def sealed(self, cipher: Cipher, registrant_id: int) -> bytes:
        said = {"schema": 1, "claims": dict(self.claims), "others": self.others, "household": sorted(self.household)}
        return cipher.seal(json.dumps(said, ensure_ascii=False).encode(), f"{HOLDING}:{registrant_id}")

    @classmethod
    def opened(cls, cipher: Cipher, registrant_id: int, sealed: bytes) -> "Held":
        said = json.loads(cipher.open(sealed, f"{HOLDING}:{registrant_id}"))
        household = frozenset(ConsentClass(each) for each in said["household"])
        return cls(said["claims"], tuple(said["others"]), household)


def opened_by_all(work: Work, held: Held, own: frozenset[ConsentClass]) -> frozenset[ConsentClass]:
    """Give what all of a household have opened now; `own` is what the person themselves has."""
    opened = live.facts_opened(work.session, held.others, work.today)
    return held.household.intersection(own, *opened.values())
