"""The commands of the demonstration: `gijo demo` proves the journey, `gijo wallet` is a resident's telephone."""

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import segno
import typer

from backoffice.cli.answers import Exit, Json, answer, note, stop
from backoffice.composition import open_office
from backoffice.demo import city, wallets
from backoffice.demo.journey import JourneyFigures, make_the_journey
from backoffice.demo.processes import end_children_on_sigterm
from backoffice.settings import Settings

BORN = datetime(1955, 4, 1)  # noqa: DTZ001 -- a day, as it is typed


def add_to(program: typer.Typer) -> None:
    program.command("demo", rich_help_panel="動かす / run")(demo)
    program.command("wallet", rich_help_panel="動かす / run")(wallet)


def demo(*, json: Json = False) -> None:
    """見本の24枚で全行程を確かめる / the whole journey in an office of its own (exit 1: a finding)."""
    end_children_on_sigterm()
    with tempfile.TemporaryDirectory(prefix="gijo-demo-") as folder:
        settings = Settings(data_dir=Path(folder), database_url="", master_key_file=None, demonstration=True)
        figures = make_the_journey(settings, note)
    answer(asdict(figures), as_json=json, say=lambda: _sentences(figures))
    if not figures.holds:
        raise typer.Exit(int(Exit.FINDING))


def wallet(
    asked: Annotated[str, typer.Argument(help="確認の画面の「読み取れないとき」の文字 / what the checking page asks")],
    *,
    born: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="生年月日 / date of birth")] = BORN,
    picture: Annotated[Path | None, typer.Option(help="PNGに描く / draw it as a PNG")] = None,
    json: Json = False,
) -> None:
    """演習用の市の住民のスマホになり、デジタルIDを見せる / show a digital ID as a resident of the demonstration."""
    with open_office(Settings()) as office:
        if not city.is_demonstration(office):
            raise stop(Exit.REFUSED, "✕ 演習用の市ではありません。")
        shown = wallets.answer(office, asked, born.date())
    if picture is not None:
        segno.make(shown, error="l").save(str(picture), kind="png", scale=6)
    answer({"shown": shown}, as_json=json, say=lambda: shown)


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
