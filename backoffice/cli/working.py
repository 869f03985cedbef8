"""The command that works: it reads paper, keys at night, sends notices and does the day's upkeep."""

import threading

import typer

from backoffice.cli.answers import Json, answer
from backoffice.cli.readiness import must_have_new_tables
from backoffice.composition import open_office
from backoffice.settings import Settings
from backoffice.worker import run_with_readers, stop_on_signals


def add_to(program: typer.Typer) -> None:
    program.command("worker", rich_help_panel="動かす / run")(worker)


def worker(*, json: Json = False) -> None:
    """読取と夜間の入力を引き受ける / read paper and key at night until told to stop (SIGTERM)."""
    settings = Settings()
    must_have_new_tables(settings)
    stopping = threading.Event()
    stop_on_signals(stopping)
    with open_office(settings) as office:
        answer({"worker": settings.worker_id}, as_json=json, say=lambda: f"担当機 {settings.worker_id} が始めます。")
        run_with_readers(office, stopping)
