"""The command that serves the pages, and with them a whole demonstration city."""

from typing import Annotated

import typer
import uvicorn

from backoffice.app import create_app
from backoffice.cli.answers import Json, answer, note
from backoffice.cli.readiness import must_be_no_demonstration, must_have_new_tables
from backoffice.composition import open_office
from backoffice.demo import living
from backoffice.demo.processes import end_children_on_sigterm
from backoffice.drawing.service import take_in_shipped
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings

Demo = Annotated[bool, typer.Option("--demo", help="演習用の市を作って開く / found a demonstration city and open it")]


def add_to(program: typer.Typer) -> None:
    program.command("serve", rich_help_panel="動かす / run")(serve)


def serve(*, demo: Demo = False, json: Json = False) -> None:
    """画面を開く / serve the pages on 127.0.0.1 until told to stop."""
    settings = Settings()
    address = f"http://{settings.host}:{settings.port}/"
    if demo:
        end_children_on_sigterm()
        living.open_city(settings.model_copy(update={"demonstration": True}), note)
        return
    must_have_new_tables(settings)
    must_be_no_demonstration(settings)
    with open_office(settings) as office:
        with office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
            take_in_shipped(work)
        answer({"address": address}, as_json=json, say=lambda: f"開きます → {address}")
        uvicorn.run(create_app(office), host=settings.host, port=settings.port, access_log=False, server_header=False)
