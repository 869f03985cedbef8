"""Which programs does the office ship as working definitions? One JSON file a program, for its department to correct.

What nobody has told is a threshold without a second person's word, or stands under `to_confirm`. A rule that asks about
earlier grants names its own program by the code of its file; with its number it does so once it is taken in.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from forms.field_types import Value
from workflows.rules import Verdict
from workflows.rules.examples import Someone, read_someone, written_someone
from workflows.rules.facts import CITY_FACTS
from workflows.rules.parameters import DatedRows, DatedValue, LookupTable, Parameter, Parameters
from workflows.rules.reading import rule_of
from workflows.rules.tree import All, AnyOf, Node, Not, NotGranted
from workflows.rules.vocabulary import GRANTED

SCHEMA = 1


@dataclass(frozen=True)
class ShippedExample:
    """An invented person and what the rule must say of them on a day."""

    title: str
    verdict: Verdict
    as_of: date
    someone: Someone


@dataclass(frozen=True)
class ShippedThreshold:
    """A threshold with the one value that is shipped of it. `content`: as the office keeps it."""

    code: str
    name_ja: str
    name_en: str
    unit: str
    starts: date
    ends: date
    content: Mapping[str, Any]
    legal_reference: str

    @property
    def is_table(self) -> bool:
        return "rows" in self.content


@dataclass(frozen=True)
class ShippedProgram:
    """What a program says and whom it is for, before any department has looked at it."""

    code: str
    one_of_the_seven: str
    """The push service of FY R4 that it is, or is a part of; empty for one of the others."""
    department: str
    """A code: shipping.py says which department of the city it stands for."""
    to_confirm: Sequence[str]
    """What the department is to look at first, a sentence each."""
    thresholds: Sequence[ShippedThreshold]
    sheet: Mapping[str, Value]
    rule: Node
    examples: Sequence[ShippedExample]

    @property
    def name(self) -> str:
        return str(self.sheet["name_ja"])

    def rule_for(self, number: str) -> Node:
        """Give the rule as the program with this number asks it."""
        return _renamed(self.rule, self.code, number)

    def facts_for(self, number: str, example: ShippedExample) -> Mapping[str, Any]:
        """Give the person of an example, written as the program with this number keeps them."""
        own = {GRANTED + self.code: GRANTED + number}
        facts = {own.get(code, code): value for code, value in example.someone.facts.items()}
        return written_someone(Someone(facts, example.someone.consents, example.someone.household))


@lru_cache(maxsize=1)
def every_program() -> Sequence[ShippedProgram]:
    """Give the shipped programs: those of FY R4 first, then by code. They are read once."""
    found = [_read(file.read_text("utf-8")) for file in files(__name__).iterdir() if file.name.endswith(".json")]
    return sorted(found, key=lambda each: (not each.one_of_the_seven, each.code))


def parameters() -> Parameters:
    """Give all thresholds of the catalogue as rules ask for them; nobody has confirmed any."""
    every = {each.code: each for program in every_program() for each in program.thresholds}.values()
    return Parameters(
        {each.code: _single(each) for each in every if not each.is_table},
        {each.code: _table(each) for each in every if each.is_table},
    )


def _read(text: str) -> ShippedProgram:
    written: dict[str, Any] = json.loads(text)
    if written.pop("schema") != SCHEMA:
        raise ValueError("a program of the catalogue has another schema")
    written["rule"] = rule_of(written["rule"], CITY_FACTS)
    written["thresholds"] = [_threshold(each) for each in written["thresholds"]]
    written["examples"] = [_example(each) for each in written["examples"]]
    return ShippedProgram(**written)


def _threshold(written: dict[str, Any]) -> ShippedThreshold:
    starts, ends = (date.fromisoformat(written.pop(key)) for key in ("starts", "ends"))
    return ShippedThreshold(**written, starts=starts, ends=ends)


def _example(written: dict[str, Any]) -> ShippedExample:
    someone = read_someone(written["facts"], CITY_FACTS)
    return ShippedExample(written["title"], Verdict(written["verdict"]), date.fromisoformat(written["as_of"]), someone)


def _renamed(node: Node, code: str, number: str) -> Node:
    if isinstance(node, All | AnyOf):
        return type(node)(tuple(_renamed(part, code, number) for part in node.parts))
    if isinstance(node, Not):
        return Not(_renamed(node.part, code, number))
    return NotGranted(number, node.within) if isinstance(node, NotGranted) and node.program == code else node


def _single(each: ShippedThreshold) -> Parameter:
    value = DatedValue(each.starts, each.ends, each.content["value"], each.legal_reference, "")
    return Parameter(each.code, each.name_ja, each.name_en, each.unit, (value,))


def _table(each: ShippedThreshold) -> LookupTable:
    rows = tuple((int(key), int(bound)) for key, bound in each.content["rows"])
    dated = DatedRows(each.starts, each.ends, rows, each.legal_reference, "")
    return LookupTable(each.code, each.name_ja, each.name_en, each.unit, (dated,))
