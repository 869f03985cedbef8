"""Commands on keys: making the master key."""

import secrets

import typer

from backoffice.cli.answers import Exit, Json, answer, stop
from backoffice.settings import Settings
from backoffice.vault.cipher import make_master_key

keys = typer.Typer(help="鍵 / keys", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    program.add_typer(keys, name="keys", rich_help_panel="保守 / upkeep")


@keys.command("make")
def make(*, json: Json = False) -> None:
    """主鍵を作る(一度だけ) / make the master key, once; keep a copy apart from the backups."""
    path = Settings().master_key_path
    try:
        make_master_key(path, secrets.token_bytes)
    except FileExistsError as error:
        raise stop(
            Exit.REFUSED, f"✕ {path} はすでにあります。上書きすると、これまでの画像と資格情報が開けなくなります。"
        ) from error
    answer(
        {"path": str(path)},
        as_json=json,
        say=lambda: f"主鍵を作りました: {path}\nバックアップとは別の場所に写しを保管してください。",
    )
