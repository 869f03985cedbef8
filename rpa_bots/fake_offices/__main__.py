"""How are these old systems started? `python -m rpa_bots.fake_offices --folder DIR [--port N]`, side by side."""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from rpa_bots.fake_base.ledger import Ledger
from rpa_bots.fake_base.serving import address, bind
from rpa_bots.fake_base.sign_in import Doorkeeper
from rpa_bots.fake_offices.known import settle
from rpa_bots.fake_offices.office import OldOffice
from rpa_bots.fake_offices.shipped import OFFICES
from rpa_bots.fake_offices.system import OfficeSystem

TOKYO = timezone(timedelta(hours=9), "JST")
SESSION_SECONDS = 1200


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; prints `ready KEY=ADDRESS …` once all answer."""
    options = _parser().parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    names = options.office or list(OFFICES)
    systems = [_system(OFFICES[key], options.folder) for key in names]
    servers = [bind(system, options.port + place if options.port else 0) for place, system in enumerate(systems)]
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    told = " ".join(f"{key}={address(server)}" for key, server in zip(names, servers, strict=True))
    print(f"ready {told}", flush=True)
    ended.wait()
    for server in servers:
        server.shutdown()
        server.server_close()
    return 0


def _system(office: OldOffice, folder: Path) -> OfficeSystem:
    ledger = Ledger(folder / f"{office.key}.jsonl", office.letter)
    if not office.registers and not ledger.rows():
        settle(office, ledger, datetime.now(TOKYO))
    return OfficeSystem(
        office,
        ledger,
        Doorkeeper({office.account: office.password}, SESSION_SECONDS, time.monotonic, single=False),
        lambda: datetime.now(TOKYO),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rpa_bots.fake_offices", description="The demonstration city's other old systems. Fakes."
    )
    parser.add_argument("--folder", type=Path, required=True, help="a ledger of JSON lines for each system")
    parser.add_argument("--port", type=int, default=0, help="of the first; 0 for any free ports")
    parser.add_argument("--office", choices=list(OFFICES), action="append", help="only these; may be repeated")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
