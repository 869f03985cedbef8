"""How does a recipient come from one state into another? Here alone, so that the counts always follow.

A change names the state that it expects: of two who want different things of the same person the database lets one win.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, select, update
from sqlalchemy.orm import Session

from backoffice.audiences.models import Recipient
from backoffice.audiences.workflow import RecipientState
from backoffice.db import Base, tallies
from backoffice.db.among import among, among_named
from backoffice.db.tallies import Tally, TallyKey
from backoffice.work import Work

STATES, REASONS = "run_recipients", "run_reasons"
"""Tallies by run: of each state, and of each reason for which somebody was not written to."""
CAME_BACK = "came_back"
"""Stands among the reasons, of mails that had left."""
MINUTES = "run_minutes"
"""By run and minute (UTC): to how many people's messages a server said yes, or a person after it."""

_IN_MEMORY: dict[str, Any] = {"synchronize_session": False}


RECIPIENTS = Base.metadata.tables[Recipient.__tablename__]


def _changing(*columns: str) -> Executable:
    """Write the statement that brings people of some batches from one state into another and sets these columns."""
    rows = RECIPIENTS.c
    theirs = among_named(rows.id, "_ids"), among_named(rows.batch_id, "_batches")
    changed = update(RECIPIENTS).where(rows.run_id == bindparam("_run"), rows.state == bindparam("_before"), *theirs)
    values = {name: bindparam(f"_{name}", type_=rows[name].type) for name in columns}
    return changed.values(state=bindparam("_after"), **values).returning(rows.id)


_BEGUN, _ENDED = _changing("handed_at"), _changing("reason", "code", "settled_at")


_THEM = select(RECIPIENTS.c.id).where(among_named(RECIPIENTS.c.id, "_ids"))
_LOCKING = _THEM.order_by(RECIPIENTS.c.id).with_for_update()


def lock(work: Work, ids: Collection[int]) -> None:
    """Lock recipients, in one order: whoever changes several of them waits for nobody who waits for them."""
    if work.session.get_bind().dialect.name == "postgresql":  # on SQLite a unit has the whole database
        work.session.connection().execute(_LOCKING, {"_ids": ids})


def move(
    work: Work,
    run_id: int,
    before: RecipientState,
    after: RecipientState,
    *where: ColumnElement[bool],
    **values: object,
) -> list[int]:
    """Bring those of a run who are in `before` and meet `where` into `after`, and give their ids.

    `values` are set with it. Whoever is in another state by now is left alone.
    """
    changed = (
        update(Recipient)
        .where(Recipient.run_id == run_id, Recipient.state == before, *where)
        .values(state=after, **values)
        .returning(Recipient.id)
        .execution_options(**_IN_MEMORY)
    )
    moved = list(work.session.scalars(changed))
    _count(work, run_id, before, after, len(moved))
    return moved


def move_in_hand(
    work: Work,
    run_id: int,
    before: RecipientState,
    after: RecipientState,
    ids: Collection[int],
    batches: Collection[int],
    **values: object,
) -> list[int]:
    """Do the same with people of some batches; `values` are their moments, or their reason and code.

    It is done for every mail twice, so its statements are written once.
    """
    known = {"run": run_id, "before": before, "after": after, "ids": ids, "batches": batches, **values}
    statement = _BEGUN if after is RecipientState.HANDING else _ENDED
    said = {f"_{name}": value for name, value in known.items()}
    moved = list(work.session.connection().execute(statement, said).scalars())
    _count(work, run_id, before, after, len(moved))
    return moved


def _count(work: Work, run_id: int, before: RecipientState, after: RecipientState, people: int) -> None:
    if people and before is not after:
        work.counted[key_of(run_id, before)] -= people
        work.counted[key_of(run_id, after)] += people
        if after is RecipientState.ACCEPTED:
            work.counted[minute_key(run_id, work.now)] += people


def count_reason(work: Work, run_id: int, reason: str, people: int) -> None:
    """Add people to those who were not written to for a reason."""
    work.counted[TallyKey(REASONS, run_id, 0, reason)] += people


def stop(work: Work, run_id: int, ids: Collection[int], reason: str, at: datetime) -> int:
    """Let people of a run who wait or were just taken not be written to, and give how many."""
    stopped = 0
    for before in (RecipientState.WAITING, RecipientState.TAKEN):
        moved = move(
            work,
            run_id,
            before,
            RecipientState.STOPPED,
            among(Recipient.id, ids),
            reason=reason,
            settled_at=at,
            batch_id=None,
        )
        stopped += len(moved)
    count_reason(work, run_id, reason, stopped)
    return stopped


def stop_everybody(work: Work, run_id: int, reason: str) -> None:
    """Let nobody of a run wait any more, whoever they are."""
    for before in (RecipientState.WAITING, RecipientState.TAKEN):
        said = {"reason": reason, "settled_at": work.now, "batch_id": None}
        count_reason(work, run_id, reason, len(move(work, run_id, before, RecipientState.STOPPED, **said)))


def key_of(run_id: int, state: RecipientState) -> TallyKey:
    return TallyKey(STATES, run_id, 0, str(state))


def minute_key(run_id: int, at: datetime) -> TallyKey:
    return TallyKey(MINUTES, run_id, 0, f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}")


def sent_lately(session: Session, run_id: int, now: datetime, minutes: int) -> int:
    """Give to how many people messages were handed over in the last whole minutes before this one."""
    marks = [minute_key(run_id, now - timedelta(minutes=back)).mark for back in range(1, minutes + 1)]
    return sum(tallies.amounts(session, MINUTES, Tally.about_id == run_id, Tally.mark.in_(marks)).values())


def counted_between(session: Session, name: str, run_id: int, first: datetime, last: datetime) -> int:
    """Give what a tally by run and minute comes to, from one minute to another."""
    marks = Tally.mark.between(minute_key(run_id, first).mark, minute_key(run_id, last).mark)
    return sum(tallies.amounts(session, name, Tally.about_id == run_id, marks).values())


def states_of(session: Session, run_id: int) -> Mapping[str, int]:
    """Give how many people of a run are in each state."""
    return _by_mark(session, STATES, run_id)


def reasons_of(session: Session, run_id: int) -> Mapping[str, int]:
    """Give for which reasons how many of a run were not written to."""
    return _by_mark(session, REASONS, run_id)


def _by_mark(session: Session, name: str, run_id: int) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for (_about, mark), amount in tallies.amounts(session, name, Tally.about_id == run_id).items():
        found[mark] += amount
    return found
