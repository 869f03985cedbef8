"""The command that proves the journey: `gijo demo`."""

import tempfile
from dataclasses import asdict
from pathlib import Path

import typer

from backoffice.cli.answers import Exit, Json, answer, note
from backoffice.demo.journey import JourneyFigures, make_the_journey
from backoffice.demo.processes import end_children_on_sigterm
from backoffice.settings import Settings


def add_to(program: typer.Typer) -> None:
    program.command("demo", rich_help_panel="動かす / run")(demo)


def demo(*, json: Json = False) -> None:
    """見本の24枚で全行程を確かめる / the whole journey in an office of its own (exit 1: a finding)."""
    end_children_on_sigterm()
    with tempfile.TemporaryDirectory(prefix="gijo-demo-") as folder:
        settings = Settings(data_dir=Path(folder), database_url="", master_key_file=None, demonstration=True)
        figures = make_the_journey(settings, note)
    answer(asdict(figures), as_json=json, say=lambda: _sentences(figures))
    if not figures.holds:
        raise typer.Exit(int(Exit.FINDING))


def _sentences(figures: JourneyFigures) -> str:
    return "\n".join(
        (
            f"用紙 {figures.sheets}枚、位置合わせ {figures.registered}枚、{figures.fields}欄",
            f"機械だけで通った欄 {figures.passed}(誤り {figures.passed_wrong})、人に尋ねた欄 {figures.asked}",
            f"旧システムへの登録 {figures.keyed}件",
            f"漏れ {figures.lost}、二重 {figures.doubled}、不明 {figures.unknown}",
            f"{figures.seconds}秒",
        )
    )
