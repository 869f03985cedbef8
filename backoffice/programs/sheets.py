"""What does the sheet of a program say, and what of it goes onto other papers?"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar, cast

from backoffice.inbox.kinds import CaseKind
from backoffice.inbox.opening import Matter
from backoffice.programs.models import ProgramVersion
from forms import catalogue
from forms.ages import birthday_in
from forms.definition import FormDefinition
from forms.field_types import Value
from workflows.rules.facts import CITY_FACTS
from workflows.rules.reading import rule_of
from workflows.rules.sentences import Names, sentence
from workflows.rules.tree import All, AnyOf, Node

FORM = "program-sheet"
MOST_OF_A_SENTENCE = 1000
"""What the case's form takes; the whole rule stands on the page of the version."""

Values = Mapping[str, Value]
Kept = TypeVar("Kept", dict[str, Any], dict[str, Any] | None)


def definition() -> FormDefinition:
    return catalogue.definition(FORM)


def empty_sheet() -> Values:
    return {field.key: None for field in definition().questions}


def values_of(version: ProgramVersion) -> Values:
    """Give the answers of a version's sheet; a question that came later is unanswered."""
    return {**empty_sheet(), **cast("dict[str, Value]", version.sheet["values"])}


def next_year_of(values: Values) -> Values:
    """Give a sheet for the next fiscal year: its period moves on by a year, all else stays to be looked at."""
    moved = {key: _a_year_later(values[key]) for key in ("starts", "ends")}
    return {**values, **moved}


def _a_year_later(value: Value) -> Value:
    if value is None:
        return None
    day = date.fromisoformat(str(value))
    return birthday_in(day, day.year + 1).isoformat()


def renumbered(written: Kept, old: str, new: str) -> Kept:
    """Give stored JSON in which one program's number stands for another's."""
    kept: Kept = json.loads(json.dumps(written, ensure_ascii=False).replace(old, new))
    return kept


def rule_kept(version: ProgramVersion) -> Node | None:
    """Give a version's rule as a group, the form in which it is built and judged; None where none has been begun."""
    if version.rule is None:
        return None
    rule = rule_of(version.rule, CITY_FACTS)
    return rule if isinstance(rule, All | AnyOf) else All((rule,))


def matter_of(version: ProgramVersion, names: Names, kind: CaseKind, subject: tuple[str, int]) -> Matter:
    """Give what the case of a version says: the approvers read the rule there as a sentence."""
    values = values_of(version)
    kept = rule_kept(version)
    rule = "" if kept is None else sentence(kept, names)
    if len(rule) > MOST_OF_A_SENTENCE:
        rule = rule[: MOST_OF_A_SENTENCE - 1] + "…"
    asked = ("legal_basis", "purpose", "starts", "ends", "expected_applications", "expected_calls", "staff_hours")
    answers = {
        "program": values["name_ja"],
        **{key: values[key] for key in (*asked, "system_changes")},
        "audience": rule,
    }
    title = f"{version.name}の登録(第{version.number}版)"
    return Matter(title, answers, kind.retention_years, kind.decision_level, subject=subject)
