"""How is the old water system started? `python -m rpa_bots.fake_water --port 0 --ledger FILE`."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from rpa_bots.fake_base.ledger import Ledger
from rpa_bots.fake_base.options import add_options, plan_of
from rpa_bots.fake_base.serving import serve
from rpa_bots.fake_base.sign_in import Doorkeeper
from rpa_bots.fake_water.faults import Fault
from rpa_bots.fake_water.system import LETTER, WaterSystem

ACCOUNT = "suido01"
PASSWORD = "Demo-suido-8"
TOKYO = timezone(timedelta(hours=9), "JST")


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; prints `ready http://127.0.0.1:PORT` once it answers."""
    options = _parser().parse_args(arguments)
    password = os.environ.get("FAKE_WATER_PASSWORD", PASSWORD)
    passwords = dict.fromkeys(options.account or [ACCOUNT], password)
    system = WaterSystem(
        Ledger(options.ledger, LETTER),
        Doorkeeper(passwords, options.session_seconds, time.monotonic, single=options.single_session),
        plan_of(options, Fault),
        lambda: datetime.now(TOKYO),
        with_reference=not options.without_keys,
        mix=options.fault_kind or tuple(Fault),
    )
    serve(system, options.port)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rpa_bots.fake_water",
        description="水道開閉栓受付システム: the demonstration city's old water system, with trouble on demand.",
        epilog=f"The invented password is {PASSWORD}; FAKE_WATER_PASSWORD sets another. Faults: {', '.join(Fault)}.",
    )
    add_options(parser, 8908, ACCOUNT, Fault)
    parser.add_argument("--fault-kind", type=Fault, action="append", help="the seeded share is of these kinds only")
    parser.add_argument("--without-keys", action="store_true", help="no 受付番号: nothing tells two records apart")
    parser.add_argument("--single-session", action="store_true", help="a second sign-in ends the account's first")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
