"""What is still to be mended before a form can be used? All of it at once, each at its place, by its label."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from forms.building.draft import FormDraft
from forms.building.finding import RULE, Finding
from forms.building.keys import names_of
from forms.building.zone_findings import zone_findings
from forms.definition import MOST_FIELDS, DefinitionError, FormField, FormRule
from forms.evaluation import ExpressionError
from forms.expressions import Expression, parse
from forms.field_types import NUMBERS, FieldType, RuleValue
from forms.forbidden import asks_for_my_number, names_my_number
from forms.problems import Severity

_SOME_DAY = date(2026, 4, 1)
_CONDITIONS = ("shown_if", "required_if")


def findings(draft: FormDraft) -> tuple[Finding, ...]:
    """Return everything to mend, in the order of the form; what only asks a person to look has severity `ask`."""
    rules = (one for rule in draft.rules for one in _of_rule(draft, rule))
    found = [*_of_form(draft), *_of_fields(draft), *rules, *zone_findings(draft)]
    if not any(one.severity is Severity.REFUSE for one in found):
        try:
            draft.definition("draft", 1)
        except DefinitionError as reason:
            found.append(Finding("", "", "definition", f"様式として読めません: {reason}", str(reason)))
    return tuple(found)


def expression_finding(draft: FormDraft, key: str, part: str, source: str) -> Finding | None:
    """Return what is wrong with one expression of the question `key`; None where it can be kept."""
    return next(_of_expression(draft, draft.find(key), part, source), None)


def _of_form(draft: FormDraft) -> Iterator[Finding]:
    if not draft.title.strip():
        yield Finding("", "title", "title", "様式の名前を入れてください。", "Give the form a name.")
    if names_my_number(" ".join((draft.title, *(s.title + s.help for s in draft.sections)))):
        said = "名前か見出しが個人番号を求めています。この業務では個人番号を集められません。"
        yield Finding("", "title", "asks_my_number", said, "The form asks for a My Number, which it may not.")
    if not draft.fields:
        yield Finding("", "", "empty", "欄がまだありません。欄を足してください。", "There is no field yet.")
    if len(draft.as_it_is().questions) > MOST_FIELDS:
        said = f"欄が多すぎます(表の1マスも1欄と数えて{MOST_FIELDS}欄まで)。"
        yield Finding("", "", "too_many", said, f"There are more than {MOST_FIELDS} fields.")
    names = Counter(name for field in draft.fields for name in names_of([field]))
    for name, times in names.items():
        if times > 1:
            said = f"「{draft.label_of(name)}」のキー {name} が、ほかの欄と重なっています。"
            yield Finding(name, "key", "same_key", said, f"The key {name} stands twice.")
    if any(not section.title.strip() for section in draft.sections):
        yield Finding("", "", "section", "名前のない見出しがあります。", "A heading has no name.")


def _of_fields(draft: FormDraft) -> Iterator[Finding]:
    asks = {problem.key: problem for problem in asks_for_my_number(draft.as_it_is())}
    for field in draft.every_field():
        if field.key in asks:
            problem = asks[field.key]
            yield Finding(field.key, "label", problem.code, problem.message_ja, problem.message_en)
        if not field.label.strip():
            yield Finding(field.key, "label", "label", "欄の名前を入れてください。", "Give the field a name.")
        if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
            said = f"「{field.label}」の範囲が逆です。"
            yield Finding(field.key, "minimum", "range", said, f"{field.name_en}: the limits are the wrong way round.")
        yield from _of_bank(draft, field)
        for part in (*_CONDITIONS, "computed"):
            source = getattr(field, part)
            if source is not None:
                yield from _of_expression(draft, field, part, source)


def _of_bank(draft: FormDraft, field: FormField) -> Iterator[Finding]:
    if field.type is not FieldType.BRANCH or field.bank is None:
        return
    banks = {one.key for one in draft.every_field() if one.type is FieldType.BANK}
    if field.bank not in banks:
        said = f"「{field.label}」がどの金融機関の支店かを選び直してください。"
        yield Finding(field.key, "bank", "bank", said, f"{field.name_en}: choose the field of its bank.")


def _of_expression(draft: FormDraft, field: FormField, part: str, source: str) -> Iterator[Finding]:
    try:
        said = parse(source)
    except ExpressionError as reason:
        yield Finding(field.key, part, "expression", reason.message_ja, str(reason))
        return
    names, columns = _before(draft, field)
    yield from _of_names(draft, field.key, part, (said.names - names) | (said.columns - columns))
    if not (said.names - names or said.columns - columns):
        yield from _of_trial(draft, Finding(field.key, part, "", "", ""), said, _wanted(field, part))


def _of_names(draft: FormDraft, place: str, part: str, names: frozenset[str]) -> Iterator[Finding]:
    known = {field.key: field for field in draft.every_field()}
    for name in sorted(names):
        if name not in known:
            said = f"「{name}」という欄はありません。消した欄なら、条件を選び直してください。"
            yield Finding(place, part, "unknown", said, f"There is no field {name}.")
        elif name == place:
            yield Finding(place, part, "itself", "自分自身を条件にはできません。", "It names itself.")
        elif known[name].type is FieldType.TABLE or place.startswith(RULE):
            said = f"「{known[name].label}」は表なので、ここでは列を選んでください。"
            yield Finding(place, part, "table", said, f"{name} is a table: name a column.")
        else:
            label = known[name].label
            said = (
                f"「{label}」はこの欄より前にないか、表の外からは見えません。並べ替えるか、ほかの欄を選んでください。"
            )
            yield Finding(place, part, "ahead", said, f"{known[name].name_en} does not stand before this field.")


def _before(draft: FormDraft, field: FormField) -> tuple[set[str], set[str]]:
    """Return what a condition may name, and which columns it may count: what stands before it, and in its own row."""
    names: set[str] = set()
    columns: set[str] = set()
    for one in draft.fields:
        inside = [column.key for column in one.columns]
        if one.key == field.key:
            break
        if field.key in inside:
            return names | set(inside[: inside.index(field.key)]), columns
        names |= {f"{key}_{row}" for key in inside for row in range(1, (one.rows or 0) + 1)} if inside else {one.key}
        columns |= set(inside)
    return names, columns


def _of_rule(draft: FormDraft, rule: FormRule) -> Iterator[Finding]:
    place = f"{RULE}{rule.code}"
    if not rule.message_ja.strip():
        said = "守られていないときに出す文を入れてください。"
        yield Finding(place, "message", "message", said, "Write what is said where it does not hold.")
    try:
        said_rule = parse(rule.holds)
    except ExpressionError as reason:
        yield Finding(place, "holds", "expression", reason.message_ja, str(reason))
        return
    definition = draft.as_it_is()
    known = {question.key for question in definition.questions} | set(definition.table_of)
    unknown = (said_rule.names | set(rule.keys)) - known | said_rule.columns - set(definition.table_of)
    yield from _of_names(draft, place, "holds", frozenset(unknown))
    if len({definition.table_of[name].key for name in said_rule.names if name in definition.table_of}) > 1:
        said = "2つの表の列を、1つのきまりでは比べられません。"
        yield Finding(place, "holds", "two_tables", said, "It names columns of two tables.")
    if not unknown:
        yield from _of_trial(draft, Finding(place, "holds", "", "", ""), said_rule, bool)


def _of_trial(draft: FormDraft, at: Finding, said: Expression, wanted: type | None) -> Iterator[Finding]:
    """Try an expression with an answer of each type: it tells what can never be compared."""
    fields = {field.key: _sample(field.type) for field in draft.every_field()}
    definition = draft.as_it_is()
    cells = {cell: fields[cell.rpartition("_")[0]] for cell in definition.row_of}
    columns = {key: [fields[key]] * 2 for key in definition.table_of}
    try:
        value = said.value(fields | cells, columns)
    except ExpressionError as reason:
        yield Finding(at.place, at.part, "kinds", reason.message_ja, str(reason))
        return
    if value is None or wanted is None or type(value) is wanted:
        return
    if wanted is bool:
        ja, en = "この式は「はい」か「いいえ」になりません。", "This is neither true nor false."
    else:
        ja, en = "計算の結果が、この欄の種類と合いません。", "The result does not fit the field."
    yield Finding(at.place, at.part, "result", ja, en)


def _sample(kind: FieldType) -> RuleValue:
    if kind is FieldType.DATE:
        return _SOME_DAY
    if kind in NUMBERS:
        return 1
    return True if kind is FieldType.CHECKBOX else _SOME_DAY.isoformat()


def _wanted(field: FormField, part: str) -> type | None:
    return bool if part in _CONDITIONS else type(_sample(field.type))
