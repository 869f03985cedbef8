"""How does a raw recording become one that may be kept? Its sample values go; what they stand for is written instead.

A recording holds whatever was typed: a resident's name, the clerk's password. Nothing of that stays: a value becomes a
question of the form, the account's own account or password, or it waits for the clerk to say what it is.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote_plus

from rpa_bots.recording.tape.binding import ACCOUNT, PASSWORD, PLACE, is_about_a_secret, ways_of
from rpa_bots.recording.tape.marking import DIALOG, PROOF, Beside, written_anew
from rpa_bots.recording.tape.marks import NAMES, SUBMIT, UPLOAD, Looking, Marked, is_file_name, looking_in, marked
from rpa_bots.recording.tape.pointing import BY_NAME, points, without_words
from rpa_bots.recording.tape.reading import UnusableRecordingError
from rpa_bots.recording.tape.steps import (
    Change,
    Click,
    CustomStep,
    KeyDown,
    KeyUp,
    Navigate,
    Navigation,
    Recording,
    Step,
    WaitForElement,
    WaitForExpression,
)

UNDECIDED: Final = "{{?}}"
TITLE: Final = "録画"
KEY_BY_KEY: Final = "文字のキーを1つずつ記録した録画は使えません。欄に入力してから録画を止め、書き出し直してください。"
OF_A_FILE: Final = re.compile(r": [^:]*$")
SIGNS_IN: Final = re.compile(r"ログイン|サインイン|認証|log.?in|log.?on|sign.?in", re.IGNORECASE)
CODE: Final = re.compile(r"[0-9A-Za-z]{0,2}")
"""So short a value is an option's number, not a resident's: it stays as it was typed."""

NAME_FROM: Final = 3
NUMBER_FROM: Final = 5
"""From so many letters on a value of the sample record is looked for among what the Recorder wrote beside."""


@dataclass(frozen=True)
class Known:
    """What the values of a recording can be known by: question keys by label, and by the value of the sample record."""

    by_label: Mapping[str, str]
    by_value: Mapping[str, str]
    by_option: Mapping[str, str] = field(default_factory=dict)
    """Question keys by the label of an option that no other question has: radio buttons are clicked by it."""
    by_box: Mapping[str, str] = field(default_factory=dict)
    """Keys of questions that are a box to tick, by label."""


@dataclass(frozen=True)
class Wish:
    """What a clerk says of a recording. Steps by their place (from 0); `values`: what goes in, `{{key}}` or a text.

    `submit`: the place of the step that registers, None for none; `proof`: a text that shows that it was registered;
    `looks`: said where the recording only looks; `uploads`: the places of file boxes that take a file of the record.
    """

    values: Mapping[int, str]
    dropped: frozenset[int]
    submit: int | None
    dialogs: Sequence[str]
    proof: str
    looks: Looking | None = None
    uploads: frozenset[int] = frozenset()


def without_samples(recording: Recording, known: Known) -> Recording:
    """Give the recording with every sample value bound, taken for the account's, or left to be decided.

    Raises UnusableRecordingError where what was typed was recorded key by key, or a mark makes no sense.
    """
    marked(recording)
    if any(isinstance(step, KeyDown | KeyUp) and len(step.key) == 1 for step in recording.steps):
        raise UnusableRecordingError(KEY_BY_KEY)
    sign_in = _signs_in(recording.steps)
    samples: dict[str, str] = {}
    steps: list[Step] = []
    for place, step in enumerate(map(_by_label, recording.steps, (*recording.steps[1:], None))):
        if isinstance(step, Change):
            value = UNDECIDED if is_file_name(step.value) else sign_in.get(place) or _meant(step, known)
            if is_file_name(step.value) and not _is_before(recording, place, UPLOAD):
                steps.append(CustomStep(type="customStep", name=UPLOAD))
            if len(step.value.strip()) > 1 and value != step.value:
                samples[step.value.strip()] = value
            steps.append(step.model_copy(update={"value": value}))
        elif not isinstance(step, CustomStep) or is_mark(step):
            steps.append(without_words(step) if _points(step, samples, known) else _chosen(step, known))
    named = _values_of_the_record(known) | samples
    cleaned = tuple(_cleaned(step, named) for step in steps if not _told_in_code(step, named))
    return Recording(title=TITLE, timeout=recording.timeout, steps=cleaned)


def _by_label(step: Step, after: Step | None) -> Step:
    """Find a file box, also the press into it, by its label alone: the Recorder writes the file's name behind it."""
    chosen = after if isinstance(step, Click) else step
    if not isinstance(step, Click | Change) or not isinstance(chosen, Change) or not is_file_name(chosen.value):
        return step
    ways = [
        tuple(OF_A_FILE.sub("", part) if part.startswith("aria/") else part for part in way) for way in step.selectors
    ]
    return step.model_copy(update={"selectors": tuple(ways)})


def _values_of_the_record(known: Known) -> dict[str, str]:
    """Give what the sample record holds and pages show though nobody typed it: the name behind a number, say.

    Short words are those of answers and buttons as well.
    """
    return {
        value: f"{{{{{key}}}}}"
        for value, key in known.by_value.items()
        if len(_squeezed(value)) >= (NUMBER_FROM if value.isdecimal() else NAME_FROM)
        and bare_label(value) not in known.by_option
    }


def _is_before(recording: Recording, place: int, name: str) -> bool:
    before = recording.steps[place - 1] if place else None
    return isinstance(before, CustomStep) and before.name == name


def with_password_place(recording: Recording) -> Recording:
    """Give a raw recording with the password of its sign-in left out, to be put in by whoever runs it."""
    sign_in = _signs_in(recording.steps)
    steps = [
        step.model_copy(update={"value": PASSWORD})
        if isinstance(step, Change) and (sign_in.get(place) == PASSWORD or is_about_a_secret(step))
        else step
        for place, step in enumerate(recording.steps)
    ]
    return recording.model_copy(update={"steps": tuple(steps)})


def mended(recording: Recording, wish: Wish) -> Recording:
    """Give the recording as a clerk wants it; what was said of single steps stays, all marks are written anew."""
    written_anew_later = ours(recording)
    steps = [
        replace(each, step=_with_value(each.step, wish.values.get(each.place)), uploads=each.place in wish.uploads)
        for each in marked(recording)
        if each.place not in wish.dropped and each.place not in written_anew_later
    ]
    beside = Beside(wish.looks, wish.submit, wish.dialogs, wish.proof)
    return recording.model_copy(update={"steps": written_anew(steps, beside)})


def said_of_step(recording: Recording, said: Marked) -> Recording:
    """Give the recording with something else said of one step; all else stays."""
    own = ours(recording)
    if said.reading:
        said = replace(said, step=without_words(said.step))
    steps = [said if each.place == said.place else each for each in marked(recording) if each.place not in own]
    submit = next((each.place for each in steps if each.registers), None)
    beside = Beside(looking_in(recording), submit, dialogs_of(recording), proof_in(recording))
    return recording.model_copy(update={"steps": written_anew(steps, beside)})


def _with_value(step: Step, value: str | None) -> Step:
    return step.model_copy(update={"value": value}) if isinstance(step, Change) and value is not None else step


def is_mark(step: Step) -> bool:
    """Tell whether a custom step is a mark of ours, whole."""
    if not isinstance(step, CustomStep) or step.name not in {SUBMIT, PROOF, DIALOG, *NAMES}:
        return False
    return step.name != DIALOG or (isinstance(step.parameters, dict) and bool(step.parameters.get("text")))


def ours(recording: Recording) -> frozenset[int]:
    """Give the places of steps that `mended` writes anew: marks, and the wait behind the mark of proof."""
    steps = recording.steps
    marks = {place for place, step in enumerate(steps) if isinstance(step, CustomStep)}
    return frozenset(marks | {place + 1 for place in marks if _marks_proof(steps, place)})


def numbers_of(recording: Recording) -> dict[int, int]:
    """Give the number (from 1) under which people know each step, by its place (from 0): our own marks have none."""
    own = ours(recording)
    shown = [place for place in range(len(recording.steps)) if place not in own]
    return {place: number for number, place in enumerate(shown, 1)}


def proof_in(recording: Recording) -> str:
    """Give the text whose showing proves that something was registered, "" where none was named."""
    steps = recording.steps
    waits = (steps[place + 1] for place in range(len(steps)) if _marks_proof(steps, place))
    return next((step.selectors[0][-1].removeprefix("text/") for step in waits if isinstance(step, WaitForElement)), "")


def _marks_proof(steps: Sequence[Step], place: int) -> bool:
    step, after = steps[place], steps[place + 1] if place + 1 < len(steps) else None
    return isinstance(step, CustomStep) and step.name == PROOF and isinstance(after, WaitForElement)


def dialogs_of(recording: Recording) -> tuple[str, ...]:
    """Give the texts of dialogs that are answered with OK."""
    own = (step for step in recording.steps if isinstance(step, CustomStep) and step.name == DIALOG and is_mark(step))
    return tuple(str(step.parameters["text"]) for step in own)


def undecided(recording: Recording) -> tuple[int, ...]:
    """Give the places (from 0) of steps of which nobody has said what goes in."""
    return tuple(place for place, step in enumerate(recording.steps) if UNDECIDED in _everything(step))


def as_kept(recording: Recording) -> dict[str, object]:
    """Give what is stored, and given out: JSON that the browser's Recorder and its runners take."""
    return recording.model_dump(mode="json", by_alias=True, exclude_none=True)


def bare_label(text: str) -> str:
    """A label without what offices put around it, so that 「氏名*」 and 「氏　名(必須)」 are one."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"\(必須\)|必須|任意|[\s*※:：]", "", plain).lower()


def _meant(step: Change, known: Known) -> str:
    if PLACE.search(step.value):
        return step.value
    if is_about_a_secret(step):
        return PASSWORD
    if key := known.by_value.get(step.value.strip()):
        return f"{{{{{key}}}}}"
    labels = (way[-1].removeprefix("aria/").split("[role=", maxsplit=1)[0] for way in step.selectors)
    found = next((known.by_label[bare] for label in labels if (bare := bare_label(label)) in known.by_label), None)
    if found:
        return f"{{{{{found}}}}}"
    return step.value if CODE.fullmatch(step.value) else UNDECIDED


def _chosen(step: Step, known: Known) -> Step:
    """A radio button is clicked by its label, a box by the question's: the next row may want another one."""
    if not isinstance(step, Click):
        return step
    read = (way[-1].split("/", 1)[1] for way in step.selectors if way[-1].startswith(BY_NAME))
    names = [bare_label(name.split("[role=", maxsplit=1)[0]) for name in read]
    option = next((known.by_option[name] for name in names if name in known.by_option), None)
    if option:
        return step.model_copy(update={"selectors": ((f"aria/{{{{{option}.label}}}}",),)})
    box = next((known.by_box[name] for name in names if name in known.by_box), None)
    if box:
        put, where = f"{{{{{box}}}}}", {"frame": step.frame, "target": step.target}
        return Change(type="change", selectors=step.selectors, value=put).model_copy(update=where)
    return step


def _points(step: Step, samples: Mapping[str, str], known: Known) -> bool:
    """Tell whether a step shows what stands on a page of the record: so before anything of it was typed, none does.

    A press on what was typed chooses by it, and goes on doing so.
    """
    typed = set(samples.values()) - {ACCOUNT, PASSWORD}
    chosen = any(_tells(part, samples) for way in ways_of(step) for part in way)
    return bool(typed) and points(step) and not chosen and _chosen(step, known) is step


def _told_in_code(step: Step, samples: Mapping[str, str]) -> bool:
    """A script of the recording that names a sample is of that sample's row alone."""
    return isinstance(step, WaitForExpression) and _tells(step.expression, samples)


def _signs_in(steps: Sequence[Step]) -> dict[int, str]:
    """The last value before a sign-in button is the password, the one before it the account."""
    for place, step in enumerate(steps):
        if isinstance(step, Click) and any(SIGNS_IN.search(way[-1]) for way in step.selectors):
            typed = [before for before in range(place) if isinstance(steps[before], Change)]
            return dict(zip(reversed(typed), (PASSWORD, ACCOUNT), strict=False))
    return {}


def _cleaned(step: Step, samples: Mapping[str, str]) -> Step:
    """Take samples out of what the Recorder wrote beside: names of elements, titles and addresses of pages."""
    blank = {"title": None, "url": None}
    events = [
        event.model_copy(update=blank if _tells(f"{event.title} {event.url}", samples) else _bare_address(event))
        for event in step.asserted_events
    ]
    changed: dict[str, object] = {"asserted_events": tuple(events), "target": _without_query(step.target, samples)}
    if isinstance(step, Navigate):
        changed["url"] = _without_query(step.url, samples)
    if isinstance(step, WaitForElement) and _tells(f"{step.properties} {step.attributes}", samples):
        changed |= {"properties": {}, "attributes": {}}
    if ways := ways_of(step):
        clean = [way for way in ways if not any(_tells(part, _read_in(part, samples)) for part in way)]
        bound = [tuple(_put(part, samples) for part in way) for way in ways if way not in clean]
        if isinstance(step, Change):
            bound = []  # a field is never found by what is typed into it
        bound = [way for way in bound if not any(_tells(PLACE.sub("", part), _read_in(part, samples)) for part in way)]
        decided = [way for way in bound if UNDECIDED not in "".join(way)]
        changed["selectors"] = (*decided, *clean) or tuple(bound) or ((UNDECIDED,),)
    return step.model_copy(update=changed)


def _bare_address(event: Navigation) -> dict[str, object]:
    """Behind the question mark stands which row it was, by a number of the old system's own."""
    return {"url": event.url.partition("?")[0] if event.url else event.url}


def _read_in(part: str, samples: Mapping[str, str]) -> Mapping[str, str]:
    """Give the samples that a way may hold. A place counts: the 13 of `tr:nth-of-type(13)` is nobody's 口径."""
    if part.startswith(BY_NAME):
        return samples
    return {sample: value for sample, value in samples.items() if not CODE.fullmatch(sample)}


def _put(part: str, samples: Mapping[str, str]) -> str:
    for sample, value in sorted(samples.items(), key=lambda each: -len(each[0])):
        part = part.replace(sample, value)
    return part


def _tells(text: str, samples: Mapping[str, str]) -> bool:
    """Look for samples however they are written: blanks, widths, and the ways in which addresses carry letters."""
    written = "".join(map(_squeezed, (text, unquote_plus(text), unquote_plus(text, encoding="cp932"))))
    return any(_squeezed(sample) in written for sample in samples)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _without_query(url: str, samples: Mapping[str, str]) -> str:
    return url.partition("?")[0] if _tells(url, samples) else url


def _everything(step: Step) -> str:
    value = step.value if isinstance(step, Change) else ""
    return value + "".join(part for way in ways_of(step) for part in way)
