"""What may whoever writes a rule see of whom it reaches? Counts that are safe to show; exact ones never leave here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from forms.ages import birthday_in
from workflows.rules.blocks import Evaluation, Verdict, evaluate
from workflows.rules.columns import Flags, null_of
from workflows.rules.disclosure import SMALLEST, publishable, rounded, told
from workflows.rules.lints import ages_in, facts_of
from workflows.rules.lowering import BIRTH
from workflows.rules.parameters import Parameters
from workflows.rules.population import CHANNEL, Population
from workflows.rules.tree import Age, All, AnyOf, Counted, Grade, Members, Node, Not, leaves
from workflows.rules.vocabulary import ConsentClass
from workflows.rules.workspace import Bits, bytes_for

Cut = Callable[[Bits], Bits]
"""Leaves of a set of people those who lie in a group."""

AGE_BANDS = ((0, 5), (6, 14), (15, 19), (20, 39), (40, 64), (65, 74), (75, None))
UNKNOWN = "unknown"
WARD = "ward"


@dataclass(frozen=True)
class Preview:
    """Whom a rule reaches, as far as it may be told: rounded to tens, None for fewer than ten or what betrays them."""

    people: int
    """All who are in the snapshot, whether a machine may look at them or not."""
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
class RuleToPreview:
    """A rule to look at, the one in force, and those looked at before, the oldest first."""

    rule: Node
    current: Node | None
    earlier: Sequence[Node]
    by_hand: int = 0
    """People of the snapshot at whom no machine looks. The rule reaches none of them: they count as not eligible, so
    that the verdicts come to as many people as the snapshot is said to have, whoever is protected."""


def preview(asked: RuleToPreview, population: Population, parameters: Parameters, as_of: date) -> Preview:
    """Count whom a rule reaches. Raises ParameterTroubleError, UnaskableError.

    Where a group differs in fewer than ten people from the same group of an earlier rule, the earlier one is counted in
    its place: an answer that says "the same as before" whether nobody moved or one person did tells nothing of the one.
    A refusal would tell it.
    """
    ways = _ways(asked.rule)
    current = () if asked.current is None or asked.current == asked.rule else (asked.current,)
    # Whoever saw an earlier rule saw it counted in each way, too.
    earlier = tuple(dict.fromkeys(node for rule in asked.earlier for node in (rule, *_ways(rule).values())))
    found = evaluate([*earlier, asked.rule, *ways.values(), *current], population, parameters, as_of)
    looks = _Looks(found, len(earlier))
    moved = looks.moved() if current else (None, None)
    return Preview(
        people=rounded(population.size + asked.by_hand),
        verdicts=_verdicts(looks.verdicts(asked.by_hand), _impossible(asked.rule, population)),
        wards=publishable(looks.cells(_choice_masks(population, WARD))),
        ages=publishable(looks.cells(_age_masks(population, as_of))),
        channels=publishable(looks.cells(_choice_masks(population, CHANNEL))),
        added=moved[0],
        dropped=moved[1],
        counted={
            way: told(looks.count_eligible(len(earlier) + place, everywhere)) for place, way in enumerate(ways, 1)
        },
    )


def everywhere(bits: Bits) -> Bits:
    return bits


@dataclass(frozen=True)
class _Looks:
    """What several rules came to: those looked at before, the one that is looked at, others beside it."""

    found: Evaluation
    now: int
    """The place of the rule that is looked at; before it stand the earlier ones."""

    def cells(self, masks: Mapping[str, Bits]) -> dict[str, int]:
        """Count the eligible in each cell of a table."""
        return {name: self.count_eligible(self.now, partial(np.bitwise_and, mask)) for name, mask in masks.items()}

    def count_eligible(self, rule: int, within: Cut) -> int:
        return _count(within(self.found.planes[self.stand_in(rule, within), 0]))

    def verdicts(self, by_hand: int) -> dict[Verdict, int]:
        counts = {
            verdict: _count(_bits_of(self.found, self.stand_in(self.now, everywhere, verdict), verdict))
            for verdict in Verdict
        }
        return counts | {Verdict.NOT_ELIGIBLE: counts[Verdict.NOT_ELIGIBLE] + by_hand}

    def moved(self) -> tuple[int | None, int | None]:
        """Count who comes in and who falls out against the rule in force, which was evaluated last."""
        before = self.found.planes[-1, 0]

        def come_in(bits: Bits) -> Bits:
            coming: Bits = bits & ~before
            return coming

        def fall_out(bits: Bits) -> Bits:
            falling: Bits = before & ~bits
            return falling

        return told(self.count_eligible(self.now, come_in)), told(self.count_eligible(self.now, fall_out))

    def stand_in(self, rule: int, within: Cut, verdict: Verdict = Verdict.ELIGIBLE) -> int:
        """Give the rule that is counted in place of `rule` within a group of people: itself, or a near one told before.

        A near one that was itself told by another's count is not asked: steps of nine would else lead anywhere.
        """
        own: list[_Group] = []
        near = None
        for place in range(rule + 1):
            group = _Group.of(place, within(_bits_of(self.found, place, verdict)))
            near = next((each for each in own if each.is_near(group)), None)
            if near is None:
                own.append(group)
        return rule if near is None else near.rule


@dataclass(frozen=True, slots=True)
class _Group:
    """The people whom a rule gives a verdict within a cell."""

    rule: int
    people: Bits
    count: int

    @classmethod
    def of(cls, rule: int, people: Bits) -> "_Group":
        return cls(rule, people, _count(people))

    def is_near(self, other: "_Group") -> bool:
        """Say whether the two differ in few people. Most differ already in their number, which is cheap to see."""
        return abs(self.count - other.count) < SMALLEST and _count(self.people ^ other.people) < SMALLEST


def _bits_of(found: Evaluation, rule: int, verdict: Verdict) -> Bits:
    planes = found.planes[rule]
    if verdict is Verdict.UNKNOWN:
        return _packed(found.verdict_plane(rule, verdict), found.size)
    place = (Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE, Verdict.NO_CONSENT).index(verdict)
    decided: Bits = planes[place]
    return decided


def _verdicts(counts: Mapping[Verdict, int], impossible: Collection[Verdict]) -> dict[str, int | None]:
    """Give the table of verdicts. One that nobody can get is told as 0: that says nothing of anybody."""
    cells = {str(verdict): count for verdict, count in counts.items() if verdict not in impossible}
    return publishable(cells) | {str(verdict): 0 for verdict in impossible}


def _impossible(rule: Node, population: Population) -> set[Verdict]:
    """Give the verdicts that nobody can get, since all that the rule looks at is known of everybody, or open."""
    columns = {column for leaf in leaves(rule) for column in facts_of(leaf)}
    impossible = set()
    if not any(population.column(column).nullable for column in columns):
        impossible.add(Verdict.UNKNOWN)
    facts = [fact for fact in map(population.vocabulary.held_in, columns) if fact is not None]
    needed = {fact.consent.bit for fact in facts if fact.consent is not None}
    if any(isinstance(leaf, Members) for leaf in leaves(rule)):
        needed.add(ConsentClass.HOUSEHOLD.bit)
    given = np.bitwise_and.reduce(population.consents) & np.bitwise_and.reduce(population.household_consents)
    if all(int(given) & bit for bit in needed):
        impossible.add(Verdict.NO_CONSENT)
    return impossible


def _ways(rule: Node) -> dict[Counted, Node]:
    """Give the rule with all its ages counted in each way; nothing for a rule without ages."""
    if not any(ages_in(leaf) for leaf in leaves(rule)):
        return {}
    return {way: _counted(rule, way) for way in Counted}


def _counted(node: Node, way: Counted) -> Node:
    if isinstance(node, All | AnyOf):
        return type(node)(tuple(_counted(part, way) for part in node.parts))
    if isinstance(node, Not):
        return Not(_counted(node.part, way))
    if isinstance(node, Members):
        rank = None if node.rank is None else replace(node.rank, among=_born_so(node.rank.among, way))
        return replace(node, being=None if node.being is None else _born_so(node.being, way), rank=rank)
    return _born_so(node, way) if isinstance(node, Age) else node


def _born_so(being: Age | Grade, way: Counted) -> Age | Grade:
    return replace(being, counted=way) if isinstance(being, Age) else being


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
