"""What do the programs come to over a whole snapshot? For operators: exact counts, whom they reach stays unsaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import make_url

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Actor
from backoffice.programs import queries
from backoffice.programs.events import ProgramsEvaluated
from backoffice.programs.sheets import rule_kept
from backoffice.residents.opening import open_snapshot
from backoffice.residents.protecting import protected_now
from backoffice.residents.queries import newest_snapshot
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from workflows.rules import SnapshotError, UnaskableError, Verdict, evaluate, read_population
from workflows.rules.engine_names import Engine, Question
from workflows.rules.facts import CITY_FACTS
from workflows.rules.findings import RuleRefused
from workflows.rules.parameters import Parameters, ParameterTroubleError
from workflows.rules.reading import read_rule
from workflows.rules.storing import without
from workflows.rules.tree import Node


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
    with office.unit(actor) as work:
        asked = [_from_file(order)] if order.rule is not None else _in_force(work, order)
        parameters = queries.parameters(work.session)
        parquet = _opened(work, order)
        work.record(ProgramsEvaluated(len(asked)))
    return [_counted(office, each, parameters, parquet, order) for each in asked]


def _counted(office: Office, asked: Asked, parameters: Parameters, parquet: bytes, order: Order) -> Mapping[str, Any]:
    began = perf_counter()
    try:
        found = _with_engine(office, order.engine, Question([asked.rule], parameters, order.as_of), parquet)
    except ParameterTroubleError as trouble:
        said = _("制度 %(program)s: 基準額 %(code)s の値がありません。")
        raise Invalid(said, program=asked.program, code=str(trouble)) from trouble
    except UnaskableError as trouble:
        raise Invalid("制度 %(program)s: ルールに直す点があります。", program=asked.program) from trouble
    except SnapshotError as trouble:
        raise Invalid("住民データとして読めません(%(column)s)。", column=trouble.column) from trouble
    counts = {str(verdict): found[verdict] for verdict in Verdict}
    return {"program": asked.program, "version": asked.version, **counts, "seconds": round(perf_counter() - began, 3)}


def _with_engine(office: Office, engine: Engine, question: Question, parquet: bytes) -> Mapping[Verdict, int]:
    if engine is Engine.NUMPY:
        return evaluate(question.rules, read_population(parquet), question.parameters, question.as_of).counts[0]
    from workflows.rules import engines  # noqa: PLC0415 -- its databases take seconds to load; every command would wait

    if engine is Engine.DUCKDB:
        return engines.count_with_duckdb(question, parquet)[0]
    url = make_url(office.settings.database)
    if url.get_backend_name() != "postgresql":
        raise Invalid("この市のデータベースは PostgreSQL ではありません。--engine numpy か duckdb を使ってください。")
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        return engines.count_with_postgresql(question, parquet, connection)[0]


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


def _opened(work: Work, order: Order) -> bytes:
    """Give the snapshot's Parquet, without whoever is protected."""
    path = Path(order.snapshot)
    if order.snapshot and not (order.snapshot.isascii() and order.snapshot.isdecimal()):
        if not path.is_file():
            raise NotThere("住民データのファイル %(path)s がありません。", path=str(path))
        return without(path.read_bytes(), protected_now(work.office, work.session).pseudonyms)
    if order.snapshot:
        return open_snapshot(work.office, work.session, int(order.snapshot))
    newest = newest_snapshot(work.session, order.as_of)
    if newest is None:
        raise NotThere("住民データがまだ取り込まれていません。gijo residents import で取り込んでください。")
    return open_snapshot(work.office, work.session, newest.id)
