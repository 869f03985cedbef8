"""What is done with examples: invented people kept with the rule, and what it must say of them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.programs.checking import ExampleResult, names_for, tried
from backoffice.programs.conditions import name_of
from backoffice.programs.events import ExampleKept, ExampleRemoved
from backoffice.programs.models import Example, ProgramVersion
from backoffice.programs.service import must_be_writable, written_on
from backoffice.programs.sheets import rule_kept
from backoffice.web.free_text import words_given
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.rules import UnaskableError, Verdict
from workflows.rules.examples import Asked, Someone, Suggestion, border_people, told_of, written_someone
from workflows.rules.facts import CITY_FACTS
from workflows.rules.parameters import ParameterTroubleError
from workflows.rules.sentences import Names
from workflows.rules.tree import Node

MOST_EXAMPLES = 60
LONGEST_TITLE = 120


def suggested(version: ProgramVersion, names: Names, today: date) -> list[Suggestion]:
    """Give people on both sides of the rule's borders who are no examples yet; none where it cannot be asked."""
    return judged(version, names, today)[1]


def judged(version: ProgramVersion, names: Names, today: date) -> tuple[list[ExampleResult], list[Suggestion]]:
    """Give what the rule says of its examples, and of those whom it suggests besides."""
    rule = rule_kept(version)
    people = [] if rule is None else _on_the_borders(rule, version, names, today)
    results, verdicts = tried(rule, version.examples, [Asked(someone, today) for someone, _about in people], names)
    return results, told_of(people, verdicts)


def _on_the_borders(rule: Node, version: ProgramVersion, names: Names, today: date) -> list[tuple[Someone, str]]:
    try:
        found = border_people(rule, names.parameters, CITY_FACTS, today)
    except (ParameterTroubleError, UnaskableError):
        return []  # the look through the rule says what is missing
    kept = [example.facts for example in version.examples]
    return [(someone, about) for someone, about in found if written_someone(someone) not in kept]


def keep_example(
    work: Work, version: ProgramVersion, seen: int, title: str, verdict: str, someone: Someone, as_of: date
) -> Example:
    """Keep an invented person with the rule. Raises Overtaken, NotPermitted, Invalid."""
    must_be_writable(work, version, Permission.PROGRAM_RULE, seen)
    title = words_given(title, "title", LONGEST_TITLE)
    if verdict not in set(Verdict):
        raise Invalid(_("入力を確認してください"), {"verdict": _("あるべき判定を選んでください。")})
    if len(version.examples) >= MOST_EXAMPLES:
        raise Invalid(_("例は60人までです。"), {"title": _("例は60人までです。")})
    example = Example(version_id=version.id, title=title, verdict=verdict, as_of=as_of, facts=written_someone(someone))
    work.session.add(example)
    work.session.flush()
    work.record(ExampleKept(version.id, example.id))
    written_on(work, version)
    return example


def key_of(suggestion: Suggestion) -> str:
    """Give a mark of a suggested person, by which a page names them: their place in the list changes with each kept."""
    written = json.dumps(written_someone(suggestion.someone), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def keep_suggested(work: Work, version: ProgramVersion, seen: int, chosen: Mapping[str, str]) -> int:
    """Keep suggested people as examples, each by its key, with what the rule must say of them.

    Gives how many. Raises Overtaken, NotPermitted, Invalid where none was chosen.
    """
    today = work.today
    names = names_for(work, rule_kept(version))
    found = [each for each in suggested(version, names, today) if key_of(each) in chosen]
    if not found:
        raise Invalid(_("置く例を選んでください。"), {"chosen": _("置く例を選んでください。")})
    if len(version.examples) + len(found) > MOST_EXAMPLES:
        raise Invalid(_("例は60人までです。"), {"chosen": _("例は60人までです。")})
    for each in found:
        keep_example(work, version, seen, title_for(each), chosen[key_of(each)], each.someone, today)
    return len(found)


def title_for(suggestion: Suggestion) -> str:
    """Name a suggested example after the border that it stands at."""
    fact = CITY_FACTS.get(suggestion.about)
    if fact is not None:
        return translate(_("%(fact)sの境目"), fact=name_of(fact))
    return translate(_("受給歴の境目") if suggestion.about else _("基本の例"))


def remove_example(work: Work, version: ProgramVersion, seen: int, example_id: int) -> None:
    """Take an example away. Raises NotThere, Overtaken, NotPermitted."""
    must_be_writable(work, version, Permission.PROGRAM_RULE, seen)
    if all(example.id != example_id for example in version.examples):
        raise NotThere("お探しの記録は見つかりませんでした。")
    work.session.execute(delete(Example).where(Example.id == example_id))
    work.record(ExampleRemoved(version.id, example_id))
    written_on(work, version)
