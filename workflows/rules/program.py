"""In which order are the questions of many rules put, so that each distinct one is put once?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflows.rules.lowering import Clause, Group, Join, Opposite, Question, Within

Ref = int
"""An answer: twice the number of its step, and one more where true and false are to be read the other way round."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Answers of earlier steps, joined; never a single one."""

    join: Join
    parts: tuple[Ref, ...]


Step = Clause | Joined


def step_of(ref: Ref) -> int:
    return ref >> 1


def is_swapped(ref: Ref) -> bool:
    return bool(ref & 1)


class Program:
    """The steps for some questions, each after those that it stands on; `roots` are the answers to the questions."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.clauses = tuple(sorted(dict.fromkeys(_clauses(questions)), key=_by_column))
        self.steps: list[Step] = []
        self._refs: dict[Step, Ref] = {}
        for clause in self.clauses:
            self._add(clause)
        self.roots = tuple(map(self._ref, questions))

    def _ref(self, question: Question) -> Ref:
        """Give the answer to a question, whose steps are added where nobody has put it before."""
        match question:
            case Opposite(part):
                return self._ref(part) ^ 1
            case Group(join, parts):
                refs = tuple(dict.fromkeys(map(self._ref, parts)))
                return refs[0] if len(refs) == 1 else self._add(Joined(join, refs))
        return self._add(question)

    def _add(self, step: Step) -> Ref:
        if step not in self._refs:
            self._refs[step] = 2 * len(self.steps)
            self.steps.append(step)
        return self._refs[step]


def _clauses(questions: Sequence[Question]) -> Iterator[Clause]:
    waiting = list(questions)
    while waiting:
        match waiting.pop():
            case Group(_, parts):
                waiting.extend(parts)
            case Opposite(part):
                waiting.append(part)
            case clause:
                yield clause


def _by_column(clause: Clause) -> str:
    """Put all questions to one column while its values are at hand; those to households last."""
    return clause.column if isinstance(clause, Within) else "~"
