"""Commands on programs: the shipped working definitions are taken in when an operator says so, never by themselves."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from sqlalchemy import select

from backoffice.cli import evaluating
from backoffice.cli.answers import Json, answer
from backoffice.composition import open_office
from backoffice.errors import NotThere
from backoffice.identity import Actor, Department, Origin
from backoffice.programs import catalogue, shipping
from backoffice.programs.catalogue import ShippedProgram
from backoffice.settings import Settings
from backoffice.work import Work

programs = typer.Typer(help="制度 / programs", no_args_is_help=True)
evaluating.add_to(programs)


def add_to(program: typer.Typer) -> None:
    program.add_typer(programs, name="programs", rich_help_panel="仕事 / work")


@programs.command("take-in-catalogue")
def take_in_catalogue(
    *,
    otherwise: Annotated[
        str,
        typer.Option(
            "--otherwise",
            metavar="DEPARTMENT",
            help="所管課のない制度を預かる部署 / who keeps those whose department is not there",
        ),
    ] = "",
    json: Json = False,
) -> None:
    """備え付けの制度を下書きとして取り込む(承認はしない) / take in the shipped programs as drafts, none approved."""
    with open_office(Settings()) as office, office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
        keeper = _department(work, otherwise) if otherwise else None
        taken = shipping.take_in_shipped(work, keeper)
        left = shipping.left_out(work)
    answer(_result(taken, left), as_json=json, say=lambda: _sentences(taken, left))


def _department(work: Work, name: str) -> Department:
    named = select(Department).where(Department.name == name, Department.closed.is_(False)).order_by(Department.id)
    found = work.session.scalars(named.limit(1)).one_or_none()
    if found is None:
        raise NotThere("「%(name)s」という部署はありません。", name=name)
    return found


def _result(taken: int, left: Sequence[ShippedProgram]) -> dict[str, Any]:
    waiting = [
        {"code": each.code, "name": each.name, "department": shipping.DEPARTMENTS[each.department]} for each in left
    ]
    return {"taken_in": taken, "left_out": waiting}


def _sentences(taken: int, left: Sequence[ShippedProgram]) -> str:
    lines = [f"{taken}件の制度を下書きとして取り込みました。承認は、それぞれの所管課が起案します。"]
    if left:
        lines.append(f"部署がないので取り込まなかった制度 {len(left)}件(--otherwise 部署名 で預ける部署を指定):")
        lines += [f"  {each.name}({shipping.DEPARTMENTS[each.department]})" for each in left]
    if taken:
        lines.append("所管課が確かめること:")
        without = {each.code for each in left}
        lines += [
            f"  {each.name}: {''.join(each.to_confirm)}"
            for each in catalogue.every_program()
            if each.code not in without
        ]
    return "\n".join(lines)
