"""How does a recipient come from one state into another? Here alone, so that the counts always follow.

A change names the state that it expects: of two who want different things of the same person the database lets one win.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, case, select, update
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


@dataclass(frozen=True)
class End:
    """What a message came to, and what the server said of it, as a code."""

    state: RecipientState
    reason: str
    code: str


def _ending() -> Executable:
    """Write the statement that brings people of some batches from one state to their end."""
    rows = RECIPIENTS.c
    theirs = among_named(rows.id, "_ids"), among_named(rows.batch_id, "_batches")
    changed = update(RECIPIENTS).where(rows.run_id == bindparam("_run"), rows.state == bindparam("_before"), *theirs)
    values = {name: bindparam(f"_{name}", type_=rows[name].type) for name in ("reason", "code", "settled_at")}
    return changed.values(state=bindparam("_after"), **values).returning(rows.id)


_ENDING = _ending()
_THEM = select(RECIPIENTS.c.id).where(among_named(RECIPIENTS.c.id, "_ids"))
_LOCKING = _THEM.order_by(RECIPIENTS.c.id).with_for_update()


@cache
def _passing(dialect: str) -> Executable:
    """Write the statement that brings what was taken by a server to its end and what goes next on its way."""
    rows, at = RECIPIENTS.c, bindparam("_at", type_=RECIPIENTS.c.settled_at.type)
    is_done = (rows.state == RecipientState.HANDING) & among_named(rows.id, "_done")
    is_next = (rows.state == RecipientState.TAKEN) & among_named(rows.id, "_coming")
    theirs = [rows.run_id == bindparam("_run"), among_named(rows.batch_id, "_batches"), is_done | is_next]
    if dialect == "postgresql":
        theirs.append(rows.id.in_(select(_LOCKING.cte("them").c.id)))
    was_handing = rows.state == RecipientState.HANDING
    changed = (
        update(RECIPIENTS)
        .where(*theirs)
        .values(
            state=case((was_handing, RecipientState.ACCEPTED), else_=RecipientState.HANDING),
            reason=case((was_handing, ""), else_=rows.reason),
            code=case((was_handing, bindparam("_code")), else_=rows.code),
            settled_at=case((was_handing, at), else_=rows.settled_at),
            handed_at=case((was_handing, rows.handed_at), else_=at),
        )
    )
    return changed.returning(rows.id, rows.state)


def pass_on(
    work: Work, run_id: int, done: Collection[int], code: str, coming: Collection[int], batches: Collection[int]
) -> tuple[set[int], set[int]]:
    """Note that mails of some batches were accepted and that others begin; give which were, and which may go.

    It is what happens to nearly every mail, so it is one statement, which locks its people in the order of `lock`.
    """
    named = {"done": list(done), "coming": list(coming), "ids": [*done, *coming], "batches": batches}
    said = {f"_{name}": value for name, value in {**named, "run": run_id, "code": code, "at": work.now}.items()}
    statement = _passing(work.session.get_bind().dialect.name)
    changed = list(work.session.connection().execute(statement, said))
    accepted = {recipient_id for recipient_id, state in changed if state == RecipientState.ACCEPTED}
    begun = {recipient_id for recipient_id, state in changed if state == RecipientState.HANDING}
    _count(work, run_id, RecipientState.HANDING, RecipientState.ACCEPTED, len(accepted))
    _count(work, run_id, RecipientState.TAKEN, RecipientState.HANDING, len(begun))
    return accepted, begun


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


def end(
    work: Work, run_id: int, before: RecipientState, ending: End, ids: Collection[int], batches: Collection[int]
) -> list[int]:
    """Bring those of some people of some batches who are in `before` to their end, and give them."""
    known = {"run": run_id, "before": before, "after": ending.state, "ids": ids, "batches": batches}
    how = {"reason": ending.reason, "code": ending.code, "settled_at": work.now}
    said = {f"_{name}": value for name, value in {**known, **how}.items()}
    ended = list(work.session.connection().execute(_ENDING, said).scalars())
    _count(work, run_id, before, ending.state, len(ended))
    return ended


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
