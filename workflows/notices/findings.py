"""How is trouble with a notice's wording said to whoever writes it? Each sentence is a Japanese msgid with a code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.notices.template import Place
from workflows.rules.findings import Severity


@dataclass(frozen=True)
class WordingFinding:
    """One thing to look at, at one text of the notice."""

    place: Place
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True)
class WordingSentence:
    code: str
    message: str
    severity: Severity = Severity.ERROR

    def at(self, place: Place, **params: object) -> WordingFinding:
        return WordingFinding(place, self.code, self.message, params, self.severity)


EMPTY = WordingSentence("empty", "まだ書かれていません。")
UNKNOWN_PLACEHOLDER = WordingSentence(
    "unknown_placeholder", "{%(name)s}という差し込みはありません。{%(nearest)s}のことですか。"
)
NO_SUCH_PLACEHOLDER = WordingSentence("no_such_placeholder", "{%(name)s}という差し込みはありません。")
STRAY_BRACE = WordingSentence("stray_brace", "「{」か「}」が片方だけ残っています。")
NO_VALUE = WordingSentence(
    "no_value", "{%(name)s}に入る値が、登録票にありません。登録票に書くか、差し込みを外してください。"
)
MAIL_ONLY = WordingSentence("mail_only", "{%(name)s}は1人ひとり違うため、LINEには入れられません。")
TOO_LONG = WordingSentence("too_long", "長すぎます。全角で%(limit)s文字までです(今は%(now)s文字)。")
RATHER_LONG = WordingSentence(
    "rather_long", "長めです。全角で%(limit)s文字ほどまでにすると、読まれやすくなります。", Severity.WARNING
)
SAYS_NOT_WHAT = WordingSentence("says_not_what", "何のお知らせかが書かれていません。制度の名称か説明を入れてください。")
SAYS_NOT_UNTIL_WHEN = WordingSentence(
    "says_not_until_when", "いつまでかが書かれていません。{%(name)s}を入れてください。"
)
SAYS_NOT_HOW = WordingSentence(
    "says_not_how", "どうすればよいかが書かれていません。手続のリンク、受付窓口、電話番号のどれかを入れてください。"
)
NOT_HTTPS = WordingSentence("not_https", "リンクは https:// で始まるものだけです: %(url)s")
FOREIGN_LINK = WordingSentence("foreign_link", "市のもの以外へのリンクは使えません: %(host)s")
FORBIDDEN_WORD = WordingSentence(
    "forbidden_word", "「%(word)s」は、不安にさせたり、詐欺のように読めたりするため使えません。"
)
MY_NUMBER = WordingSentence("my_number", "個人番号(マイナンバー)に見える数字があります。お知らせには書けません。")
GIVES_AWAY = WordingSentence(
    "gives_away",
    "「%(word)s」は、画面を見たほかの人に家庭の事情を知らせてしまいます。理由をサインインの後に見せる制度では使えません。",
)
MAY_GIVE_AWAY = WordingSentence(
    "may_give_away", "「%(word)s」は、画面を見たほかの人に家庭の事情を知らせるかもしれません。", Severity.WARNING
)
VEILED_LINK = WordingSentence(
    "veiled_link",
    "理由をサインインの後に見せる制度では、LINEに入れられるリンクは{サインインのリンク}だけです。住所からも中身が分かります。",
)
LONG_SENTENCE = WordingSentence(
    "long_sentence",
    "やさしい日本語の文が長めです(「%(begins)s…」)。1つの文に1つのことだけを書いてください。",
    Severity.WARNING,
)
NO_READING = WordingSentence(
    "no_reading",
    "読みのない漢字があります: %(words)s。初めて出たところに「学校(がっこう)」のように書いてください。",
    Severity.WARNING,
)
JAPANESE_IN_ENGLISH = WordingSentence("japanese_in_english", "英語の文面に日本語があります。", Severity.WARNING)
JAPANESE_VALUE = WordingSentence(
    "japanese_value",
    "{%(name)s}には日本語の値が入ります。英語で書き直すか、外すことを考えてください。",
    Severity.WARNING,
)

ALL_WORDING_SENTENCES = tuple(each for each in list(vars().values()) if isinstance(each, WordingSentence))
