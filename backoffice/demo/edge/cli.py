"""What may be said to the processes of the edge when they are started?"""

import argparse
from pathlib import Path

from backoffice.demo.edge.faults import Fault, Faults, faults_in
from backoffice.demo.edge.ledger import Ledger


def edge_arguments(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add what the mail sink and LINE's player both take."""
    parser.add_argument("--port", type=int, default=0, help="0: 空いているもの / any that is free")
    parser.add_argument("--ledger", type=Path, required=True, help="届いたものの帳面 / where what arrived is noted")
    parser.add_argument("--no-content", action="store_true", help="届いたことだけを書く / note that, not what, arrived")
    names = ", ".join(fault.value for fault in Fault)
    parser.add_argument("--fault", action="append", default=[], metavar="KIND=SHARE", help=f"{names}: 0.05 など")
    parser.add_argument("--seed", type=int, default=0, help="同じ種なら同じ失敗 / the same faults for the same seed")
    parser.add_argument("--slow-seconds", type=float, default=0.5)
    return parser


def begin(options: argparse.Namespace) -> tuple[Ledger, Faults]:
    """Open the ledger and mix the faults as the arguments say."""
    return Ledger(options.ledger), faults_in(options.fault, options.seed, options.slow_seconds)
