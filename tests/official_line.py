"""What LINE itself says of a request: its official OpenAPI schemas, which lie beside the checkout.

`python -m tests.official_line …` plays LINE with them, in a process of its own.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from backoffice.demo.edge import line_server
from backoffice.demo.edge.line_rules import Call

SCHEMAS = Path(__file__).resolve().parents[2] / "shared" / "data" / "standards" / "line"
IS_HERE = SCHEMAS.is_dir()
needs_schemas = pytest.mark.skipif(
    not IS_HERE, reason="LINE's schemas are not in ../shared/data/standards beside the checkout"
)


class _Request:
    """A call as openapi-core wants to see it."""

    def __init__(self, call: Call, host: str) -> None:
        self.host_url, self.path, self.method = host, call.path, call.method.lower()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(), header=Headers(list(call.headers.items())), cookie=ImmutableMultiDict()
        )
        self.content_type = call.headers.get("content-type", "")
        self.body = call.body
        self.full_url_pattern = urljoin(host, call.path)


@cache
def _openapi(name: str) -> OpenAPI:
    return OpenAPI.from_dict(_with_kinds_told_apart(yaml.safe_load((SCHEMAS / name).read_text("utf-8"))))


def official(call: Call) -> str:
    """Say what the schemas of the Messaging API find wrong; nothing: an empty text."""
    return _wrong("messaging-api.yml", call, "https://api.line.me")


def official_webhook(raw: bytes, headers: dict[str, str]) -> str:
    """Say what the schemas of webhooks find wrong with what a player of LINE sends."""
    return _wrong("webhook.yml", Call("POST", "/callback", headers, raw), "https://example.com")


def _wrong(name: str, call: Call, host: str) -> str:
    try:
        _openapi(name).validate_request(_Request(call, host))
    except OpenAPIError as trouble:
        causes = getattr(trouble.__cause__, "schema_errors", None) or [trouble.__cause__ or trouble]
        return "; ".join(str(getattr(cause, "message", cause)) for cause in causes)[:300]
    return ""


def _with_kinds_told_apart(spec: dict[str, Any]) -> dict[str, Any]:
    """Let `type` decide which schema holds. A discriminator without oneOf is only a hint to generators of code."""
    spec = copy.deepcopy(spec)
    schemas = spec["components"]["schemas"]
    bases = {
        name: held["discriminator"] for name, held in schemas.items() if "mapping" in held.get("discriminator", {})
    }
    for schema in schemas.values():
        for part in schema.get("allOf", []):
            name = part.get("$ref", "").rsplit("/", 1)[-1]
            if name in bases:
                part["$ref"] = f"#/components/schemas/Base{name}"
    for name, discriminator in bases.items():
        base = schemas[name]
        del base["discriminator"]
        schemas[f"Base{name}"] = base
        schemas[name] = {
            "oneOf": [{"$ref": kind} for kind in dict.fromkeys(discriminator["mapping"].values())],
            "discriminator": discriminator,
        }
    return spec


if __name__ == "__main__":
    line_server.main(official)
