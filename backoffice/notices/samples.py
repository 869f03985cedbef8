"""How would a notice read for some of those whom it reaches? Shown to whoever writes, approves or releases it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.notices.composing import Composer, States, composer, speaking_version
from backoffice.notices.models import NoticeVersion
from backoffice.work import Work
from workflows.notices.blocks import Document
from workflows.notices.languages import NoticeLanguage
from workflows.notices.patterns import sample_patterns
from workflows.notices.rendering import Mail, Notice, line_of_notice, mail_document, mail_of, subject_of

EXAMPLE_REFERENCE = "a1b2-c3d4-e5f6-0789"
EXAMPLE_RUN = "R8-通知-0000"
MOST = 3


@dataclass(frozen=True)
class Sample:
    """One notice, as a mail and on LINE; the pieces of a person are still slots."""

    language: NoticeLanguage
    subject: str
    document: Document
    """What the mail says, to be drawn on a page of ours."""
    mail: Mail
    line: Sequence[dict[str, Any]]

    @classmethod
    def of(cls, notice: Notice) -> "Sample":
        return cls(notice.language, subject_of(notice), mail_document(notice), mail_of(notice), line_of_notice(notice))


def samples(
    work: Work, version: NoticeVersion, patterns: Sequence[States] = (), run: str = EXAMPLE_RUN
) -> Sequence[Sample]:
    """Give for each language up to three samples, one a pattern of reasons; a veiled notice reads alike for all.

    Without `patterns` the rule itself gives some. `version` comes with its program and department.
    """
    program = version.template.program
    return samples_of(composer(work, version.wording, program, speaking_version(work, program.id), run), patterns)


def samples_of(makes: Composer, patterns: Sequence[States] = ()) -> Sequence[Sample]:
    """Give what `samples` gives, where the wording and its program are at hand."""
    told = _told(makes, patterns)
    return [Sample.of(makes.notice(language, states)) for language in NoticeLanguage for states in told]


def _told(makes: Composer, patterns: Sequence[States]) -> Sequence[States | None]:
    rule = makes.matter.rule
    if rule is None or makes.matter.veiled:
        return [None]
    return list(patterns[:MOST]) or sample_patterns(rule, MOST) or [None]
