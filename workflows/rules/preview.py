"""What may whoever writes a rule see of whom it reaches? Counts that are safe to show; exact ones never leave here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from forms.ages import birthday_in
from workflows.rules.blocks import Evaluation, Verdict, evaluate
from workflows.rules.columns import Flags, null_of
from workflows.rules.disclosure import is_too_close, publishable, rounded, told
from workflows.rules.lints import facts_of
from workflows.rules.lowering import BIRTH, GRANTED
from workflows.rules.parameters import Parameters
from workflows.rules.population import CHANNEL, Population
from workflows.rules.tree import Age, All, AnyOf, Counted, Members, Node, Not, NotGranted, leaves
from workflows.rules.vocabulary import ConsentClass
from workflows.rules.workspace import Bits, bytes_for

AGE_BANDS = ((0, 5), (6, 14), (15, 19), (20, 39), (40, 64), (65, 74), (75, None))
UNKNOWN = "unknown"
WARD = "ward"


class TooCloseError(Exception):
    """The rule differs from one that was looked at before in so few people that these would be shown."""


@dataclass(frozen=True)
class Preview:
    """Whom a rule reaches, as far as it may be told: rounded to tens, None for fewer than ten or what betrays them."""

    people: int
    verdicts: Mapping[str, int | None]
    wards: Mapping[str, int | None]
    ages: Mapping[str, int | None]
    """By band, `40-64`; the last is `75-`."""
    channels: Mapping[str, int | None]
    added: int | None
    """People to whom this rule applies and the one in force does not; None also where there is none in force."""
    dropped: int | None
    counted: Mapping[Counted, int | None]
    """Eligible people if every age of the rule were counted so: who stands on the border of each."""


@dataclass(frozen=True)
class Asked:
    """A rule to look at, the one in force, and those looked at before that this look is measured against."""

    rule: Node
    current: Node | None
    earlier: Sequence[Node]


def preview(asked: Asked, population: Population, parameters: Parameters, as_of: date) -> Preview:
    """Count whom a rule reaches. Raises TooCloseError, ParameterTroubleError, UnaskableError."""
    ways = _ways(asked.rule)
    compared = [node for node in (asked.current, *asked.earlier) if node is not None and node != asked.rule]
    found = evaluate([asked.rule, *ways.values(), *compared], population, parameters, as_of)
    others = range(1 + len(ways), 1 + len(ways) + len(compared))
    if any(_is_too_close(found, 0, other) for other in others):
        raise TooCloseError
    tables = {
        name: _table(found, masks, others)
        for name, masks in (
            ("wards", _choice_masks(population, WARD)),
            ("ages", _age_masks(population, as_of)),
            ("channels", _choice_masks(population, CHANNEL)),
        )
    }
    current = asked.current
    added, dropped = (None, None) if current in (None, asked.rule) else _moved(found, 1 + len(ways))
    return Preview(
        people=rounded(population.size),
        verdicts=_verdicts(found.counts[0], _impossible(asked.rule, population)),
        **tables,
        added=added,
        dropped=dropped,
        counted={
            way: None if _is_too_close(found, 0, place) else told(found.counts[place][Verdict.ELIGIBLE])
            for place, way in enumerate(ways, 1)
        },
    )


def _verdicts(counts: Mapping[Verdict, int], impossible: Collection[Verdict]) -> dict[str, int | None]:
    """Give the table of verdicts. One that nobody can get is told as 0: that says nothing of anybody."""
    cells = {str(verdict): count for verdict, count in counts.items() if verdict not in impossible}
    return publishable(cells) | {str(verdict): 0 for verdict in impossible}


def _impossible(rule: Node, population: Population) -> set[Verdict]:
    """Give the verdicts that nobody can get, since all that the rule looks at is known of everybody, or open."""
    codes = {code for leaf in leaves(rule) for code in facts_of(leaf)}
    granted = {GRANTED + leaf.program for leaf in leaves(rule) if isinstance(leaf, NotGranted)}
    impossible = set()
    if not any(population.column(code).nullable for code in codes | granted):
        impossible.add(Verdict.UNKNOWN)
    facts = [fact for fact in map(population.vocabulary.get, codes) if fact is not None]
    needed = {fact.consent.bit for fact in facts if fact.consent is not None}
    if any(isinstance(leaf, Members) for leaf in leaves(rule)):
        needed.add(ConsentClass.HOUSEHOLD.bit)
    if granted:
        needed.add(ConsentClass.CORE.bit)
    given = np.bitwise_and.reduce(population.consents) & np.bitwise_and.reduce(population.household_consents)
    if all(int(given) & bit for bit in needed):
        impossible.add(Verdict.NO_CONSENT)
    return impossible


def _ways(rule: Node) -> dict[Counted, Node]:
    """Give the rule with all its ages counted in each way; nothing for a rule without ages."""
    if not any(isinstance(leaf, Age) for leaf in leaves(rule)):
        return {}
    return {way: _counted(rule, way) for way in Counted}


def _counted(node: Node, way: Counted) -> Node:
    if isinstance(node, All | AnyOf):
        return type(node)(tuple(_counted(part, way) for part in node.parts))
    if isinstance(node, Not):
        return Not(_counted(node.part, way))
    return replace(node, counted=way) if isinstance(node, Age) else node


def _is_too_close(found: Evaluation, one: int, other: int) -> bool:
    """Say whether for any verdict the two rules differ in a few people only."""
    first, second = found.planes[one], found.planes[other]
    apart = [first[plane] ^ second[plane] for plane in range(len(first))]
    apart.append(np.bitwise_or.reduce(first) ^ np.bitwise_or.reduce(second))
    return any(is_too_close(_count(bits)) for bits in apart)


def _table(found: Evaluation, masks: Mapping[str, Bits], others: Sequence[int]) -> dict[str, int | None]:
    """Count the eligible in each cell; a cell in which another rule differs by a few is not told."""
    eligible = found.planes[0, 0]
    cells = {name: _count(eligible & mask) for name, mask in masks.items()}
    apart = [eligible ^ found.planes[other, 0] for other in others]
    doubtful = {name for name, mask in masks.items() if any(is_too_close(_count(bits & mask)) for bits in apart)}
    return publishable(cells, doubtful)


def _moved(found: Evaluation, current: int) -> tuple[int | None, int | None]:
    now, before = found.planes[0, 0], found.planes[current, 0]
    return told(_count(now & ~before)), told(_count(before & ~now))


def _count(bits: Bits) -> int:
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def _choice_masks(population: Population, name: str) -> dict[str, Bits]:
    """Give who lies in each cell of a choice; those of whom it is not known are a cell of their own."""
    held = population.column(name)
    labels = population.labels(name)
    masks = {label: held.values == code for code, label in enumerate(labels)}
    if held.nullable:
        masks[UNKNOWN] = held.values == null_of(held.values.dtype)
    return {label: _packed(mask, population.size) for label, mask in masks.items()}


def _age_masks(population: Population, as_of: date) -> dict[str, Bits]:
    births = population.column(BIRTH).values
    masks: dict[str, Bits] = {}
    for low, high in AGE_BANDS:
        latest = birthday_in(as_of, max(1, as_of.year - low)).toordinal()
        earliest = 1 if high is None else birthday_in(as_of, max(1, as_of.year - high - 1)).toordinal() + 1
        name = f"{low}-" if high is None else f"{low}-{high}"
        masks[name] = _packed((births >= earliest) & (births <= latest), population.size)
    if not population.column(BIRTH).nullable:
        return masks
    known = np.bitwise_or.reduce(list(masks.values()))
    return masks | {UNKNOWN: _packed(np.ones(population.size, np.bool_), population.size) & ~known}


def _packed(flags: Flags, size: int) -> Bits:
    packed = np.packbits(flags, bitorder="little")
    room = np.zeros(bytes_for(size), np.uint8)
    room[: len(packed)] = packed
    return room
