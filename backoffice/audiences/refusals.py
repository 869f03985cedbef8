"""Is it the person whom a mail server refuses, or is it us? One who is unknown stops nobody; a relay that is shut does.

RFC 3463: 5.7 is policy, 5.6 the content, 5.1.7 and 5.1.8 the sender's address, 5.3.4 the size; 5.1 and 5.2 else are the
recipient's own. Where a server says no such code, what it says to a content speaks of the content: who it is for was
accepted before.
"""

import re
from datetime import timedelta

from backoffice.audiences.moving import MINUTES, counted_between, minute_key
from backoffice.carriers.parcels import Fate, Settled
from backoffice.work import Work

IN_A_ROW = 20
"""So many refusals of us without one mail accepted between them let a run rest."""
LATELY = timedelta(minutes=30)
REFUSED_MINUTES = "run_refused_minutes"
"""By run and minute (UTC): how many mails a server refused for our sake."""
OF_US = re.compile(r"[45]\.(?:7\.\d+|6\.\d+|1\.[78]|3\.4)")
TRANSACTION_FAILED = frozenset({521, 554, 571})


def is_about_us(said: Settled) -> bool:
    """Say whether a server's no is its decision about us, or about what we send, and not about one person."""
    if said.fate not in (Fate.REFUSED, Fate.PUT_OFF):
        return False
    if said.said:
        return OF_US.fullmatch(said.said) is not None
    return said.fate is Fate.REFUSED and (said.of_content or said.code in TRANSACTION_FAILED)


def count_refused(work: Work, run_id: int, mails: int) -> None:
    """Note that so many mails were refused for our sake this minute."""
    work.counted[minute_key(run_id, work.now)._replace(name=REFUSED_MINUTES)] += mails


def are_most_refused(work: Work, run_id: int) -> bool:
    """Say whether lately as many mails were refused for our sake as were accepted: a slow run has few in a row."""
    refused = counted_between(work.session, REFUSED_MINUTES, run_id, work.now - LATELY, work.now)
    return refused >= IN_A_ROW and refused >= counted_between(
        work.session, MINUTES, run_id, work.now - LATELY, work.now
    )
