"""Does the client that partners are given work as it is printed? Over a real connection, against a real gateway."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn

from backoffice.clients import service
from backoffice.gateway import create_gateway
from tests.architecture.sources import ROOT
from tests.backoffice.clients.machines import machine, renewed

EXAMPLE = ROOT / "docs" / "examples" / "portal_client.py"


@pytest.fixture(scope="module")
def example():
    """The file as a partner has it."""
    spec = importlib.util.spec_from_file_location("portal_client", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["portal_client"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    yield module
    del sys.modules["portal_client"]


@contextmanager
def served(city) -> Iterator[str]:
    """A gateway on a free port of loopback, in this very process."""
    config = uvicorn.Config("unused:app", host="127.0.0.1", port=0, log_config=None, access_log=False)
    listening = config.bind_socket()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = city.office.settings.model_copy(update={"gateway_address": address})
    city.office = replace(city.office, settings=settings)
    config.app = create_gateway(city.office)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def test_the_printed_client_goes_the_whole_way(city, example):
    with served(city) as address:
        entered = machine(city)
        gateway = example.Gateway(address, entered.handle, entered.key, now=city.clock.moment.timestamp)

        record = example.try_it(gateway, "sample-0001")

    assert [(each["kind"], each["standing"]) for each in record["consents"]] == [("core", "withdrawn")]
    assert record["channels"][0]["address"] == "nobody@mail.example"


def test_when_its_key_is_renewed_the_client_goes_on_with_the_new_one(city, example):
    with served(city) as address:
        entered = machine(city)
        gateway = example.Gateway(address, entered.handle, entered.key, now=city.clock.moment.timestamp)
        gateway.get("/portal/notices")
        new = renewed(city, entered.client_id)
        with city.unit() as work:
            service.remove_key(work, entered.client_id, 1)
        with pytest.raises(example.RefusedError) as by_the_old:
            gateway.get("/portal/notices")

        gateway.key = new
        assert gateway.get("/portal/notices")["notices"]

    assert by_the_old.value.problem["error"] == "invalid_client"


def test_the_key_it_makes_is_for_its_owner_alone_and_replaces_none(tmp_path, example):
    path = tmp_path / "portal-key.pem"

    public = example.make_key(path)

    assert public.startswith("-----BEGIN PUBLIC KEY-----")
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        example.make_key(path)
