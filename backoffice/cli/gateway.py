"""The command that opens the gateway for other systems' machines; it loads no page of staff."""

import typer
import uvicorn

from backoffice.cli.answers import Json, answer
from backoffice.cli.readiness import must_be_no_demonstration, must_have_new_tables
from backoffice.composition import open_office
from backoffice.gateway import ZONE, create_gateway
from backoffice.settings import Settings

LOOPBACK = "127.0.0.1"
"""The gateway stands behind a proxy that speaks TLS, never on the network by itself."""


def add_to(program: typer.Typer) -> None:
    program.command("gateway", rich_help_panel="動かす / run")(gateway)


def gateway(*, json: Json = False) -> None:
    """ほかのシステムの入口を開く(職員の画面はない) / serve the machines' gateway on 127.0.0.1 until told to stop."""
    settings = Settings()
    must_have_new_tables(settings)
    must_be_no_demonstration(settings)
    with open_office(settings) as office:
        app = create_gateway(office)
        said = {
            "address": f"http://{LOOPBACK}:{settings.gateway_port}/",
            "zone": ZONE,
            "issuer": settings.gateway_issuer,
        }
        answer(said, as_json=json, say=lambda: f"入口を開きます → {said['address']}(aud {said['issuer']})")
        uvicorn.run(app, host=LOOPBACK, port=settings.gateway_port, access_log=False, server_header=False)
