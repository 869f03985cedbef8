"""The command that counts what programs come to, and says why of one resident."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.cli.people import sign_in
from backoffice.composition import open_office
from backoffice.identity import Actor, Origin
from backoffice.programs import queries
from backoffice.programs.answering import Answer
from backoffice.programs.asking import ask_why
from backoffice.programs.evaluating import Order, evaluate_order
from backoffice.programs.rule_pages import VERDICT_CHIPS
from backoffice.services import Services
from backoffice.settings import Settings
from backoffice.work import Office
from forms.problems import NotNormalError
from forms.wareki import parse_date
from workflows.rules import Verdict
from workflows.rules.engine_names import Engine

Numbers = Annotated[list[str] | None, typer.Argument(metavar="[PROGRAM...]", help="制度番号 / numbers of programs")]
Everything = Annotated[bool, typer.Option("--all", help="有効な制度すべて / all programs in force")]
Which = Annotated[str, typer.Option("--snapshot", metavar="ID|FILE", help="住民データ。なければ最新 / default: newest")]
Day = Annotated[str, typer.Option("--as-of", metavar="YYYY-MM-DD", help="基準日。なければ今日 / default: today")]
RuleFile = Annotated[
    Path | None, typer.Option("--rule", metavar="FILE", help="登録していないルール / a rule in a file")
]
Why = Annotated[
    str,
    typer.Option(
        "--why",
        metavar="PSEUDONYM",
        help="1人の、今日の判定の理由(--as と --reason が要る・回数に限りがあり、残る) / why, of one resident, today",
    ),
]
Reason = Annotated[str, typer.Option("--reason", help="--why の理由 / why it is asked")]
By = Annotated[Engine | None, typer.Option("--engine", help="数える方法。なければ numpy / what counts; default: numpy")]
As = Annotated[str, typer.Option("--as", metavar="ACCOUNT", help="サインインする職員ID / sign in first")]


def add_to(programs: typer.Typer) -> None:
    programs.command("evaluate")(evaluate)


def evaluate(  # noqa: PLR0913 -- each is an option of the command
    programs: Numbers = None,
    *,
    everything: Everything = False,
    snapshot: Which = "",
    as_of: Day = "",
    rule: RuleFile = None,
    why: Why = "",
    reason: Reason = "",
    engine: By = None,
    account: As = "",
    json: Json = False,
) -> None:
    """制度のルールを住民データ全体で数える / count what the rules of programs come to."""
    numbers = programs or []
    if why:
        _must_fit_why(
            {"--all": everything, "--rule": rule, "--snapshot": snapshot, "--as-of": as_of, "--engine": engine}
        )
    elif reason:
        raise stop(Exit.WRONG_CALL, "✕ --reason は --why と一緒に指定してください。")
    if sum((bool(numbers), everything, rule is not None)) != 1:
        raise stop(Exit.WRONG_CALL, "✕ 制度番号・--all・--rule のどれか1つを指定してください。")
    try:
        day = parse_date(as_of) if as_of else Services().today()
    except NotNormalError as trouble:
        raise stop(Exit.WRONG_CALL, "✕ --as-of は 2026-04-01 の形で指定してください。") from trouble
    with open_office(Settings()) as office:
        if why:
            _say_why(office, numbers, account, why, reason, as_json=json)
            return
        text = None if rule is None else _text_of(rule)
        actor = sign_in(office, account) if account else Actor.house(Origin.COMMAND_LINE)
        order = Order(numbers, text, "" if rule is None else rule.name, snapshot, day, engine or Engine.NUMPY)
        for counted in evaluate_order(office, actor, order):
            answer(counted, as_json=json, say=partial(_in_words, counted))


def _must_fit_why(given: Mapping[str, object]) -> None:
    """Refuse what would change the question: why is told of a program in force, today, on the newest snapshot."""
    unfit = [name for name, value in given.items() if value]
    if unfit:
        said = f"✕ --why は、有効な制度の今日の判定を、最新の住民データで答えます。{'・'.join(unfit)} は使えません。"
        raise stop(Exit.WRONG_CALL, said)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise stop(Exit.WRONG_CALL, f"✕ {file} を読めません。") from trouble


def _in_words(counted: Mapping[str, Any]) -> str:
    said = "・".join(f"{VERDICT_CHIPS[verdict].text} {counted[str(verdict)]:,}人" for verdict in Verdict)
    version = f" 第{counted['version']}版" if counted["version"] else ""
    return f"{counted['program']}{version}: {said}({counted['seconds']}秒)"


def _say_why(office: Office, numbers: list[str], account: str, pseudonym: str, reason: str, *, as_json: bool) -> None:
    """Say why of one resident: only to a member of staff who may, with a reason, of one program."""
    if len(numbers) != 1 or not account:
        raise stop(Exit.WRONG_CALL, "✕ --why には、制度番号を1つと --as(職員ID)を指定してください。")
    actor = sign_in(office, account)
    with office.look(actor) as work:
        version_id = queries.version_in_force_by_number(work.session, numbers[0], office.services.today()).id
    found = ask_why(office, actor, version_id, pseudonym, reason)
    lines = [{"condition": line.text, "state": str(line.state), "decided": line.decided} for line in found.lines]
    result = {"program": numbers[0], "verdict": str(found.verdict), "conditions": lines}
    result["to_resident"] = list(found.to_resident)
    answer(result, as_json=as_json, say=lambda: _why_in_words(found))


def _why_in_words(found: Answer) -> str:
    lines = [f"  {'→' if line.decided else ' '} {line.text}: {line.state}" for line in found.lines]
    return "\n".join([VERDICT_CHIPS[found.verdict].text, *lines])
