"""How is a rule's trouble said to whoever writes it? Every sentence stands here, as a Japanese msgid with its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Path = tuple[int, ...]
"""Where in a rule: the place in the outermost group, then in the group there, and so on. `()` is the rule itself."""


class Severity(StrEnum):
    ERROR = "error"
    """The rule cannot be submitted."""
    WARNING = "warning"
    """The rule can be submitted; a person says that it is meant so."""


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `message` is a msgid with `params` in `%(name)s` style."""

    path: Path
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True)
class Sentence:
    code: str
    message: str
    severity: Severity = Severity.ERROR

    def at(self, path: Path, **params: object) -> Finding:
        return Finding(path, self.code, self.message, params, self.severity)


class RuleRefused(Exception):  # noqa: N818 - what happened, as a sentence of the office says it
    """What was handed in is no rule. `findings` says why, place by place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(map(str, findings)))
        self.findings = tuple(findings)


# What cannot be read
NOT_JSON = Sentence("not_json", "ルールとして読めません(JSONではありません)。")
TOO_LARGE = Sentence("too_large", "ルールが大きすぎます。%(limit)s文字までです。")
TOO_DEEP = Sentence("too_deep", "ルールの入れ子が深すぎます。%(limit)s段までです。")
TOO_MANY = Sentence("too_many", "条件が多すぎます。%(limit)s個までです。")
NOT_A_RULE = Sentence(
    "not_a_rule", "ここに条件がありません。「すべて」「いずれか」「ではない」か、条件を1つ置いてください。"
)
UNKNOWN_KIND = Sentence("unknown_kind", "「%(kind)s」という種類の条件はありません。")
UNKNOWN_SETTING = Sentence("unknown_setting", "「%(name)s」という設定はありません。")
SETTING_MISSING = Sentence("setting_missing", "「%(name)s」が足りません。")
SETTING_WRONG = Sentence("setting_wrong", "「%(name)s」の値が正しくありません。")
UNKNOWN_FACT = Sentence("unknown_fact", "「%(fact)s」という事実はありません。")
FACT_UNFIT = Sentence("fact_unfit", "「%(fact)s」には、この種類の条件を使えません。")
UNKNOWN_CHOICE = Sentence("unknown_choice", "「%(fact)s」に「%(choice)s」はありません。")
NUMBER_TOO_LARGE = Sentence("number_too_large", "数が大きすぎます。")
WRONG_WAY_ROUND = Sentence("wrong_way_round", "範囲の始まりが終わりより大きくなっています。")
NO_BOUND = Sentence("no_bound", "年齢の下限か上限を決めてください。")
LATER_SCHEMA = Sentence("later_schema", "このルールは新しい版の技助で書かれています。")

# What reads, and yet is wrong or doubtful
EMPTY_GROUP = Sentence("empty_group", "このまとまりに条件がありません。")
ALWAYS_TRUE = Sentence("always_true", "この条件はいつも成り立ちます。だれも除かれません。")
ALWAYS_FALSE = Sentence("always_false", "この条件は決して成り立ちません。だれも対象になりません。")
CONTRADICTION = Sentence("contradiction", "「%(one)s」と「%(other)s」は同時に成り立ちません。")
UNREACHABLE = Sentence("unreachable", "「%(one)s」があるため、この条件は結果を変えません。", Severity.WARNING)
AGES_OVERLAP = Sentence("ages_overlap", "年齢の範囲が重なっています:「%(one)s」と「%(other)s」。", Severity.WARNING)
LEGAL_AGE = Sentence(
    "legal_age",
    "年齢の数え方が混ざっています:%(ways)s。数え方によって、境目の人が変わります。",
    Severity.WARNING,
)
NOT_PROVED = Sentence(
    "not_proved",
    "条件が込み入っているため、いつも成り立つ・決して成り立たないかを調べきれませんでした。例で確かめてください。",
    Severity.WARNING,
)
NOT_COMPARED = Sentence(
    "not_compared",
    "1つのまとまりの条件が多いため、初めの%(most)s組だけを比べました。残りの組の重なりや矛盾は、例で確かめてください。",
    Severity.WARNING,
)
PARAMETER_MISSING = Sentence("parameter_missing", "「%(name)s」は登録されていません。")
PARAMETER_OUT_OF_DATE = Sentence("parameter_out_of_date", "「%(name)s」には、%(on)s の値がありません。")
PARAMETER_UNCONFIRMED = Sentence(
    "parameter_unconfirmed", "「%(name)s」の値は、所管課がまだ確かめていません。", Severity.WARNING
)
NO_LEGAL_BASIS = Sentence("no_legal_basis", "「%(fact)s」を使う根拠が登録されていません。")
NO_NEUTRAL_WORDING = Sentence(
    "no_neutral_wording", "「%(fact)s」は慎重に扱う事実ですが、市民に見せる言い換えがありません。"
)

ALL_SENTENCES = tuple(each for each in list(vars().values()) if isinstance(each, Sentence))
