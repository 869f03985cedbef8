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

NO_DIAGRAM = Sentence(
    "no_diagram", "このファイルには図の配置がありません。描いた道具で、図も含めて書き出してください。"
)
NOT_DRAWN = Sentence(
    "not_drawn", "「%(name)s」は経路にありますが、図に描かれていません。描いた道具で、図も含めて書き出してください。"
)

# Elements that a route does not know
ELEMENT_REFUSED = Sentence("element_refused", "「%(name)s」の部品(%(element)s)は経路に使えません。")
ATTRIBUTE_REFUSED = Sentence("attribute_refused", "「%(name)s」の設定「%(attribute)s」は経路に使えません。")
ID_REFUSED = Sentence(
    "id_refused", "IDの「%(id)s」は使えません。英字で始まる英数字と「_」で、64文字までにしてください。"
)
ID_TWICE = Sentence("id_twice", "IDの「%(id)s」が2回使われています。")

NAME_TOO_LONG = Sentence("name_too_long", "「%(name)s」の名前が長すぎます。%(limit)s文字までにしてください。")
ID_TOO_LONG = Sentence("id_too_long", "「%(name)s」のIDが長すぎます。%(limit)s文字までにしてください。")

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
    "矢印「%(name)s」の条件「%(condition)s」が読めません。比較と and・or・not だけが使えます。",
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

# What may happen on the way
NO_EXIT_FOR_DECISION = Sentence(
    "no_exit_for_decision", "分岐「%(name)s」に「%(decision)s」の出口がありません。(%(path)s)"
)
NO_EXIT = Sentence(
    "no_exit",
    "分岐「%(name)s」に、どの条件にも当てはまらないときの出口がありません。既定の矢印を決めてください。(%(path)s)",
)
TABLE_FAILS = Sentence("table_fails", "判定「%(name)s」が、答えの種類が違って判定できないことがあります。(%(path)s)")
TWO_TOKENS = Sentence(
    "two_tokens", "「%(name)s」に、同じ案件が同時に2つ届くことがあります。並行(+)の閉じ方を見直してください。(%(path)s)"
)
DEADLOCK = Sentence(
    "deadlock",
    "「%(name)s」で、もう届かない枝を待ち続けることがあります。並行(+)の閉じ方を見直してください。(%(path)s)",
)
LIVELOCK = Sentence("livelock", "「%(name)s」まで進むと、どう決めても終了できません。(%(path)s)")
TWO_OUTCOMES = Sentence(
    "two_outcomes", "1つの案件が「%(name)s」と「%(other)s」の両方で終わることがあります。(%(path)s)"
)
TOO_MANY_WAYS = Sentence(
    "too_many_ways", "進み方が多すぎて、すべてを確かめられません(%(limit)s通りまで)。並行や条件を減らしてください。"
)
NEVER_TAKEN = Sentence(
    "never_taken", "矢印「%(name)s」を通る進み方がありません。条件を見直してください。", ProblemSeverity.WARNING
)
SELF_APPROVAL = Sentence("self_approval", "起案者でない人の承認を通らずに「%(name)s」で終わる道があります。(%(path)s)")

# What the office has, and has not
NO_APPROVING_END = Sentence("no_approving_end", "承認で終わる終了がありません。終了の「結果」を設定してください。")
NOBODY_ASKED = Sentence("nobody_asked", "ステップ「%(name)s」の担当(役割か職員)を決めてください。")
ROLE_AND_PERSON = Sentence("role_and_person", "ステップ「%(name)s」の担当は、役割か職員のどちらかにしてください。")
UNKNOWN_ROLE = Sentence("unknown_role", "ステップ「%(name)s」の役割「%(value)s」はありません。")
UNKNOWN_PLACE = Sentence("unknown_place", "ステップ「%(name)s」の所属「%(value)s」はありません。")
UNKNOWN_PERSON = Sentence("unknown_person", "ステップ「%(name)s」の職員「%(value)s」は登録されていません。")
UNKNOWN_FORM = Sentence("unknown_form", "ステップ「%(name)s」の様式「%(value)s」は登録されていません。")
UNKNOWN_STEP = Sentence(
    "unknown_step", "ステップ「%(name)s」の「決めた人を除く」にある「%(value)s」は、この経路のステップではありません。"
)
NOT_ITSELF = Sentence("not_itself", "ステップ「%(name)s」の「決めた人を除く」に、そのステップ自身があります。")
DRAFTER_EXCLUDED = Sentence(
    "drafter_excluded", "ステップ「%(name)s」は起案者に頼み、起案者を除いています。誰も決められません。"
)
DRAFTER_APPROVES = Sentence("drafter_approves", "ステップ「%(name)s」は、起案者に自分の案件の承認を求めています。")
ONE_PERSON_ONLY = Sentence(
    "one_person_only",
    "ステップ「%(name)s」は1人だけに頼み、起案者を除いています。その人が起案すると、誰も決められません。",
    ProblemSeverity.WARNING,
)
QUORUM_TOO_LARGE = Sentence(
    "quorum_too_large",
    "ステップ「%(name)s」は%(of)s人に頼み、%(quorum)s人の決定を待っています。人数を見直してください。",
)
QUORUM_OF_ONE = Sentence(
    "quorum_of_one", "ステップ「%(name)s」は1人に頼み、%(quorum)s人の決定を待っています。人数を見直してください。"
)
DAYS_WITHOUT_DUE = Sentence("days_without_due", "ステップ「%(name)s」の催促や引上げの日数には、期限の日数が要ります。")
DUE_FACT_WRONG = Sentence(
    "due_fact_wrong", "ステップ「%(name)s」の期限にする「%(value)s」は、この種別の案件の日付の項目ではありません。"
)
REMIND_TOO_EARLY = Sentence(
    "remind_too_early",
    "ステップ「%(name)s」の催促(%(remind)s日前)が、期限(%(due)s日)より前になりません。",
    ProblemSeverity.WARNING,
)
ESCALATION_INCOMPLETE = Sentence(
    "escalation_incomplete", "ステップ「%(name)s」の引上げは、日数と引上げ先の両方を決めてください。"
)
UNKNOWN_NAME = Sentence(
    "unknown_name", "「%(name)s」の条件にある「%(value)s」は、この経路のステップにも様式にもありません。"
)
UNKNOWN_DECISION = Sentence(
    "unknown_decision", "「%(name)s」の条件にある「%(value)s」は、ステップ「%(step)s」で選べない決定です。"
)
UNKNOWN_WORD = Sentence(
    "unknown_word", "「%(name)s」の条件にある「%(value)s」は、「%(field)s」で選べる答えではありません。"
)
WRONG_KIND = Sentence("wrong_kind", "「%(name)s」の条件は、種類の違うものを比べています。「%(field)s」は%(kind)sです。")
NOT_TRUE_OR_FALSE = Sentence("not_true_or_false", "「%(name)s」の条件は、はい・いいえになりません。")
CANNOT_HAVE_RUN = Sentence(
    "cannot_have_run", "「%(name)s」の条件はステップ「%(step)s」の答えを読みますが、その前に通ることがありません。"
)
NEEDS_DEFAULT = Sentence(
    "needs_default", "分岐「%(name)s」の条件は計算や項目どうしの比較を含みます。既定の矢印を決めてください。"
)
TABLE_GAP = Sentence(
    "table_gap", "判定「%(name)s」に、当てはまる行のない場合があります。(%(example)s)", ProblemSeverity.WARNING
)
TABLE_OVERLAP = Sentence(
    "table_overlap", "判定「%(name)s」の%(first)s行目と%(second)s行目が、同じ場合に当てはまります。(%(example)s)"
)
TABLE_NEVER = Sentence(
    "table_never", "判定「%(name)s」の%(first)s行目は、前の行に隠れて使われません。", ProblemSeverity.WARNING
)
TABLE_TOO_COMPLEX = Sentence("table_too_complex", "判定「%(name)s」が複雑すぎて、抜けや重なりを確かめられません。")

KIND_NAMES = {"number": "数", "date": "日付", "text": "文字", "boolean": "はい・いいえ"}

# Moving a running case to another version
STEP_IS_GONE = Sentence("step_is_gone", "ステップ「%(name)s」で待っている案件は、新しい版に同じステップがありません。")
STEP_IS_OTHER = Sentence("step_is_other", "ステップ「%(name)s」は、新しい版では別の種類の部品です。")
JOIN_IS_GONE = Sentence("join_is_gone", "合流「%(name)s」で揃うのを待っている枝が、新しい版にありません。")
END_IS_GONE = Sentence("end_is_gone", "終わった枝の終了「%(name)s」が、新しい版にありません。")
CASE_IS_OVER = Sentence("case_is_over", "終わった案件は移せません。")
TRANSFER_UNVOUCHED = Sentence(
    "transfer_unvouched", "新しい版に移すと、起案者でない人の承認を通らずに「%(name)s」で終わる道ができます。(%(path)s)"
)


def _all() -> tuple[str, ...]:
    sentences = [each.message for each in globals().values() if isinstance(each, Sentence)]
    return (*sentences, *DECISION_NAMES.values(), *KIND_NAMES.values())


ALL_MESSAGES: tuple[str, ...] = _all()
"""Every msgid of this package, for the back office's catalogues."""
