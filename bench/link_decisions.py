"""What does the decision to release cost beside the barest thing that could be called one: an intersection of sets?

The bare one hands over what was asked for, is in the agreement, was agreed to and is known. The decision also asks
whether the link stands, the purpose, the rate, the person, the consent and the ceilings allow it. Both in one run.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from tests.workflows.links.agreements import ASKED, OPTIONAL, Asked
from workflows.links import ATTRIBUTES, Released, Request, Use, decide

DECISIONS = 20_000
ROUNDS = 9
SIZES = (4, len(ATTRIBUTES))
"""So many attributes are in the agreement, and are asked for."""
MOST_TIMES_BARE = 20.0
"""Beyond this, something that grows or looks elsewhere was added."""


def asking_for(attributes: int) -> Asked:
    codes = sorted(ATTRIBUTES)[:attributes]
    terms = replace(ASKED.terms, uses=tuple(Use(code, OPTIONAL, ("library_card",), "試し") for code in codes))
    consent = replace(ASKED.consent, attributes=frozenset(codes))
    person = replace(ASKED.person, claims=dict.fromkeys(codes, "有"))
    return ASKED.with_(request=Request("library_card", frozenset(codes)), terms=terms, consent=consent, person=person)


def bare(case: Asked, allowed: frozenset[str]) -> dict[str, object]:
    shared = case.request.attributes & allowed & case.consent.attributes
    return {code: case.person.claims[code] for code in shared if code in case.person.claims}


def seconds(each: Callable[[], object], times: int) -> float:
    """Give the seconds that one call takes."""
    began = time.perf_counter()
    for _ in range(times):
        each()
    return (time.perf_counter() - began) / times


def measured(attributes: int, times: int) -> tuple[float, float]:
    """Give the median seconds of a decision and of a bare intersection, measured in turn."""
    case = asking_for(attributes)
    allowed = frozenset(use.attribute for use in case.terms.uses)
    answer = case.answered_by(decide)
    assert isinstance(answer, Released)
    assert answer.claims == bare(case, allowed)
    rounds = [
        (seconds(lambda: case.answered_by(decide), times), seconds(lambda: bare(case, allowed), times))
        for _ in range(ROUNDS)
    ]
    decided, compared = zip(*rounds, strict=True)
    return median(decided), median(compared)


def result(found: dict[int, tuple[float, float]]) -> dict[str, object]:
    decided, compared = found[SIZES[0]]
    ratio = decided / compared
    return {
        "name": "link_decisions",
        "what": f"one decision to release: {decided * 1e6:.1f} µs, a bare intersection {compared * 1e6:.2f} µs",
        "figure": round(1 / decided),
        "unit": "/s",
        "against": f"an intersection of three sets, {1 / compared:,.0f}/s",
        "ratio": round(ratio, 2),
        "goal": f"<= {MOST_TIMES_BARE:.0f}",
        "holds": all(ours / theirs <= MOST_TIMES_BARE for ours, theirs in found.values()),
        "growth": [
            {"n": size, "figure": round(1 / ours), "bare": round(1 / theirs), "ratio": round(ours / theirs, 2)}
            for size, (ours, theirs) in found.items()
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--decisions", type=int, default=DECISIONS, help="how many in each round")
    options = parser.parse_args()
    figures = result({size: measured(size, options.decisions) for size in SIZES})
    print(json.dumps(figures, ensure_ascii=False) if options.json else f"×{figures['ratio']}; {figures['what']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
