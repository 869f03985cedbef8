"""Commands on notices: what the relay's log says became of mails of which nobody knows."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TextIO

import typer

from backoffice.audiences import open_ends
from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.composition import open_office
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings

notices = typer.Typer(help="お知らせの配信 / notices", no_args_is_help=True)

HOUSE = Actor.house(Origin.COMMAND_LINE)

Log = Annotated[Path, typer.Argument(metavar="LOG", help="中継サーバー(Postfix)の記録 / the relay's log (Postfix)")]


def add_to(program: typer.Typer) -> None:
    program.add_typer(notices, name="notices", rich_help_panel="仕事 / work")


@notices.callback()
def group() -> None:
    """お知らせの配信 / notices."""


@notices.command("settle")
def settle(log: Log, *, json: Json = False) -> None:
    """結果不明のメールを、中継サーバーの記録で確かめる / settle mails of which nobody knows by the relay's log."""
    with _opened(log) as lines, open_office(Settings()) as office, office.unit(HOUSE) as work:
        settled = open_ends.settle_from_log(work, lines)
    answer(asdict(settled), as_json=json, say=lambda: f"届いた {settled.accepted}件、届かなかった {settled.failed}件")


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8", errors="replace")
    except OSError as trouble:
        raise stop(Exit.WRONG_CALL, f"✕ {path} を読めません({type(trouble).__name__})。") from trouble
