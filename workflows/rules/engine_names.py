"""With which engine are verdicts counted, and what is it asked? The house's own, or a database that checks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.rules.parameters import Parameters
from workflows.rules.tree import Node


class Engine(StrEnum):
    NUMPY = "numpy"
    DUCKDB = "duckdb"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Question:
    """Which rules are asked, with which thresholds, as of which day."""

    rules: Sequence[Node]
    parameters: Parameters
    as_of: date
