"""How does a form that is being built stand on its page: its list, what is open, what is still to be mended?"""

from collections.abc import Iterator, Mapping, Sequence

from backoffice.form_designs import inputs, words
from backoffice.form_designs.inputs import MOST_CLAUSES, PICKED
from backoffice.form_designs.pages import ChangeWords, Choices, ClauseRow, FindingRow, ItemRow, RuleRow, Settings
from backoffice.web.answers_in import label_of, option_label
from backoffice.web.translations import _, translate
from forms.building.acts import SECTION, name_of
from forms.building.conditions import NEEDS_VALUE, Sign, signs_for
from forms.building.draft import FormDraft
from forms.building.finding import RULE, ZONE, Finding
from forms.building.kinds import COMPUTABLE, IN_A_TABLE, LENGTHS
from forms.definition import FormField, FormSection
from forms.differences import differences
from forms.field_types import LISTING, NUMBERS, FieldType
from forms.problems import Severity

NEW_RULE = f"{RULE}new"
NOT_TOLD = ("", "—")
BOXES = ("twice", "business_key")


def change_words(old: FormDraft, new: FormDraft) -> list[ChangeWords]:
    """Give what is different in the words of the office."""
    return [ChangeWords(*words.sentence_of(each, old, new)) for each in differences(old, new)]


def finding_rows(draft: FormDraft, found: Sequence[Finding]) -> list[FindingRow]:
    """Give what is to be mended, each with the label of its place."""
    return [
        FindingRow(
            each.place,
            _placed(draft, each.place, words.finding_said(each.message_ja, each.message_en)),
            each.severity is Severity.ASK,
        )
        for each in found
    ]


def item_rows(draft: FormDraft, found: Sequence[Finding], opened: str) -> list[ItemRow]:
    """Give the list of a form."""
    troubles: dict[str, list[str]] = {}
    for each in found:
        troubles.setdefault(each.place, []).append(words.finding_said(each.message_ja, each.message_en))
    return [_item(item, draft, troubles, opened) for item in draft.items()]


def rule_rows(draft: FormDraft, found: Sequence[Finding], opened: str) -> list[RuleRow]:
    """Give the rules of a form."""
    return [
        RuleRow(
            name=f"{RULE}{rule.code}",
            code=rule.code,
            text=words.with_labels(rule.holds, draft),
            message=rule.message_ja,
            troubles=[
                words.finding_said(each.message_ja, each.message_en)
                for each in found
                if each.place == f"{RULE}{rule.code}"
            ],
            is_open=opened == f"{RULE}{rule.code}",
        )
        for rule in draft.rules
    ]


def settings(
    draft: FormDraft,
    name: str,
    base: str,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Settings | None:
    """Give what is open, with what was typed where it was refused; None for what is not there."""
    if name.startswith(RULE):
        return _rule_settings(draft, name, base, typed, wrong)
    if name.startswith(SECTION):
        section = next((one for one in draft.sections if name_of(one) == name), None)
        if section is None:
            return None
        values = {"title": section.title, "title_en": section.title_en, "help": section.help}
        action = f"{base}/section/{section.code}"
        return Settings(
            name, section.title, "section", action, values | dict(typed or {}), behind=section.title, wrong=wrong or {}
        )
    field = next((one for one in draft.every_field() if one.key == name), None)
    return _field_settings(draft, field, base, typed, wrong) if field else None


def _field_settings(
    draft: FormDraft,
    field: FormField,
    base: str,
    typed: Mapping[str, str] | None,
    wrong: Mapping[str, str] | None,
) -> Settings:
    values = _as_typed(inputs.settings_of(field, draft), typed)
    table = draft.table_of(field.key)
    kinds = IN_A_TABLE if table else tuple(FieldType)
    before = _before(draft, field)
    banks = [
        (one.key, label_of(one)) for one in (table.columns if table else draft.fields) if one.type is FieldType.BANK
    ]
    return Settings(
        name=field.key,
        label=field.label,
        kind="column" if table else "field",
        action=f"{base}/field/{field.key}",
        values=values,
        type=str(field.type),
        behind=label_of(table or field),
        wrong=wrong or {},
        types=[(str(kind), translate(words.TYPES[kind][0])) for kind in kinds],
        before=[NOT_TOLD, *_named(before)],
        countable=[NOT_TOLD, *_named([*before, *_columns_before(draft, field)])],
        banks=[NOT_TOLD, *banks],
        clauses={place: _clauses(values, place, before) for place in ("shown", "required")},
        columns=[_item(column, draft, {}, "") for column in field.columns],
        parts=frozenset(_parts_of(field)),
    )


def _rule_settings(
    draft: FormDraft, name: str, base: str, typed: Mapping[str, str] | None, wrong: Mapping[str, str] | None
) -> Settings | None:
    code = name.removeprefix(RULE)
    rule = next((one for one in draft.rules if one.code == code), None)
    if rule is None and name != NEW_RULE:
        return None
    every = [one for one in draft.every_field() if one.type is not FieldType.TABLE]
    return Settings(
        name=name,
        label=rule.message_ja if rule else "",
        kind="rule",
        action=f"{base}/rule/{code}",
        values=_as_typed(inputs.rule_settings(rule, draft), typed),
        wrong=wrong or {},
        countable=[NOT_TOLD, *_named(every)],
    )


def _as_typed(kept: Mapping[str, str], typed: Mapping[str, str] | None) -> Mapping[str, str]:
    """Give what was typed over what is kept; a box that was not sent is one that is not ticked."""
    if typed is None:
        return kept
    return {name: text for name, text in kept.items() if name not in BOXES} | dict(typed)


def _clauses(values: Mapping[str, str], place: str, before: Sequence[FormField]) -> list[ClauseRow]:
    """Give the lines of a condition that are picked, and an empty one while there is room."""
    if values.get(f"{place}_mode") != PICKED:
        return []
    known = {field.key: field for field in before}
    picked = [at for at in range(MOST_CLAUSES) if values.get(f"{place}_key_{at}")]
    rows = [_clause(values, place, at, known.get(values[f"{place}_key_{at}"])) for at in picked]
    empty = next((at for at in range(MOST_CLAUSES) if at not in picked), None)
    if empty is not None:
        rows.append(ClauseRow(place, empty, "", "", "", (), (), needs_value=False))
    return rows


def _clause(values: Mapping[str, str], place: str, at: int, field: FormField | None) -> ClauseRow:
    kind = field.type if field else FieldType.TEXT
    offered = signs_for(kind)
    said = values.get(f"{place}_sign_{at}", "")
    sign = Sign(said) if said in offered else offered[0]
    options = [(option.code, option_label(option)) for option in field.options] if field else []
    return ClauseRow(
        place=place,
        at=at,
        key=values.get(f"{place}_key_{at}", ""),
        sign=str(sign),
        value=values.get(f"{place}_value_{at}", ""),
        signs=[(str(each), translate(words.SIGNS[each])) for each in offered],
        options=options,
        needs_value=sign in NEEDS_VALUE,
    )


def _parts_of(field: FormField) -> Iterator[str]:
    if field.type in LENGTHS:
        yield "max_length"
    if field.type in NUMBERS:
        yield from ("minimum", "maximum", "unit")
    if field.type is FieldType.DIGITS:
        yield from ("comb", "check_digit", "business_key")
    if field.type in LISTING:
        yield "options"
    if field.type is FieldType.BRANCH:
        yield "bank"
    if field.type is FieldType.TABLE:
        yield "rows"
    if field.type in COMPUTABLE:
        yield "computed"
    if field.type not in (FieldType.TABLE, FieldType.FILE, FieldType.CHECKBOX):
        yield "twice"


def _before(draft: FormDraft, field: FormField) -> list[FormField]:
    found: list[FormField] = []
    for one in draft.fields:
        if one.key == field.key:
            break
        inside = [column.key for column in one.columns]
        if field.key in inside:
            return [*found, *one.columns[: inside.index(field.key)]]
        if not one.columns:
            found.append(one)
    return found


def _columns_before(draft: FormDraft, field: FormField) -> list[FormField]:
    keys = [one.key for one in draft.fields]
    place = keys.index(field.key) if field.key in keys else 0
    return [column for table in draft.fields[:place] for column in table.columns]


def _named(fields: Sequence[FormField]) -> Choices:
    return [(field.key, label_of(field)) for field in fields]


def _item(
    item: FormField | FormSection, draft: FormDraft, troubles: Mapping[str, Sequence[str]], opened: str
) -> ItemRow:
    name = name_of(item)
    if isinstance(item, FormSection):
        return ItemRow(name, item.title, _("見出し"), True, False, (), (), opened == name)
    inside = [trouble for column in item.columns for trouble in troubles.get(column.key, ())]
    return ItemRow(
        name=name,
        label=label_of(item),
        type=words.TYPES[item.type][0],
        is_section=False,
        required=item.required,
        notes=list(_notes(item, draft)),
        troubles=[*troubles.get(name, ()), *inside],
        is_open=opened == name or any(column.key == opened for column in item.columns),
    )


def _notes(field: FormField, draft: FormDraft) -> Iterator[str]:
    if field.columns:
        columns = "、".join(label_of(column) for column in field.columns)
        yield translate(_("列: %(columns)s(%(rows)s行)"), columns=columns, rows=field.rows)
    if field.computed is not None:
        yield translate(_("計算: %(said)s"), said=words.formula(field.computed, draft))
    if field.shown_if is not None:
        yield translate(_("%(said)sときだけ表示"), said=words.condition(field.shown_if, draft))
    if field.required_if is not None:
        yield translate(_("%(said)sときは必須"), said=words.condition(field.required_if, draft))


def _placed(draft: FormDraft, place: str, said: str) -> str:
    if not place or place.startswith((RULE, ZONE)):
        return said
    called = words.label(draft, place)
    return said if f"「{called}」" in said else f"「{called}」: {said}"
