"""What do staff do with letters? Sort by hand, hand over, look at trouble, print; write rules; name addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Permission
from backoffice.mail_in import queries
from backoffice.mail_in.enclosures import EnclosureKind
from backoffice.mail_in.events import (
    LetterHandedOver,
    LetterLookedAt,
    LettersPrinted,
    MailAddressSet,
    MailAddressTakenAway,
    MailRuleKept,
    MailRuleMoved,
    MailRuleSwitched,
)
from backoffice.mail_in.forwarding import is_inside
from backoffice.mail_in.models import MailAddress, MailLetter, MailRule
from backoffice.mail_in.rules import Act, Conditions
from backoffice.mail_in.sorting import give, settle, sort_by_rules
from backoffice.mail_in.workflow import ActKind, ActState, LetterState
from backoffice.settings import MAIL, Settings
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number

CHECK = _("入力を確認してください")
MOST_RULES = 100
LIMITS = {"title": 60, "sender": 300, "subject": 100, "file_name": 100}
FILE_KINDS = frozenset({"", EnclosureKind.PAPER, EnclosureKind.SHEET, EnclosureKind.DOCUMENT})
MAY_BE_SORTED = frozenset({LetterState.TO_SORT, LetterState.TO_CHECK, LetterState.DONE})


@dataclass(frozen=True)
class Choices:
    """What a department may do with attachments: code and title of forms on paper, id and title of lists."""

    forms: Sequence[tuple[str, str]]
    lists: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class RuleWritten:
    title: str
    conditions: Conditions
    acts: Sequence[Act]


def read_acts(form: Mapping[str, str], choices: Choices, settings: Settings) -> list[Act]:
    """Give what was ticked. Raises Invalid naming each field that is to be mended."""
    ticked = [kind for kind in ActKind if form.get(f"act_{kind}")]
    targets = {
        ActKind.PAPER: form.get("paper_form", ""),
        ActKind.LIST: form.get("list_design", ""),
        ActKind.FORWARD: form.get("forward_to", "").strip().lower(),
    }
    wrong: dict[str, str] = {}
    if not ticked:
        wrong["acts"] = _("することを1つ以上選んでください。")
    if ActKind.PAPER in ticked and targets[ActKind.PAPER] not in {code for code, _title in choices.forms}:
        wrong["paper_form"] = _("様式を選び直してください。")
    if ActKind.LIST in ticked and targets[ActKind.LIST] not in {number for number, _title in choices.lists}:
        wrong["list_design"] = _("一覧を選んでください。")
    if ActKind.FORWARD in ticked and not is_inside(targets[ActKind.FORWARD], settings):
        wrong["forward_to"] = _("市のメールアドレスを1つだけ入れてください。市の外へは転送できません。")
    if wrong:
        raise Invalid(CHECK, wrong)
    return [Act(kind, targets.get(kind, "")) for kind in ticked]


def read_rule(form: Mapping[str, str], choices: Choices, settings: Settings) -> RuleWritten:
    """Give a rule as it was typed. Raises Invalid naming each field that is to be mended."""
    typed = {name: form.get(name, "").strip() for name in LIMITS}
    wrong = {name: _("長すぎます。") for name, limit in LIMITS.items() if len(typed[name]) > limit}
    wrong |= {name: _("個人番号は入れられません。") for name, text in typed.items() if holds_my_number(text)}
    kind = form.get("file_kind", "")
    conditions = Conditions(typed["sender"], typed["subject"], typed["file_name"], kind)
    if not typed["title"]:
        wrong["title"] = _("ルールの名前を入れてください。")
    if kind not in FILE_KINDS:
        wrong["file_kind"] = _("種類を選び直してください。")
    if conditions.are_none:
        wrong["sender"] = _("条件を1つ以上入れてください。")
    try:
        acts = read_acts(form, choices, settings)
    except Invalid as refusal:
        raise Invalid(CHECK, wrong | refusal.fields) from refusal
    if wrong:
        raise Invalid(CHECK, wrong)
    return RuleWritten(typed["title"], conditions, acts)


def write_rule(work: Work, written: RuleWritten) -> MailRule:
    """Put a new rule behind the department's others. Raises NotPermitted, Invalid for one too many."""
    place = work.actor.department_id
    if place is None:
        raise NotPermitted(_("所属のない職員はルールを作れません。"))
    if not queries.holds_at_home(work.session, work.actor, Permission.MAIL_SORT):
        raise NotPermitted(_("この画面を使う権限がありません。必要な場合は所属長に相談してください。"))
    many, last = work.session.execute(
        select(func.count(), func.max(MailRule.place)).where(MailRule.department_id == place)
    ).one()
    if many >= MOST_RULES:
        raise Invalid(_("ルールは%(most)s個までです。使わないものを書き直してください。"), most=MOST_RULES)
    rule = MailRule(department_id=place, place=(last or 0) + 1, active=True)
    work.session.add(rule)
    rewrite_rule(work, rule, written)
    return rule


def rewrite_rule(work: Work, rule: MailRule, written: RuleWritten) -> None:
    """Let a rule say something else; letters that were sorted by it stay as they are."""
    rule.title = written.title
    rule.sender, rule.subject = written.conditions.sender, written.conditions.subject
    rule.file_name, rule.file_kind = written.conditions.file_name, written.conditions.file_kind
    rule.acts = [[kind, target] for kind, target in written.acts]
    rule.changed_at = work.now
    work.session.flush()
    work.record(MailRuleKept(rule.id))


def switch_rule(work: Work, rule: MailRule) -> None:
    rule.active = not rule.active
    work.record(MailRuleSwitched(rule.id, int(rule.active)))


def move_rule_up(work: Work, rule: MailRule) -> None:
    """Let a rule be tried before the one that stood before it; the first stays where it is."""
    before = work.session.scalars(
        select(MailRule)
        .where(MailRule.department_id == rule.department_id, MailRule.place < rule.place)
        .order_by(MailRule.place.desc())
        .limit(1)
    ).one_or_none()
    if before is not None:
        rule.place, before.place = before.place, rule.place
        work.record(MailRuleMoved(rule.id))


def sort_by_hand(work: Work, letter: MailLetter, acts: Sequence[Act]) -> None:
    """Note what a person wants to be done with a letter and all its attachments. Raises Overtaken."""
    if letter.state not in MAY_BE_SORTED or letter.erased_at is not None:
        raise Overtaken(_("このメールは処理中か、内容が消去されています。"))
    letter.sorted_by_id = work.actor.staff_id
    letter.rule_id = None
    _see_trouble(work, letter)
    give(work, letter, acts, [file for file in letter.files if not file.refusal])


def hand_over(work: Work, letter: MailLetter, department_id: int) -> None:
    """Give a letter that nobody has sorted to another department: its rules sort it. Raises Overtaken, Invalid."""
    if letter.state != LetterState.TO_SORT or letter.erased_at is not None:
        raise Overtaken(_("仕分け済みのメールは回せません。"))
    if department_id not in {department.id for department in queries.departments(work.session)}:
        raise Invalid(CHECK, {"department": _("部署を選んでください。")})
    if queries.has_copy(work.session, department_id, letter.digest, letter.origin):
        raise Invalid(CHECK, {"department": _("この部署には同じメールが届いています。回す必要はありません。")})
    letter.department_id = department_id
    work.record(LetterHandedOver(letter.id, department_id))
    sort_by_rules(work, letter)


def wanted_of(letter: MailLetter) -> list[Act]:
    """Give what a person last wanted to be done with a letter, each act once."""
    return list(dict.fromkeys(Act(ActKind(act.kind), act.target) for act in letter.acts))


def look_at(work: Work, letter: MailLetter) -> None:
    """Note that a person has seen what could not be done, and which attachments were refused."""
    if letter.state != LetterState.TO_CHECK:
        raise Overtaken(_("このメールは、もう確かめられています。"))
    _see_trouble(work, letter)
    settle(letter)
    work.record(LetterLookedAt(letter.id))


def mark_printed(work: Work, act_ids: Sequence[int]) -> int:
    """Note that attachments were printed, and give how many that were; whoever was quicker has noted the others."""
    count, chosen = 0, set(act_ids)
    for letter in queries.letters_to_print(work.session, work.actor, act_ids):
        for act in letter.acts:
            if act.id in chosen and act.state == ActState.TO_PRINT:
                act.state, act.done_by_id = ActState.DONE, work.actor.staff_id
                count += 1
        settle(letter)
    if count:
        work.record(LettersPrinted(count))
    return count


def name_address(work: Work, typed: str, department_id: int | None) -> MailAddress:
    """Let what comes to an address be a department's. Raises Invalid."""
    address = typed.strip().lower()
    wrong: dict[str, str] = {}
    if not MAIL.fullmatch(address):
        wrong["address"] = _("メールアドレスを1つだけ入れてください。")
    elif work.session.scalar(select(MailAddress.id).where(MailAddress.address == address)) is not None:
        wrong["address"] = _("このアドレスは登録済みです。")
    if department_id not in {department.id for department in queries.departments(work.session)}:
        wrong["department"] = _("部署を選んでください。")
    if wrong or department_id is None:
        raise Invalid(CHECK, wrong)
    named = MailAddress(address=address, department_id=department_id)
    work.session.add(named)
    work.session.flush()
    work.record(MailAddressSet(named.id, department_id))
    return named


def take_address_away(work: Work, address_id: int) -> None:
    """Let what comes to an address go to the office that sorts; what has come stays where it is."""
    if work.session.scalar(select(MailAddress.id).where(MailAddress.id == address_id)) is None:
        raise Overtaken(_("このアドレスは、もう外されています。"))
    work.session.execute(delete(MailAddress).where(MailAddress.id == address_id))
    work.record(MailAddressTakenAway(address_id))


def _see_trouble(work: Work, letter: MailLetter) -> None:
    letter.looked_at = True
    for act in letter.acts:
        if act.state == ActState.TROUBLE:
            act.state, act.done_by_id = ActState.LOOKED_AT, work.actor.staff_id
