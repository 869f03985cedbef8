"""The command that looks the whole house over: `gijo check`."""

from dataclasses import asdict

import typer

from backoffice.cli.answers import Exit, Json, answer
from backoffice.db.engine import open_engine
from backoffice.operations import machine, premises
from backoffice.operations.checkup import Row, ask_all
from backoffice.services import Services
from backoffice.settings import Settings


def add_to(program: typer.Typer) -> None:
    program.command("check", rich_help_panel="保守 / upkeep")(check)


def check(*, json: Json = False) -> None:
    """足りないものを調べ、直し方を示す / look the house over; each finding says how to mend it (exit 1)."""
    settings, now = Settings(), Services().now()
    engine = open_engine(settings.database)
    try:
        rows = ask_all([*machine.probes(settings, now), *premises.probes(settings, engine, now)])
    finally:
        engine.dispose()
    result = {"well": all(row.ok for row in rows), "rows": [asdict(row) for row in rows]}
    answer(result, as_json=json, say=lambda: "\n".join(_line(row) for row in rows))
    if not result["well"]:
        raise typer.Exit(int(Exit.FINDING))


def _line(row: Row) -> str:
    line = f"{'✓' if row.ok else '✕'} {row.name:<12} {row.detail}"
    return line if row.ok else f"{line}\n  → {row.mend}"
