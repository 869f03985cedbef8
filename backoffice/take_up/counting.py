"""How is it counted what came of a run? A city in memory, hence a job; nobody else waits for it.

The snapshot is that of the run; consents and registrations are those of the moment of counting.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from backoffice.audiences import queries as audiences
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.models import Recipient as RecipientRow
from backoffice.audiences.workflow import REACHED
from backoffice.consents import service as consents
from backoffice.consents.models import Registrant
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Actor, Origin
from backoffice.jobs.worker import Steps
from backoffice.programs import queries as programs
from backoffice.programs.checking import names_for
from backoffice.programs.sheets import rule_kept
from backoffice.residents.opening import load_snapshot
from backoffice.services import TOKYO
from backoffice.take_up import queries
from backoffice.take_up.events import TakeUpCounted
from backoffice.take_up.forgetting import is_still_counted
from backoffice.take_up.models import TakeUp
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Office, Work
from workflows.notices.why import refusing
from workflows.rules import UnaskableError, read_population
from workflows.rules.binding import bound
from workflows.rules.facts import CITY_FACTS
from workflows.rules.grants import granted, refused
from workflows.rules.parameters import ParameterTroubleError
from workflows.rules.reading import rule_of
from workflows.rules.sentences import Names, phrase
from workflows.rules.take_up import Asked, Ledger, Recipient, is_too_few, kept_of, ledger_of, steady, told_of
from workflows.rules.tree import All, Node

HOUSE = Actor.house(Origin.WORKER)
BASIS = "application/json"
TOO_FEW = "TooFew"


@dataclass(frozen=True)
class Question:
    """What is counted of a run, read in one unit."""

    snapshot_id: int
    asked: Asked
    names: Names


def count_list(office: Office, list_id: int, steps: Steps) -> None:
    """Count anew what came of the runs of a list's program."""
    with office.look(HOUSE) as work:
        program_id = queries.find_list(work.session, list_id).program_id
        begun = queries.runs_begun(work.session, program_id)
        runs = [run.id for run, _before in begun if is_still_counted(work, run)]
    for run_id in runs:
        steps.run(f"count {run_id}", partial(count_run, office, run_id))


def count_run(office: Office, run_id: int) -> str:
    """Count what came of a run, and say what kept it from being counted; "" where nothing did."""
    try:
        question = _question(office, run_id)
        population = load_snapshot(office, HOUSE, question.snapshot_id, read_population)
        ledger = ledger_of(question.asked, population)
    except (Invalid, NotThere, ParameterTroubleError, UnaskableError) as trouble:
        return _keep(office, run_id, None, type(trouble).__name__)
    return _keep(office, run_id, kept_of(ledger, _clauses(ledger, question)), "")


def _question(office: Office, run_id: int) -> Question:
    """Read what is asked. Raises Invalid, NotThere, ParameterTroubleError."""
    with office.look(HOUSE) as work:
        run = audiences.find_run(work.session, run_id)
        rule = _rule(work, run)
        if rule is None or run.snapshot_id is None or run.began_at is None:
            raise Invalid(_("この配信の利用の状況は数えられません。"))
        begun = run.began_at.astimezone(TOKYO).date()
        files = [each.file for each in queries.lists_of(work.session, run.program_id) if each.file.erased_at is None]
        names = names_for(work, rule)
        recipients, registered = _recipients(work, run_id), _registered(work)
    last = begun + timedelta(days=office.settings.take_up_days)
    lists = [office.files.read(each) for each in files]
    people, turned_down = granted(lists, begun, last), refused(lists, begun, last)
    asked = Asked(recipients, people, turned_down, registered, rule, run.as_of)
    return Question(run.snapshot_id, asked, names)


def _rule(work: Work, run: NoticeRun) -> Node | None:
    """Give the rule as it was frozen, its thresholds written in."""
    version = programs.find_version(work.session, run.program_version_id)
    rule = rule_kept(version)
    if rule is None:
        return None
    written = bound(rule, programs.parameters(work.session), run.as_of)
    return written if run.narrowing is None else All((written, rule_of(run.narrowing, CITY_FACTS)))


def _recipients(work: Work, run_id: int) -> Mapping[str, Recipient]:
    rows = work.session.execute(
        select(
            Registrant.sealed_pseudonym,
            RecipientRow.kind,
            RecipientRow.language,
            RecipientRow.ward,
            RecipientRow.state,
        )
        .join(Registrant, Registrant.id == RecipientRow.registrant_id)
        .where(RecipientRow.run_id == run_id)
    )
    return {
        _opened(work, row.sealed_pseudonym): Recipient(row.kind, row.language, row.ward, row.state in REACHED)
        for row in rows
    }


def _registered(work: Work) -> frozenset[str]:
    return frozenset(_opened(work, each) for each in work.session.scalars(select(Registrant.sealed_pseudonym)))


def _opened(work: Work, sealed: bytes) -> str:
    return work.office.cipher.open(sealed, consents.PSEUDONYM).decode()


def _clauses(ledger: Ledger, question: Question) -> Mapping[str, int]:
    """Give, by condition in words, for how many of those who were granted it said no."""
    counts: Counter[str] = Counter()
    for states, people in ledger.refusing:
        by_leaf = dict(zip(ledger.leaves, states, strict=True))
        for leaf in refusing(question.asked.rule, by_leaf):
            counts[phrase(leaf, question.names)] += people
    return counts


def _keep(office: Office, run_id: int, kept: Mapping[str, Any] | None, trouble: str) -> str:
    """Keep counts as they may be told, and what they rest on sealed."""
    with office.look(HOUSE) as work:
        before = queries.take_up_of(work.session, run_id)
        basis = None if before is None else before.basis
    known = _read(office, basis)
    if kept is not None and is_too_few(kept, known):
        # What was told before stays; where nothing was, nothing is: a later list is measured against the same.
        kept, trouble = known, TOO_FEW if known is None else ""
    counted = None if kept is None else steady(kept, known)
    file = None if counted is None else office.files.put(json.dumps(counted).encode(), BASIS, office.services.now())
    with office.unit(HOUSE) as work:
        row = queries.take_up_of(work.session, run_id)
        if row is None:
            row = TakeUp(run_id=run_id, counts={})
            work.session.add(row)
        row.days, row.counted_at, row.trouble = office.settings.take_up_days, work.now, trouble
        if counted is not None and file is not None:
            work.session.add(file)
            work.session.flush()
            row.counts, row.basis_id = told_of(counted), file.id
        work.record(TakeUpCounted(run_id))
    return trouble


def _read(office: Office, basis: StoredFile | None) -> Mapping[str, Any] | None:
    if basis is None:
        return None
    known: Mapping[str, Any] = json.loads(office.files.read(basis))
    return known


def suggestions(counts: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    """Give the conditions that said no to people who were granted the program all the same, the most first."""
    clauses: Mapping[str, int | None] = counts.get("clauses", {})
    told = [(words, people) for words, people in clauses.items() if people is not None]
    return sorted(told, key=lambda each: -each[1])
