"""Which counters does a try count at, and what do they say?

A try is counted before the slow check begins and given back when it was right: a hundred at once are a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.accounts.models import SignInTally
from backoffice.accounts.pace import (
    KNOWN_DEVICE,
    NOTHING,
    ONE_ACCOUNT,
    ONE_ADDRESS,
    ONE_PLACE,
    Pace,
    Tally,
    remembered,
    wait,
)
from backoffice.errors import TooSoon
from backoffice.vault import Cipher
from backoffice.web.translations import _
from backoffice.work import Work

WAIT = _("間違いが続いたため、%(seconds)s秒待ってからもう一度お試しください。")


@dataclass(frozen=True)
class Counter:
    mark: str
    pace: Pace


@dataclass(frozen=True)
class Place:
    """Where a try comes from; `device` names a browser that let this person in before, or nothing."""

    address: str
    device: str = ""


def counters_of(cipher: Cipher, what: str, who: str, place: Place) -> tuple[Counter, ...]:
    """Give the counters for a try at `what` (a password, a code) of the account `who`: its own first."""
    if place.device:
        return (Counter(cipher.mark(f"{who}\0{place.device}", f"tries:{what}:device"), KNOWN_DEVICE),)
    return (
        Counter(cipher.mark(f"{who}\0{place.address}", f"tries:{what}:place"), ONE_PLACE),
        Counter(cipher.mark(who, f"tries:{what}:account"), ONE_ACCOUNT),
        Counter(cipher.mark(place.address, f"tries:{what}:address"), ONE_ADDRESS),
    )


def take(work: Work, counters: Sequence[Counter]) -> None:
    """Count one try at each counter. Raises TooSoon, and counts none, where one of them says to wait."""
    found = _locked(work.session, counters, work.now)
    longest = max((wait(c.pace, _tally(found[c.mark]), work.now) for c in counters), default=NOTHING)
    if longest > NOTHING:
        raise TooSoon(WAIT, seconds=ceil(longest / timedelta(seconds=1)))
    for counter in counters:
        row = found[counter.mark]
        row.wrong = remembered(counter.pace, _tally(row), work.now) + 1
        row.last_at = work.now


def give_back(work: Work, counters: Sequence[Counter]) -> None:
    """Take back the try that was right: the account's own counter starts anew, the wider ones lose this one only."""
    for counter in _in_order(counters):
        if counter == counters[0]:
            work.session.execute(delete(SignInTally).where(SignInTally.mark == counter.mark))
        else:
            work.session.execute(
                update(SignInTally)
                .where(SignInTally.mark == counter.mark, SignInTally.wrong > 0)
                .values(wrong=SignInTally.wrong - 1)
            )


def forget_old(session: Session, now: datetime) -> None:
    """Delete counters that no longer count."""
    longest = max(pace.forget for pace in (KNOWN_DEVICE, ONE_PLACE, ONE_ACCOUNT, ONE_ADDRESS))
    session.execute(delete(SignInTally).where(SignInTally.last_at < now - longest))


def _tally(row: SignInTally) -> Tally | None:
    return Tally(row.wrong, row.last_at) if row.wrong else None


def _in_order(counters: Sequence[Counter]) -> list[Counter]:
    """Give the counters in the one order in which they are locked, so that two tries never wait for one another."""
    return sorted(counters, key=lambda counter: counter.mark)


def _locked(session: Session, counters: Sequence[Counter], now: datetime) -> dict[str, SignInTally]:
    """Give the rows, made where there were none, and locked."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for counter in _in_order(counters):
        values = {"mark": counter.mark, "wrong": 0, "last_at": now}
        # A row that is there is written over with itself, which locks it: another try may be giving it back right now.
        session.execute(
            dialect.insert(SignInTally)
            .values(values)
            .on_conflict_do_update(index_elements=["mark"], set_={"mark": counter.mark})
        )
    rows = session.scalars(select(SignInTally).where(SignInTally.mark.in_([counter.mark for counter in counters])))
    return {row.mark: row for row in rows}
