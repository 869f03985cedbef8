"""How do registrations come in as a file, when the portal moves or was cut off? In the shapes of its own calls.

A line is one call: `{"call": "registrant", "body": {…}}`. All lines are tried before any is kept: it is the whole file
or nothing. A consent whose message is known already is passed over, so that a file may come twice.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ValidationError

from backoffice.consents import portal
from backoffice.consents.portal_said import ChannelIn, ConsentIn, InterestsIn, RegistrantIn
from backoffice.errors import Invalid, Refusal
from backoffice.web.translations import _, translate
from backoffice.work import Work

MOST_LINES = 100_000
LONGEST_LINE = 64 * 1024
"""As the gateway takes it."""
NO_CALL = _('行は {"call": "registrant"、"channel"、"interests" か "consent", "body": …} の形の JSON にしてください。')
TOO_MANY = _("一度に取り込めるのは%(most)s行までです。分けてください。")


class Call(StrEnum):
    REGISTRANT = "registrant"
    CHANNEL = "channel"
    INTERESTS = "interests"
    CONSENT = "consent"


BODIES: Mapping[Call, type[BaseModel]] = {
    Call.REGISTRANT: RegistrantIn,
    Call.CHANNEL: ChannelIn,
    Call.INTERESTS: InterestsIn,
    Call.CONSENT: ConsentIn,
}


@dataclass(frozen=True)
class Quarantined:
    """A line that cannot be taken in: where in it, and why. What stands there is not repeated."""

    line: int
    pointer: str
    reason: str


@dataclass(frozen=True)
class Imported:
    lines: int
    done: Mapping[str, int]
    already: int
    quarantined: Sequence[Quarantined]

    @property
    def is_kept(self) -> bool:
        return not self.quarantined


def take_in(work: Work, lines: Iterable[str], *, dry_run: bool = False) -> Imported:
    """Do all calls of a file, or keep none of them: then the unit is refused, and it is told which lines were why.

    Raises Invalid for a file with too many lines.
    """
    done: Counter[str] = Counter()
    quarantined: list[Quarantined] = []
    already = number = 0
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            raise Invalid(TOO_MANY, most=MOST_LINES)
        try:
            call, body = _read(line)
            with work.session.begin_nested():
                is_new = _ACTS[call](work, body)
        except (ValidationError, Refusal) as trouble:
            quarantined += _reasons(number, trouble)
            continue
        done[call] += is_new
        already += not is_new
    work.refused = dry_run or bool(quarantined)
    return Imported(number, dict(done), already, quarantined)


def _read(line: str) -> tuple[Call, BaseModel]:
    if len(line) > LONGEST_LINE:
        raise Invalid(NO_CALL)
    try:
        written = json.loads(line)
    except ValueError:
        raise Invalid(NO_CALL) from None
    if not isinstance(written, dict) or set(written) != {"call", "body"} or written["call"] not in set(Call):
        raise Invalid(NO_CALL)
    call = Call(written["call"])
    return call, BODIES[call].model_validate_json(json.dumps(written["body"]))


def _register(work: Work, body: RegistrantIn) -> bool:
    portal.register(work, body.person.visitor, body.language)
    return True


def _set_channel(work: Work, body: ChannelIn) -> bool:
    portal.set_channel(work, body.person.visitor, body.kind, body.address)
    return True


def _say_interests(work: Work, body: InterestsIn) -> bool:
    portal.say_interests(work, body.person.visitor, body.interests)
    return True


def _give(work: Work, body: ConsentIn) -> bool:
    visitor, said = body.person.visitor, body.said
    if visitor.is_proven and portal.is_kept(work, visitor, said):
        return False
    portal.give(work, visitor, said)
    return True


_ACTS: Mapping[Call, Callable[..., bool]] = {
    Call.REGISTRANT: _register,
    Call.CHANNEL: _set_channel,
    Call.INTERESTS: _say_interests,
    Call.CONSENT: _give,
}


def _reasons(line: int, trouble: ValidationError | Refusal) -> list[Quarantined]:
    if isinstance(trouble, ValidationError):
        found = trouble.errors(include_url=False, include_context=False, include_input=False)
        return [
            Quarantined(line, "/".join(("#", "body", *map(str, each["loc"]))), translate(_own_words(each["msg"])))
            for each in found
        ]
    fields = trouble.fields if isinstance(trouble, Invalid) else {}
    if not fields:
        return [Quarantined(line, "#", translate(trouble.message, **trouble.params))]
    return [Quarantined(line, f"#/body/{name}", translate(said)) for name, said in fields.items()]


def _own_words(said: str) -> str:
    return said.removeprefix("Value error, ")
