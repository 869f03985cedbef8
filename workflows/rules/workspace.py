"""How is a program run over a block of rows without taking memory anew?

A value is only ever asked whether it reaches a threshold; a range lies between two. Its answer is packed into bits at
once, and all the rest is a fixed list of operations on bits in place.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from workflows.rules.columns import Column, Flags, Places
from workflows.rules.lowering import Clause, Count, Description, Gate, Join, Within
from workflows.rules.population import Population
from workflows.rules.program import Joined, Program, Ref, is_swapped, step_of

Bits = npt.NDArray[np.uint8]


def bytes_for(rows: int) -> int:
    """Give the bytes that hold a bit a row, in whole machine words."""
    return -(-rows // 64) * 8


class End(StrEnum):
    """Of the interval of a count."""

    LEAST = "least"
    GREATEST = "greatest"


ColumnKey = str | tuple[Description, End]


class Source:
    """The columns that a program asks: of everybody, or of some rows."""

    def __init__(self, program: Program, population: Population, rows: Places | None) -> None:
        self.columns: dict[ColumnKey, Column] = {}
        for clause in program.clauses:
            if isinstance(clause, Within):
                self.columns[clause.column] = population.column(clause.column)
            else:
                counts = population.counts(clause.description)
                self.columns[clause.description, End.LEAST] = counts.sure
                self.columns[clause.description, End.GREATEST] = counts.possible
        self._population, self._rows = population, rows

    def values(self, key: ColumnKey, start: int, length: int) -> npt.NDArray[Any]:
        values = self.columns[key].values
        if isinstance(key, str):
            return self._block(values, start, length)
        return values.take(self._block(self._population.household_of, start, length))

    def consents(self, gate: Gate, start: int, length: int) -> npt.NDArray[Any]:
        population = self._population
        held = population.household_consents if gate.of_whole_household else population.consents
        return self._block(held, start, length)

    def _block(self, values: npt.NDArray[Any], start: int, length: int) -> npt.NDArray[Any]:
        if self._rows is None:
            return values[start : start + length]
        return values.take(self._rows[start : start + length])


@dataclass(frozen=True, slots=True)
class _Planes:
    """The answer to a question: for whom it is true, false, or undetermined for want of a consent."""

    true: Bits
    false: Bits
    tainted: Bits
    own: tuple[Bits, ...] = ()
    """What may be written over when nobody asks for this answer any more."""

    def of(self, ref: Ref) -> "_Planes":
        return _Planes(self.false, self.true, self.tainted) if is_swapped(ref) else self


@dataclass(frozen=True, slots=True)
class _Opened:
    """Whose consent opens a gate, and whose does not."""

    gate: Gate
    open: Bits
    masked: Bits


@dataclass(frozen=True, slots=True)
class _ColumnInQuestion:
    """What a column is asked: who is known, and who reaches each threshold."""

    key: ColumnKey
    column: Column
    opened: Bits
    known: Bits
    reached: dict[int, Bits]


class Workspace:
    """The memory and the operations for blocks of `length` rows."""

    def __init__(self, program: Program, source: Source, length: int) -> None:
        self.length = length
        self._source = source
        self._flags: Flags = np.zeros(bytes_for(length) * 8, np.bool_)
        self._flags[:length] = True
        self._everybody = self._packed()
        self._nobody: Bits = np.zeros_like(self._everybody)
        self._spare: list[Bits] = []
        self._gates: dict[Gate | None, _Opened] = {}
        self._asked: dict[ColumnKey, _ColumnInQuestion] = {}
        self._operations: list[tuple[np.ufunc, Bits, Bits, Bits]] = []
        self._answers = self._laid_out(program)

    def run(self, start: int, out: Bits) -> None:
        """Answer every rule for the rows from `start` on, into `out`: rule × (true, false, tainted) × bytes."""
        for opened in self._gates.values():
            self._look_at_consents(opened, start)
        for asked in self._asked.values():
            self._look_at_values(asked, start)
        for operation, left, right, into in self._operations:
            operation(left, right, into)
        for rule, planes in enumerate(self._answers):
            out[rule, 0], out[rule, 1], out[rule, 2] = planes.true, planes.false, planes.tainted

    def _look_at_consents(self, opened: _Opened, start: int) -> None:
        consents = self._source.consents(opened.gate, start, self.length)
        np.not_equal(consents & opened.gate.bit, 0, out=self._flags[: self.length])
        opened.open[:] = self._packed()
        np.bitwise_xor(opened.open, self._everybody, out=opened.masked)

    def _look_at_values(self, asked: _ColumnInQuestion, start: int) -> None:
        values, flags = self._source.values(asked.key, start, self.length), self._flags[: self.length]
        if asked.column.nullable:
            np.not_equal(values, asked.column.null, out=flags)
            np.bitwise_and(self._packed(), asked.opened, out=asked.known)
        for threshold, reached in asked.reached.items():
            np.greater_equal(values, threshold, out=flags)
            np.bitwise_and(self._packed(), asked.known, out=reached)

    def _packed(self) -> Bits:
        return np.packbits(self._flags, bitorder="little")

    def _laid_out(self, program: Program) -> list[_Planes]:
        """Write down the operations of all steps. Planes are used again once their last reader has read them."""
        uses = Counter(step_of(ref) for step in program.steps if isinstance(step, Joined) for ref in step.parts)
        uses.update(step_of(ref) for ref in program.roots)
        found: list[_Planes] = []
        for step in program.steps:
            if not isinstance(step, Joined):
                found.append(self._clause(step))
                continue
            found.append(self._joined(step.join, [found[step_of(ref)].of(ref) for ref in step.parts]))
            for ref in step.parts:
                uses[step_of(ref)] -= 1
                if not uses[step_of(ref)]:
                    self._spare.extend(found[step_of(ref)].own)
        return [found[step_of(ref)].of(ref) for ref in program.roots]

    def _plane(self) -> Bits:
        return self._spare.pop() if self._spare else np.empty_like(self._everybody)

    def _write(self, operation: np.ufunc, left: Bits, right: Bits) -> Bits:
        into = self._plane()
        self._operations.append((operation, left, right, into))
        return into

    def _opened(self, gate: Gate | None) -> tuple[Bits, Bits]:
        if gate is None:
            return self._everybody, self._nobody
        if gate not in self._gates:
            self._gates[gate] = _Opened(gate, np.empty_like(self._everybody), np.empty_like(self._everybody))
        return self._gates[gate].open, self._gates[gate].masked

    def _ask(self, key: ColumnKey, gate: Gate | None) -> _ColumnInQuestion:
        if key not in self._asked:
            column, (opened, _) = self._source.columns[key], self._opened(gate)
            known = np.empty_like(self._everybody) if column.nullable else opened
            self._asked[key] = _ColumnInQuestion(key, column, opened, known, {})
        return self._asked[key]

    def _reaching(self, asked: _ColumnInQuestion, threshold: int) -> Bits:
        """Give the plane of those who reach a threshold; what no value of the column's kind decides is known now."""
        limits = np.iinfo(asked.column.values.dtype)
        if threshold <= limits.min + 1:
            return asked.known
        if threshold > limits.max:
            return self._nobody
        if threshold not in asked.reached:
            asked.reached[threshold] = np.empty_like(self._everybody)
        return asked.reached[threshold]

    def _from(self, asked: _ColumnInQuestion, low: int | None) -> Bits:
        return asked.known if low is None else self._reaching(asked, low)

    def _beyond(self, asked: _ColumnInQuestion, high: int | None) -> Bits:
        return self._nobody if high is None else self._reaching(asked, high + 1)

    def _clause(self, clause: Clause) -> _Planes:
        if isinstance(clause, Count):
            return self._count(clause)
        asked, (_, masked) = self._ask(clause.column, clause.gate), self._opened(clause.gate)
        if clause.span.is_empty:
            return _Planes(self._nobody, asked.known, masked)
        true = self._without(self._from(asked, clause.span.low), self._beyond(asked, clause.span.high))
        return _Planes(true, self._without(asked.known, true), masked)

    def _count(self, clause: Count) -> _Planes:
        """It is true where the whole interval lies in the span, false where none of it does."""
        opened, masked = self._opened(clause.gate)
        least = self._ask((clause.description, End.LEAST), clause.gate)
        greatest = self._ask((clause.description, End.GREATEST), clause.gate)
        low, high = clause.span.low, clause.span.high
        not_above = self._without(opened, self._beyond(greatest, high))
        below = self._without(opened, self._from(greatest, low))
        true = self._write(np.bitwise_and, self._from(least, low), not_above)
        return _Planes(true, self._write(np.bitwise_or, below, self._beyond(least, high)), masked)

    def _without(self, whole: Bits, part: Bits) -> Bits:
        """Take a part out of what holds all of it."""
        if part is self._nobody:
            return whole
        return self._nobody if part is whole else self._write(np.bitwise_xor, whole, part)

    def _joined(self, join: Join, parts: list[_Planes]) -> _Planes:
        if join is Join.ANY:
            # 「いずれか」 is 「すべて」 with true and false the other way round.
            turned = self._joined(Join.ALL, [_Planes(each.false, each.true, each.tainted) for each in parts])
            return _Planes(turned.false, turned.true, turned.tainted, turned.own)
        if not parts:
            return _Planes(self._everybody, self._nobody, self._nobody)
        true = self._all_of(np.bitwise_and, [each.true for each in parts])
        false = self._all_of(np.bitwise_or, [each.false for each in parts])
        masks = {id(each.tainted): each.tainted for each in parts if each.tainted is not self._nobody}
        if not masks:
            return _Planes(true, false, self._nobody, (true, false))
        # A tainted part leaves its group undetermined unless another decides: what is tainted and not false.
        tainted = self._all_of(np.bitwise_or, [*masks.values(), false])
        self._operations.append((np.bitwise_xor, tainted, false, tainted))
        return _Planes(true, false, tainted, (true, false, tainted))

    def _all_of(self, operation: np.ufunc, planes: list[Bits]) -> Bits:
        """Join at least two planes into a new one."""
        into = self._write(operation, planes[0], planes[1])
        self._operations.extend((operation, into, more, into) for more in planes[2:])
        return into
