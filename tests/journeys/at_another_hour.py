"""Processes of the city whose clock a trial sets: notices leave in the day, and trials run at night.

`(*PROGRAM, SECONDS_FILE)`, or with `"gateway"` after it: the real worker, or the real gateway, on a clock put ahead by
what the file says.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn

from backoffice.composition import open_office
from backoffice.errors import Unavailable
from backoffice.gateway import create_gateway
from backoffice.log import start_logging
from backoffice.services import Services
from backoffice.settings import Settings
from backoffice.worker import only_one, run_worker, stop_on_signals
from ocr.known_form import Form
from ocr.page import PageReading

# As `gijo` does: nobody looks for garbage among what is loaded and stays.
PROGRAM = (sys.executable, "-c", "import gc; gc.disable(); from tests.journeys.at_another_hour import main; main()")


class AnotherHour:
    """The time of this machine and so many seconds, which may be changed while it runs."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def ahead(self) -> timedelta:
        return timedelta(seconds=float(self._file.read_text()))

    def put(self, ahead: timedelta) -> None:
        """Put every process's clock so far ahead at once: whoever looks meanwhile reads the old time or the new."""
        new = self._file.with_suffix(".new")
        new.write_text(str(ahead.total_seconds()))
        new.replace(self._file)


def no_paper(_forms: Sequence[Form], _content: bytes, _name: str, _page: int | None = None) -> list[PageReading]:
    raise Unavailable("演習では紙を読みません。")


def main() -> None:
    gc.freeze()
    gc.enable()
    settings = Settings()
    start_logging(settings.log_level)
    stopping = threading.Event()
    stop_on_signals(stopping)
    services = Services(now=AnotherHour(Path(sys.argv[1])))
    with open_office(settings, services) as office:
        if sys.argv[2:] == ["gateway"]:
            app, port = create_gateway(office), settings.gateway_port
            uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="error")
            return
        with only_one(settings.data_dir, settings.worker_id):
            run_worker(office, no_paper, stopping)
