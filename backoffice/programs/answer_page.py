"""How does an answer about one resident stand on a page?"""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.programs.answering import Answer
from backoffice.programs.rule_pages import STATE_CHIPS, VERDICT_CHIPS
from backoffice.web.chips import Chip


@dataclass(frozen=True)
class AnswerShown:
    verdict: Chip
    lines: Sequence[tuple[str, Chip, bool]]
    """Each condition, what it came to, whether it decided."""
    to_resident: Sequence[str]

    @classmethod
    def of(cls, answer: Answer) -> "AnswerShown":
        lines = [(line.text, STATE_CHIPS[line.state], line.decided) for line in answer.lines]
        return cls(VERDICT_CHIPS[answer.verdict], lines, answer.to_resident)
