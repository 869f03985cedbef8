"""Is it the person whom a mail server refuses, or is it us? One who is unknown stops nobody; a relay that is shut does.

Where a server says no enhanced status code, what it says to a content speaks of the content: who it is for was accepted
before.
"""

from datetime import timedelta

from backoffice.audiences.moving import MINUTES, counted_between, minute_key
from backoffice.carriers.parcels import Fate, Settled
from backoffice.carriers.statuses import speaks_of_us
from backoffice.work import Work

IN_A_ROW = 20
"""So many refusals of us without one mail accepted between them let a run rest."""
LATELY = timedelta(minutes=30)
REFUSED_MINUTES = "run_refused_minutes"
"""By run and minute (UTC): how many mails a server refused for our sake."""
TRANSACTION_FAILED = frozenset({521, 554, 571})


def is_about_us(said: Settled) -> bool:
    """Say whether a server's no is its decision about us, or about what we send, and not about one person."""
    if said.fate not in (Fate.REFUSED, Fate.PUT_OFF):
        return False
    if said.said:
        return speaks_of_us(said.said)
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
