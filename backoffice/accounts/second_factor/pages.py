"""What do the pages of the second factor show?"""

from dataclasses import dataclass, field

from backoffice.web import Page
from backoffice.web.qr import Qr


@dataclass(frozen=True, kw_only=True)
class ProvePage(Page):
    """Asks for the factor that the person holds."""

    next: str
    has_code: bool
    has_key: bool
    ready_code: str | None = None
    """In a demonstration: a code that works now."""
    refused: str = ""
    refused_params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SetUpPage(Page):
    """Lets a person choose their first factor, or one more."""

    next: str
    must: bool
    """The person's roles ask for it, or they are on the threshold: there is no way on without."""
    keys_work: bool
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class NewCodePage(Page):
    next: str
    secret: str
    drawn: Qr
    """The same as the secret, for an authenticator's camera."""
    ready_code: str | None = None
    wrong: dict[str, str] = field(default_factory=dict)
