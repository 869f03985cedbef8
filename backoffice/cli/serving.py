"""Commands that stay: the pages, the worker, and a whole demonstration city."""

import threading
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.app import create_app
from backoffice.audit import AuditEvent
from backoffice.cli.answers import Exit, Json, answer, note, stop
from backoffice.composition import open_office
from backoffice.db.engine import open_engine, reading
from backoffice.db.migrate import newest, revision_of
from backoffice.demo import living
from backoffice.demo.processes import end_children_on_sigterm
from backoffice.drawing.service import take_in_shipped
from backoffice.gateway import ZONE, create_gateway
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings
from backoffice.worker import run_with_readers, stop_on_signals

LOOPBACK = "127.0.0.1"
"""The gateway stands behind a proxy that speaks TLS, never on the network by itself."""
PANEL = "動かす / run"

Demo = Annotated[bool, typer.Option("--demo", help="演習用の市を作って開く / found a demonstration city and open it")]


def add_to(program: typer.Typer) -> None:
    program.command("serve", rich_help_panel=PANEL)(serve)
    program.command("gateway", rich_help_panel=PANEL)(gateway)
    program.command("worker", rich_help_panel=PANEL)(worker)


def serve(*, demo: Demo = False, json: Json = False) -> None:
    """画面を開く / serve the pages on 127.0.0.1 until told to stop."""
    settings = Settings()
    address = f"http://{settings.host}:{settings.port}/"
    if demo:
        end_children_on_sigterm()
        living.open_city(settings.model_copy(update={"demonstration": True}), note)
        return
    _tables_are_new(settings)
    _is_no_demonstration(settings)
    with open_office(settings) as office:
        with office.unit(Actor.house(Origin.COMMAND_LINE)) as work:
            take_in_shipped(work)
        answer({"address": address}, as_json=json, say=lambda: f"開きます → {address}")
        uvicorn.run(create_app(office), host=settings.host, port=settings.port, access_log=False, server_header=False)


def gateway(*, json: Json = False) -> None:
    """ほかのシステムの入口を開く(職員の画面はない) / serve the machines' gateway on 127.0.0.1 until told to stop."""
    settings = Settings()
    _tables_are_new(settings)
    _is_no_demonstration(settings)
    with open_office(settings) as office:
        app = create_gateway(office)
        said = {
            "address": f"http://{LOOPBACK}:{settings.gateway_port}/",
            "zone": ZONE,
            "issuer": settings.gateway_issuer,
        }
        answer(said, as_json=json, say=lambda: f"入口を開きます → {said['address']}(aud {said['issuer']})")
        uvicorn.run(app, host=LOOPBACK, port=settings.gateway_port, access_log=False, server_header=False)


def worker(*, json: Json = False) -> None:
    """読取と夜間の入力を引き受ける / read paper and key at night until told to stop (SIGTERM)."""
    settings = Settings()
    _tables_are_new(settings)
    stopping = threading.Event()
    stop_on_signals(stopping)
    with open_office(settings) as office:
        answer({"worker": settings.worker_id}, as_json=json, say=lambda: f"担当機 {settings.worker_id} が始めます。")
        run_with_readers(office, stopping)


def _is_no_demonstration(settings: Settings) -> None:
    """Refuse to open a demonstration's city as if it were a real one: everybody knows its passwords."""
    engine = open_engine(settings.database)
    try:
        with Session(reading(engine)) as session:
            founded = session.scalars(select(AuditEvent.origin).order_by(AuditEvent.id).limit(1)).first()
    finally:
        engine.dispose()
    if founded == Origin.DEMONSTRATION and not settings.demonstration:
        raise stop(
            Exit.REFUSED,
            "✕ 演習用の市のデータです。パスワードが公開されているので、本番の画面としては開きません。\n"
            "  演習なら `gijo serve --demo`、本番なら GIJO_DATA_DIR に別の場所を指定してください。",
        )


def _tables_are_new(settings: Settings) -> None:
    engine = open_engine(settings.database)
    try:
        with engine.connect() as connection:
            found = revision_of(connection)
    finally:
        engine.dispose()
    if found != newest():
        raise stop(Exit.LACKING, "✕ データベースの表がないか、古い版です。`gijo migrate` を実行してください。")
