"""What may a machine client ask of the gateway? A scope is a part of it; every route names one."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from backoffice.web.translations import _


class Scope(StrEnum):
    PORTAL = "portal"
    """The residents' portal: registrants, channels, consents, withdrawal, a person's own record."""
    LINKS = "links"
    """A system at the other end of a data link: the requests that wait for it, releases, answers, deletions."""
    CROWDING = "crowding"
    """The ward offices' system: how many wait at which counter. It reads nothing."""
    FORMS = "forms"
    """A system that sends records of forms, of those that a department lets it: it reads what they ask, no record."""


SCOPE_NAMES: Mapping[Scope, str] = {
    Scope.PORTAL: _("住民ポータル(登録・同意・本人の記録)"),
    Scope.LINKS: _("データ連携の相手(申込み・受け取り・答え・削除)"),
    Scope.FORMS: _("様式の記録(部署が許可した様式に送る)"),
    Scope.CROWDING: _("区役所の混雑(待っている人数を送る)"),
}


def scopes_in(text: str) -> frozenset[Scope]:
    """Give the scopes that a stored or sent list names, blanks between; what is no scope is left out."""
    return frozenset(Scope(word) for word in text.split() if word in set(Scope))


def written(scopes: Iterable[Scope]) -> str:
    return " ".join(sorted(scopes))
