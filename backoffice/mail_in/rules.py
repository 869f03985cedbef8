"""Which rule is a letter sorted by? The first of its department that it meets; nothing here knows a table."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple, Protocol, TypeVar

from backoffice.mail_in.workflow import ActKind

PARTING = re.compile(r"[\s,、;]+")
WILD = re.compile(r"[*?]")


class Act(NamedTuple):
    """What is to be done: `target` is the code of a form (empty: by itself), the id of a list, or an address."""

    kind: ActKind
    target: str = ""


@dataclass(frozen=True)
class Conditions:
    """All of those that are not empty must hold."""

    sender: str = ""
    """Addresses or domains, parted by blanks or commas: one of them."""
    subject: str = ""
    """Stands in the subject, in whatever width and case."""
    file_name: str = ""
    """Stands in the name of an attachment; with `*` or `?` it is the whole name's pattern."""
    file_kind: str = ""

    @property
    def are_none(self) -> bool:
        return not (self.sender or self.subject or self.file_name or self.file_kind)


class Rule(Protocol):
    @property
    def conditions(self) -> Conditions: ...


class File(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def refusal(self) -> str: ...


class Letter(Protocol):
    @property
    def sender(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def files(self) -> Sequence[File]: ...


AnyRule = TypeVar("AnyRule", bound=Rule)
AnyFile = TypeVar("AnyFile", bound=File)


def first_met(rules: Iterable[AnyRule], letter: Letter) -> AnyRule | None:
    """Give the first rule whose conditions a letter meets; None: a person sorts it."""
    return next((rule for rule in rules if meets(rule.conditions, letter)), None)


def meets(conditions: Conditions, letter: Letter) -> bool:
    """Say whether all conditions hold. Without any, none does: a rule that takes everything would hide a mistake."""
    if conditions.are_none or not (_is_from(conditions.sender, letter.sender)):
        return False
    if _plain(conditions.subject) not in _plain(letter.subject):
        return False
    about_files = conditions.file_name or conditions.file_kind
    return not about_files or bool(files_meant(conditions, letter.files))


def files_meant(conditions: Conditions, files: Iterable[AnyFile]) -> list[AnyFile]:
    """Give the attachments that a rule is about: those that were taken in, of the name and the kind that it names."""
    return [file for file in files if not file.refusal and _is_meant(conditions, file)]


def _is_from(wanted: str, sender: str) -> bool:
    """Say whether a sender is one of those wanted: by address, or by a domain under which the address lies."""
    address = sender.lower()
    domain = address.rpartition("@")[2]
    names = [each.lower() for each in PARTING.split(wanted.strip()) if each]
    return not names or any(_is_one(each, address, domain) for each in names)


def _is_one(wanted: str, address: str, domain: str) -> bool:
    if "@" in wanted.lstrip("@"):
        return wanted == address
    wanted = wanted.lstrip("@")
    return domain == wanted or domain.endswith(f".{wanted}")


def _is_meant(conditions: Conditions, file: File) -> bool:
    if conditions.file_kind not in ("", file.kind):
        return False
    wanted, name = _plain(conditions.file_name), _plain(file.name)
    # A bracket stands for itself: people number files with them.
    return fnmatchcase(name, wanted.replace("[", "[[]")) if WILD.search(wanted) else wanted in name


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
