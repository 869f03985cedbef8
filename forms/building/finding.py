"""What is a thing to mend? Its place, its part, and the sentence that says it."""

from dataclasses import dataclass

from forms.problems import Severity

RULE = "rule:"
"""Before the code of a rule, where a finding names its place."""
ZONE = "zone:"
"""Before the code of a zone on foreign paper."""


@dataclass(frozen=True)
class Finding:
    """`place` is the key of a question, `rule:` or `zone:` and a code, or nothing for the form itself."""

    place: str
    part: str
    code: str
    message_ja: str
    message_en: str
    severity: Severity = Severity.REFUSE
