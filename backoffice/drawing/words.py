"""How does a drawing read? Its steps, findings and differences as sentences, for the list beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backoffice.identity.permissions import ROLE_NAMES, Role
from backoffice.web.answers_in import label_of
from backoffice.web.chips import Chip
from backoffice.web.translations import _, language_now, translate
from forms.catalogue import every_definition
from forms.definition import FormField
from workflows.routes import (
    ANYWHERE,
    COORDINATING,
    DECISION_NAMES,
    DRAFTER,
    OWNER,
    Assignment,
    Change,
    Difference,
    Outcome,
    Problem,
    ProblemSeverity,
    Route,
    Step,
    ordered_steps,
)

PLACES = {OWNER: _("案件の所管課"), COORDINATING: _("協議先の課"), ANYWHERE: _("全庁")}
OUTCOMES = {
    Outcome.APPROVED: _("承認"),
    Outcome.REJECTED: _("却下"),
    Outcome.WITHDRAWN: _("取下げ"),
    Outcome.DONE: _("完了"),
}
SEVERITY_CHIPS = {
    ProblemSeverity.ERROR: Chip("bad", "✕", _("要修正")),
    ProblemSeverity.WARNING: Chip("doubt", "▲", _("注意")),
}
CHANGE_CHIPS = {
    Change.ADDED: Chip("good", "+", _("追加")),
    Change.REMOVED: Chip("bad", "−", _("削除")),
    Change.CHANGED: Chip("doubt", "▲", _("変更")),
    Change.MOVED: Chip("plain", "↔", _("位置だけ")),
}
FIELDS = {
    "element": _("部品"),
    "name": _("名称"),
    "kind": _("種類"),
    "assignment.role": _("役割"),
    "assignment.place": _("所属"),
    "assignment.person": _("職員"),
    "assignment.not_drafter": _("起案者を除く"),
    "assignment.not_deciders_of": _("決めた人を除く"),
    "assignment.quorum": _("必要な人数"),
    "assignment.of": _("頼む人数"),
    "form": _("様式"),
    "decisions": _("選べる決定"),
    "due_days": _("期限(営業日)"),
    "due_fact": _("期限にする案件の日付"),
    "remind_days": _("催促(何日前)"),
    "escalate_days": _("引上げ(何日後)"),
    "escalate_to.role": _("引上げ先の役割"),
    "escalate_to.place": _("引上げ先の所属"),
    "escalate_to.person": _("引上げ先の職員"),
    "documentation": _("説明"),
    "source": _("矢印の元"),
    "target": _("矢印の先"),
    "condition": _("条件"),
    "default": _("既定の矢印"),
    "attached_to": _("付いているステップ"),
    "business_days": _("日数(営業日)"),
    "interrupting": _("ステップを終わらせる"),
    "outcome": _("結果"),
    "terminates": _("残りの枝も終わらせる"),
    "hit": _("当てはめ方"),
}
"""What the settings of an element are called; rows and columns of a table keep their own names."""


@dataclass(frozen=True)
class StepWords:
    """One step as sentences."""

    id: str
    name: str
    who: str
    decisions: str
    form: str
    deadline: str
    note: str


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to look at; `element_id` is marked in the drawing."""

    element_id: str
    text: str
    chip: Chip


@dataclass(frozen=True)
class DifferenceWords:
    element_id: str
    name: str
    chip: Chip
    changes: Sequence[tuple[str, str, str]]
    """What is set, as it was, as it is."""


def steps_in_words(route: Route, names: Mapping[str, str], facts: Mapping[str, FormField]) -> list[StepWords]:
    """Give the steps in reading order.

    `names` are those of the people whom the route asks by account, `facts` what a case of its kind begins with.
    """
    return [_step(route, step, names, facts) for step in ordered_steps(route)]


def findings(problems: Iterable[Problem]) -> list[Finding]:
    return [
        Finding(problem.element_id or "", say(problem), SEVERITY_CHIPS[problem.severity])
        for problem in sorted(problems, key=lambda each: each.severity is ProblemSeverity.WARNING)
    ]


def say(problem: Problem) -> str:
    """Say a problem in the language being spoken; a decision or a kind in it is translated too."""
    params = {key: translate(text) if isinstance(text, str) else text for key, text in problem.params.items()}
    return translate(problem.message, **params)


def differences_in_words(found: Iterable[Difference]) -> list[DifferenceWords]:
    return [
        DifferenceWords(
            each.element_id,
            each.element_name,
            CHANGE_CHIPS[each.change],
            [(translate(FIELDS.get(name, name)), old or "—", new or "—") for name, old, new in each.fields],
        )
        for each in found
    ]


def who_is_asked(route: Route, asked: Assignment, names: Mapping[str, str]) -> str:
    """Say who decides, whom it may not be, and how many are needed."""
    said = [_asked(asked, names)]
    if asked.not_drafter:
        said.append(translate(_("起案者を除く")))
    if asked.not_deciders_of:
        others = joined(route.name_of(step_id) for step_id in asked.not_deciders_of)
        said.append(translate(_("「%(steps)s」を決めた人を除く"), steps=others))
    if asked.of is not None:
        said.append(translate(_("%(of)s人に頼み、%(quorum)s人の決定で進む"), of=asked.of, quorum=asked.quorum))
    elif asked.quorum > 1:
        said.append(translate(_("%(quorum)s人の決定で進む"), quorum=asked.quorum))
    return joined(said)


def joined(parts: Iterable[str]) -> str:
    """Write parts one after another, as the language being spoken does."""
    return (", " if language_now() == "en" else "、").join(parts)


def form_title(code: str) -> str:
    definition = every_definition().get(code)
    if definition is None:
        return code
    return definition.title_en if language_now() == "en" else definition.title


def _step(route: Route, step: Step, names: Mapping[str, str], facts: Mapping[str, FormField]) -> StepWords:
    return StepWords(
        step.id,
        step.name or step.id,
        who_is_asked(route, step.assignment, names),
        joined(translate(DECISION_NAMES[decision]) for decision in step.decisions),
        form_title(step.form) if step.form else "",
        _deadline(step, names, facts),
        step.documentation,
    )


def _asked(asked: Assignment, names: Mapping[str, str]) -> str:
    if asked.person == DRAFTER:
        return translate(_("起案者"))
    if asked.person:
        return names.get(asked.person, asked.person)
    role = translate(ROLE_NAMES[Role(asked.role)]) if asked.role in set(Role) else asked.role or "—"
    place = translate(PLACES[asked.place]) if asked.place in PLACES else asked.place
    return f"{role}({place})"


def _deadline(step: Step, names: Mapping[str, str], facts: Mapping[str, FormField]) -> str:
    if step.due_days is None:
        return translate(_("期限なし"))
    said = [translate(_("%(n)s営業日以内"), n=step.due_days)]
    if step.due_fact is not None:
        fact = label_of(facts[step.due_fact]) if step.due_fact in facts else step.due_fact
        said = [translate(_("案件の日付(%(fact)s)まで"), fact=fact)]
    if step.remind_days is not None:
        said.append(translate(_("%(n)s日前に催促"), n=step.remind_days))
    if step.escalate_days is not None and step.escalate_to is not None:
        above = _asked(step.escalate_to, names)
        said.append(translate(_("%(n)s日過ぎたら%(who)sへ引上げ"), n=step.escalate_days, who=above))
    return joined(said)
