"""Which wordings does the office ship? One JSON file a program, and two that any program can begin from."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import Values, codes_in
from workflows.notices.template import Content, read

REFERENCE = "reference"
"""Has its value only when a mail leaves."""
STANDARD, STANDARD_VEILED = "standard", "standard-veiled"


@lru_cache(maxsize=1)
def every_wording() -> Mapping[str, Content]:
    """Give the shipped wordings, by the code of the program's working definition. They are read once."""
    return {
        file.name.removesuffix(".json"): read(json.loads(file.read_text("utf-8")))
        for file in files(__name__).iterdir()
        if file.name.endswith(".json")
    }


def beginning_for(shipped_as: str | None, values: Mapping[NoticeLanguage, Values], *, veiled: bool) -> Content:
    """Give what the first version of a program's notice begins from, without what the program has no value for."""
    known = every_wording()
    content = known.get(shipped_as or "") or known[STANDARD_VEILED if veiled else STANDARD]
    for language in NoticeLanguage:
        wording = content.in_language(language)
        texts = {name: _without_gaps(getattr(wording, name), values[language]) for name in ("body", "text")}
        content = content.with_wording(language, replace(wording, **texts))
    return content


def _without_gaps(text: str, values: Values) -> str:
    """Leave out the lines whose placeholder has no value, and a section of which only the heading would stay."""
    sections = []
    for section in text.split("\n\n"):
        lines = section.split("\n")
        kept = [line for line in lines if codes_in(line) - {REFERENCE} <= set(values)]
        if kept == lines or any(not line.startswith("■") for line in kept):
            sections.append("\n".join(kept))
    return "\n\n".join(sections)
