"""To whom does a program apply? Rules over residents' facts: one tree, several readings, four verdicts.

Only this package knows numpy, polars and ibis on the side of the rules. Connections and snapshots are handed in.
"""

from workflows.rules.blocks import Evaluation, Verdict, evaluate, evaluate_prepared, evaluate_rows, prepare
from workflows.rules.loading import SnapshotError, read_population
from workflows.rules.lowering import UnaskableError
from workflows.rules.population import Population
from workflows.rules.why import LeafState, NobodyError, Patterns, Reasons, explain, reasons

__all__ = [
    "Evaluation",
    "LeafState",
    "NobodyError",
    "Patterns",
    "Population",
    "Reasons",
    "SnapshotError",
    "UnaskableError",
    "Verdict",
    "evaluate",
    "evaluate_prepared",
    "evaluate_rows",
    "explain",
    "prepare",
    "read_population",
    "reasons",
]
