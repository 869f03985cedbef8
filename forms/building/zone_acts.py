"""What is done with the zones on foreign paper? Each act takes a draft and gives the next, as all acts on drafts do."""

from collections.abc import Iterable

from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.building.zone_findings import lie_over
from forms.definition import FormField
from forms.field_types import LISTING, FieldType
from forms.importing.guessing import type_of_label
from forms.layout import Box
from forms.widths import plain, without_spaces
from forms.zones import ForeignPaper, Proposal, Writing, Zone, fits

NAMELESS = "欄"


def put_zone(draft: FormDraft, zone: Zone) -> FormDraft:
    """Put a zone in the place of the one with its code, or add it. Raises KeyError without paper, ValidationError."""
    return draft.with_(paper=_paper(draft).put(zone))


def remove_zone(draft: FormDraft, code: str) -> FormDraft:
    """Take a zone out; its question stays. Raises KeyError."""
    return draft.with_(paper=_paper(draft).without(code))


def ask_anew(draft: FormDraft, label: str, writing: Writing, many: int | None) -> tuple[FormDraft, str]:
    """Make the question that a zone is to answer, of the type that its label and its writing suggest."""
    return acts.add(draft, [Sketch(label, _type(label, writing), comb=_cells(label, writing, many))])


def accept(draft: FormDraft, page: int, proposal: Proposal) -> tuple[FormDraft, str]:
    """Draw what is proposed, for the question of that label that has no zone yet, else for a new one.

    Returns the draft and the code of the (first) zone. Raises KeyError without paper, ValidationError when full.
    """
    draft, key = _question(draft, proposal)
    question = draft.find(key)
    paper = _paper(draft)
    first = paper.new_code()
    options = [option.code for option in question.options] or [""]
    for option, box in zip(options, proposal.boxes, strict=False):
        zone = Zone(
            code=paper.new_code(),
            page=page,
            box=box,
            writing=proposal.writing,
            many=proposal.many,
            key=key,
            option=option,
            label=proposal.label,
        )
        paper = paper.put(zone)
    return draft.with_(paper=paper), first


def left_of(paper: ForeignPaper, page: int, proposals: Iterable[Proposal]) -> list[tuple[int, Proposal]]:
    """Return the proposals for a page, by number, where nobody has drawn a zone yet."""
    drawn = paper.on(page)
    return [
        (number, each)
        for number, each in enumerate(proposals)
        if not any(lie_over(zone, _at(page, box)) for zone in drawn for box in each.boxes)
    ]


def _paper(draft: FormDraft) -> ForeignPaper:
    if draft.paper is None:
        raise KeyError("paper")
    return draft.paper


def _at(page: int, box: Box) -> Zone:
    return Zone(code="z1", page=page, box=box)


def _question(draft: FormDraft, proposal: Proposal) -> tuple[FormDraft, str]:
    drawn = {zone.key for zone in _paper(draft).zones}
    named = _bare(proposal.label)
    for field in draft.fields:
        if field.key not in drawn and named and _bare(field.label) == named and _could_be(field, proposal):
            return draft, field.key
    label = proposal.label or f"{NAMELESS}{len(draft.fields) + 1}"
    options = _labels(proposal)
    return acts.add(draft, [Sketch(label, proposal.type, options=options, comb=_comb(proposal))])


def _bare(label: str) -> str:
    """Labels on paper are spread to fill their cell (氏　名)."""
    return without_spaces(plain(label))


def _could_be(field: FormField, proposal: Proposal) -> bool:
    if proposal.options:
        return field.type in LISTING and len(field.options) == len(proposal.options)
    return fits(_at(1, proposal.box).model_copy(update={"writing": proposal.writing}), field)


def _labels(proposal: Proposal) -> tuple[str, ...]:
    """Give each option a name of its own, also where its words could not be read or stand twice."""
    labels: list[str] = []
    for number, option in enumerate(proposal.options, 1):
        label = option.label or f"選択肢{number}"
        labels.append(label if label not in labels else f"{label}({number})")
    return tuple(labels)


def _comb(proposal: Proposal) -> int | None:
    return proposal.many if proposal.writing is Writing.COMB and proposal.type is FieldType.DIGITS else None


def _type(label: str, writing: Writing) -> FieldType:
    if writing is Writing.TICK:
        return FieldType.CHECKBOX
    if writing is Writing.LINES:
        return FieldType.LINES
    guessed = type_of_label(label)
    if guessed in LISTING or guessed in (FieldType.CHECKBOX, FieldType.FILE, FieldType.LINES, FieldType.TEXT):
        return FieldType.DIGITS if writing is Writing.COMB else FieldType.TEXT
    return guessed


def _cells(label: str, writing: Writing, many: int | None) -> int | None:
    return many if writing is Writing.COMB and _type(label, writing) is FieldType.DIGITS else None
