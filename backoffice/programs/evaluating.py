"""What do the programs come to over a whole snapshot? For operators: exact counts, whom they reach stays unsaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import make_url

from backoffice.audit import Event
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Actor
from backoffice.programs import queries
from backoffice.programs.events import ProgramsEvaluated, RuleFileEvaluated
from backoffice.programs.sheets import rule_kept
from backoffice.residents.opening import open_snapshot, without_protected
from backoffice.residents.queries import find_snapshot, newest_snapshot
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from workflows.rules import SnapshotError, Verdict, evaluate, read_population
from workflows.rules.binding import bound
from workflows.rules.engine_names import Engine, Question
from workflows.rules.facts import CITY_FACTS
from workflows.rules.findings import RuleRefused
from workflows.rules.parameters import NO_PARAMETERS, Parameters, ParameterTroubleError
from workflows.rules.reading import read_rule
from workflows.rules.storing import people_in
from workflows.rules.tree import Node
from workflows.rules.writing import fingerprint

Counted = tuple[Mapping[Verdict, int], float]
"""What a rule came to, and the seconds it took."""


@dataclass(frozen=True)
class Asked:
    """A rule under the number of its program, or the name of a file."""

    program: str
    version: int | None
    rule: Node


@dataclass(frozen=True)
class Order:
    """What an operator asks for: numbers of programs (none: all in force), or a rule in a file."""

    programs: Sequence[str]
    rule: str | None
    rule_name: str
    snapshot: str
    """The id of a snapshot, the path of a Parquet file, or nothing for the newest snapshot."""
    as_of: date
    engine: Engine


def evaluate_order(office: Office, actor: Actor, order: Order) -> list[Mapping[str, Any]]:
    """Count each rule's four verdicts, one after the other, and note it on the trail.

    Raises Invalid for a rule that is none or cannot be asked on the day, NotThere for a program or snapshot that is not
    there.
    """
    with office.look(actor) as work:
        asked = [_from_file(order)] if order.rule is not None else _in_force(work, order)
        parameters = queries.parameters(work.session)
    question = Question([_written_in(each, parameters, order.as_of) for each in asked], NO_PARAMETERS, order.as_of)
    with office.unit(actor) as work:
        work.record(_noted(order, asked))
    try:
        parquet, people = _opened(office, actor, order)
        counted = (
            _with_numpy(question, parquet)
            if order.engine is Engine.NUMPY
            else _elsewhere(office, order, question, parquet)
        )
    except SnapshotError as trouble:
        raise Invalid("住民データとして読めません(%(column)s)。", column=trouble.column) from trouble
    return [
        {
            "program": each.program,
            "version": each.version,
            **_told(found, people),
            "seconds": round(seconds, 3),
        }
        for each, (found, seconds) in zip(asked, counted, strict=True)
    ]


def _told(found: Mapping[Verdict, int], people: int) -> Mapping[str, int]:
    """Give the counts so that they come to all people of the snapshot: whom no machine looks at is 非該当.

    What is left over would be how many are protected.
    """
    counts = {str(verdict): found[verdict] for verdict in Verdict}
    return counts | {str(Verdict.NOT_ELIGIBLE): counts[Verdict.NOT_ELIGIBLE] + people - sum(counts.values())}


def _noted(order: Order, asked: Sequence[Asked]) -> Event:
    """Give what the trail says: programs stand in the registry, a rule in a file is known again by its hash."""
    if order.rule is None:
        return ProgramsEvaluated(len(asked))
    return RuleFileEvaluated(len(asked), fingerprint(*(each.rule for each in asked)))


def _written_in(asked: Asked, parameters: Parameters, as_of: date) -> Node:
    """Give a rule with its thresholds written in, so that what is missing is told by the program that lacks it."""
    try:
        return bound(asked.rule, parameters, as_of)
    except ParameterTroubleError as trouble:
        said = _("制度 %(program)s: 基準額 %(code)s の値がありません。")
        raise Invalid(said, program=asked.program, code=str(trouble)) from trouble


def _with_numpy(question: Question, parquet: bytes) -> list[Counted]:
    """Count rule by rule over the city, which is loaded once."""
    population = read_population(parquet)
    counted: list[Counted] = []
    for rule in question.rules:
        began = perf_counter()
        counts = evaluate([rule], population, question.parameters, question.as_of).counts[0]
        counted.append((counts, perf_counter() - began))
    return counted


def _elsewhere(office: Office, order: Order, question: Question, parquet: bytes) -> list[Counted]:
    """Count all rules at once in a database; each is said to have taken its share."""
    from workflows.rules import engines  # noqa: PLC0415 -- its databases take seconds to load; every command would wait

    began = perf_counter()
    if order.engine is Engine.DUCKDB:
        counts = engines.count_with_duckdb(question, parquet)
    else:
        with psycopg.connect(_address(office)) as connection:
            counts = engines.count_with_postgresql(question, parquet, connection)
    share = (perf_counter() - began) / max(1, len(counts))
    return [(each, share) for each in counts]


def _address(office: Office) -> str:
    url = make_url(office.settings.database)
    if url.get_backend_name() != "postgresql":
        raise Invalid("この市のデータベースは PostgreSQL ではありません。--engine numpy か duckdb を使ってください。")
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _in_force(work: Work, order: Order) -> list[Asked]:
    """Give the rules of the programs asked for: the version in force on the day."""
    versions = queries.all_in_force(work.session, order.as_of)
    known = {version.program.number: version for version in versions}
    missing = [number for number in order.programs if number not in known]
    if missing:
        raise NotThere("%(day)s に有効な制度 %(number)s はありません。", day=str(order.as_of), number=missing[0])
    wanted = [known[number] for number in order.programs] if order.programs else versions
    rules = [(version, rule_kept(version)) for version in wanted]
    return [Asked(version.program.number, version.number, rule) for version, rule in rules if rule is not None]


def _from_file(order: Order) -> Asked:
    try:
        return Asked(order.rule_name, None, read_rule(order.rule or "", CITY_FACTS))
    except RuleRefused as refused:
        first = refused.findings[0]
        place = ".".join(str(at) for at in first.path) or "-"
        said = translate(first.message, **first.params)
        raise Invalid(_("ルールを読めません(場所 %(place)s): %(said)s"), place=place, said=said) from refused


def _opened(office: Office, actor: Actor, order: Order) -> tuple[bytes, int]:
    """Give the snapshot's Parquet, without whoever is protected, and how many people it has with them."""
    if order.snapshot and not (order.snapshot.isascii() and order.snapshot.isdecimal()):
        path = Path(order.snapshot)
        if not path.is_file():
            raise NotThere("住民データのファイル %(path)s がありません。", path=str(path))
        content = path.read_bytes()
        return without_protected(office, actor, content), people_in(content)
    with office.look(actor) as work:
        snapshot = (
            find_snapshot(work.session, int(order.snapshot))
            if order.snapshot
            else newest_snapshot(work.session, order.as_of)
        )
    if snapshot is None:
        raise NotThere("住民データがまだ取り込まれていません。gijo residents import で取り込んでください。")
    return open_snapshot(office, actor, snapshot.id), snapshot.people
