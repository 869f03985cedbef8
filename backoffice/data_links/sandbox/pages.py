"""What does the page of a sandbox show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backoffice.data_links.models import LinkVersion
from backoffice.data_links.sandbox.models import Sandbox
from backoffice.web import Page
from backoffice.web.chips import Chip


@dataclass(frozen=True)
class FindingLine:
    """One point of the contract. `name`: a msgid."""

    name: str
    chip: Chip
    at: datetime | None


@dataclass(frozen=True)
class PersonaLine:
    """An invented person. `name` and `meant`: msgids; `reference`: the request that was opened last."""

    name: str
    meant: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class SandboxPage(Page):
    of_what: str
    version: LinkVersion
    sandbox: Sandbox | None
    issuer: str
    findings: Sequence[FindingLine]
    kept: Sequence[FindingLine]
    """What went along when the version was sent on its route."""
    kept_at: datetime | None
    kept_why: str
    kept_is_stale: bool
    people: Sequence[PersonaLine]
    is_whole: bool
    """Nothing is lacking that hinders trying."""
    is_open: bool
    may_try: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
