"""What are the city's facts called in やさしい日本語, and how does a condition read there?"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workflows.notices.languages import NoticeLanguage, day_in
from workflows.rules.sentences import Names, phrase
from workflows.rules.tree import (
    Age,
    Compare,
    Flag,
    Grade,
    Leaf,
    NotGranted,
    OneOf,
    Op,
    ParameterRef,
    Period,
    Since,
    Unit,
)
from workflows.rules.vocabulary import ConsentClass, Fact

EASY_FACTS: Mapping[str, str] = {
    "birth_date": "生(う)まれた 日(ひ)",
    "sex": "性別(せいべつ)",
    "ward": "住(す)んでいる 区(く)",
    "resident_since": "福岡市(ふくおかし)に 住(す)み始(はじ)めた 日(ひ)",
    "relation": "家族(かぞく)の 中(なか)の 立場(たちば)",
    "household_size": "家族(かぞく)の 人数(にんずう)",
    "household_income": "家族(かぞく)の 所得(しょとく)",
    "municipal_tax": "家族(かぞく)の 市民税(しみんぜい)",
    "insurance": "入(はい)っている 健康保険(けんこうほけん)",
    "public_assistance": "生活保護(せいかつほご)",
    "child_rearing_allowance": "児童扶養手当(じどうふようてあて)",
    "single_parent": "ひとり親(おや)の 届(とど)け",
    "care_grade": "介護(かいご)の 認定(にんてい)",
    "disability_physical": "身体障害者手帳(しんたいしょうがいしゃてちょう)",
    "disability_intellectual": "療育手帳(りょういくてちょう)",
    "disability_mental": "精神障害者保健福祉手帳(せいしんしょうがいしゃほけんふくしてちょう)",
    "school_kind": "通(かよ)っている 学校(がっこう)",
    "pregnancy_notified_on": "妊娠(にんしん)の 届(とど)けの 日(ひ)",
    "checkup_result": "健康診断(けんこうしんだん)の 結果(けっか)",
    "granted": "前(まえ)に 使(つか)った 制度(せいど)",
}
EASY_NEUTRAL: Mapping[str, str] = {
    "お届けいただいた世帯の状況": "市(し)に 届(とど)けた 家族(かぞく)の 様子(ようす)",
    "お届けいただいた手当の状況": "市(し)に 届(とど)けた 手当(てあて)の 様子(ようす)",
    "お届けいただいた心身の状況": "市(し)に 届(とど)けた あなたの 様子(ようす)",
    "お届けいただいた時期": "市(し)に 届(とど)けた 時期(じき)",
    "お受けになった健診": "あなたが 受(う)けた 健康診断(けんこうしんだん)",
}
EASY_CHOICES: Mapping[str, str] = {
    "higashi": "東区(ひがしく)",
    "hakata": "博多区(はかたく)",
    "chuo": "中央区(ちゅうおうく)",
    "minami": "南区(みなみく)",
    "jonan": "城南区(じょうなんく)",
    "sawara": "早良区(さわらく)",
    "nishi": "西区(にしく)",
    "female": "女(おんな)の 人(ひと)",
    "male": "男(おとこ)の 人(ひと)",
    "head": "世帯主(せたいぬし)",
    "spouse": "夫(おっと)か 妻(つま)",
    "child": "子(こ)ども",
    "parent": "父(ちち)か 母(はは)",
    "national": "国民健康保険(こくみんけんこうほけん)",
    "late_elderly": "75歳(さい)からの 健康保険(けんこうほけん)",
    "employee": "会社(かいしゃ)の 健康保険(けんこうほけん)",
    "city": "市(し)の 学校(がっこう)",
}
CONSENTS_IN: Mapping[NoticeLanguage, Mapping[ConsentClass, str]] = {
    NoticeLanguage.JA: {
        ConsentClass.CORE: "基本の情報",
        ConsentClass.HOUSEHOLD: "世帯",
        ConsentClass.TAX: "税",
        ConsentClass.INSURANCE: "医療保険",
        ConsentClass.WELFARE: "手当・生活保護",
        ConsentClass.CARE: "介護・障がい",
        ConsentClass.HEALTH: "健康",
        ConsentClass.SCHOOL: "学校",
    },
    NoticeLanguage.EASY: {
        ConsentClass.CORE: "基本(きほん)の 情報(じょうほう)",
        ConsentClass.HOUSEHOLD: "家族(かぞく)",
        ConsentClass.TAX: "税(ぜい)",
        ConsentClass.INSURANCE: "健康保険(けんこうほけん)",
        ConsentClass.WELFARE: "手当(てあて)",
        ConsentClass.CARE: "介護(かいご)",
        ConsentClass.HEALTH: "健康(けんこう)",
        ConsentClass.SCHOOL: "学校(がっこう)",
    },
    NoticeLanguage.EN: {
        ConsentClass.CORE: "basic facts",
        ConsentClass.HOUSEHOLD: "household",
        ConsentClass.TAX: "tax",
        ConsentClass.INSURANCE: "health insurance",
        ConsentClass.WELFARE: "allowances and public assistance",
        ConsentClass.CARE: "care and disability",
        ConsentClass.HEALTH: "health",
        ConsentClass.SCHOOL: "school",
    },
}
HIDDEN_SOURCE: Mapping[NoticeLanguage, str] = {
    NoticeLanguage.JA: "くわしくは、サインインすると読めます",
    NoticeLanguage.EASY: "ふくおかサポートに 入(はい)ると 読(よ)めます",
    NoticeLanguage.EN: "sign in to read more",
}
WITHIN = {
    Period.FISCAL_YEAR: "今年(ことし)の 4月(がつ)から",
    Period.TWO_FISCAL_YEARS: "去年(きょねん)の 4月(がつ)から",
    Period.EVER: "今(いま)まで",
}
UNITS = {Unit.DAYS: "日(にち)", Unit.MONTHS: "か月(げつ)", Unit.YEARS: "年(ねん)"}
BOUNDS = {
    Op.AT_LEAST: ("以上(いじょう)", "から 後(あと)"),
    Op.AT_MOST: ("以下(いか)", "から 前(まえ)"),
}
_ELEMENTARY, _JUNIOR_HIGH = 6, 9


def easy_name(fact: Fact) -> str:
    return EASY_FACTS.get(fact.code, fact.ja)


def easy_neutral(fact: Fact) -> str:
    return EASY_NEUTRAL.get(fact.neutral_ja, fact.neutral_ja)


def reason_in_easy(leaf: Leaf, names: Names, holds: bool) -> str:  # noqa: FBT001 - one thing with its condition
    """Say a condition in short words; one that is too involved for them in everyday Japanese."""
    teller = _TELLERS.get(type(leaf))
    said = phrase(leaf, names) if teller is None else teller(leaf, names)
    return said if holds else f"「{said}」に 当(あ)たらない"


def _age(leaf: Age, _names: Names) -> str:
    of = "年(とし)" if leaf.fact == "birth_date" else EASY_FACTS.get(leaf.fact, leaf.fact)
    if leaf.high is None:
        return f"{of}が {leaf.low}歳(さい) 以上(いじょう)"
    if leaf.low is None:
        return f"{of}が {leaf.high}歳(さい) 以下(いか)"
    years = f"{leaf.low}歳(さい)" if leaf.low == leaf.high else f"{leaf.low}歳(さい)から {leaf.high}歳(さい)"
    return f"{of}が {years}"


def _grade(leaf: Grade, _names: Names) -> str:
    low, high = _school(leaf.low), _school(leaf.high)
    return f"学年(がくねん)が {low}" if low == high else f"学年(がくねん)が {low}から {high}"


def _school(grade: int) -> str:
    if grade <= _ELEMENTARY:
        return f"小学校(しょうがっこう) {grade}年生(ねんせい)"
    if grade <= _JUNIOR_HIGH:
        return f"中学校(ちゅうがっこう) {grade - _ELEMENTARY}年生(ねんせい)"
    return f"高校(こうこう) {grade - _JUNIOR_HIGH}年生(ねんせい)の 年(とし)"


def _one_of(leaf: OneOf, names: Names) -> str:
    fact = names.vocabulary.get(leaf.fact)
    chosen = [(code, None if fact is None else fact.choice(code)) for code in leaf.values]
    words = [EASY_CHOICES.get(code, code if choice is None else choice.ja) for code, choice in chosen]
    return f"{_named(leaf.fact, names)}が {'か '.join(words)}"


def _flag(leaf: Flag, names: Names) -> str:
    return f"{_named(leaf.fact, names)}が ある"


def _compare(leaf: Compare, names: Names) -> str:
    bound, fact = leaf.value, names.vocabulary.get(leaf.fact)
    if fact is None or leaf.op not in BOUNDS or isinstance(bound, ParameterRef):
        return phrase(leaf, names)
    of_number, of_day = BOUNDS[leaf.op]
    if isinstance(bound, date):
        return f"{easy_name(fact)}が {day_in(NoticeLanguage.EASY, bound)}{of_day}"
    return f"{easy_name(fact)}が {bound:,}{fact.unit} {of_number}"


def _since(leaf: Since, names: Names) -> str:
    length = f"{leaf.count:,}{UNITS[leaf.unit]}"
    if leaf.op is Op.AT_MOST:
        return f"{_named(leaf.fact, names)}から {length}の 間(あいだ)"
    return f"{_named(leaf.fact, names)}から {length} 以上(いじょう) たった"


def _not_granted(leaf: NotGranted, names: Names) -> str:
    program = names.programs.get(leaf.program, leaf.program)
    return f"{WITHIN[leaf.within]} 「{program}」を まだ 使(つか)っていない"


def _named(code: str, names: Names) -> str:
    fact = names.vocabulary.get(code)
    return code if fact is None else easy_name(fact)


_TELLERS: Mapping[type[Leaf], Callable[[Any, Names], str]] = {
    Age: _age,
    Grade: _grade,
    OneOf: _one_of,
    Flag: _flag,
    Compare: _compare,
    Since: _since,
    NotGranted: _not_granted,
}
