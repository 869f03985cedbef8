"""Which wordings does the office ship? One JSON file a program, and two that any program can begin from."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from workflows.notices.template import Content, read

STANDARD, STANDARD_VEILED = "standard", "standard-veiled"


@lru_cache(maxsize=1)
def every_wording() -> Mapping[str, Content]:
    """Give the shipped wordings, by the code of the program's working definition. They are read once."""
    return {
        file.name.removesuffix(".json"): read(json.loads(file.read_text("utf-8")))
        for file in files(__name__).iterdir()
        if file.name.endswith(".json")
    }


def beginning_for(shipped_as: str | None, *, veiled: bool) -> Content:
    """Give what the first version of a program's notice begins from."""
    known = every_wording()
    return known.get(shipped_as or "") or known[STANDARD_VEILED if veiled else STANDARD]
