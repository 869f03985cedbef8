"""How are the codes of files and of snapshots said to whoever reads them?"""

from collections.abc import Mapping

from backoffice.residents.stop_file import FeedRefused, StopKind
from backoffice.web.translations import _, language_now, translate
from workflows.rules.brought_files import Refused
from workflows.rules.cells import Reason
from workflows.rules.facts import CITY_FACTS
from workflows.rules.vocabulary import Fact

LEFT_OUT = _(
    "%(count)s行に直すところがあるので、何も取り込んでいません。"
    "直すか、その行を除いて取り込む --leave-out-quarantined を付けてください。"
)

REFUSALS: Mapping[Refused, str] = {
    Refused.UNREADABLE: _("ファイルを読めません。CSV(UTF-8かShift_JIS)かParquetにしてください。"),
    Refused.NOBODY: _("ファイルに1人も入っていません。"),
    Refused.RAGGED: _("%(place)s行目の列の数が見出しと違います。途中で切れたファイルは受け取れません。"),
    Refused.NAMED_TWICE: _("%(place)s列目の見出しが、前の列と同じです。"),
    Refused.KIND: _("%(place)s列目は、値が1つずつの列ではありません。"),
    Refused.NAMES_MY_NUMBER: _("%(place)s列目が個人番号の列とされています。個人番号はこの仕組みに入れられません。"),
    Refused.HOLDS_MY_NUMBER: _(
        "%(place)s列目に個人番号(12桁)とみられる数字があります。ファイルは受け取れません。列を除いてください。"
    ),
    Refused.NO_PSEUDONYM: _("仮名(pseudonym)の列がありません。対応表で指定してください。"),
    Refused.NO_HOUSEHOLD: _("世帯番号(household)の列がありません。対応表で指定してください。"),
    Refused.TARGET_TWICE: _("対応表で、2つの列が同じ「%(place)s」とされています。"),
    Refused.UNKNOWN_TARGET: _("対応表の「%(place)s」という項目はありません。"),
    Refused.COMPUTED_TARGET: _("「%(place)s」は世帯の行から計算するので、対応表には書けません。"),
    Refused.COLUMN_MISSING: _("対応表で「%(place)s」とされた列が、ファイルにありません。"),
    Refused.UNKNOWN_MEANING: _("対応表の符号の意味「%(place)s」は、選べる値にありません。"),
    Refused.LAYOUT: _("対応表の形が違います。columns・codes・unknown だけを書いてください。"),
}

FEED_REFUSALS: Mapping[FeedRefused, str] = {
    FeedRefused.NO_UNTIL: _(
        "1行目に「この時点から,2026-11-24T00:00,この時点まで,2026-11-24T12:00」の形で、いつの異動かを書いてください。"
    ),
    FeedRefused.AHEAD: _("1行目の時刻が、今より後です。"),
    FeedRefused.COLUMNS: _("2行目の見出しは「仮名,異動事由,異動日」の3つだけにしてください。"),
    FeedRefused.BAD_PSEUDONYM: _("見出しの下%(place)s行目の仮名の形が違います。"),
    FeedRefused.BAD_REASON: _(
        "見出しの下%(place)s行目の異動事由は、死亡・転出・支援措置・転入と、死亡取消・転出取消・支援措置取消だけです。"
    ),
    FeedRefused.BAD_DAY: _("見出しの下%(place)s行目の異動日が、日付として読めないか、先の日です。"),
    FeedRefused.TOO_LARGE: _("異動連携のファイルが大きすぎます。"),
    FeedRefused.HOLDS_MY_NUMBER: _("1行目に個人番号とみられるものがあります。ファイルは受け取れません。"),
}
STOP_NAMES: Mapping[StopKind, str] = {
    StopKind.DIED: _("死亡"),
    StopKind.MOVED_OUT: _("転出"),
    StopKind.PROTECTED: _("支援措置"),
}

REASONS: Mapping[str, str] = {
    Reason.NO_PSEUDONYM: _("仮名がない"),
    Reason.BAD_PSEUDONYM: _("仮名の形が違う(英数字6文字以上)"),
    Reason.TWICE: _("同じ仮名が2行以上ある"),
    Reason.NO_HOUSEHOLD: _("世帯番号がない"),
    Reason.TWO_HEADS: _("1つの世帯に世帯主が2人以上いる"),
    Reason.NOT_A_DATE: _("日付として読めない、または暦にない"),
    Reason.AFTER_AS_OF: _("基準日より後の日付"),
    Reason.TOO_LONG_AGO: _("古すぎる日付"),
    Reason.NOT_A_NUMBER: _("整数として読めない"),
    Reason.TOO_LARGE: _("数が大きすぎる"),
    Reason.UNKNOWN_CODE: _("知らない符号"),
    Reason.NOT_A_FLAG: _("はい・いいえとして読めない"),
    Reason.UNKNOWN_CONSENT: _("知らない同意の区分"),
}

CHANNELS: Mapping[str, str] = {"mail": _("メール"), "line": "LINE", "none": _("なし")}
LANGUAGES: Mapping[str, str] = {"ja": _("日本語"), "yasashii": _("やさしい日本語"), "en": _("英語")}
FLAGS: Mapping[str, str] = {"true": _("はい"), "false": _("いいえ")}
_OTHER_COLUMNS: Mapping[str, str] = {
    "pseudonym": _("仮名"),
    "household": _("世帯番号"),
    "consents": _("同意"),
    "channel": _("届け方"),
    "language": _("ことば"),
    "protected": _("支援措置"),
}


def name_of(fact: Fact) -> str:
    """Give a fact's name in the language being spoken."""
    return fact.en if language_now() == "en" else fact.ja


def register_of(fact: Fact) -> str:
    """Give the register that a fact comes from; it has a Japanese name only."""
    return "" if language_now() == "en" else fact.source


def column_name(column: str) -> str:
    """Give what a column of a snapshot is called, in the language being spoken."""
    fact = CITY_FACTS.get(column)
    if fact is not None:
        return name_of(fact)
    return translate(_OTHER_COLUMNS[column]) if column in _OTHER_COLUMNS else column


def value_name(fact: Fact, code: str) -> str:
    """Give what a code of a fact means, in the language being spoken."""
    choice = fact.choice(code)
    if choice is not None:
        return choice.en if language_now() == "en" else choice.ja
    return translate(FLAGS[code]) if code in FLAGS else code


def in_order(fact: Fact, shares: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    """Give shares in the order in which the vocabulary names the values: a database keeps no order."""
    names = [choice.code for choice in fact.choices] or list(FLAGS)
    return [(code, shares[code]) for code in names if code in shares]
