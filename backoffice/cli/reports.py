"""The command that writes reports: what notices came to in a month, as CSV and PDF."""

from pathlib import Path
from typing import Annotated

import typer

from backoffice.cli.answers import Json, answer
from backoffice.composition import open_office
from backoffice.identity import Actor, Origin
from backoffice.indicators.notice_figures import figures_of, month_given
from backoffice.indicators.notice_report import csv_of, name_of, report_of
from backoffice.settings import Settings

reports = typer.Typer(help="報告 / reports", no_args_is_help=True)

Month = Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="なければ先月 / default: last month")]
Into = Annotated[Path, typer.Option("--into", metavar="DIR", help="書き出す場所 / where the files go")]


def add_to(program: typer.Typer) -> None:
    program.add_typer(reports, name="reports", rich_help_panel="仕事 / work")


@reports.callback()
def group() -> None:
    """報告 / reports."""


@reports.command("notices")
def notices(*, month: Month = "", into: Into = Path(), json: Json = False) -> None:
    """お知らせの月ごとの実績を CSV と PDF で書き出す / what notices came to in a month, as CSV and PDF."""
    with open_office(Settings()) as office:
        with office.look(Actor.house(Origin.COMMAND_LINE)) as work:
            figures = figures_of(work, month_given(month, work.today))
        files = {name_of(figures, "csv"): csv_of(figures), name_of(figures, "pdf"): report_of(figures)}
    for name, content in files.items():
        (into / name).write_bytes(content)
    done = {"month": f"{figures.month:%Y-%m}", "services": figures.services, "sent": figures.sent}
    answer(done | {"files": list(files)}, as_json=json, say=lambda: "書き出しました: " + "、".join(files))
