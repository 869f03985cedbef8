"""Does a new version of an agreement open the link further? Field by field, by one table.

What opens further needs the full approval, and for what a resident agreed to also another consent; what only closes
goes live at once. What cannot be compared counts as opening further.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from workflows.links.impact import Concern, Impact
from workflows.links.risk import concerns_of
from workflows.links.terms import Direction, Terms


class Width(StrEnum):
    WIDER = "wider"
    NARROWER = "narrower"
    NEUTRAL = "neutral"
    """Changed, and neither: nothing more and nothing less may flow."""
    MIXED = "mixed"
    """Wider in one thing and narrower in another: counts as wider."""

    @property
    def opens(self) -> bool:
        return self in (Width.WIDER, Width.MIXED)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not what it was."""

    field: str
    width: Width

    @property
    def needs_reconsent(self) -> bool:
        return self.width.opens and ROWS[self.field].reconsent


@dataclass(frozen=True, slots=True)
class Row:
    """How one field is compared. `widens` and `narrows` say it to the office; empty where it never happens."""

    ja: str
    en: str
    widens: str
    narrows: str
    measure: Callable[[Terms, Terms], Width]
    """Of two terms that differ in the field, the earlier first."""
    reconsent: bool = False
    """Residents agreed to it: when it widens, they are asked again."""


def compare(old: Terms, new: Terms) -> tuple[Change, ...]:
    """Give what changed from one version to the next, in the order of the fields; nothing where they are equal."""
    return tuple(
        Change(each.name, ROWS[each.name].measure(old, new))
        for each in fields(Terms)
        if getattr(old, each.name) != getattr(new, each.name)
    )


def needs_full_approval(changes: Iterable[Change]) -> bool:
    return any(change.width.opens for change in changes)


def needs_reconsent(changes: Iterable[Change]) -> bool:
    return any(change.needs_reconsent for change in changes)


def _of_sets(old: frozenset[Any], new: frozenset[Any]) -> Width:
    if old == new:
        return Width.NEUTRAL
    if new < old:
        return Width.NARROWER
    return Width.WIDER if old < new else Width.MIXED


def _of_amounts(old: int | date, new: int | date) -> Width:
    if old == new:
        return Width.NEUTRAL
    return Width.WIDER if _lies_beyond(new, old) else Width.NARROWER


def _lies_beyond(one: Any, other: Any) -> bool:  # noqa: ANN401 - two numbers or two days
    return bool(one > other)


def _together(*widths: Width) -> Width:
    """Give what several comparisons of one field come to."""
    opens = any(width in (Width.WIDER, Width.MIXED) for width in widths)
    closes = any(width in (Width.NARROWER, Width.MIXED) for width in widths)
    if opens and closes:
        return Width.MIXED
    return Width.WIDER if opens else Width.NARROWER if closes else Width.NEUTRAL


def _never_alike(_old: Terms, _new: Terms) -> Width:
    return Width.WIDER


def _neutral(_old: Terms, _new: Terms) -> Width:
    return Width.NEUTRAL


def _less_is_narrower(field: str) -> Callable[[Terms, Terms], Width]:
    return lambda old, new: _of_amounts(getattr(old, field), getattr(new, field))


def _fewer_are_narrower(of: Callable[[Terms], frozenset[Any]]) -> Callable[[Terms, Terms], Width]:
    return lambda old, new: _of_sets(of(old), of(new))


_WAYS = {
    Direction.GIVES: frozenset({Direction.GIVES}),
    Direction.TAKES: frozenset({Direction.TAKES}),
    Direction.BOTH: frozenset({Direction.GIVES, Direction.TAKES}),
}


def _uses(old: Terms, new: Terms) -> Width:
    """Compare what is told, not how it is called: an age in place of the date of birth closes the link.

    To require what was optional opens it, though nothing new is named: people who said no must now give it.
    """
    return _together(
        _of_sets(_told(old.allowed), _told(new.allowed)),
        _of_sets(_told(old.required), _told(new.required)),
    )


def _told(by_purpose: Mapping[str, frozenset[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((purpose, code) for purpose, codes in by_purpose.items() for code in codes)


def _security(old: Terms, new: Terms) -> Width:
    return _of_amounts(new.security.rank, old.security.rank)


def _begins(old: Terms, new: Terms) -> Width:
    return _of_amounts(-old.valid_from.toordinal(), -new.valid_from.toordinal())


def _impact(old: Terms, new: Terms) -> Width:
    """Compare what was answered with yes and what is done about it, word for word: a promise told anew is another one.

    Of an agreement that nobody assessed nothing is known: the first assessment needs the full approval.
    """
    if old.impact.unanswered or new.impact.unanswered:
        return Width.WIDER
    both = frozenset(concerns_of(old)) & frozenset(concerns_of(new))
    return _together(
        _of_sets(old.impact.said_yes, new.impact.said_yes),
        # Fewer measures against what both have to fear open the link; what is feared no longer needs none.
        _of_sets(_measures(new.impact, both), _measures(old.impact, both)),
    )


def _measures(impact: Impact, about: frozenset[Concern]) -> frozenset[Any]:
    return frozenset(measure for measure in impact.measures if measure.concern in about)


_ANOTHER = "別のものになったとき"

ROWS: Mapping[str, Row] = {
    "giver": Row("渡す側のシステム", "giving system", _ANOTHER, "", _never_alike, reconsent=True),
    "recipient": Row("受け取る側のシステム", "receiving system", _ANOTHER, "", _never_alike, reconsent=True),
    "direction": Row(
        "向き",
        "direction",
        "向きが増えたとき、逆になったとき",
        "両方から片方になったとき",
        _fewer_are_narrower(lambda terms: _WAYS[terms.direction]),
        reconsent=True,
    ),
    "controller": Row("責任を負う者", "controller", _ANOTHER, "", _never_alike, reconsent=True),
    "private_partner": Row(
        "民間の相手か", "private partner", "公が民間に、民間が公になったとき", "", _never_alike, reconsent=True
    ),
    "purposes": Row(
        "目的",
        "purposes",
        "目的が加わったとき、目的のことばが変わったとき",
        "目的が減ったとき",
        _fewer_are_narrower(lambda terms: frozenset(terms.purposes)),
        reconsent=True,
    ),
    "ground": Row("根拠", "legal ground", _ANOTHER, "", _never_alike, reconsent=True),
    "uses": Row(
        "項目",
        "attributes",
        "今より多くのことが分かる項目が加わったとき、任意の項目が必須になったとき",
        "項目が減ったとき、より少ないことしか分からない項目に替わったとき、必須の項目が任意になったとき",
        _uses,
        reconsent=True,
    ),
    "shown": Row("本人に見せる文", "what the resident is shown", "ことばが変わったとき", "", _never_alike),
    "retention_days": Row(
        "受け取った側で残す日数",
        "days kept by the recipient",
        "長くなったとき",
        "短くなったとき",
        _less_is_narrower("retention_days"),
        reconsent=True,
    ),
    "per_person_day": Row(
        "1人1日の回数", "fetches a person and day", "増えたとき", "減ったとき", _less_is_narrower("per_person_day")
    ),
    "per_person_year": Row(
        "1人1年度の回数", "fetches a person and year", "増えたとき", "減ったとき", _less_is_narrower("per_person_year")
    ),
    "per_minute": Row("1分の回数", "fetches a minute", "増えたとき", "減ったとき", _less_is_narrower("per_minute")),
    "subjects": Row(
        "だれのものか",
        "subjects",
        "今は入らない人が入るとき",
        "入る人が減ったとき",
        _fewer_are_narrower(lambda terms: terms.people),
        reconsent=True,
    ),
    "security": Row("機密性", "security class", "低くなったとき", "高くなったとき", _security),
    "valid_from": Row("始まる日", "first day", "早くなったとき", "遅くなったとき", _begins),
    "valid_until": Row("終わる日", "last day", "遅くなったとき", "早くなったとき", _less_is_narrower("valid_until")),
    "review_on": Row("見直す日", "day of review", "遅くなったとき", "早くなったとき", _less_is_narrower("review_on")),
    "contacts": Row("連絡先", "contacts", "", "", _neutral),
    "emergency_contact": Row("緊急の連絡先", "emergency contact", "", "", _neutral),
    "impact": Row(
        "影響評価",
        "impact assessment",
        "「はい」が増えたとき、答えや対策のことばが変わったとき、初めて答えたとき",
        "「はい」が減ったとき、対策が増えたとき",
        _impact,
    ),
}
"""Every field of Terms stands here; a test says so."""
