"""Commands that stay: the pages, the worker, and a whole demonstration city."""

import threading
from typing import Annotated

import typer
import uvicorn

from backoffice.app import create_app
from backoffice.cli.answers import note
from backoffice.composition import open_office
from backoffice.demo import living
from backoffice.demo.processes import end_children_on_sigterm
from backoffice.settings import Settings
from backoffice.worker import run_with_readers, stop_on_signals

PANEL = "動かす / run"

Demo = Annotated[bool, typer.Option("--demo", help="演習用の市を作って開く / found a demonstration city and open it")]


def add_to(program: typer.Typer) -> None:
    program.command("serve", rich_help_panel=PANEL)(serve)
    program.command("worker", rich_help_panel=PANEL)(worker)


def serve(*, demo: Demo = False) -> None:
    """画面を開く / serve the pages on 127.0.0.1."""
    settings = Settings()
    if demo:
        end_children_on_sigterm()
        living.open_city(settings.model_copy(update={"demonstration": True}), note)
        return
    with open_office(settings) as office:
        uvicorn.run(create_app(office), host=settings.host, port=settings.port, access_log=False, server_header=False)


def worker() -> None:
    """読取と夜間の入力を引き受ける / read paper and key at night until told to stop (SIGTERM)."""
    stopping = threading.Event()
    stop_on_signals(stopping)
    with open_office(Settings()) as office:
        run_with_readers(office, stopping)
