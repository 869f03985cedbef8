"""What has a partner shown in the sandbox? Each point of the contract: shown, failed, or not yet; the newest counts.

Pure: what was called, in its order, is handed in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from workflows.links.invented import Persona
from workflows.links.release import Outward, Reason

RELEASED, RELEASED_AGAIN, OTHER_CALL = "released", "released_again", "key_used_otherwise"
ANSWERED, WRONG_CHECK, NOTHING_LEFT = "answered", "wrong_check", "nothing_left"
DELETED = "deleted"
"""What came of a call; of a release that was refused, its `Reason`."""


class Check(StrEnum):
    """What a partner is to show before it meets anybody real."""

    FETCHED = "fetched"
    """It names a purpose and gets what the agreement allows for it."""
    DECLINED_TAKEN = "declined_taken"
    """Somebody chose to leave something out: it serves them all the same."""
    REFUSAL_KEPT = "refusal_kept"
    """A refusal that is about the person ends the matter: it makes nothing for them."""
    OUTSIDE_REFUSED = "outside_refused"
    """It has seen how it is told that it asks for what is not in the agreement."""
    SENT_AGAIN = "sent_again"
    """It sends a call again with the same key, and no other call with it."""
    WAITS = "waits"
    """Told to wait, it does not ask before."""
    CARD_NUMBER = "card_number"
    """Numbers pass their check."""
    DELETED = "deleted"
    """It deletes what it is asked to delete, and says so."""


class Result(StrEnum):
    SHOWN = "shown"
    FAILED = "failed"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Tried:
    """One call in the sandbox, and what came of it. `retry_after`: so many seconds it was told to wait."""

    request: str
    persona: Persona | None
    outcome: str
    at: datetime
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    check: Check
    result: Result
    at: datetime | None = None


def checks_of(*, has_optional: bool) -> tuple[Check, ...]:
    """Give what is to be shown for an agreement; where nothing can be declined, nobody declines."""
    return tuple(check for check in Check if has_optional or check is not Check.DECLINED_TAKEN)


def findings(calls: Sequence[Tried], *, has_optional: bool) -> tuple[Finding, ...]:
    """Give each check with what the newest call that says anything of it has shown."""
    found = {check: Finding(check, Result.NOT_YET) for check in checks_of(has_optional=has_optional)}
    watch = _Watch()
    for call in calls:
        for check, passed in watch.shown_by(call):
            if check in found:
                found[check] = Finding(check, Result.SHOWN if passed else Result.FAILED, call.at)
    return tuple(found.values())


def is_green(found: Sequence[Finding]) -> bool:
    return all(each.result is Result.SHOWN for each in found)


@dataclass(slots=True)
class _Watch:
    """One walk along the calls; it remembers who was told to wait until when."""

    until: dict[str, datetime] = field(default_factory=dict)
    """By request, or all of them where the whole link was called too often."""

    def shown_by(self, call: Tried) -> Iterator[tuple[Check, bool]]:
        match call.outcome:
            case "answered":
                yield Check.CARD_NUMBER, True
                if call.persona is Persona.DECLINES:
                    yield Check.DECLINED_TAKEN, True
            case "wrong_check":
                yield Check.CARD_NUMBER, False
            case "nothing_left":
                yield Check.REFUSAL_KEPT, False
            case "deleted":
                yield Check.DELETED, True
            case _:
                yield from self._of_release(call)

    def _of_release(self, call: Tried) -> Iterator[tuple[Check, bool]]:
        too_early = any(call.at < self.until.get(each, call.at) for each in (call.request, ""))
        if too_early:
            yield Check.WAITS, False
        if call.outcome == RELEASED:
            yield Check.FETCHED, True
        elif call.outcome in {RELEASED_AGAIN, OTHER_CALL}:
            yield Check.SENT_AGAIN, call.outcome == RELEASED_AGAIN
        else:
            yield from self._of_refusal(call, too_early=too_early)

    def _of_refusal(self, call: Tried, *, too_early: bool) -> Iterator[tuple[Check, bool]]:
        reason = Reason(call.outcome)
        match reason.outward:
            case Outward.NOT_AVAILABLE:
                yield Check.REFUSAL_KEPT, True
            case Outward.NOT_IN_AGREEMENT:
                yield Check.OUTSIDE_REFUSED, True
            case Outward.TOO_MANY_REQUESTS:
                whose = "" if reason is Reason.RATE_REACHED else call.request
                self.until[whose] = call.at + timedelta(seconds=call.retry_after)
                if not too_early:
                    yield Check.WAITS, True
            case _:
                return
