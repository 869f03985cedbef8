"""What has changed between two versions of a form? What came, what went, what is asked another way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.building.draft import FormDraft
from forms.definition import FormField, FormOption, FormRule, FormSection
from forms.field_types import FieldType
from forms.zones import Zone


class How(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    ORDER = "order"


class What(StrEnum):
    FORM = "form"
    SECTION = "section"
    FIELD = "field"
    RULE = "rule"
    ZONE = "zone"
    """Where a question is answered on foreign paper."""


@dataclass(frozen=True)
class PartChanged:
    """One setting of a question: as it was and as it is, as the definition has it."""

    part: str
    old: object
    new: object


@dataclass(frozen=True)
class Difference:
    """`label` is the question's, the heading's or the rule's sentence: the newer one where it has two."""

    what: What
    how: How
    key: str
    label: str
    parts: tuple[PartChanged, ...] = ()


_NOT_COMPARED = frozenset({"key", "code", "columns"})


def differences(old: FormDraft, new: FormDraft) -> tuple[Difference, ...]:
    """Return what is different, the form first, then headings, questions with their columns, and rules."""
    before = {field.key: field for field in old.every_field()}
    after = {field.key: field for field in new.every_field()}
    found = [
        *_of_form(old, new),
        *_of_parts(What.SECTION, {s.code: s for s in old.sections}, {s.code: s for s in new.sections}),
        *_of_parts(What.FIELD, before, after),
    ]
    if [key for key in before if key in after] != [key for key in after if key in before]:
        found.append(Difference(What.FORM, How.ORDER, "", ""))
    found += _of_parts(What.RULE, {r.code: r for r in old.rules}, {r.code: r for r in new.rules})
    return (*found, *_of_zones(old, new))


def types_changed(old: FormDraft, new: FormDraft) -> tuple[tuple[FormField, FieldType], ...]:
    """Return the questions that are asked as another type than before, each with what it was: lists cannot mix them."""
    before = {field.key: field.type for field in old.every_field()}
    return tuple(
        (field, before[field.key])
        for field in new.every_field()
        if field.key in before and before[field.key] is not field.type
    )


def _of_form(old: FormDraft, new: FormDraft) -> Iterator[Difference]:
    parts = tuple(
        PartChanged(part, getattr(old, part), getattr(new, part))
        for part in ("title", "title_en")
        if getattr(old, part) != getattr(new, part)
    )
    before, after = (draft.paper.pages if draft.paper else () for draft in (old, new))
    if before != after:
        parts = (*parts, PartChanged("paper", len(before), len(after)))
    if parts:
        yield Difference(What.FORM, How.CHANGED, "", new.title, parts)


def _of_zones(old: FormDraft, new: FormDraft) -> Iterator[Difference]:
    """Compare zones by what is answered there: one that is drawn anew for the same question has moved."""
    before, after = (_zones(draft) for draft in (old, new))
    for means, zone in before.items():
        if means not in after:
            yield Difference(What.ZONE, How.REMOVED, zone.key, _meaning(zone, old))
    for means, zone in after.items():
        if means not in before:
            yield Difference(What.ZONE, How.ADDED, zone.key, _meaning(zone, new))
            continue
        parts = tuple(
            PartChanged(part, getattr(before[means], part), getattr(zone, part))
            for part in ("page", "box", "writing", "many")
            if getattr(before[means], part) != getattr(zone, part)
        )
        if parts:
            yield Difference(What.ZONE, How.CHANGED, zone.key, _meaning(zone, new), parts)


def _zones(draft: FormDraft) -> dict[tuple[str, str], Zone]:
    zones = draft.paper.zones if draft.paper else ()
    return {zone.means if zone.key else ("", zone.code): zone for zone in zones}


def _meaning(zone: Zone, draft: FormDraft) -> str:
    question = next((one for one in draft.as_it_is().questions if one.key == zone.key), None)
    if question is None:
        return zone.label or zone.code.removeprefix("z")
    option = next((one.label for one in question.options if one.code == zone.option), "")
    return f"{question.label}({option})" if option else question.label


Named = FormField | FormSection | FormRule


def _of_parts(what: What, before: Mapping[str, Named], after: Mapping[str, Named]) -> Iterator[Difference]:
    for key, part in before.items():
        if key not in after:
            yield Difference(what, How.REMOVED, key, _called(part))
    for key, part in after.items():
        if key not in before:
            yield Difference(what, How.ADDED, key, _called(part))
        elif changed := tuple(_changed(before[key], part)):
            yield Difference(what, How.CHANGED, key, _called(part), changed)


def _changed(old: Named, new: Named) -> Iterator[PartChanged]:
    for part in type(new).model_fields:
        was, now = getattr(old, part), getattr(new, part)
        if part not in _NOT_COMPARED and was != now:
            yield PartChanged(part, _plain(was), _plain(now))


def _plain(value: object) -> object:
    """Return the labels of options, and whatever else as it is."""
    if isinstance(value, Sequence) and value and all(isinstance(one, FormOption) for one in value):
        return tuple(one.label for one in value if isinstance(one, FormOption))
    return value


def _called(part: Named) -> str:
    if isinstance(part, FormField):
        return part.label
    return part.title if isinstance(part, FormSection) else part.message_ja
