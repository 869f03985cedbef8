"""What do many rules say of everybody? Each distinct clause is asked once a block of rows; the rest is packed bits.

Three planes of bits for every question: true, false, and tainted (undetermined for want of a consent). What is in none
of them is undetermined for want of a fact. All memory is taken before the first block: without that, sharing clauses
costs more than it saves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from workflows.rules.columns import Flags, Places
from workflows.rules.lowering import Lowering
from workflows.rules.parameters import Parameters
from workflows.rules.population import Population
from workflows.rules.program import Program
from workflows.rules.tree import Node
from workflows.rules.vocabulary import Vocabulary
from workflows.rules.workspace import Bits, Source, Workspace, bytes_for

BLOCK = 65_536
"""Rows a block: its bits and the values of a column stay in the processor's second cache."""


class Verdict(StrEnum):
    ELIGIBLE = "eligible"
    """該当"""
    NOT_ELIGIBLE = "not_eligible"
    """非該当"""
    UNKNOWN = "unknown"
    """データ不足: a fact is missing, and it would decide."""
    NO_CONSENT = "no_consent"
    """同意不足: a fact that would decide has not been looked at."""


_TRUE, _FALSE, _TAINTED = range(3)
_PLANE = {Verdict.ELIGIBLE: _TRUE, Verdict.NOT_ELIGIBLE: _FALSE, Verdict.NO_CONSENT: _TAINTED}


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The verdicts of some rules on some residents, a bit each."""

    size: int
    counts: tuple[Mapping[Verdict, int], ...]
    """For each rule, how many residents got each verdict."""
    planes: Bits
    """Rule × (true, false, tainted) × bytes; the lowest bit of a byte is the first of its eight residents."""

    def verdict_plane(self, rule: int, verdict: Verdict) -> Flags:
        """Give, for each resident, whether `rule` (its place in what was asked) came to `verdict`."""
        planes = self.planes[rule]
        bits = ~np.bitwise_or.reduce(planes) if verdict is Verdict.UNKNOWN else planes[_PLANE[verdict]]
        return np.unpackbits(bits, count=self.size, bitorder="little").view(np.bool_)


def evaluate(rules: Sequence[Node], population: Population, parameters: Parameters, as_of: date) -> Evaluation:
    """Say for each rule what it comes to for everybody. Raises ParameterTroubleError, UnaskableError."""
    return evaluate_prepared(prepare(rules, population.vocabulary, parameters, as_of), population)


def evaluate_rows(
    rules: Sequence[Node], population: Population, parameters: Parameters, as_of: date, rows: Places
) -> Evaluation:
    """Say the same of a few residents only, in the order of `rows`: what changed since yesterday, or who was hit."""
    return evaluate_prepared(prepare(rules, population.vocabulary, parameters, as_of), population, rows)


def prepare(rules: Sequence[Node], vocabulary: Vocabulary, parameters: Parameters, as_of: date) -> Program:
    """Work out what must be asked on a day, to be asked of several populations or rows."""
    lowering = Lowering(vocabulary, parameters, as_of)
    return Program([lowering.of(rule) for rule in rules])


def evaluate_prepared(program: Program, population: Population, rows: Places | None = None) -> Evaluation:
    """Put prepared questions to everybody, or to the residents in `rows`."""
    size = population.size if rows is None else len(rows)
    source = Source(program, population, rows)
    planes = np.empty((len(program.roots), 3, bytes_for(size)), np.uint8)
    workspace = Workspace(program, source, min(BLOCK, size))
    for start in range(0, size, BLOCK):
        if size - start < workspace.length:
            workspace = Workspace(program, source, size - start)
        workspace.run(start, planes[:, :, start // 8 : start // 8 + bytes_for(workspace.length)])
    return Evaluation(size, tuple(_counted(each, size) for each in planes), planes)


def _counted(planes: Bits, size: int) -> dict[Verdict, int]:
    true, false, tainted = (int(each) for each in np.bitwise_count(planes.view(np.uint64)).sum(axis=1, dtype=np.int64))
    return {
        Verdict.ELIGIBLE: true,
        Verdict.NOT_ELIGIBLE: false,
        Verdict.UNKNOWN: size - true - false - tainted,
        Verdict.NO_CONSENT: tainted,
    }
