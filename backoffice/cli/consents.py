"""Commands on registrants and consents: taking in a file of the portal. They say which lines, never who."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from backoffice.cli.answers import Exit, Json, answer, note, stop
from backoffice.composition import open_office
from backoffice.consents import importing
from backoffice.consents.importing import Imported
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings

consents = typer.Typer(help="登録と同意 / registrants and consents", no_args_is_help=True)

LINES_SAID = 20

In = Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="1行に1つの呼び出し / one call a line")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="調べるだけで取り込まない / look only, keep nothing")]


def add_to(program: typer.Typer) -> None:
    program.add_typer(consents, name="consents", rich_help_panel="仕事 / work")


@consents.callback()
def group() -> None:
    """登録と同意 / registrants and consents."""


@consents.command("import")
def take_in(file: In, *, dry_run: DryRun = False, json: Json = False) -> None:
    """ポータルの登録と同意をファイルから取り込む(全部か、なにもしないか) / take in the portal's calls from a file."""
    lines = _lines_of(file)
    with open_office(Settings()) as office, office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
        found = importing.take_in(work, lines, dry_run=dry_run)
    kept = found.is_kept and not dry_run
    answer(asdict(found) | {"kept": kept}, as_json=json, say=lambda: _sentences(found, kept=kept))
    if not found.is_kept:
        note("✕ 直すところのある行があるので、1行も取り込んでいません。")
        raise typer.Exit(int(Exit.FINDING if dry_run else Exit.REFUSED))


def _lines_of(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as trouble:
        raise stop(Exit.WRONG_CALL, f"✕ {path} を UTF-8 の文として読めません({type(trouble).__name__})。") from trouble


def _sentences(found: Imported, *, kept: bool) -> str:
    done = "取り込みました" if kept else "調べました(まだ何も取り込んでいません)"
    lines = [f"{done}: {found.lines:,}行。もう取り込んであった同意 {found.already:,}件"]
    lines += [f"  {each.line:,}行目 {each.pointer}: {each.reason}" for each in found.quarantined[:LINES_SAID]]
    if len(found.quarantined) > LINES_SAID:
        lines.append(f"  ほか {len(found.quarantined) - LINES_SAID:,}か所(--json ですべて)")
    return "\n".join(lines)
