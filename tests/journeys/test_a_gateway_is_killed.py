"""Does the gateway keep its word after it was killed? What it answered holds, and what was spent stays spent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from backoffice.clients import service
from backoffice.clients.tokens import ASSERTION_TYPE
from backoffice.consents.live import bits_now
from backoffice.identity import Actor, Origin
from tests.architecture.sources import ROOT
from tests.backoffice.clients.machines import Machine, machine
from tests.backoffice.consents.portal import PERSON, WHO, consent_to
from tests.backoffice.office import City
from tests.postgres import free_port
from workflows.rules.vocabulary import ConsentClass

pytestmark = pytest.mark.journey

GATEWAY = (sys.executable, "-c", "from backoffice.cli import main; main()", "gateway", "--json")
PATIENCE_SECONDS = 40.0
GLANCE_SECONDS = 0.1


@contextmanager
def process(city: City, port: int) -> Iterator[str]:
    """`gijo gateway`, killed with SIGKILL at the end of the block; gives its address."""
    environment = os.environ | {
        "GIJO_DATA_DIR": str(city.office.settings.data_dir),
        "GIJO_GATEWAY_PORT": str(port),
        "GIJO_DEMONSTRATION": "true",
    }
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(GATEWAY, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as child:  # noqa: S603 -- our own program
        try:
            said = json.loads(child.stdout.readline())
            assert (said["address"], said["zone"]) == (f"{address}/", "internet")
            wait_for(f"{address}/healthz")
            yield address
        finally:
            child.kill()


def wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            httpx2.get(address, timeout=1).raise_for_status()
        except httpx2.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(GLANCE_SECONDS)
        else:
            return


def ask(address: str, assertion: str) -> tuple[int, dict[str, Any]]:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
    }
    answer = httpx2.post(f"{address}/oauth/token", data=form)
    return answer.status_code, answer.json()


def call(method: str, address: str, token: str, body: dict[str, Any], key: str = "") -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or str(uuid.uuid4())}
    answer = httpx2.request(method, address, json=body, headers=headers)
    return answer.status_code, answer.json()


def signed(portal: Machine, address: str) -> str:
    """By the clock of this machine, which the process reads too."""
    now = int(time.time())
    return portal.assertion(aud=address, iat=now, exp=now + 60)


def bits(city: City) -> int:
    return bits_now(city.office, Actor.house(Origin.WORKER))[WHO]


def test_after_a_kill_what_was_answered_holds_and_what_was_spent_stays_spent(city):
    portal, port, key, body = machine(city), free_port(), str(uuid.uuid4()), consent_to()
    with process(city, port) as address:
        assertion = signed(portal, address)
        token = ask(address, assertion)[1]["access_token"]
        call("PUT", f"{address}/portal/registrant", token, {"person": PERSON, "language": "ja"})
        status, given = call("POST", f"{address}/portal/consents", token, body, key)
    assert status == 201
    assert bits(city) == ConsentClass.CORE.bit

    with process(city, port) as address:
        replayed, said = ask(address, assertion)
        again = call("POST", f"{address}/portal/consents", token, body, key)
        ending = {"person": PERSON, "reference": given["reference"]}
        ended, _ = call("POST", f"{address}/portal/consents/withdraw", token, ending)
    assert (replayed, "used before" in said["error_description"]) == (401, True)
    assert again == (201, given)
    assert (ended, bits(city)) == (200, 0)

    with process(city, port) as address:
        _, record = call("POST", f"{address}/portal/record", token, {"person": PERSON})
        with city.unit() as work:
            service.switch_off(work, portal.client_id, "鍵が漏れたおそれ")
        shut_out, _ = call("POST", f"{address}/portal/record", token, {"person": PERSON})
    assert [each["standing"] for each in record["consents"]] == ["withdrawn"]
    assert shut_out == 401
