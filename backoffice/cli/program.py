"""Which commands are there? Each group's story is in its own file beside this one, loaded only when it is called.

A command loads a second of what it does not need, else: the worker the pages, the kill switch of a link the readers of
paper.
"""

import gc
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from backoffice.cli.answers import Exit, note
from backoffice.errors import Invalid, Refusal
from backoffice.log import start_logging
from backoffice.settings import Settings
from backoffice.vault import MasterKeyMissingError

FILES: Mapping[str, tuple[str, ...]] = {
    "serving": ("serve",),
    "gateway": ("gateway",),
    "working": ("worker",),
    "demonstration": ("demo", "wallet"),
    "database": ("migrate",),
    "check": ("check",),
    "safekeeping": ("backup", "restore"),
    "sheets": ("sheets",),
    "residents": ("residents",),
    "consents": ("consents",),
    "programs": ("programs",),
    "links": ("links",),
    "notices": ("notices",),
    "keys": ("keys",),
    "people": ("staff",),
    "take_up": ("take-up",),
    "reports": ("reports",),
    "trail": ("audit",),
}
"""By file, the commands that it adds, in the order in which help tells them."""


@cache
def whole_program() -> typer.Typer:
    """Give every command."""
    return _program_of(FILES)


def program_for(called: str) -> typer.Typer:
    """Give the program with the one file that has the command that was called; all of it where none has."""
    files = [file for file, commands in FILES.items() if called in commands]
    return _program_of(files or FILES)


def _program_of(files: Iterable[str]) -> typer.Typer:
    program = typer.Typer(
        name="gijo",
        help="技助 — 庁内業務基盤 / the back office behind a city's push-based administration.\n\n"
        "終了コード / exit codes: 0 済 done · 1 指摘あり finding · 2 使い方の誤り wrong call · "
        "3 拒否 refused · 4 不足 lacking",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    # With one command alone typer would take its name for an argument.
    program.callback()(_nothing_before)
    for file in files:
        import_module(f"backoffice.cli.{file}").add_to(program)
    return program


def _nothing_before() -> None:
    """技助 — 庁内業務基盤 / the back office behind a city's push-based administration."""


@contextmanager
def loading() -> Iterator[None]:
    """Let nobody look for garbage among what is loaded here and stays to the end: it took a fifth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def main() -> None:
    """Run the command that was called and end with its exit code."""
    try:
        start_logging(Settings().log_level)
        with loading():
            program = program_for(sys.argv[1] if len(sys.argv) > 1 else "")
        try:
            program()
        finally:
            gc.unfreeze()  # some libraries report what nobody looks at, at the end, as lost
    except ValidationError as wrong:
        # Without what was set: an address of a database holds its password.
        for each in wrong.errors(include_url=False, include_context=False, include_input=False):
            name = "".join(f"GIJO_{part}".upper() + ": " for part in each["loc"][:1])
            note(f"✕ 設定が正しくありません / wrong setting: {name}{each['msg']}")
        raise SystemExit(int(Exit.WRONG_CALL)) from None
    except MasterKeyMissingError as missing:
        note(f"✕ {missing}")
        raise SystemExit(int(Exit.LACKING)) from missing
    except DBAPIError as trouble:
        # Its class only: a database's own words may quote people's data.
        note(f"✕ データベースを使えません({type(trouble).__name__})。")
        note("  `gijo check` で原因を、`gijo migrate` で表を確かめてください。")
        raise SystemExit(int(Exit.LACKING)) from None
    except Refusal as refusal:
        note(f"✕ {refusal.message % refusal.params if refusal.params else refusal.message}")
        for sentence in refusal.fields.values() if isinstance(refusal, Invalid) else ():
            note(f"  {sentence}")
        raise SystemExit(int(Exit.REFUSED)) from refusal
