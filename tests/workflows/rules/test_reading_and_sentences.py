"""A rule is kept as it was written, refused where it is none, and read aloud so that nobody can mistake it."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.workflows.rules.written_trees import LEAVES, RULES
from workflows.rules import editing
from workflows.rules.facts import CITY_FACTS
from workflows.rules.findings import RuleRefused
from workflows.rules.parameters import LookupTable, Parameter, Parameters
from workflows.rules.reading import read_rule, rule_of
from workflows.rules.sentences import Language, Names, sentence
from workflows.rules.tree import Age, All, AnyOf, Compare, Counted, Flag, Not, NotGranted, OneOf, Op, Period, normalised
from workflows.rules.writing import written

NAMES = Names(
    CITY_FACTS,
    Parameters(
        {
            "limit": Parameter("limit", "所得限度額", "income limit", "円", ()),
            "other-limit": Parameter("other-limit", "第二限度額", "second limit", "円", ()),
        },
        {
            "by-size": LookupTable("by-size", "人数別限度額", "limit by size", "円", ()),
            "by-age": LookupTable("by-age", "年齢別限度額", "limit by age", "円", ()),
        },
    ),
    {"R8-制度-0001": "がん検診"},
)
WOMEN = OneOf("sex", ("female",))


@given(RULES)
def test_what_is_written_reads_as_the_same_rule(rule):
    assert read_rule(json.dumps(written(rule)), CITY_FACTS) == rule


@given(RULES, RULES, st.sampled_from(list(Language)))
def test_two_different_rules_never_read_alike(one, other, language):
    one, other = normalised(one), normalised(other)
    assume(one != other)

    assert sentence(one, NAMES, language) != sentence(other, NAMES, language)


@given(RULES, st.data())
def test_a_rule_with_one_part_changed_reads_otherwise(rule, data):
    path = data.draw(st.sampled_from([path for path, _ in places(rule)]))
    acts = [
        lambda: editing.put(rule, path, data.draw(LEAVES)),
        lambda: editing.negate(rule, path),
        lambda: editing.regroup(rule, path, data.draw(st.sampled_from([All, AnyOf]))),
        lambda: editing.remove(rule, path),
    ]
    try:
        other = normalised(data.draw(st.sampled_from(acts))())
    except editing.NoSuchPlaceError:
        other = normalised(rule)
    assume(other != normalised(rule))

    assert sentence(other, NAMES) != sentence(normalised(rule), NAMES)


def places(node, path=()):
    """Give every node with its place."""
    yield path, node
    for place, part in enumerate(getattr(node, "parts", ()) or ((node.part,) if isinstance(node, Not) else ())):
        yield from places(part, (*path, place))


@given(RULES)
def test_one_spelling_is_final(rule):
    assert normalised(normalised(rule)) == normalised(rule)


def test_a_rule_reads_as_an_office_would_say_it():
    rule = All(
        (
            WOMEN,
            AnyOf((Age("birth_date", Counted.FISCAL_YEAR_END, 40, None), Flag("single_parent"))),
            Not(OneOf("ward", ("higashi", "nishi"))),
            NotGranted("R8-制度-0001", Period.TWO_FISCAL_YEARS),
            Compare("household_income", Op.AT_MOST, 2_000_000),
        )
    )

    assert sentence(rule, NAMES) == (
        "性別が女性、かつ(年度末年齢が40歳以上、またはひとり親世帯の届出がある)、かつ(住んでいる区が東区・西区のどれか)ではない、"
        "かつ前年度から今までに〈がん検診 R8-制度-0001〉を受けていない、かつ世帯の所得が2,000,000円以下"
    )
    assert sentence(rule, NAMES, Language.EN).startswith(
        "sex: women and (age at the end of the fiscal year 40 or over or "
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ('{"schema": 1, "rule": {"compare": {"fact": "household_size", "op": "at_most", "value": NaN}}}', "not_json"),
        ('{"schema": 1, "rule": {"compare": {"fact": "household_size", "op": "at_most", "value": 1.5}}}', "not_json"),
        ('{"schema": 2, "rule": {"all": []}}', "later_schema"),
        ('{"rule": {"all": []}}', "not_a_rule"),
        ('{"schema": 1, "rule": []}', "not_a_rule"),
        ('{"schema": 1, "rule": {"all": {}}}', "not_a_rule"),
        ('{"schema": 1, "rule": {"eval": "1"}}', "unknown_kind"),
        ('{"schema": 1, "rule": {"flag": {"fact": "my_number"}}}', "unknown_fact"),
        ('{"schema": 1, "rule": {"flag": {"fact": "ward"}}}', "fact_unfit"),
        ('{"schema": 1, "rule": {"flag": {"fact": "single_parent", "x": 1}}}', "unknown_setting"),
        ('{"schema": 1, "rule": {"one_of": {"fact": "ward", "values": []}}}', "setting_wrong"),
        ('{"schema": 1, "rule": {"one_of": {"fact": "ward", "values": ["kita"]}}}', "unknown_choice"),
        (
            '{"schema": 1, "rule": {"compare": {"fact": "household_size", "op": "at_most", "value": true}}}',
            "setting_wrong",
        ),
        (
            '{"schema": 1, "rule": {"compare": {"fact": "household_size", "op": "equal", "value": ' + "9" * 19 + "}}}",
            "number_too_large",
        ),
        (
            '{"schema": 1, "rule": {"compare": {"fact": "birth_date", "op": "at_most", "value": "2026-02-30"}}}',
            "setting_wrong",
        ),
        (
            '{"schema": 1, "rule": {"age": {"fact": "birth_date", "counted": "attained", "from": null, "to": null}}}',
            "no_bound",
        ),
        (
            '{"schema": 1, "rule": {"age": {"fact": "birth_date", "counted": "attained", "from": 40, "to": 20}}}',
            "wrong_way_round",
        ),
        ('{"schema": 1, "rule": {"age": {"fact": "birth_date", "from": 20, "to": 40}}}', "setting_missing"),
        (
            '{"schema": 1, "rule": {"age": {"fact": "birth_date", "counted": "as_you_like", "from": 40, "to": 50}}}',
            "setting_wrong",
        ),
        (
            '{"schema": 1, "rule": {"since": {"fact": "resident_since", "op": "equal", "count": 1, "unit": "days"}}}',
            "setting_wrong",
        ),
    ],
)
def test_what_is_no_rule_is_refused_with_its_reason(text, code):
    with pytest.raises(RuleRefused) as refused:
        read_rule(text, CITY_FACTS)

    assert [finding.code for finding in refused.value.findings] == [code]


def test_everything_wrong_in_a_rule_is_told_at_once_with_its_place():
    value = {"schema": 1, "rule": {"all": [{"flag": {"fact": "nothing"}}, {"any": [{"flag": {"fact": "ward"}}]}]}}

    with pytest.raises(RuleRefused) as refused:
        rule_of(value, CITY_FACTS)

    assert [(finding.code, finding.path) for finding in refused.value.findings] == [
        ("unknown_fact", (0,)),
        ("fact_unfit", (1, 0)),
    ]


def nested(levels):
    return '{"schema":1,"rule":' + '{"not":' * levels + '{"flag":{"fact":"single_parent"}}' + "}" * (levels + 1)


def test_sixty_negations_in_one_another_are_read_and_a_hundred_thousand_are_refused_in_words():
    assert normalised(read_rule(nested(60), CITY_FACTS)) == Flag("single_parent")
    for levels, code in ((64, "too_deep"), (5_000, "too_deep"), (100_000, "too_large")):
        with pytest.raises(RuleRefused) as refused:
            read_rule(nested(levels), CITY_FACTS)
        assert refused.value.findings[0].code in (code, "not_json")


def test_two_hundred_conditions_are_read_and_a_thousand_refused():
    assert len(rule_of(written(AnyOf((WOMEN,) * 200)), CITY_FACTS).parts) == 200
    with pytest.raises(RuleRefused) as refused:
        rule_of(written(AnyOf((WOMEN,) * 1000)), CITY_FACTS)
    assert [finding.code for finding in refused.value.findings] == ["too_many"]
