"""What is wrong with an answer, and does it refuse the form or ask a person? A code and two sentences say."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    REFUSE = "refuse"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one answer; `code` is stable, the sentences are for people."""

    key: str
    code: str
    message_ja: str
    message_en: str
    severity: Severity = Severity.REFUSE


class NotNormalError(ValueError):
    """An answer has no normal form; `code` says which rule it broke."""

    def __init__(self, code: str, message_ja: str, message_en: str) -> None:
        super().__init__(message_ja)
        self.code = code
        self.message_ja = message_ja
        self.message_en = message_en

    def about(self, key: str) -> Problem:
        """Turn the refusal into a problem of the field `key`."""
        return Problem(key, self.code, self.message_ja, self.message_en)
