"""Which commands are there? Each group's story is in its own file beside this one."""

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from backoffice.cli import (
    check,
    consents,
    database,
    demonstration,
    keys,
    links,
    people,
    programs,
    residents,
    safekeeping,
    serving,
    sheets,
    trail,
)
from backoffice.cli.answers import Exit, note
from backoffice.errors import Invalid, Refusal
from backoffice.log import start_logging
from backoffice.settings import Settings
from backoffice.vault import MasterKeyMissingError

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
serving.add_to(program)
demonstration.add_to(program)
database.add_to(program)
check.add_to(program)
safekeeping.add_to(program)
sheets.add_to(program)
residents.add_to(program)
consents.add_to(program)
programs.add_to(program)
links.add_to(program)
keys.add_to(program)
people.add_to(program)
trail.add_to(program)


def main() -> None:
    """Run the command that was called and end with its exit code."""
    try:
        start_logging(Settings().log_level)
        program()
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
