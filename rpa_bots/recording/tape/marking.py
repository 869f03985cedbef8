"""How is what a clerk says of steps written into a recording? As marks before them, all anew each time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel

from rpa_bots.recording.tape.binding import ways_of
from rpa_bots.recording.tape.marks import (
    DOWNLOAD,
    END,
    IF,
    LOOK,
    NEXT,
    READ,
    REPEAT,
    SUBMIT,
    UPLOAD,
    Looking,
    Marked,
)
from rpa_bots.recording.tape.steps import Change, Click, CustomStep, DoubleClick, Step, WaitForElement

PROOF: Final = "gijo-proof"
"""A custom step of this name stands before the wait that proves that something was registered."""
DIALOG: Final = "gijo-dialog"
"""A custom step of this name holds the text of a dialog that is answered with OK: the Recorder records none."""
PROOF_MS: Final = 10_000


@dataclass(frozen=True)
class Beside:
    """What is said of the whole recording: whether it only looks, which place registers, dialogs, the text of proof."""

    looks: Looking | None
    submit: int | None
    dialogs: Sequence[str] = ()
    proof: str = ""


def written_anew(steps: Sequence[Marked], beside: Beside) -> tuple[Step, ...]:
    """Give the steps with their marks; steps beside one another that are repeated alike are one run."""
    return tuple(_written(_with_their_fields(steps), beside))


def _written(steps: Sequence[Marked], beside: Beside) -> Iterator[Step]:
    yield from (_mark(DIALOG, text=text) for text in beside.dialogs)
    if beside.looks:
        yield _said(LOOK, beside.looks)
    repeat = None
    for each in steps:
        if each.repeat != repeat:
            yield from [_mark(END)] if repeat else []
            yield from [_said(REPEAT, each.repeat)] if each.repeat else []
            repeat = each.repeat
        yield from _marks(each, registers=each.place == beside.submit and not beside.looks)
        yield each.step
        if each.place == beside.submit and beside.proof:
            yield from _proof(beside.proof, each.step)
    yield from [_mark(END)] if repeat else []


def _with_their_fields(steps: Sequence[Marked]) -> list[Marked]:
    """The press into a field belongs to what is filled in there: left out and repeated with it."""
    following: list[Marked | None] = [*steps[1:], None]
    return [
        replace(each, condition=after.condition, repeat=after.repeat)
        if after and _enters(each.step, after.step)
        else each
        for each, after in zip(steps, following, strict=True)
    ]


def _enters(step: Step, after: Step) -> bool:
    return isinstance(step, Click) and isinstance(after, Change) and ways_of(step) == ways_of(after)


def _marks(each: Marked, *, registers: bool) -> Iterator[Step]:
    if each.condition:
        yield _said(IF, each.condition)
    if each.reading:
        yield _said(READ, each.reading)
    if each.download:
        yield _said(DOWNLOAD, each.download)
    for name, wanted in ((UPLOAD, each.uploads), (NEXT, each.turns), (SUBMIT, registers)):
        if wanted:
            yield _mark(name)


def _said(name: str, said: BaseModel) -> CustomStep:
    return CustomStep(type="customStep", name=name, parameters=said.model_dump(mode="json", exclude_defaults=True))


def _mark(name: str, **parameters: str) -> CustomStep:
    return CustomStep(type="customStep", name=name, parameters=parameters or None)


def _proof(text: str, register: Step) -> list[Step]:
    """Wait for the text where the registering step stands: old systems answer in the frame that they were asked in."""
    wait = WaitForElement(
        type="waitForElement",
        target=register.target,
        frame=register.frame if isinstance(register, Click | DoubleClick) else (),
        selectors=((f"text/{text}",),),
        timeout=PROOF_MS,
    )
    return [CustomStep(type="customStep", name=PROOF), wait]
