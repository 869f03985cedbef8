"""Commands on the database: making its tables."""

from typing import Annotated

import typer

from backoffice.cli.answers import Json, answer
from backoffice.composition import make_tables
from backoffice.db.migrate import draft
from backoffice.settings import Settings

Draft = Annotated[
    str, typer.Option("--draft", metavar="MESSAGE", help="開発用: モデルとの差から版を書く / write a new version")
]


def add_to(program: typer.Typer) -> None:
    program.command("migrate", rich_help_panel="データベース / database")(migrate)


def migrate(*, draft_message: Draft = "", json: Json = False) -> None:
    """データベースの表を最新にする / bring the tables up to date."""
    revision = make_tables(Settings().database)
    if draft_message:
        draft(Settings().database, draft_message)
    answer({"revision": revision}, as_json=json, say=lambda: f"表は最新です({revision})。")
