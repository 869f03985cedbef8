"""What does a person read before consenting? One JSON file a notice and version; a file once shipped is never edited.

A consent names the version it was given to, so that anyone can later read what was agreed. Another wording is another
version; which of them is shown on a day follows from `starts`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from workflows.rules.facts import CITY_FACTS
from workflows.rules.vocabulary import ConsentClass, Fact

LANGUAGES = ("ja", "easy", "en")
SCHEMA = 1


@dataclass(frozen=True)
class Notice:
    """One version of what is read. `code` is the class of consent that it asks for."""

    code: ConsentClass
    version: int
    starts: date
    months: int
    """So long a consent holds."""
    purpose: Mapping[str, str]
    recipients: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def facts(self) -> Sequence[Fact]:
        """The facts that the city may look at with this consent."""
        return [fact for fact in CITY_FACTS if fact.consent is self.code]

    @cached_property
    def sha256(self) -> str:
        """Of all that the page shows, in all languages: what was read can be proven."""
        shown = [dict(self.texts), dict(self.purpose), dict(self.recipients), self.months]
        written = json.dumps(shown, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()


@lru_cache(maxsize=1)
def every_notice() -> Mapping[tuple[ConsentClass, int], Notice]:
    """Give all notices that were ever shown, by class and version. They are read once."""
    found = [_read(file.read_text("utf-8")) for file in files(__name__).iterdir() if file.name.endswith(".json")]
    return {(notice.code, notice.version): notice for notice in found}


def shown_on(code: ConsentClass, day: date) -> Notice:
    """Give the version that is shown on a day. Raises LookupError where none has begun."""
    begun = [notice for (of, _), notice in every_notice().items() if of is code and notice.starts <= day]
    if not begun:
        raise LookupError(code)
    return max(begun, key=lambda notice: (notice.starts, notice.version))


def _read(text: str) -> Notice:
    written: dict[str, Any] = json.loads(text)
    if written.pop("schema") != SCHEMA or set(written["texts"]) != set(LANGUAGES):
        raise ValueError("a notice has another schema, or lacks a language")
    code, starts = ConsentClass(written.pop("code")), date.fromisoformat(written.pop("starts"))
    return Notice(code, written.pop("version"), starts, **written)
