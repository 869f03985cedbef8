"""The same rules in openfisca-core, run by the interpreter of its own environment; knows nothing of Gijo.

Reads what bench/rules.py wrote: columns, and questions as clauses and joins. A clause is a variable, so OpenFisca asks
it once; so is a rule. Rules come in batches, because OpenFisca keeps every variable of everybody.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

MONTH = "2026-11"
BATCH = 20
TRUE, MISSING, MASKED, FALSE = 0, 1, 2, 4
HIGHEST = np.array([0, 1, 2, 2, 4, 4, 4, 4], np.int32)
TURNED = np.array([4, 1, 2, 2, 0, 0, 0, 0], np.int32)

Person = build_entity(key="person", plural="persons", label="person", is_person=True)


def variable(name: str, formula=None) -> type:  # noqa: ANN001 - OpenFisca calls it
    told = {"value_type": int, "entity": Person, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (Variable,), told if formula is None else told | {"formula": formula})


def clause(number: int, asked: dict) -> type:
    low, high, null = asked["low"], asked["high"], asked["null"]

    def formula(person, period):  # noqa: ANN001, ANN202 - OpenFisca calls it
        least, greatest = person(asked["columns"][0], period), person(asked["columns"][-1], period)
        yes, no = np.ones(len(least), np.bool_), np.zeros(len(least), np.bool_)
        if low is not None:
            yes &= least >= low
            no |= greatest < low
        if high is not None:
            yes &= greatest <= high
            no |= least > high
        found = np.where(yes, np.int32(TRUE), np.where(no, np.int32(FALSE), np.int32(MISSING)))
        if null is not None:
            found[least == null] = MISSING
        if asked["gate"] is not None:
            found[(person(asked["gate"], period) & asked["bit"]) == 0] = MASKED
        return found

    return variable(f"clause_{number}", formula)


def rule(number: int, steps: list, root: int) -> type:
    def answer(person, period, ref: int):  # noqa: ANN001, ANN202 - OpenFisca's
        step = steps[ref >> 1]
        if isinstance(step, int):
            found = person(f"clause_{step}", period)
        else:
            is_any = step["join"] == "any"
            first, *others = step["parts"]
            found = answer(person, period, first ^ is_any).copy()
            for part in others:
                found |= answer(person, period, part ^ is_any)
            found = (TURNED if is_any else HIGHEST).take(found)
        return TURNED.take(found) if ref & 1 else found

    def formula(person, period):  # noqa: ANN001, ANN202 - OpenFisca calls it
        return answer(person, period, root)

    return variable(f"rule_{number}", formula)


def main(folder: Path) -> None:
    written = json.loads((folder / "program.json").read_text())
    with np.load(folder / "columns.npz") as file:
        columns = dict(file)
    system = TaxBenefitSystem([Person])
    for name in columns:
        system.add_variable(variable(name))
    for number, asked in enumerate(written["clauses"]):
        system.add_variable(clause(number, asked))
    for number, root in enumerate(written["roots"]):
        system.add_variable(rule(number, written["steps"], root))
    seconds, counts = 0.0, []
    size = len(next(iter(columns.values())))
    for first in range(0, len(written["roots"]), BATCH):
        simulation = SimulationBuilder().build_default_simulation(system, count=size)
        for name, values in columns.items():
            simulation.set_input(name, MONTH, values)
        began = time.process_time()
        for number in range(first, min(first + BATCH, len(written["roots"]))):
            by_code = np.bincount(simulation.calculate(f"rule_{number}", MONTH), minlength=5)
            counts.append([int(by_code[code]) for code in (TRUE, FALSE, MISSING, MASKED)])
        seconds += time.process_time() - began
    print(json.dumps({"seconds": seconds, "counts": counts}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
