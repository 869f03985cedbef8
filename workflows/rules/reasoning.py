"""Can a rule be true, can it be false? Asked of the rule alone, before any resident is looked at.

A lowered rule only asks whether values lie in ranges. The ends of these ranges cut each column into a few cells within
which the rule cannot tell values apart, so trying one value of each cell tries everybody. Cells are chosen column by
column and given up as soon as the rest no longer matters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflows.rules.lowering import BIRTH, Clause, Count, Description, Group, Join, Opposite, Question, Span, clauses
from workflows.rules.vocabulary import FactKind, Vocabulary

Variable = str | Description
"""A column, or the number of members such as described."""
Assignment = Mapping[Variable, int]

MOST_TRIES = 20_000


class TooHardError(Exception):
    """The rule has so many ranges that trying them would take too long."""


@dataclass
class Reasoner:
    """Answers about parts of one rule on one day. `tries` counts down over all questions asked."""

    vocabulary: Vocabulary
    as_of: date
    cells: Mapping[Variable, tuple[int, ...]]
    """One value of each cell, rising."""
    tries: int = field(default=MOST_TRIES)

    def possible(self, question: Question, *, wanted: bool) -> Assignment | None:
        """Give values by which `question` comes to what is wanted, or None. Raises TooHardError."""
        return self._search(question, {}, wanted=wanted)

    def _search(self, question: Question, assigned: dict[Variable, int], *, wanted: bool) -> Assignment | None:
        self.tries -= 1
        if self.tries < 0:
            raise TooHardError
        answer = holds(question, assigned)
        if answer is not None:
            return dict(assigned) if answer is wanted else None
        variable = next(key for key in map(variable_of, clauses(question)) if key not in assigned)
        for value in self.cells[variable]:
            found = self._search(question, {**assigned, variable: value}, wanted=wanted)
            if found is not None:
                return found
        return None


def reasoner_for(question: Question, vocabulary: Vocabulary, as_of: date) -> Reasoner:
    """Cut every column that `question` asks about into its cells."""
    cuts: dict[Variable, set[int]] = {}
    for clause in clauses(question):
        cuts.setdefault(variable_of(clause), set()).update(_ends(clause.span))
    return Reasoner(
        vocabulary,
        as_of,
        {variable: _cells(ends, _domain(variable, vocabulary, as_of)) for variable, ends in cuts.items()},
    )


def variable_of(clause: Clause) -> Variable:
    return clause.description if isinstance(clause, Count) else clause.column


def holds(question: Question, assigned: Assignment) -> bool | None:
    """Say whether `question` holds by the values given so far; None while that is open."""
    if isinstance(question, Opposite):
        answer = holds(question.part, assigned)
        return None if answer is None else not answer
    if isinstance(question, Group):
        return _joined(question, assigned)
    value = assigned.get(variable_of(question))
    return None if value is None else lies_in(value, question.span)


def _joined(group: Group, assigned: Assignment) -> bool | None:
    settles = group.join is Join.ANY
    answers = [holds(part, assigned) for part in group.parts]
    if settles in answers:
        return settles
    return None if None in answers else not settles


def lies_in(value: int, span: Span) -> bool:
    return (span.low is None or value >= span.low) and (span.high is None or value <= span.high)


def _ends(span: Span) -> Iterator[int]:
    """Give the first value of each cell that the span begins."""
    if span.low is not None:
        yield span.low
    if span.high is not None:
        yield span.high + 1


def _domain(variable: Variable, vocabulary: Vocabulary, as_of: date) -> Span:
    """Give the values that there can be at all."""
    if isinstance(variable, Description):
        return Span(0, None)
    if variable == BIRTH:
        return Span(None, as_of.toordinal())
    fact = vocabulary.get(variable)
    if fact is None or fact.kind is FactKind.DATE:
        return Span(None, None)
    if fact.kind is FactKind.NUMBER:
        return Span(fact.least, None)
    return Span(0, 1 if fact.kind is FactKind.FLAG else len(fact.choices) - 1)


def _cells(ends: set[int], domain: Span) -> tuple[int, ...]:
    """Give the first value of each cell within the domain; what lies before the first end is told by its last value."""
    within = sorted(end for end in ends if lies_in(end, domain))
    first = domain.low if domain.low is not None else (min(ends) - 1 if ends else 0)
    before = first if domain.high is None else min(first, domain.high)
    return tuple(dict.fromkeys((before, *within)))
