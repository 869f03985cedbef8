"""Who was told and took a program up, who took it up untold and why, who was told in vain? In counts, never by name.

What is counted leaves as `Ledger`; `told_of` gives what of it may be shown (docs/decisions/0004).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl

from forms.ages import birthday_in
from workflows.rules.blocks import Verdict, evaluate_rows
from workflows.rules.disclosure import publishable, rounded, steadied, told
from workflows.rules.lowering import BIRTH
from workflows.rules.parameters import NO_PARAMETERS
from workflows.rules.population import Population
from workflows.rules.preview import AGE_BANDS, UNKNOWN
from workflows.rules.tree import Leaf, Node
from workflows.rules.why import LeafState, reasons

SCHEMA = 1
LEAST_GRANTED = 30
"""So many grants a first counting needs, and each next one more: a list of ten whom one knows tells of those ten."""
TOOK, NOT, REFUSED = "took_up", "not", "refused"
Cells = dict[str, dict[str, int]]
"""By cell of a table how many took up, and how many did not."""


class Missed(StrEnum):
    """Why somebody who was granted a program had not been told of it. Codes are stored: add, never rename."""

    NOT_RESIDENT = "not_resident"
    """Not in the snapshot of the run: moved in since, or somebody at whom no machine looks."""
    HELD_BACK = "held_back"
    """Was to be told, and was stopped at the last moment, or the message failed."""
    NOT_REGISTERED = "not_registered"
    NO_ADDRESS = "no_address"
    """Hit by the rule and registered, but with no proof by card or nowhere to be written to."""
    NO_CONSENT = "no_consent"
    UNKNOWN = "unknown"
    """A fact that the rule asks for is not known."""
    RULE = "rule"
    """The rule said no."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a run was to tell."""

    kind: str
    language: str
    ward: str
    was_told: bool


@dataclass(frozen=True)
class Asked:
    """What is compared: who was to be told, who was granted, who is registered, and the rule that chose."""

    recipients: Mapping[str, Recipient]
    granted: frozenset[str]
    refused: frozenset[str]
    """Who applied and was not granted it."""
    registered: frozenset[str]
    rule: Node
    as_of: date


@dataclass(frozen=True, eq=False)
class Ledger:
    """What came of a run, as it is. It never leaves the house: `told_of` says what may."""

    told: int
    took_up: int
    granted: int
    refused: int
    """Of those told."""
    groups: Mapping[str, Cells]
    missed: Mapping[Missed, int]
    refusing: Sequence[tuple[tuple[LeafState, ...], int]]
    """Of those to whom the rule said no: what its leaves came to, and for how many."""
    leaves: tuple[Leaf, ...]


def ledger_of(asked: Asked, population: Population) -> Ledger:
    """Compare who was told with who was granted. Raises UnaskableError."""
    reached = {name: each for name, each in asked.recipients.items() if each.was_told}
    took_up = asked.granted & reached.keys()
    missed = asked.granted - reached.keys()
    rows = _rows_of(population, missed)
    why, refused = _why_missed(asked, population, missed, rows)
    leaves, refusing = _refusing(asked, population, refused)
    return Ledger(
        told=len(reached),
        took_up=len(took_up),
        granted=len(asked.granted),
        refused=len(asked.refused & reached.keys()),
        groups=_groups(asked, population, reached, took_up),
        missed=why,
        refusing=refusing,
        leaves=leaves,
    )


def kept_of(ledger: Ledger, clauses: Mapping[str, int]) -> dict[str, Any]:
    """Give a ledger as JSON values. `clauses`: by a condition in words for how many it was that said no."""
    groups = {name: {cell: dict(counts) for cell, counts in cells.items()} for name, cells in ledger.groups.items()}
    return {
        "schema": SCHEMA,
        "told": ledger.told,
        "took_up": ledger.took_up,
        "granted": ledger.granted,
        "refused": ledger.refused,
        "groups": groups,
        "missed": {str(why): people for why, people in ledger.missed.items()},
        "clauses": dict(clauses),
    }


def is_too_few(kept: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool:
    """Say whether so few grants have come in since the last counting that it would tell of whoever they are."""
    known = 0 if before is None else before["granted"]
    return abs(int(kept["granted"]) - known) < LEAST_GRANTED


def steady(kept: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give counts with each that differs in fewer than ten people from one counted before put back to that one.

    A list that is handed in again with one person more tells nothing of that person.
    """
    if before is None:
        return dict(kept)
    return {key: _steadied(value, before.get(key)) for key, value in kept.items()}


def told_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Give what may be shown of a ledger: rounded to tens, None for fewer than ten and for what gives them away."""
    vain, untold = max(0, kept["told"] - kept["took_up"]), max(0, kept["granted"] - kept["took_up"])
    sums = publishable({TOOK: kept["took_up"], NOT: vain})
    return {
        "schema": SCHEMA,
        "told": told(kept["told"]),
        "took_up": sums[TOOK],
        "in_vain": sums[NOT],
        "refused": _refused_told(kept, vain) if sums[NOT] is not None else None,
        "granted": told(kept["granted"]),
        "untold": told(untold),
        "precision": _percent(sums[TOOK], kept["told"]),
        "recall": _percent(sums[TOOK], kept["granted"]) if told(untold) is not None else None,
        "groups": {name: _table(cells) for name, cells in kept["groups"].items()},
        "missed": publishable(kept["missed"]),
        "clauses": {words: told(people) for words, people in kept["clauses"].items()},
    }


def _refused_told(kept: Mapping[str, Any], vain: int) -> int | None:
    """Give how many of those told in vain had applied; as with grants, nothing of a list of few."""
    turned_down = min(vain, int(kept.get(REFUSED, 0)))
    if turned_down < LEAST_GRANTED:
        return None
    return publishable({REFUSED: turned_down, NOT: vain - turned_down})[REFUSED]


def _steadied(value: Any, before: Any) -> Any:  # noqa: ANN401 -- JSON values
    if isinstance(value, Mapping):
        known = before if isinstance(before, Mapping) else {}
        return {key: _steadied(each, known.get(key, 0)) for key, each in value.items()}
    return steadied(value, before) if isinstance(before, int) else value


def _table(cells: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int | None]]:
    flat = publishable({f"{cell}/{side}": counts[side] for cell, counts in cells.items() for side in (TOOK, NOT)})
    return {cell: {side: flat[f"{cell}/{side}"] for side in (TOOK, NOT)} for cell in cells}


def _percent(part: int | None, whole: int) -> int | None:
    """Give a share of what is told; of numbers as they are told, else it would tell more than they do."""
    shown = told(whole)
    return None if part is None or not shown else min(100, round(100 * part / rounded(shown)))


def _rows_of(population: Population, people: frozenset[str]) -> Mapping[str, int]:
    """Give the row of each who is in the snapshot."""
    there = population.pseudonyms.is_in(pl.Series(sorted(people), dtype=pl.String).implode())
    rows = np.flatnonzero(there.to_numpy())
    return dict(zip(population.pseudonyms.gather(rows), rows.tolist(), strict=True))


def _why_missed(
    asked: Asked, population: Population, missed: frozenset[str], rows: Mapping[str, int]
) -> tuple[Mapping[Missed, int], Sequence[int]]:
    """Count why people were not told, each under the first that applies; and give the rows of whom the rule refused."""
    counts: Counter[Missed] = Counter(dict.fromkeys(Missed, 0))
    weighed: list[int] = []
    for name in missed:
        if name in asked.recipients:
            counts[Missed.HELD_BACK] += 1
        elif name not in rows:
            counts[Missed.NOT_RESIDENT] += 1
        elif name not in asked.registered:
            counts[Missed.NOT_REGISTERED] += 1
        else:
            weighed.append(rows[name])
    places = np.array(sorted(weighed), np.int64)
    found = evaluate_rows([asked.rule], population, NO_PARAMETERS, asked.as_of, places)
    for verdict, why in _OF_VERDICT.items():
        counts[why] += int(found.verdict_plane(0, verdict).sum())
    return counts, places[found.verdict_plane(0, Verdict.NOT_ELIGIBLE)].tolist()


_OF_VERDICT = {
    Verdict.ELIGIBLE: Missed.NO_ADDRESS,
    Verdict.NO_CONSENT: Missed.NO_CONSENT,
    Verdict.UNKNOWN: Missed.UNKNOWN,
    Verdict.NOT_ELIGIBLE: Missed.RULE,
}


def _refusing(
    asked: Asked, population: Population, refused: Sequence[int]
) -> tuple[tuple[Leaf, ...], Sequence[tuple[tuple[LeafState, ...], int]]]:
    patterns = reasons(asked.rule, population, NO_PARAMETERS, asked.as_of, np.array(refused, np.int64)).patterns()
    how_many = Counter(patterns.of_hit.tolist())
    return patterns.reasons.leaves, [(patterns.reasons.states(each), people) for each, people in how_many.items()]


def _groups(
    asked: Asked, population: Population, reached: Mapping[str, Recipient], took_up: frozenset[str]
) -> Mapping[str, Cells]:
    ages = _bands(population, frozenset(reached), asked.as_of)
    tables: dict[str, Cells] = {name: {} for name in ("ward", "age", "channel", "language")}
    for name, each in reached.items():
        side = TOOK if name in took_up else NOT
        cells = (each.ward or UNKNOWN, ages.get(name, UNKNOWN), each.kind, each.language)
        for table, cell in zip(tables.values(), cells, strict=True):
            table.setdefault(cell, {TOOK: 0, NOT: 0})[side] += 1
    return tables


def _bands(population: Population, people: frozenset[str], as_of: date) -> Mapping[str, str]:
    """Give in which band of ages each is on a day."""
    rows = _rows_of(population, people)
    births = population.column(BIRTH).values
    edges = list(_edges(as_of))
    return {
        name: next((band for band, first, last in edges if first <= int(births[row]) <= last), UNKNOWN)
        for name, row in rows.items()
    }


def _edges(as_of: date) -> Iterator[tuple[str, int, int]]:
    for low, high in AGE_BANDS:
        last = birthday_in(as_of, max(1, as_of.year - low)).toordinal()
        first = 1 if high is None else birthday_in(as_of, max(1, as_of.year - high - 1)).toordinal() + 1
        yield (f"{low}-" if high is None else f"{low}-{high}"), first, last
