"""In what do two recordings differ? In steps, as a clerk would tell it; never in how a step happens to be written."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from rpa_bots.recording.tape.binding import ways_of
from rpa_bots.recording.tape.marks import looking_in, marked
from rpa_bots.recording.tape.mending import dialogs_of, ours, proof_in
from rpa_bots.recording.tape.pointing import BY_NAME
from rpa_bots.recording.tape.steps import Change, KeyDown, KeyUp, Navigate, Recording, Step
from rpa_bots.recording.tape.submit_step import submit_step


class About(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    VALUE = "value"
    """The same field takes something else."""
    WAYS = "ways"
    """The same element is found in another way."""
    ADDRESS = "address"
    OTHER = "other"
    """Waits, sizes, offsets, keys: what a clerk has no field for."""
    MARKS = "marks"
    """What is read, received, repeated or left out there."""
    REGISTERS = "registers"
    DIALOGS = "dialogs"
    PROOF = "proof"
    LOOKS = "looks"


@dataclass(frozen=True)
class Difference:
    """`before`, `after`: places (from 0) in the two recordings; None where the step is in one of them only."""

    about: About
    before: int | None = None
    after: int | None = None


def differences(before: Recording, after: Recording) -> list[Difference]:
    """Tell what became of the steps, in their order, then of what was said beside them."""
    old, new = _steps(before), _steps(after)
    said, said_new = _said(before), _said(after)
    pairs: dict[int, int] = {}
    found: list[Difference] = []
    told = SequenceMatcher(None, [_what(step) for _, step in old], [_what(step) for _, step in new], autojunk=False)
    for tag, start, end, start_new, end_new in told.get_opcodes():
        if tag == "equal":
            for (place, step), (place_new, step_new) in zip(old[start:end], new[start_new:end_new], strict=True):
                pairs[place] = place_new
                found += [Difference(about, place, place_new) for about in _changed(step, step_new)]
                if said[place] != said_new[place_new]:
                    found.append(Difference(About.MARKS, place, place_new))
            continue
        found += [Difference(About.REMOVED, place) for place, _ in old[start:end]]
        found += [Difference(About.ADDED, after=place) for place, _ in new[start_new:end_new]]
    register, register_new = submit_step(before), submit_step(after)
    if (None if register is None else pairs.get(register, -1)) != register_new:
        found.append(Difference(About.REGISTERS, register, register_new))
    if dialogs_of(before) != dialogs_of(after):
        found.append(Difference(About.DIALOGS))
    if proof_in(before) != proof_in(after):
        found.append(Difference(About.PROOF))
    if looking_in(before) != looking_in(after):
        found.append(Difference(About.LOOKS))
    return found


def _steps(recording: Recording) -> list[tuple[int, Step]]:
    """The marks that we write ourselves are no steps of a clerk's."""
    marks = ours(recording)
    return [(place, step) for place, step in enumerate(recording.steps) if place not in marks]


def _said(recording: Recording) -> dict[int, tuple[object, ...]]:
    return {
        each.place: (each.reading, each.download, each.uploads, each.turns, each.condition, each.repeat)
        for each in marked(recording)
    }


def _what(step: Step) -> tuple[str, str]:
    """Two recordings of one work do the same to what has the same name; what has none is told by its turn."""
    key = step.key if isinstance(step, KeyDown | KeyUp) else ""
    return step.type, key or name_of(step)


def name_of(step: Step) -> str:
    """Give the name under which a step's element was recorded, "" where it had none."""
    read = [way[-1].split("/", 1)[1] for way in ways_of(step) if way[-1].startswith(BY_NAME)]
    return next((name.split("[role=", maxsplit=1)[0] for name in read), "")


def _changed(old: Step, new: Step) -> list[About]:
    found = []
    if isinstance(old, Change) and isinstance(new, Change) and old.value != new.value:
        found.append(About.VALUE)
    if isinstance(old, Navigate) and isinstance(new, Navigate) and old.url != new.url:
        found.append(About.ADDRESS)
    if ways_of(old) != ways_of(new) or _where(old) != _where(new):
        found.append(About.WAYS)
    if _rest(old) != _rest(new):
        found.append(About.OTHER)
    return found


def _where(step: Step) -> tuple[object, object]:
    return getattr(step, "frame", ()), getattr(step, "target", "")


def _rest(step: Step) -> dict[str, object]:
    """Where in an element the pointer stood differs each time, and what the Recorder saw happen is checked softly."""
    told_apart = {"value", "url", "selectors", "frame", "target", "offset_x", "offset_y", "duration", "asserted_events"}
    return step.model_dump(exclude=told_apart)
