"""What does it cost to believe a digital ID, beside one bare ES256 verification by joserfc of the same statement?

To believe one means two signatures (the city's, the holder's), the holder's key, which is another each time, what was
disclosed, dates, nonce and status. Both are measured in turns, the quickest turn of each counts.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from timeit import timeit

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from joserfc import jws
from joserfc.jwk import ECKey

from workflows.credentials.claims import ClaimName
from workflows.credentials.issuing import StatusPlace, Terms, issue
from workflows.credentials.sd_jwt import split
from workflows.credentials.verifying import Asked, Status, Trust, verify
from workflows.credentials.wallet_simulator import WalletSimulator

TURNS, IN_A_TURN = 200, 20
MOST_TIMES_BARE = 2.5
NOW = 1_800_000_000
ISSUER, KIND, HERE, NONCE = "https://id.city.example", "digital-id", "https://pool.example", "n-1"


def presentations(count: int) -> tuple[list[str], ECKey]:
    """So many residents, each with a key of their own, who disclose one claim."""
    city = ECKey.generate_key("P-256")
    claims = {name: True for name in ClaimName if name is not ClaimName.DISABILITY_DISCOUNT_CLASS}
    shown = []
    for number in range(count):
        holder = ECKey.generate_key("P-256")
        terms = Terms(ISSUER, KIND, NOW, NOW + 86_400, StatusPlace(f"{ISSUER}/status", number))
        wallet = WalletSimulator(holder, issue(claims, terms, holder, city, "1", os.urandom))
        shown.append(wallet.present([ClaimName.AGE_OVER_65], HERE, NONCE, NOW))
    return shown, ECKey.import_key(city.as_dict(private=False))


def quickest(*works: Callable[[], object]) -> list[float]:
    """Seconds of the processor for one piece of work each, taken in turns: what else the machine does counts little."""
    taken = [[timeit(work, number=1, timer=process_time) / IN_A_TURN for work in works] for _ in range(TURNS)]
    return [min(each) for each in zip(*taken, strict=True)]


def measured() -> dict[str, object]:
    shown, key = presentations(IN_A_TURN)
    trust = Trust(ISSUER, KIND, {"1": key}, lambda _place: Status.VALID)
    asked = Asked(HERE, lambda nonce: nonce == NONCE)
    statements = [split(each).statement for each in shown]
    bare, believed = quickest(
        lambda: [jws.deserialize_compact(each, key, algorithms=["ES256"]) for each in statements],
        lambda: [verify(each, trust, asked, NOW) for each in shown],
    )
    ratio = believed / bare
    return {
        "name": "credentials",
        "what": f"believe a digital ID of {len(shown[0]):,} characters: {believed * 1e6:.0f} µs, "
        f"one bare verification {bare * 1e6:.0f} µs",
        "figure": round(1 / believed),
        "unit": "/s",
        "against": f"one bare joserfc ES256 verification, {1 / bare:,.0f}/s",
        "ratio": round(ratio, 2),
        "goal": f"<= {MOST_TIMES_BARE}",
        "holds": ratio <= MOST_TIMES_BARE,
        "growth": [],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    figures = measured()
    print(json.dumps(figures, ensure_ascii=False) if as_json else f"×{figures['ratio']}; {figures['what']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
