"""What does a person see in a frame? Its words and what stands in its fields, shadows of components included."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from playwright.sync_api import Frame

TEXT_AT_MOST: Final = 20_000


@dataclass(frozen=True)
class Shown:
    """A page as a person sees it: title, address, visible text."""

    title: str
    url: str
    text: str
    asks_password: bool = False
    standing: tuple[str, ...] = field(default=(), compare=False)
    """What stands in fields that can be typed into."""


def shown_in(frame: Frame) -> Shown:
    """Look into a frame. Raises playwright's Error where it is just being replaced."""
    seen = frame.evaluate(_script())
    text = seen["text"][:TEXT_AT_MOST]
    return Shown(seen["title"], seen["url"], text, seen["asksPassword"], tuple(seen["standing"]))


@cache
def _script() -> str:
    return files("rpa_bots.recording.page").joinpath("seeing.js").read_text(encoding="utf-8").strip()
