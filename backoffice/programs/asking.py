"""What does a rule say of one resident, and why? Asked by pseudonym, for a reason, on the trail before the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.errors import Invalid, NotPermitted, NotThere
from backoffice.identity import Actor, Permission
from backoffice.programs import queries
from backoffice.programs.checking import names_for, today_of
from backoffice.programs.events import VerdictAsked
from backoffice.programs.previewing import may_look, snapshot_for
from backoffice.programs.sheets import rule_kept
from backoffice.programs.workflow import VersionState
from backoffice.residents.opening import load_snapshot
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _, language_now
from backoffice.work import Office
from workflows.rules import LeafState, NobodyError, UnaskableError, Verdict, explain, read_population
from workflows.rules.deciders import deciders, resident_reasons, verdict_by
from workflows.rules.parameters import ParameterTroubleError
from workflows.rules.sentences import Language, phrase


@dataclass(frozen=True)
class ConditionLine:
    """One condition of the rule, and what it came to for the resident."""

    text: str
    state: LeafState
    decided: bool


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    lines: Sequence[ConditionLine]
    to_resident: Sequence[str]
    """What the resident would read as the reason; empty where the rule does not apply."""


def ask_why(office: Office, actor: Actor, version_id: int, pseudonym: str, reason: str) -> Answer:
    """Say what a version's rule comes to for one resident, condition by condition.

    Raises Invalid for no reason given, NotThere for a pseudonym that is not in the snapshot, whatever that comes from,
    NotPermitted for whoever may not ask for the program's department. The reason is asked for so that nobody looks
    idly; it is not kept, since it may speak of the person.
    """
    with office.unit(actor) as work:
        version = queries.find_version(work.session, version_id)
        if not may_look(actor, version, Permission.PROGRAM_WHY):
            raise NotPermitted(_("この制度の判定の理由を見られるのは、所管する部署の職員だけです。"))
        if version.state != VersionState.APPROVED:
            # On a draft, a rule could be bent question by question until it tells a resident's income.
            raise NotPermitted(_("判定の理由は、承認された版についてだけ見られます。下書きは例で確かめてください。"))
        reason_given(reason, "reason")
        rule = rule_kept(version)
        names = names_for(work, rule)
        if rule is None:
            raise Invalid(_("ルールがまだありません。"))
        snapshot_id, today = snapshot_for(work).id, today_of(work)
        work.record(VerdictAsked(version.program_id, version.id))
    population = load_snapshot(office, actor, snapshot_id, read_population)
    try:
        states = explain(rule, population, names.parameters, today, pseudonym.strip())
    except NobodyError:
        # A protected resident is told as nobody is: without a hint, and without the error that names the pseudonym.
        raise NotThere(_("この仮名の人は、今の住民データに見つかりません。")) from None
    except (ParameterTroubleError, UnaskableError) as trouble:
        raise Invalid(_("ルールに直す点があるため、試算できません。ルールの点検を見てください。")) from trouble
    known = dict(states)
    language = Language(language_now())
    decided = {decider.leaf for decider in deciders(rule, known)}
    verdict = verdict_by(rule, known)
    return Answer(
        verdict,
        [ConditionLine(phrase(leaf, names, language), state, leaf in decided) for leaf, state in known.items()],
        resident_reasons(rule, known, names, language) if verdict is Verdict.ELIGIBLE else (),
    )
