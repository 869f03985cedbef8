"""What comes in from the settings of a question or a rule, and what of it can be taken?"""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from backoffice.errors import Invalid
from backoffice.form_designs import words
from backoffice.web.forms_in import number_typed
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from forms.answers import normalise
from forms.building import acts, conditions, formulas
from forms.building.conditions import NEEDS_VALUE, Clause, Condition, Sign, signs_for
from forms.building.draft import FormDraft
from forms.building.findings import expression_finding, findings
from forms.building.formulas import MOST_OPERANDS, Comparison, Formula, FormulaKind, OneOf
from forms.building.keys import may_be_key, renamed, taken
from forms.building.kinds import of_type, options_of
from forms.check_digits import CheckDigit
from forms.definition import MOST_ROWS, FormField, FormRule, FormSection
from forms.evaluation import ExpressionError
from forms.expressions import parse
from forms.field_types import LISTING, NUMBERS, FieldType, Value
from forms.my_number import holds_my_number
from forms.problems import Severity
from forms.widths import plain, plain_lines

WRONG = _("入力を確認してください")
SOURCE = "source"
PICKED = "if"
MOST_CLAUSES = 4
MOST_OPTIONS = 200
LONGEST_LABEL = 100
_AGE_OR_DAYS = 2
_LIMITS = {"max_length": (1, 10_000), "comb": (1, 64), "rows": (1, MOST_ROWS)}

Form = Mapping[str, str]


def settings_of(field: FormField, draft: FormDraft) -> dict[str, str]:
    """Give a question's settings as its page shows them: what `read_field` reads."""
    told = {
        "label": field.label,
        "help": field.help,
        "type": str(field.type),
        "unit": field.unit,
        "width": field.width or "",
        "max_length": str(field.max_length or ""),
        "comb": str(field.comb or ""),
        "rows": str(field.rows or ""),
        "minimum": "" if field.minimum is None else str(field.minimum),
        "maximum": "" if field.maximum is None else str(field.maximum),
        "check_digit": str(field.check_digit or ""),
        "options": "\n".join(option.label for option in field.options),
        "bank": field.bank or "",
        "key": field.key,
        "label_en": field.label_en,
        "help_en": field.help_en,
    }
    ticked = {name: "on" for name in ("twice", "business_key") if getattr(field, name)}
    return {
        **told,
        **ticked,
        **_condition_settings("shown", field.shown_if, draft),
        **_condition_settings("required", field.required_if, draft),
        **({"required_mode": "yes"} if field.required else {}),
        **_formula_settings(field.computed),
    }


def read_field(form: Form, draft: FormDraft, key: str) -> tuple[FormDraft, str]:
    """Give the draft with the question `key` as its settings say, and the key it has then. Raises Invalid, KeyError."""
    old = draft.find(key)
    kind = FieldType(form["type"]) if form.get("type") in set(FieldType) else old.type
    if draft.table_of(key) is not None and kind in (FieldType.TABLE, FieldType.FILE):
        raise _wrong("type", _("表の列は、表や添付ファイルにできません。"))
    field = of_type(old, kind) if kind is not old.type else old
    told: dict[str, object] = {
        "label": _name(form, "label"),
        "help": _words(form, "help", 500),
        "label_en": _words(form, "label_en", LONGEST_LABEL),
        "help_en": _words(form, "help_en", 500),
        "required": form.get("required_mode") == "yes",
    }
    told |= _of_kind(form, field, kind)
    told["twice"] = form.get("twice") == "on"
    if "width" in form:
        told["width"] = form["width"] if form["width"] in words.WIDTHS else None
    told["shown_if"] = _condition(form, "shown", draft)
    told["required_if"] = _condition(form, "required", draft)
    told["computed"] = _formula(form)
    if told["computed"] is not None:
        told |= {"required": False, "required_if": None}
    try:
        changed = acts.put(draft, FormField.model_validate({**dict(field), **told}), key)
    except ValidationError as reason:
        raise _wrong("label", _("この設定の組み合わせは使えません。")) from reason
    for part, place in (("shown_if", "shown"), ("required_if", "required"), ("computed", "computed")):
        source = told[part]
        finding = expression_finding(changed, key, part, str(source)) if source is not None else None
        if finding is not None and getattr(old, part) != source:
            raise _wrong(f"{place}_mode", words.finding_said(finding.message_ja, finding.message_en))
    return _renamed(form, changed, key)


def read_section(form: Form, draft: FormDraft, code: str) -> FormDraft:
    """Give the draft with a heading as typed. Raises Invalid, KeyError."""
    section = next((one for one in draft.sections if one.code == code), None)
    if section is None:
        raise KeyError(code)
    told = {
        "title": _name(form, "title"),
        "title_en": _words(form, "title_en", LONGEST_LABEL),
        "help": _words(form, "help", 500),
    }
    return acts.put_section(draft, FormSection.model_validate({**dict(section), **told}))


def rule_settings(rule: FormRule | None, draft: FormDraft) -> dict[str, str]:
    """Give a rule's settings as its page shows them."""
    if rule is None:
        return {"rule_kind": "compare", "severity": str(Severity.REFUSE), "sign": str(Sign.AT_MOST), "left": "add"}
    told = {"severity": str(rule.severity), "message": rule.message_ja, "message_en": rule.message_en}
    told |= {"rule_kind": SOURCE, SOURCE: rule.holds}
    picked = formulas.read_rule(rule.holds)
    if isinstance(picked, OneOf):
        return told | {"rule_kind": "one_of"} | _operands(picked.keys)
    if picked is None:
        return told
    first = next((field for field in draft.every_field() if field.key == picked.left.keys[0]), None)
    right = {"right": picked.key, "value": "" if picked.key else words.value_of(first, picked.value)}
    left = {"left": str(picked.left.kind), "sign": str(picked.sign)}
    return told | {"rule_kind": "compare"} | left | right | _operands(picked.left.keys)


def read_rule(form: Form, draft: FormDraft, code: str) -> FormRule:
    """Give the rule that was picked or written. Raises Invalid."""
    kind = form.get("rule_kind", "")
    message = (_words(form, "message", 300), _words(form, "message_en", 300))
    keys = _picked_keys(form, draft)
    if kind == SOURCE:
        holds = _expression(form.get(SOURCE, ""), SOURCE)
        named = sorted(parse(holds).names | parse(holds).columns)
        message = message if message[0] else (words.with_labels(holds, draft), message[1])
    elif kind == "one_of":
        if len(keys) < _AGE_OR_DAYS:
            raise _wrong("operand_0", _("欄を2つ以上選んでください。"))
        holds, named = formulas.write_rule(OneOf(keys), draft.fields), list(keys)
        labels = "、".join(f"「{words.label(draft, key)}」" for key in keys)
        message = message if message[0] else (f"{labels}のどれか1つは答えてください。", f"Answer one of {labels}.")
    else:
        comparison = _comparison(form, draft, keys)
        holds = formulas.write_rule(comparison, list(draft.every_field()))
        named = [*comparison.left.keys, *([comparison.key] if comparison.key else [])]
        message = message if message[0] else _message(comparison, draft)
    severity = Severity(form["severity"]) if form.get("severity") in set(Severity) else Severity.REFUSE
    told = {"code": code, "holds": holds, "keys": _told_at(named, draft), "severity": severity}
    try:
        rule = FormRule.model_validate({**told, "message_ja": message[0], "message_en": message[1]})
    except ValidationError as reason:
        raise _wrong(SOURCE, _("きまりが、どの欄のことかわかりません。")) from reason
    found = [each for each in findings(acts.put_rule(draft, rule)) if each.place == f"rule:{code}"]
    if found:
        place = SOURCE if kind == SOURCE else "operand_0"
        raise _wrong(place, words.finding_said(found[0].message_ja, found[0].message_en))
    return rule


def _of_kind(form: Form, field: FormField, kind: FieldType) -> dict[str, object]:
    """Read what only some types are told; what stands there is left where the page did not ask for it."""
    told: dict[str, object] = {}
    for name in ("max_length", "comb", "rows"):
        if name in form and (name != "rows" or kind is FieldType.TABLE):
            told[name] = _number(form, name, *_LIMITS[name])
    if kind is FieldType.TABLE and told.get("rows") is None:
        told["rows"] = field.rows
    if kind in NUMBERS:
        for name in ("minimum", "maximum"):
            if name in form:
                told[name] = _signed(form, name)
        told["unit"] = _words(form, "unit", 10)
    if kind is FieldType.DIGITS:
        told["business_key"] = form.get("business_key") == "on"
        told["check_digit"] = form["check_digit"] if form.get("check_digit") in set(CheckDigit) else None
    if kind is FieldType.BRANCH:
        told["bank"] = form.get("bank") or None
    if kind in LISTING and form.get("options", "").strip():
        told["options"] = _options(form, field)
    fits = of_type(field.model_copy(update=told), kind)
    return {name: getattr(fits, name) for name in told}


def _options(form: Form, field: FormField) -> object:
    labels = [plain(line) for line in form.get("options", "").splitlines() if plain(line)]
    if len(set(labels)) != len(labels) or len(labels) > MOST_OPTIONS:
        raise _wrong("options", _("同じ選択肢が2つあるか、200個を超えています。"))
    return options_of(labels, field.options)


def _condition_settings(place: str, source: str | None, draft: FormDraft) -> dict[str, str]:
    if source is None:
        return {f"{place}_mode": "always"}
    told = {f"{place}_mode": SOURCE, f"{place}_source": source}
    picked = conditions.read(source)
    if picked is None or len(picked.clauses) > MOST_CLAUSES:
        return told
    told |= {f"{place}_mode": PICKED, f"{place}_all": "all" if picked.all_hold else "any"}
    kinds = {field.key: field for field in draft.every_field()}
    for at, clause in enumerate(picked.clauses):
        field = kinds.get(clause.key)
        value = str(clause.value) if field and field.type in LISTING else words.value_of(field, clause.value)
        told[f"{place}_key_{at}"], told[f"{place}_sign_{at}"] = clause.key, str(clause.sign)
        told[f"{place}_value_{at}"] = value if clause.value is not None else ""
    return told


def _condition(form: Form, place: str, draft: FormDraft) -> str | None:
    mode = form.get(f"{place}_mode", "always")
    if mode == SOURCE:
        source = form.get(f"{place}_source", "").strip()
        return _expression(source, f"{place}_mode") if source else None
    if mode != PICKED:
        return None
    fields = {field.key: field for field in draft.every_field()}
    clauses = [
        _clause(form, place, at, fields[form[f"{place}_key_{at}"]])
        for at in range(MOST_CLAUSES)
        if form.get(f"{place}_key_{at}") in fields
    ]
    if not clauses:
        raise _wrong(f"{place}_mode", _("条件にする欄を選んでください。"))
    return conditions.write(Condition(tuple(clauses), form.get(f"{place}_all") != "any"), list(fields.values()))


def _clause(form: Form, place: str, at: int, field: FormField) -> Clause:
    offered = signs_for(field.type)
    said = form.get(f"{place}_sign_{at}", "")
    sign = Sign(said) if said in offered else offered[0]
    if sign not in NEEDS_VALUE:
        return Clause(field.key, sign)
    typed = form.get(f"{place}_value_{at}", "")
    if field.type in LISTING:
        codes = [option.code for option in field.options]
        return Clause(field.key, sign, typed if typed in codes else codes[0])
    return Clause(field.key, sign, _value(typed, field, f"{place}_value_{at}"))


def _value(typed: str, field: FormField, place: str) -> Value:
    option = next((one for one in field.options if plain(typed) in (one.label, one.code)), None)
    if option is not None:
        return option.code
    normal = normalise(field, typed)
    if normal.value is None:
        problem = normal.problem
        raise _wrong(
            place,
            words.finding_said(problem.message_ja, problem.message_en) if problem else _("比べる値を入れてください。"),
        )
    return normal.value


def _formula_settings(source: str | None) -> dict[str, str]:
    if source is None:
        return {"computed_mode": ""}
    picked = formulas.read(source)
    if picked is None or len(picked.keys) > MOST_OPERANDS:
        return {"computed_mode": SOURCE, "computed_source": source}
    return {"computed_mode": str(picked.kind)} | {f"computed_key_{at}": key for at, key in enumerate(picked.keys)}


def _formula(form: Form) -> str | None:
    mode = form.get("computed_mode", "")
    if mode == SOURCE:
        source = form.get("computed_source", "").strip()
        return _expression(source, "computed_mode") if source else None
    if mode not in set(FormulaKind):
        return None
    keys = tuple(key for at in range(MOST_OPERANDS) if (key := form.get(f"computed_key_{at}", "")))
    needs = _AGE_OR_DAYS if mode in (FormulaKind.DAYS, FormulaKind.AGE) else 1
    if len(keys) < needs or (needs == _AGE_OR_DAYS and len(keys) > needs):
        raise _wrong("computed_mode", _("計算に使う欄を選んでください。"))
    return formulas.write(Formula(FormulaKind(mode), keys))


def _comparison(form: Form, draft: FormDraft, keys: tuple[str, ...]) -> Comparison:
    if not keys:
        raise _wrong("operand_0", _("比べる欄を選んでください。"))
    kind = FormulaKind(form["left"]) if form.get("left") in set(FormulaKind) else FormulaKind.ADD
    sign = Sign(form["sign"]) if form.get("sign") in conditions.COMPARES else Sign.IS
    known = {field.key: field for field in draft.every_field()}
    if form.get("right") in known:
        return Comparison(Formula(kind, keys), sign, key=form["right"])
    first = known[keys[0]]
    if kind is not FormulaKind.ADD:
        first = FormField(key="a", label="", label_en="", type=FieldType.INTEGER)
    return Comparison(Formula(kind, keys), sign, value=_value(form.get("value", ""), first, "value"))


def _message(comparison: Comparison, draft: FormDraft) -> tuple[str, str]:
    left = words.reckoned(comparison.left, draft)
    first = next((field for field in draft.every_field() if field.key == comparison.left.keys[0]), None)
    right = f"「{words.label(draft, comparison.key)}」" if comparison.key else words.value_of(first, comparison.value)
    return words.message_of(left, comparison.sign, right)


def _told_at(named: Sequence[str], draft: FormDraft) -> tuple[str, ...]:
    """Give the question at which a broken rule is told: the last that people fill in themselves."""
    known = [field for field in draft.every_field() if field.key in named]
    asked = [field.key for field in known if field.computed is None] or [field.key for field in known]
    return tuple(asked[-1:])


def _picked_keys(form: Form, draft: FormDraft) -> tuple[str, ...]:
    known = {field.key for field in draft.every_field()}
    return tuple(key for at in range(MOST_OPERANDS) if (key := form.get(f"operand_{at}", "")) in known)


def _operands(keys: Sequence[str]) -> dict[str, str]:
    return {f"operand_{at}": key for at, key in enumerate(keys)}


def _renamed(form: Form, draft: FormDraft, key: str) -> tuple[FormDraft, str]:
    new = form.get("key", key).strip() or key
    if new == key:
        return draft, key
    if not may_be_key(new):
        raise _wrong("key", _("キーは、英小文字で始まる英小文字・数字・_ で入れてください。"))
    if new in taken(draft):
        raise _wrong("key", _("このキーは、ほかの欄か前の版で使っています。"))
    return renamed(draft, key, new), new


def _expression(source: str, place: str) -> str:
    try:
        parse(source)
    except ExpressionError as reason:
        raise _wrong(place, words.finding_said(reason.message_ja, str(reason))) from reason
    return source


def _words(form: Form, name: str, longest: int) -> str:
    text = plain_lines(form.get(name, ""))
    if len(text) > longest:
        raise _wrong(name, _("文が長すぎます。"))
    if holds_my_number(text):
        raise _wrong(name, NO_MY_NUMBER)
    return text


def _name(form: Form, field: str) -> str:
    text = plain(_words(form, field, LONGEST_LABEL))
    if not text:
        raise _wrong(field, _("名前を入れてください。"))
    return text


def _number(form: Form, name: str, low: int, high: int) -> int | None:
    if not form[name].strip():
        return None
    number = number_typed(form[name])
    if number is None or not low <= number <= high:
        raise _wrong(name, _("範囲に入る数を入れてください。"))
    return number


def _signed(form: Form, name: str) -> int | None:
    if not form[name].strip():
        return None
    normal = normalise(FormField(key="a", label="", label_en="", type=FieldType.INTEGER), form[name])
    if not isinstance(normal.value, int):
        raise _wrong(name, _("数を入れてください。"))
    return normal.value


def _wrong(name: str, said: str) -> Invalid:
    return Invalid(WRONG, {name: said})
