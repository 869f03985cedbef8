"""The command on take-up: taking in a list of grants. It says how many, never who."""

from pathlib import Path
from typing import Annotated

import typer

from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.cli.people import sign_in
from backoffice.composition import open_office
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings
from backoffice.take_up import taking_in

take_up = typer.Typer(help="利用の状況 / take-up", no_args_is_help=True)

In = Annotated[Path, typer.Argument(metavar="FILE", help="CSV(UTF-8・Shift_JIS): 制度番号,仮名,支給決定日")]
As = Annotated[str, typer.Option("--as", metavar="ACCOUNT", help="取り込む職員としてサインインする / sign in first")]


def add_to(program: typer.Typer) -> None:
    program.add_typer(take_up, name="take-up", rich_help_panel="仕事 / work")


@take_up.callback()
def group() -> None:
    """利用の状況 / take-up."""


@take_up.command("import")
def take_in(file: In, *, account: As = "", json: Json = False) -> None:
    """支給の一覧を取り込む(全部か、なにもしないか)。数えるのは担当機 / take in actual grants; the worker counts."""
    try:
        content = file.read_bytes()
    except OSError as trouble:
        raise stop(Exit.WRONG_CALL, f"✕ {file} を読めません({type(trouble).__name__})。") from trouble
    with open_office(Settings()) as office:
        actor = sign_in(office, account) if account else Actor.house(Origin.COMMAND_LINE)
        sealed = taking_in.seal(office, taking_in.read(office, content))
        with office.unit(actor) as work:
            taken = [(each.id, each.people) for each in taking_in.take_in(work, sealed)]
    done = {"lists": [list_id for list_id, _people in taken], "people": sum(people for _id, people in taken)}
    answer(done, as_json=json, say=lambda: f"取り込みました: {len(taken)}つの制度、{done['people']:,}人")
