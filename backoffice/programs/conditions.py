"""Which conditions can be put into a rule, what does each ask of its author, and how is the answer read?

What a condition is about is one word in the address, `one_of:ward`: the kind of leaf, then the fact where it has one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.errors import Invalid
from backoffice.web.showing import day_typed
from backoffice.web.translations import _, language_now, translate
from forms.problems import NotNormalError
from forms.wareki import parse_date
from workflows.rules.facts import CITY_FACTS
from workflows.rules.findings import RuleRefused
from workflows.rules.settings_of_leaves import LeafReader
from workflows.rules.tree import Compare, Counted, Leaf, Members, Op, ParameterRef, Period, Unit
from workflows.rules.vocabulary import Choice, Fact, FactKind
from workflows.rules.writing import written_part

BIRTH = "birth_date"
LONGEST_NUMBER = 20
"""Digits: more than any bound that a rule may have; beyond, a text is not even counted."""

OPS = {
    Op.AT_LEAST: _("以上"),
    Op.AT_MOST: _("以下"),
    Op.MORE_THAN: _("より多い"),
    Op.LESS_THAN: _("未満"),
    Op.EQUAL: _("ちょうど"),
}
DAY_OPS = {
    Op.AT_LEAST: _("以後"),
    Op.AT_MOST: _("以前"),
    Op.MORE_THAN: _("より後"),
    Op.LESS_THAN: _("より前"),
    Op.EQUAL: _("当日"),
}
SINCE_OPS = {Op.AT_MOST: _("以内"), Op.AT_LEAST: _("以上たっている")}
COUNTED = {
    Counted.BIRTHDAY: _("誕生日で数える"),
    Counted.ATTAINED: _("達する日(誕生日の前日)で数える"),
    Counted.FISCAL_YEAR_END: _("年度末年齢(翌年3月31日までに達する歳)"),
    Counted.APRIL_FIRST: _("4月1日現在の年齢"),
}
UNITS = {Unit.DAYS: _("日"), Unit.MONTHS: _("か月"), Unit.YEARS: _("年")}
PERIODS = {
    Period.FISCAL_YEAR: _("今年度"),
    Period.TWO_FISCAL_YEARS: _("前年度から"),
    Period.EVER: _("これまで"),
}
SCHOOLS = ((0, 6, _("小学%(n)s年")), (6, 9, _("中学%(n)s年")), (9, 12, _("高校%(n)s年の年代")))
"""Grades run from 1 through the schools; each school counts from 1 again."""


@dataclass(frozen=True)
class Offer:
    """One condition that can be chosen. `group`, a msgid, is the heading it stands under."""

    what: str
    name: str
    group: str


def offers() -> Sequence[Offer]:
    """Give what can be asked, in the words of the office."""
    by_kind = {
        FactKind.CHOICE: ("one_of", _("事実を選ぶ")),
        FactKind.FLAG: ("flag", _("あるかないか")),
    }
    found = [
        Offer("age", translate(_("年齢")), _("年齢と学年")),
        Offer("grade", translate(_("学年")), _("年齢と学年")),
    ]
    for fact in CITY_FACTS:
        name = name_of(fact)
        if fact.kind in by_kind:
            leaf, heading = by_kind[fact.kind]
            found.append(Offer(f"{leaf}:{fact.code}", name, heading))
        elif fact.kind is FactKind.NUMBER:
            found += [
                Offer(f"compare:{fact.code}", name, _("数をくらべる")),
                Offer(f"parameter:{fact.code}", translate(_("%(fact)s(基準額と)"), fact=name), _("数をくらべる")),
            ]
        elif fact.code != BIRTH:
            found.append(Offer(f"since:{fact.code}", translate(_("%(fact)sからの期間"), fact=name), _("日付")))
            found.append(Offer(f"compare:{fact.code}", name, _("日付")))
        else:
            found.append(Offer(f"compare:{fact.code}", name, _("日付")))
    return [
        *found,
        Offer("lookup:household_income", translate(_("世帯の所得(人数ごとの限度額表と)")), _("数をくらべる")),
        Offer("members", translate(_("世帯にいる人の数")), _("世帯")),
        Offer("not_granted", translate(_("まだ受けていない制度")), _("これまでの給付")),
    ]


def grades() -> list[tuple[str, str]]:
    return [
        (str(grade), translate(name, n=grade - before))
        for before, last, name in SCHOOLS
        for grade in range(before + 1, last + 1)
    ]


def name_of(fact: Fact) -> str:
    return fact.en if language_now() == "en" else fact.ja


def amount(number: int, unit: str) -> str:
    """Write a number of yen or people."""
    if language_now() != "en":
        return f"{number:,}{unit}"
    return f"{number:,} yen" if unit == "円" else f"{number:,}"


def choice_name(choice: Choice) -> str:
    return choice.en if language_now() == "en" else choice.ja


def fact_in(what: str) -> Fact | None:
    """Give the fact that a condition is about, where it is about one."""
    if what in ("age", "grade"):
        return CITY_FACTS.get(BIRTH)
    return CITY_FACTS.get(what.partition(":")[2])


def is_known(what: str) -> bool:
    return any(offer.what == what for offer in offers())


def what_of(leaf: Leaf) -> str:
    """Give the word for a condition that stands in a rule."""
    ((kind, content),) = written_part(leaf).items()
    if isinstance(leaf, Compare) and isinstance(leaf.value, ParameterRef):
        kind = "parameter"
    return kind if kind in _WITHOUT_FACT else f"{kind}:{content['fact']}"


_WITHOUT_FACT = ("age", "grade", "members", "not_granted")


def typed_of(leaf: Leaf) -> Mapping[str, Sequence[str]]:
    """Give what a form holds for a condition that stands in a rule."""
    (content,) = written_part(leaf).values()
    flat: dict[str, Any] = dict(content)
    if isinstance(leaf, Compare) and isinstance(leaf.value, date):
        flat["value"] = day_typed(leaf.value)
    if isinstance(leaf, Members):
        flat |= {"children": "on" if leaf.children else "", "being": "", "rank": ""}
        if leaf.being is not None:
            ((kind, being),) = written_part(leaf.being).items()
            flat |= {"being": kind, **{f"being_{name}": value for name, value in being.items()}}
        if leaf.rank is not None:
            ((_kind, among),) = written_part(leaf.rank.among).items()
            flat |= {"rank": leaf.rank.low, **{f"among_{name}": value for name, value in among.items()}}
    return {name: _texts(value) for name, value in flat.items()}


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]


def read_condition(what: str, typed: Mapping[str, Sequence[str]]) -> Leaf:
    """Read a condition from its form. Raises Invalid with what is wrong, in the words of the rule's own reading."""
    kind, _colon, fact = what.partition(":")
    given = _Typed(typed, fact)
    contents: Mapping[str, Callable[[], dict[str, Any]]] = {
        "age": lambda: {"fact": BIRTH, **given.age("")},
        "grade": lambda: {"fact": BIRTH, **given.grade("")},
        "one_of": lambda: {"fact": fact, "values": list(typed.get("values", ()))},
        "flag": lambda: {"fact": fact},
        "compare": given.compare,
        "parameter": lambda: {"fact": fact, "op": given.word("op"), "parameter": given.word("parameter")},
        "lookup": lambda: {"fact": fact, "op": given.word("op"), "table": given.word("table"), "by": "household_size"},
        "members": given.members,
        "since": lambda: {
            "fact": fact,
            "op": given.word("op"),
            "count": given.number("count"),
            "unit": given.word("unit"),
        },
        "not_granted": lambda: {"program": given.word("program"), "within": given.word("within")},
    }
    leaf = "compare" if kind == "parameter" else kind
    try:
        return LeafReader(CITY_FACTS).read(leaf, contents[kind](), ())
    except RuleRefused as refused:
        said = translate(refused.findings[0].message, **refused.findings[0].params)
        raise Invalid(_("入力を確認してください"), {"condition": said}) from refused


class _Typed:
    """The fields of a condition's form. What is no number stays as it was typed, for the reading to refuse."""

    def __init__(self, typed: Mapping[str, Sequence[str]], fact: str) -> None:
        self._typed = typed
        self._fact = CITY_FACTS.get(fact)

    def word(self, name: str) -> str:
        return next(iter(self._typed.get(name, ())), "").strip()

    def number(self, name: str) -> int | str | None:
        text = self.word(name).replace(",", "").replace("，", "")
        if not text:
            return None
        return int(text) if text.removeprefix("-").isdecimal() and len(text) <= LONGEST_NUMBER else text

    def day(self, name: str) -> str:
        """Give a date as the rule writes it; a Japanese era is read too."""
        try:
            return parse_date(self.word(name)).isoformat()
        except NotNormalError:
            return self.word(name)

    def age(self, before: str) -> dict[str, Any]:
        return {
            "counted": self.word(f"{before}counted"),
            "from": self.number(f"{before}from"),
            "to": self.number(f"{before}to"),
        }

    def grade(self, before: str) -> dict[str, Any]:
        return {"from": self.number(f"{before}from"), "to": self.number(f"{before}to")}

    def compare(self) -> dict[str, Any]:
        dated = self._fact is not None and self._fact.kind is FactKind.DATE
        value = self.day("value") if dated else self.number("value")
        return {"fact": "" if self._fact is None else self._fact.code, "op": self.word("op"), "value": value}

    def members(self) -> dict[str, Any]:
        being = self.word("being")
        rank = self.number("rank")
        return {
            "children": self.word("children") == "on",
            "being": None if not being else {being: {"fact": BIRTH, **self._born(being, "being_")}},
            "rank": None if rank is None else {"from": rank, "among": {"age": {"fact": BIRTH, **self.age("among_")}}},
            "op": self.word("op"),
            "count": self.number("count"),
        }

    def _born(self, kind: str, before: str) -> dict[str, Any]:
        return self.age(before) if kind == "age" else self.grade(before)
