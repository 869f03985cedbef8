"""How is the old system started? `python -m rpa_bots.fake_legacy --port 0 --ledger FILE`."""

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
from rpa_bots.fake_legacy.faults import Fault
from rpa_bots.fake_legacy.system import LETTER, LegacySystem

ACCOUNT = "gakumu01"
PASSWORD = "Demo-shugaku-8"
TOKYO = timezone(timedelta(hours=9), "JST")


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; prints `ready http://127.0.0.1:PORT` once it answers."""
    options = _parser().parse_args(arguments)
    password = os.environ.get("FAKE_LEGACY_PASSWORD", PASSWORD)
    system = LegacySystem(
        Ledger(options.ledger, LETTER),
        Doorkeeper(dict.fromkeys(options.account or [ACCOUNT], password), options.session_seconds, time.monotonic),
        plan_of(options, Fault),
        lambda: datetime.now(TOKYO),
    )
    serve(system, options.port)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rpa_bots.fake_legacy",
        description="就学援助システム: the demonstration city's old system, with trouble on demand.",
        epilog=f"The invented password is {PASSWORD}; FAKE_LEGACY_PASSWORD sets another. Faults: {', '.join(Fault)}.",
    )
    add_options(parser, 8907, ACCOUNT, Fault)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
