"""How is an old system started? The options that all of them take."""

import argparse
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

from rpa_bots.fake_base.faults import FaultPlan, fault_at

Kind = TypeVar("Kind", bound=StrEnum)


def add_options(parser: argparse.ArgumentParser, port: int, account: str, faults: type[StrEnum]) -> None:
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--ledger", type=Path, required=True, help="JSON lines, one a registration, kept over restarts")
    parser.add_argument("--account", action="append", default=[], help=f"repeat for several (default: {account})")
    parser.add_argument("--session-seconds", type=float, default=1200, help="a session idle for longer has ended")
    reading = partial(fault_at, faults)
    reading.__name__ = "fault"  # type: ignore[attr-defined] # argparse names the type in its refusal
    parser.add_argument("--fault", type=reading, action="append", default=[], metavar="KIND@N", help="at the N-th time")
    parser.add_argument("--fault-rate", type=float, default=0.0, help="share of records that meet a seeded fault")
    parser.add_argument("--fault-seed", type=int, default=0)
    parser.add_argument("--late-commit-seconds", type=float, default=2.0)
    parser.add_argument("--slow-seconds", type=float, default=2.0)


def plan_of(options: argparse.Namespace, faults: type[Kind]) -> FaultPlan[Kind]:
    """Read the options as a plan; `faults` is the list that `add_options` was given."""
    at: frozenset[tuple[Kind, int]] = frozenset((faults(fault), occasion) for fault, occasion in options.fault)
    return FaultPlan(at, options.fault_rate, options.fault_seed, options.late_commit_seconds, options.slow_seconds)
