"""What is done with a rule while it is being built: one act at a time, each of which can be undone."""

from collections.abc import Callable

from sqlalchemy import Select, delete, select

from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Permission
from backoffice.programs.events import RuleWritten
from backoffice.programs.models import ProgramVersion, RuleStep
from backoffice.programs.service import must_be_writable, written_on
from backoffice.programs.sheets import rule_kept
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.rules.editing import EMPTY, NoSuchPlaceError, levels
from workflows.rules.facts import CITY_FACTS
from workflows.rules.findings import RuleRefused
from workflows.rules.reading import rule_of
from workflows.rules.tree import Node, leaves
from workflows.rules.writing import written

MOST_LEVELS = 3
"""Groups in groups in groups: what a person can still read. An imported rule may go deeper."""
MOST_STEPS = 200

Act = Callable[[Node], Node]


def rule_in(version: ProgramVersion) -> Node:
    """Give a version's rule to be built on: an empty group where none has been begun."""
    return rule_kept(version) or EMPTY


def change_rule(work: Work, version: ProgramVersion, seen: int, act: Act) -> None:
    """Do one act on the rule. Raises Overtaken, NotPermitted, and Invalid for what would make it no rule."""
    must_be_writable(work, version, Permission.PROGRAM_RULE, seen)
    before = rule_in(version)
    try:
        after = act(before)
        changed = written(after)
        rule_of(changed, CITY_FACTS)
    except NoSuchPlaceError as gone:
        raise Overtaken(_("この条件はもうありません。最新の内容を確認してください。")) from gone
    except RuleRefused as refused:
        raise Invalid(refused.findings[0].message, {}, **refused.findings[0].params) from refused
    if levels(after) > max(MOST_LEVELS, levels(before)):
        raise Invalid(_("まとまりの入れ子は3段までです。"))
    if after != before or version.rule is None:
        _keep(work, version, before, after)


def undo(work: Work, version: ProgramVersion, seen: int) -> None:
    """Put the rule back to before the last act. Raises Overtaken where there is nothing to undo."""
    _step(work, version, seen, -1)


def redo(work: Work, version: ProgramVersion, seen: int) -> None:
    """Do the act that was undone last once more. Raises Overtaken where there is none."""
    _step(work, version, seen, 1)


def _keep(work: Work, version: ProgramVersion, before: Node, after: Node) -> None:
    """Whatever was undone is forgotten with the new act, and the oldest steps when there are very many."""
    place = version.rule_place
    steps = delete(RuleStep).where(RuleStep.version_id == version.id)
    work.session.execute(steps.where((RuleStep.place > place) | (RuleStep.place <= place - MOST_STEPS)))
    if work.session.scalar(_at(version, place)) is None:
        work.session.add(RuleStep(version_id=version.id, place=place, rule=written(before)))
    work.session.add(RuleStep(version_id=version.id, place=place + 1, rule=written(after)))
    version.rule, version.rule_place = written(after), place + 1
    work.record(RuleWritten(version.id, sum(1 for _leaf in leaves(after))))
    written_on(work, version)


def _step(work: Work, version: ProgramVersion, seen: int, by: int) -> None:
    must_be_writable(work, version, Permission.PROGRAM_RULE, seen)
    found = work.session.scalars(
        select(RuleStep).where(RuleStep.version_id == version.id, RuleStep.place == version.rule_place + by)
    ).one_or_none()
    if found is None:
        raise Overtaken(_("これより前(後)の操作はありません。"))
    version.rule, version.rule_place = found.rule, found.place
    work.record(RuleWritten(version.id, sum(1 for _leaf in leaves(rule_in(version)))))
    written_on(work, version)


def _at(version: ProgramVersion, place: int) -> Select[int]:
    return select(RuleStep.id).where(RuleStep.version_id == version.id, RuleStep.place == place)
