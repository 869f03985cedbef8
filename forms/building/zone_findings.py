"""Do the zones on foreign paper fit the form and the paper? Each at its place, by the label of its question."""

from collections.abc import Iterator
from itertools import combinations

from forms.building.draft import FormDraft
from forms.building.finding import ZONE, Finding
from forms.definition import FormField
from forms.field_types import LISTING, FieldType
from forms.problems import Severity
from forms.zones import NO_PAPER, ForeignPaper, Writing, Zone, fits, lies_in

LEAST_MM = {Writing.TICK: (2.5, 2.5), Writing.LINE: (5.0, 4.0), Writing.LINES: (20.0, 5.0), Writing.COMB: (3.0, 4.0)}
"""Width and height below which nobody writes, or a reader sees only the frame; of a comb, of one cell."""
SHARED_MM = 0.6
"""So far may two zones lie over one another: neighbours share the rule between them."""


def zone_findings(draft: FormDraft) -> Iterator[Finding]:
    """Yield what is to be mended on the paper; a question that stands nowhere on it only asks a person to look."""
    if draft.paper is None:
        return
    questions = {question.key: question for question in draft.as_it_is().questions}
    for zone in draft.paper.zones:
        yield from _of_zone(zone, draft.paper, questions)
    yield from _twice(draft.paper, questions)
    yield from _over_one_another(draft.paper, questions)
    yield from _without_zone(draft.paper, questions)


def _of_zone(zone: Zone, paper: ForeignPaper, questions: dict[str, FormField]) -> Iterator[Finding]:
    place, called = f"{ZONE}{zone.code}", name_of(zone, questions)
    if not lies_in(zone, paper.pages[zone.page - 1]):
        yield Finding(place, "box", "outside", f"{called}が用紙からはみ出しています。", "The zone leaves the page.")
    least_width, least_height = LEAST_MM[zone.writing]
    width = zone.box[2] / (zone.many or 1) if zone.writing is Writing.COMB else zone.box[2]
    if width < least_width or zone.box[3] < least_height:
        said = f"{called}が小さすぎます(幅{least_width:g} mm・高さ{least_height:g} mm以上)。"
        yield Finding(place, "box", "small", said, f"The zone is under {least_width:g} by {least_height:g} mm.")
    if zone.writing is Writing.COMB and zone.many is None:
        yield Finding(place, "many", "cells", f"{called}のマスの数を入れてください。", "Say how many cells it has.")
    if not zone.key:
        said = f"{called}に、どの欄の記入かが決まっていません。"
        yield Finding(place, "key", "no_question", said, "Nobody has said which question it answers.")
    elif zone.key not in questions:
        said = f"{called}の欄は、様式からなくなっています。選び直すか、枠を消してください。"
        yield Finding(place, "key", "gone", said, "Its question is gone from the form.")
    elif not fits(zone, questions[zone.key]):
        yield _unfit(place, questions[zone.key])


def _unfit(place: str, question: FormField) -> Finding:
    label, name = question.label, question.name_en
    if question.type in LISTING:
        said = f"「{label}」は選択肢ごとの印なので、書き方を印にし、選択肢を選んでください。"
        return Finding(place, "writing", "unfit", said, f"{name}: make it a tick box and choose its option.")
    if question.type is FieldType.CHECKBOX:
        said = f"「{label}」はチェックなので、書き方を印にしてください。"
        return Finding(place, "writing", "unfit", said, f"{name}: make it a tick box.")
    if question.type in NO_PAPER or question.computed is not None:
        said = f"「{label}」は紙に記入するものではありません。ほかの欄を選んでください。"
        return Finding(place, "key", "unfit", said, f"{name} is not written on paper.")
    said = f"「{label}」は文字を書く欄なので、書き方を印以外にしてください。"
    return Finding(place, "writing", "unfit", said, f"{name} is written, not ticked.")


def _twice(paper: ForeignPaper, questions: dict[str, FormField]) -> Iterator[Finding]:
    first: dict[tuple[str, str], Zone] = {}
    pages: dict[str, int] = {}
    for zone in paper.zones:
        if zone.key not in questions:
            continue
        place, called = f"{ZONE}{zone.code}", name_of(zone, questions)
        if zone.means in first:
            said = f"{called}が2つあります。どちらかを消すか、別の欄を選んでください。"
            yield Finding(place, "key", "twice", said, "Two zones answer the same question.")
        elif pages.setdefault(zone.key, zone.page) != zone.page:
            said = f"「{questions[zone.key].label}」の印が2つのページに分かれています。"
            yield Finding(place, "page", "two_pages", said, "The tick boxes of one question stand on two pages.")
        first.setdefault(zone.means, zone)


def _over_one_another(paper: ForeignPaper, questions: dict[str, FormField]) -> Iterator[Finding]:
    for page in range(1, len(paper.pages) + 1):
        for one, other in combinations(paper.on(page), 2):
            if lie_over(one, other):
                said = f"{name_of(one, questions)}と{name_of(other, questions)}が重なっています。"
                yield Finding(f"{ZONE}{other.code}", "box", "overlap", said, "Two zones lie over one another.")


def _without_zone(paper: ForeignPaper, questions: dict[str, FormField]) -> Iterator[Finding]:
    drawn = {zone.means for zone in paper.zones}
    for key, question in questions.items():
        if question.type in NO_PAPER or question.computed is not None:
            continue
        wanted = [(key, option.code) for option in question.options] or [(key, "")]
        missing = [means for means in wanted if means not in drawn]
        if len(missing) == len(wanted):
            said = f"「{question.label}」の記入場所が、紙のどこにもありません。紙からは読まれません。"
            yield Finding(key, "zone", "no_zone", said, "It stands nowhere on the paper.", Severity.ASK)
        elif missing:
            labels = {option.code: option.label for option in question.options}
            told = "、".join(labels[option] for _key, option in missing)
            said = f"「{question.label}」のうち、{told}の印が紙のどこにもありません。"
            yield Finding(key, "zone", "no_option", said, "Some options stand nowhere on the paper.", Severity.ASK)


def lie_over(one: Zone, other: Zone) -> bool:
    """Say whether two zones of a page lie over one another by more than a shared rule."""
    left, right = sorted((one.box, other.box), key=lambda box: box[0])
    upper, lower = sorted((one.box, other.box), key=lambda box: box[1])
    across = min(left[0] + left[2], right[0] + right[2]) - right[0]
    down = min(upper[1] + upper[3], lower[1] + lower[3]) - lower[1]
    return across > SHARED_MM and down > SHARED_MM


def name_of(zone: Zone, questions: dict[str, FormField]) -> str:
    """Return how people call a zone: by its question, by what stood beside it, or by its number."""
    question = questions.get(zone.key)
    if question is not None:
        option = next((one.label for one in question.options if one.code == zone.option), "")
        return f"「{question.label}」の「{option}」の枠" if option else f"「{question.label}」の枠"
    return f"「{zone.label}」の枠" if zone.label else f"枠{zone.code.removeprefix('z')}"
