"""Which steps only point at what a page shows? What stands there is somebody's, so its words are no way to find it.

Whoever records what is to be read presses the cell in which it stands. The Recorder then writes the value down as the
name of the cell: of an old system's resident, whom nobody asked.
"""

import re
from typing import Final

from rpa_bots.recording.tape.steps import Alternatives, Chain, Click, Step, WaitForElement
from rpa_bots.recording.tape.submit_step import says_what_it_does

BY_NAME: Final = ("aria/", "text/")
"""Ways that begin so tell what a person reads; the others tell a place on the page."""
WRITTEN_OTHERWISE: Final = (*BY_NAME, "xpath/", "pierce/")
WORKED_WITH: Final = frozenset({"a", "area", "button", "input", "label", "option", "select", "summary", "textarea"})
LAST: Final = re.compile(r"[\s>+~]+")
TAG: Final = re.compile(r"[a-z][a-z0-9-]*")


def points(step: Step) -> bool:
    """Tell whether a step seems to press or await a text that leads nowhere, and that no button would say."""
    if not isinstance(step, Click | WaitForElement) or step.asserted_events:
        return False
    shows_text = isinstance(step, WaitForElement) or any(way[-1].startswith(BY_NAME) for way in step.selectors)
    return shows_text and not _tags(step.selectors) & WORKED_WITH and not says_what_it_does(step)


def without_words(step: Step) -> Step:
    """Give the step with its place alone; where nothing but words leads there, they stay, and people decide."""
    if not isinstance(step, Click | WaitForElement):
        return step
    places = tuple(way for way in step.selectors if not any(part.startswith(BY_NAME) for part in way))
    bare: dict[str, object] = {"selectors": places or step.selectors}
    if isinstance(step, WaitForElement):
        bare |= {"properties": {}, "attributes": {}}
    return step.model_copy(update=bare)


def _tags(ways: Alternatives) -> set[str]:
    """Name the elements that the ways by CSS end in, as far as they say."""
    found = (TAG.match(LAST.split(_css(way))[-1]) for way in ways)
    return {tag[0] for tag in found if tag}


def _css(way: Chain) -> str:
    return "" if way[-1].startswith(WRITTEN_OTHERWISE) else way[-1]
