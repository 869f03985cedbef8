"""How is a list looked at? Headings that sort, conditions in words, ways of looking that are kept under a name."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid, NotPermitted
from backoffice.form_designs.models import FormDesign
from backoffice.records.conditions import COMPARISON_NAMES, DAY, Comparison, Condition, Wish, day_question
from backoffice.records.models import SavedView
from backoffice.records.pages import Remark, kind_of, said
from backoffice.web.answers_in import label_of
from backoffice.web.free_text import words_given
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.answers import normalise
from forms.definition import FormDefinition, FormField

MOST_VIEWS = 50
_LONGEST_NAME = 60
LONGEST_QUERY = 2_000


@dataclass(frozen=True)
class WishPaging(Paging):
    """Pages of a list whose wish stands in the address; conditions may stand there several times."""

    wish: Wish = field(default_factory=Wish)

    def address_of(self, number: int) -> str:
        return self.wish.address(self.path, page=str(number))


def with_state(wish: Wish, state: str) -> Wish:
    return replace(wish, state=state)


def headings(path: str, wish: Wish, columns: Sequence[FormField]) -> list[tuple[str, str, str, str]]:
    """Give each column's label, class, the address that sorts by it (again: the other way), the way it is sorted."""
    found = []
    for question in columns:
        sorted_now = wish.sort == question.key
        address = replace(wish, sort=question.key, backwards=sorted_now and not wish.backwards).address(path)
        way = ("descending" if wish.backwards else "ascending") if sorted_now else ""
        found.append((label_of(question), kind_of(question), address, way))
    return found


def remarks(definition: FormDefinition, path: str, wish: Wish) -> list[Remark]:
    """Say each condition in words, with the address of the list without it."""
    return [
        Remark(
            _in_words(definition, one),
            replace(wish, conditions=tuple(each for each in wish.conditions if each is not one)).address(path),
        )
        for one in wish.conditions
    ]


def hidden(wish: Wish) -> list[tuple[str, str]]:
    """Give what a form that narrows the list has to send along."""
    order = ("-" if wish.backwards else "") + wish.sort
    kept = [("where", one.in_address()) for one in wish.conditions]
    kept += [("sort", order), ("columns", ",".join(wish.columns)), ("state", wish.state)]
    return [(name, value) for name, value in kept if value]


def title_of(definition: FormDefinition, by: str, adding: str) -> str:
    """Name a chart: what is counted or added up, and by what."""
    group = label_of(definition.field(by))
    amount = label_of(definition.field(adding)) if adding else translate(_("件数"))
    return translate(_("%(amount)s(%(group)s別)"), amount=amount, group=group)


def keep_view(work: Work, design: FormDesign, name: str, wish: Wish) -> SavedView:
    """Keep a way of looking for the person's department; one of the same name is replaced. Raises Invalid."""
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は保存できません。"))
    name = words_given(name, "name", _LONGEST_NAME)
    known = work.session.scalars(
        select(SavedView).where(SavedView.design_id == design.id, SavedView.department_id == work.actor.department_id)
    ).all()
    view = next((each for each in known if each.name == name), None)
    if view is None:
        if len(known) >= MOST_VIEWS:
            raise Invalid(_("保存できる見方は%(most)s件までです。使わないものを消してください。"), most=MOST_VIEWS)
        view = SavedView(design_id=design.id, department_id=work.actor.department_id, name=name)
        work.session.add(view)
    query = wish.address("").removeprefix("?")
    if len(query) > LONGEST_QUERY:
        raise Invalid(_("条件と列が多すぎて保存できません。減らしてから保存してください。"))
    view.query = query
    view.saved_by_id, view.saved_at = work.actor.staff_id, work.now
    return view


def remove_view(work: Work, design_id: int, view_id: int) -> None:
    """Forget a way of looking of the person's department. Raises NotThere."""
    statement = select(SavedView).where(
        SavedView.id == view_id,
        SavedView.design_id == design_id,
        SavedView.department_id == work.actor.department_id,
    )
    work.session.delete(one_or_not_there(work.session, statement))


def _in_words(definition: FormDefinition, one: Condition) -> str:
    question = day_question() if one.key == DAY else definition.field(one.key)
    test = translate(COMPARISON_NAMES[one.test])
    label = translate(_("入力日")) if one.key == DAY else label_of(question)
    if one.test in (Comparison.EMPTY, Comparison.THERE):
        return f"{label} {test}"
    value = one.what if one.test is Comparison.HAS else said(question, normalise(question, one.what).value)
    return translate(_("%(label)sが「%(value)s」%(test)s"), label=label, value=value or one.what, test=test)
