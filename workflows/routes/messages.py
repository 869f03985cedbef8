"""How are problems said to whoever draws a route? Every sentence stands here, as a Japanese msgid with its code."""

from dataclasses import dataclass

from workflows.routes.parts import Decision, Problem, ProblemSeverity


@dataclass(frozen=True)
class Sentence:
    """A stable code and what it says."""

    code: str
    message: str
    severity: ProblemSeverity = ProblemSeverity.ERROR


def problem(sentence: Sentence, element_id: str | None = None, **params: object) -> Problem:
    """Say a sentence about an element."""
    return Problem(element_id, sentence.code, sentence.message, params, sentence.severity)


DECISION_NAMES = {
    Decision.APPROVE: "承認",
    Decision.SEND_BACK: "差戻し",
    Decision.REJECT: "却下",
    Decision.DONE: "完了",
    Decision.WITHDRAW: "取下げ",
}

# The file
TOO_LARGE = Sentence("too_large", "ファイルが大きすぎます。%(megabytes)s MBまでです。")
TOO_MANY_ELEMENTS = Sentence(
    "too_many_elements", "ファイルの要素が多すぎるか、入れ子が深すぎます。要素は%(limit)s個までです。"
)
DOCTYPE = Sentence("doctype", "DOCTYPEや実体(entity)を含むファイルは受け付けません。")
NOT_XML = Sentence("not_xml", "XMLとして読めません。%(place)s")
NOT_BPMN = Sentence("not_bpmn", "BPMN 2.0 のファイルではありません。")
ONE_PROCESS = Sentence("one_process", "経路(process)は1つだけ描いてください。%(count)s個あります。")
TOO_MANY_PARTS = Sentence(
    "too_many_parts", "経路の部品が多すぎます。ステップ・分岐・矢印を合わせて%(limit)s個までです。"
)

# Elements that a route does not know
ELEMENT_REFUSED = Sentence("element_refused", "「%(name)s」の部品(%(element)s)は経路に使えません。")
ATTRIBUTE_REFUSED = Sentence("attribute_refused", "「%(name)s」の設定「%(attribute)s」は経路に使えません。")
ID_REFUSED = Sentence(
    "id_refused", "IDの「%(id)s」は使えません。英字で始まる英数字と「_」で、64文字までにしてください。"
)
ID_TWICE = Sentence("id_twice", "IDの「%(id)s」が2回使われています。")

# Settings of an element
SETTING_WRONG = Sentence("setting_wrong", "「%(name)s」の設定「%(setting)s」に「%(value)s」は書けません。")
NUMBER_WRONG = Sentence(
    "number_wrong", "「%(name)s」の設定「%(setting)s」は1以上の整数で書いてください。「%(value)s」は書けません。"
)
NO_DECISIONS = Sentence("no_decisions", "ステップ「%(name)s」で選べる決定がありません。")
STEP_SETTINGS_MISSING = Sentence("step_settings_missing", "ステップ「%(name)s」の担当と決定が設定されていません。")
TIMER_DAYS_MISSING = Sentence("timer_days_missing", "タイマー「%(name)s」の日数(営業日)を設定してください。")
TIMER_ONLY_ON_STEP = Sentence("timer_only_on_step", "タイマー「%(name)s」は、ステップの縁に付けてください。")
TABLE_MISSING = Sentence("table_missing", "判定「%(name)s」の表がありません。")
TABLE_WRONG = Sentence("table_wrong", "判定「%(name)s」の表が読めません。%(reason)s")
CONDITION_WRONG = Sentence(
    "condition_wrong",
    "矢印「%(name)s」の条件「%(condition)s」が読めません。比較と and・or・not だけが使えます。(%(reason)s)",
)
CONDITION_MISPLACED = Sentence("condition_misplaced", "矢印「%(name)s」の条件は、分岐(×)から出る矢印にだけ書けます。")
DEFAULT_WRONG = Sentence("default_wrong", "「%(name)s」の既定の矢印は、その分岐から出る矢印ではありません。")
DEFAULT_HAS_CONDITION = Sentence("default_has_condition", "分岐「%(name)s」の既定の矢印には条件を書けません。")
CONDITION_MISSING = Sentence(
    "condition_missing",
    "分岐「%(name)s」から出る矢印「%(arrow)s」に、条件がありません。条件を書くか、既定にしてください。",
)

# How the parts hang together
ONE_START = Sentence("one_start", "開始は1つだけ置いてください。%(count)s個あります。")
NO_END = Sentence("no_end", "終了がありません。")
ARROW_LOOSE = Sentence("arrow_loose", "矢印「%(name)s」の端が部品につながっていません。")
ARROW_TWICE = Sentence("arrow_twice", "「%(source)s」から「%(target)s」への矢印が2本あります。1本にしてください。")
NO_WAY_IN = Sentence("no_way_in", "「%(name)s」に入る矢印がありません。")
NO_WAY_OUT = Sentence("no_way_out", "「%(name)s」から出る矢印がありません。")
MANY_WAYS_OUT = Sentence(
    "many_ways_out", "「%(name)s」から矢印が2本以上出ています。分岐(×)か並行(+)を間に置いてください。"
)
ARROW_INTO_START = Sentence("arrow_into_start", "開始「%(name)s」に入る矢印は引けません。")
ARROW_OUT_OF_END = Sentence("arrow_out_of_end", "終了「%(name)s」から出る矢印は引けません。")
ARROW_INTO_TIMER = Sentence("arrow_into_timer", "タイマー「%(name)s」に入る矢印は引けません。")
UNREACHED = Sentence("unreached", "「%(name)s」には、開始からたどり着けません。")
ENDLESS = Sentence("endless", "「%(name)s」から先は、どの終了にもたどり着けません。")
CYCLE_WITHOUT_STEP = Sentence(
    "cycle_without_step", "「%(name)s」を通る輪に、人が決めるステップがありません。いつまでも回り続けます。"
)
CYCLE_WITHOUT_CHOICE = Sentence("cycle_without_choice", "「%(name)s」を通る輪に、抜け出す分岐(×)がありません。")


def _all() -> tuple[str, ...]:
    sentences = [each.message for each in globals().values() if isinstance(each, Sentence)]
    return (*sentences, *DECISION_NAMES.values())


ALL_MESSAGES: tuple[str, ...] = _all()
"""Every msgid of this package, for the back office's catalogues."""
