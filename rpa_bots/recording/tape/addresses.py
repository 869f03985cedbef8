"""Where does a recording run today? Its addresses are turned to the system that is named, and to no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from rpa_bots.recording.tape.reading import UnusableRecordingError
from rpa_bots.recording.tape.steps import Navigate, Recording
from rpa_bots.target import origin_of

THIS_MACHINE: Final = ("127.0.0.1", "localhost", "[::1]")
"""Without a list only this machine may be keyed into."""
START_PAGES: Final = ("chrome", "edge", "about", "chrome-error")
"""A recording often begins on the browser's own start page, which no system has."""


@dataclass(frozen=True)
class Addresses:
    """`base` stands for `recorded`, the origin of the recording's first page; `others` may be reached as they are."""

    base: str
    recorded: str
    others: tuple[str, ...] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        """Give what the browser's wall lets through."""
        return (origin_of(self.base), *self.others)

    def today(self, url: str) -> str:
        """Give the address that stands for a recorded one: another origin, and the base's path before its own."""
        if is_start_page(url) or origin_of(url) != self.recorded:
            return url
        before, (scheme, host, path, query, part) = urlsplit(self.base).path.rstrip("/"), urlsplit(url)
        if before and path != before and not path.startswith(f"{before}/"):
            path = before + path
        scheme, host = origin_of(self.base).split("://")
        return urlunsplit((scheme, host, path, query, part))

    def same(self, recorded: str, shown: str) -> bool:
        """Tell whether a page's address is the recorded one, whichever way its port is written."""
        return _in_full(self.today(recorded)) == _in_full(shown)

    def same_page(self, recorded: str, shown: str) -> bool:
        """The same, whatever the question behind it: old systems put the session there."""
        return _in_full(self.today(recorded)).partition("?")[0] == _in_full(shown).partition("?")[0]


def addresses(recording: Recording, base: str, allowed: Sequence[str]) -> Addresses:
    """Check where a recording goes. Raises UnusableRecordingError for a place that is not on the list."""
    try:
        here = origin_of(base)
    except ValueError as wrong:
        raise UnusableRecordingError(str(wrong)) from None
    if not _on(here, allowed or THIS_MACHINE):
        raise UnusableRecordingError(f"{here} は許可された宛先にありません(--allow-host で許可します)。")
    visited = [(number, _origin(step, number)) for number, step in enumerate(recording.steps, 1) if _goes(step)]
    recorded = visited[0][1] if visited else here
    others: list[str] = []
    for number, origin in visited:
        if origin == recorded:
            continue
        if not _on(origin, allowed):
            raise UnusableRecordingError(f"{number}番目の手順の宛先 {origin} は許可されていません。")
        others.append(origin)
    return Addresses(base, recorded, tuple(dict.fromkeys(others)))


def goes_elsewhere(recording: Recording) -> bool:
    """Tell whether a recording opens pages of more than one system, or of none that a browser reaches."""
    try:
        return len({_origin(step, 0) for step in recording.steps if _goes(step)}) > 1
    except UnusableRecordingError:
        return True


def is_start_page(url: str) -> bool:
    return urlsplit(url).scheme in START_PAGES


def _goes(step: object) -> bool:
    return isinstance(step, Navigate) and not is_start_page(step.url)


def _origin(step: object, number: int) -> str:
    if not isinstance(step, Navigate):
        raise TypeError(step)
    try:
        return origin_of(step.url)
    except ValueError:
        raise UnusableRecordingError(f"{number}番目の手順: 開くページのURLが正しくありません。") from None


def _on(origin: str, allowed: Sequence[str]) -> bool:
    """A host alone stands for each of its ports."""
    host_and_port = origin.split("://")[1]
    return any(each.lower() in {host_and_port, host_and_port.rpartition(":")[0]} for each in allowed)


def _in_full(url: str) -> str:
    parts = urlsplit(url)
    return f"{origin_of(url)}{parts.path or '/'}{'?' if parts.query else ''}{parts.query}" if parts.hostname else url
