"""What do machines of other systems meet? An application of its own: their API, no staff, no pages, no snapshot.

Zone: the internet side. It binds to loopback, a proxy in front of it speaks TLS. Of residents it sees what the called
routes of `consents` and the links release; nothing of it opens a snapshot (an import contract says so).
"""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from backoffice.audiences import portal_api as told_api
from backoffice.clients import token_api
from backoffice.clients.gate import SCHEME, MachineRouter
from backoffice.clients.pace import Pace
from backoffice.clients.scopes import SCOPE_NAMES
from backoffice.clients.tokens import TOKEN_PATH
from backoffice.consents import portal_api
from backoffice.crowding import api as crowding_api
from backoffice.data_links import digital_id_api as own_id_api
from backoffice.data_links import partner_api
from backoffice.data_links import portal_api as link_portal_api
from backoffice.data_links import public_api as link_public_api
from backoffice.digital_id import public_api as digital_id_api
from backoffice.reachability import line_api, stop_routes
from backoffice.reachability import portal_api as stops_api
from backoffice.receipts import portal_api as receipts_api
from backoffice.records import intake_api as records_api
from backoffice.web import problem_json
from backoffice.web.problem_json import FAULT, MEDIA_TYPE, TYPES, Problem
from backoffice.web.protection import Door
from backoffice.work import Office

ZONE = "internet"

MACHINE_ROUTERS: tuple[MachineRouter, ...] = (
    portal_api.machines,
    link_portal_api.machines,
    receipts_api.machines,
    stops_api.machines,
    told_api.machines,
    own_id_api.machines,
    partner_api.machines,
    crowding_api.machines,
    records_api.machines,
)
"""Whose every route names a scope."""
OPEN_ROUTERS: tuple[APIRouter, ...] = (
    token_api.public,
    digital_id_api.public,
    receipts_api.public,
    link_public_api.public,
    crowding_api.public,
    stop_routes.public,
    line_api.public,
)
"""Which anyone may call who reaches the gateway; a test holds the list of their addresses."""

LAST_RESORT = Response(
    Problem(type=f"{TYPES}/{FAULT.name}", title=FAULT.title, status=FAULT.status, detail=FAULT.title).model_dump_json(),
    FAULT.status,
    media_type=MEDIA_TYPE,
)


def create_gateway(office: Office) -> Door:
    """Give the ASGI application that serves machines for `office`."""
    routes = [route for router in (*OPEN_ROUTERS, *(each.api for each in MACHINE_ROUTERS)) for route in router.routes]
    app = FastAPI(
        title="Gijo gateway", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, routes=routes
    )
    app.state.office = office
    app.state.pace = Pace(office.settings.gateway_calls_a_minute)
    app.state.stop_turns = stop_routes.Turns()
    described = cache(partial(_described, tuple(routes), office.settings.gateway_issuer))  # a third of a second
    app.add_api_route("/openapi.json", lambda: JSONResponse(described()), methods=["GET"], include_in_schema=False)
    app.add_api_route("/healthz", healthz, methods=["GET"], include_in_schema=False)
    problem_json.install(app)
    return Door(app, for_browsers=False, last_resort=LAST_RESORT)


def healthz() -> Response:
    """Say that the process answers, and in which zone."""
    return JSONResponse({"status": "ok", "zone": ZONE})


def _as_problem(content: dict[str, Any]) -> None:
    """Say of a problem that it comes as one: the framework describes every model as plain JSON."""
    if MEDIA_TYPE in content:
        content[MEDIA_TYPE] = content.pop("application/json", content[MEDIA_TYPE])


def _described(routes: Sequence[BaseRoute], issuer: str) -> Mapping[str, Any]:
    """Give the OpenAPI document, with how to prove who one is."""
    described = get_openapi(
        title="Gijo gateway",
        version="1",
        openapi_version="3.1.0",
        description="ほかのシステムの入口。docs/gateway.md / where other systems' machines call",
        routes=routes,
    )
    for operation in (each for path in described["paths"].values() for each in path.values()):
        for answer in operation["responses"].values():
            _as_problem(answer.get("content", {}))
    scopes = {str(scope): name for scope, name in SCOPE_NAMES.items()}
    flow = {"clientCredentials": {"tokenUrl": issuer + TOKEN_PATH, "scopes": scopes}}
    described.setdefault("components", {})["securitySchemes"] = {SCHEME: {"type": "oauth2", "flows": flow}}
    return described
