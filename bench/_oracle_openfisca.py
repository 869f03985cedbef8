"""What OpenFisca-Japan says of a population, run by the interpreter of its own environment; knows nothing of Gijo.

OpenFisca-Japan is under the AGPL: it is asked here from outside, and never by the product.
"""

import json
import sys
from pathlib import Path

import numpy as np
from openfisca_core.periods import ETERNITY
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_japan import CountryTaxBenefitSystem


def main(folder: Path, days: list[str]) -> None:
    with np.load(folder / "people.npz") as file:
        born, household, child = (file[name] for name in ("born", "household", "child"))
    system = CountryTaxBenefitSystem()
    answers: dict[str, np.ndarray] = {}
    amounts = {}
    for day in days:
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("人物", [str(at) for at in range(len(born))])
        homes = builder.declare_entity(
            "世帯", [f"{at:06}" for at in range(household.max() + 1)]
        )  # in the order of words
        builder.join_with_persons(homes, household, roles=np.where(child, "子", "祖父母"))
        simulation = builder.build(system)
        simulation.set_input("誕生年月日", ETERNITY, born.astype("datetime64[D]"))
        for name in ("年齢", "学年", "児童手当"):
            answers[f"{name} {day}"] = simulation.calculate(name, day)
        sums = system.parameters(day).福祉.育児.児童手当.金額
        amounts[day] = [
            int(sums.高校生以下かつ第三子以降),
            int(sums.三歳未満かつ第二子以前),
            int(sums.三歳以上かつ高校生以下かつ第二子以前),
        ]
    np.savez(folder / "answers.npz", **answers)
    print(json.dumps(amounts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
