"""How are the answers of an impact assessment read from its page? Whole or half; what nobody answered stays open."""

from collections.abc import Iterator, Mapping

from backoffice.errors import Invalid
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from forms.my_number import holds_my_number
from workflows.links import CONCERNS, QUESTIONS, Answer, Impact, Measure

LONGEST = 300
YES, NO = "yes", "no"

Form = Mapping[str, str]


def impact_typed(form: Form) -> Impact:
    """Give the answers that a posted form says. Raises Invalid with what is wrong, by field."""
    wrong = dict(_not_fit(form))
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    return Impact(tuple(_answers(form)), tuple(_measures(form)))


def typed_of(impact: Impact) -> Form:
    """Give answers as they would be typed."""
    typed = {f"answer-{each.concern}": YES if each.yes else NO for each in impact.answers}
    typed |= {f"words-{each.concern}": each.words for each in impact.answers}
    return typed | {f"measure-{each.concern}": each.words for each in impact.measures}


def _answers(form: Form) -> Iterator[Answer]:
    for concern in QUESTIONS:
        said = form.get(f"answer-{concern}")
        if said == YES:
            yield Answer(concern, yes=True, words=_text(form, f"words-{concern}"))
        elif said == NO:
            yield Answer(concern, yes=False)


def _measures(form: Form) -> Iterator[Measure]:
    for concern in CONCERNS:
        words = _text(form, f"measure-{concern}")
        if words:
            yield Measure(concern, words)


def _not_fit(form: Form) -> Iterator[tuple[str, str]]:
    for field, text in form.items():
        if len(text) > LONGEST:
            yield field, _("文が長すぎます。")
        elif holds_my_number(text):
            yield field, NO_MY_NUMBER


def _text(form: Form, field: str) -> str:
    return " ".join(form.get(field, "").split())
