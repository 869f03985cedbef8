"""Writes one small unit after another until its input closes, and tells when each began and how long it took: JSON.

A department a unit, with its event on the trail: what staff do takes as long.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from itertools import count
from pathlib import Path

from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.audiences.freezing import HOUSE
from backoffice.identity import Department
from backoffice.log import start_logging
from backoffice.work import Office
from bench._freezing_city import Waiting

PAUSE_SECONDS = 0.02


def write(office: Office, name: str) -> None:
    with office.unit(HOUSE) as work:
        top = work.session.scalars(select(Department).where(Department.depth == 0)).one()
        accounts.add_department(work, name, "係", top)


def main(words: list[str]) -> int:
    folder, url, run_id = words
    start_logging("ERROR")
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    units: list[tuple[float, float]] = []
    with Waiting(Path(folder), url, int(run_id)).office() as office:
        for number in count():
            began = time.monotonic()
            write(office, f"係{number}")
            units.append((began, time.monotonic() - began))
            if not number:
                units.clear()  # the first opens connections and compiles statements
                print("writing", flush=True)
            if over.wait(PAUSE_SECONDS):
                break
    print(json.dumps(units))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
