"""Commands that stay: the web application, the worker."""

import typer
import uvicorn

from backoffice.app import create_app
from backoffice.composition import open_office
from backoffice.settings import Settings


def add_to(program: typer.Typer) -> None:
    program.command("serve", rich_help_panel="動かす / run")(serve)


def serve() -> None:
    """画面を開く / serve the pages on 127.0.0.1."""
    settings = Settings()
    with open_office(settings) as office:
        uvicorn.run(create_app(office), host=settings.host, port=settings.port, access_log=False, server_header=False)
