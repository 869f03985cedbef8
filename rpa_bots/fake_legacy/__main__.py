"""How is the old system started? `python -m rpa_bots.fake_legacy --port 0 --ledger FILE`."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from rpa_bots.fake_legacy.faults import Fault, FaultPlan, fault_at
from rpa_bots.fake_legacy.ledger import Ledger
from rpa_bots.fake_legacy.serving import address, bind
from rpa_bots.fake_legacy.sign_in import Doorkeeper
from rpa_bots.fake_legacy.system import LegacySystem

ACCOUNT = "gakumu01"
PASSWORD = "Demo-shugaku-8"
TOKYO = timezone(timedelta(hours=9), "JST")


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; prints `ready http://127.0.0.1:PORT` once it answers."""
    options = _parser().parse_args(arguments)
    password = os.environ.get("FAKE_LEGACY_PASSWORD", PASSWORD)
    system = LegacySystem(
        Ledger(options.ledger),
        Doorkeeper(dict.fromkeys(options.account or [ACCOUNT], password), options.session_seconds, time.monotonic),
        FaultPlan(
            frozenset(options.fault),
            options.fault_rate,
            options.fault_seed,
            options.late_commit_seconds,
            options.slow_seconds,
        ),
        lambda: datetime.now(TOKYO),
    )
    server = bind(system, options.port)
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the serving loop, which is this very thread: so another one says it
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"ready {address(server)}", flush=True)
    server.serve_forever()
    server.server_close()
    system.settle()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rpa_bots.fake_legacy",
        description="就学援助システム: the demonstration city's old system, with trouble on demand.",
        epilog=f"The invented password is {PASSWORD}; FAKE_LEGACY_PASSWORD sets another. Faults: {', '.join(Fault)}.",
    )
    parser.add_argument("--port", type=int, default=8907)
    parser.add_argument("--ledger", type=Path, required=True, help="JSON lines, one a registration, kept over restarts")
    parser.add_argument("--account", action="append", default=[], help=f"repeat for several (default: {ACCOUNT})")
    parser.add_argument("--session-seconds", type=float, default=1200, help="a session idle for longer has ended")
    parser.add_argument(
        "--fault", type=fault_at, action="append", default=[], metavar="KIND@N", help="at the N-th time"
    )
    parser.add_argument("--fault-rate", type=float, default=0.0, help="share of registrations that meet a seeded fault")
    parser.add_argument("--fault-seed", type=int, default=0)
    parser.add_argument("--late-commit-seconds", type=float, default=2.0)
    parser.add_argument("--slow-seconds", type=float, default=2.0)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
