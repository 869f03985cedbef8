"""What may a link do to the people behind it? Ten questions that terms do not answer, and what they do.

Codes are stored in agreements: a concern is added, never renamed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Concern(StrEnum):
    """One thing that makes a link riskier for the people whose data flows."""

    SENSITIVE = "sensitive"
    PRIVATE = "private"
    WITHOUT_CONSENT = "without_consent"
    CHILDREN = "children"
    IDENTIFIES = "identifies"
    LONG_KEPT = "long_kept"
    WEAK_PEOPLE = "weak_people"
    MANY_PEOPLE = "many_people"
    COMBINED = "combined"
    AUTOMATED = "automated"
    ONWARD = "onward"
    ABROAD = "abroad"
    CLOUD = "cloud"
    FREE_TEXT = "free_text"
    TRACKED = "tracked"
    HARM = "harm"


class Risk(StrEnum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"

    @property
    def rank(self) -> int:
        return tuple(Risk).index(self)


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """How a concern is called, and what is asked about it; no question where the terms answer."""

    ja: str
    en: str
    asks: str = ""
    asks_en: str = ""
    heavy: bool = False
    """Alone enough for a high risk."""


CONCERNS: Mapping[Concern, ConcernRow] = MappingProxyType(
    {
        Concern.SENSITIVE: ConcernRow("慎重に扱う項目を渡す", "sensitive attributes", heavy=True),
        Concern.PRIVATE: ConcernRow("相手が民間", "a private partner"),
        Concern.WITHOUT_CONSENT: ConcernRow("本人の同意によらない", "without the person's consent"),
        Concern.CHILDREN: ConcernRow("18歳未満の人も対象に入る", "people under 18 among the subjects"),
        Concern.IDENTIFIES: ConcernRow(
            "答えだけでなく、氏名や生年月日などそのものを渡す", "more than claims: a name, a date of birth"
        ),
        Concern.LONG_KEPT: ConcernRow("受け取った側で1年より長く残す", "kept for more than a year"),
        Concern.WEAK_PEOPLE: ConcernRow(
            "弱い立場の人をおもな対象にする",
            "mostly about people in a weak position",
            "子ども、障がいのある人、生活に困っている人など、弱い立場の人をおもな対象にしますか。",
            "Is it mostly about children, people with disabilities, people in need or others in a weak position?",
        ),
        Concern.MANY_PEOPLE: ConcernRow(
            "10万人以上が使う見込み",
            "100,000 people or more",
            "10万人以上が使う見込みですか。",
            "Are 100,000 people or more expected to use it?",
        ),
        Concern.COMBINED: ConcernRow(
            "ほかのデータと突き合わせる",
            "combined with other data",
            "受け取った側で、ほかから得たデータと突き合わせますか。",
            "Will the recipient combine it with data from elsewhere?",
        ),
        Concern.AUTOMATED: ConcernRow(
            "人が見ずに、本人に不利なことも決める",
            "decisions against a person without a human look",
            "人が見ずに、機械だけで、本人に不利にもなりうることを決めますか。",
            "Will a machine alone decide what may go against the person?",
            heavy=True,
        ),
        Concern.ONWARD: ConcernRow(
            "さらにほかの者に渡す、または別の目的に使う",
            "handed on, or used for something else",
            "受け取った側が、さらにほかの者に渡す(売ることを含む)か、別の目的に使うことがありますか。",
            "May the recipient hand it on, sell it, or use it for something else?",
            heavy=True,
        ),
        Concern.ABROAD: ConcernRow(
            "日本の外に置く",
            "stored abroad",
            "日本の外に置くか、外国の法律で開示を求められうる事業者に預けますか。",
            "Will it lie abroad, or with a firm that foreign law may compel to disclose it?",
        ),
        Concern.CLOUD: ConcernRow(
            "ほかの利用者と共用のクラウドに置く",
            "stored in a shared cloud",
            "ほかの利用者と共用のクラウドに置きますか。",
            "Will it lie in a cloud shared with other customers?",
        ),
        Concern.FREE_TEXT: ConcernRow(
            "人が自由に書いた文が一緒に残る",
            "free text kept beside it",
            "受け取った側で、人が自由に書いた文(相談の記録など)が一緒に残りますか。",
            "Will the recipient keep free text, such as notes of a consultation, beside it?",
        ),
        Concern.TRACKED: ConcernRow(
            "行動や暮らしぶりを追える形で残る",
            "lets people be followed over time",
            "いつ、どこで使ったかが続けて残り、行動や暮らしぶりを追える形になりますか。",
            "Will it be kept when and where people used it, so that they can be followed over time?",
        ),
        Concern.HARM: ConcernRow(
            "漏れると、取り返しのつかない害がありうる",
            "a leak may do harm that cannot be undone",
            "漏れたとき、命、体、財産、差別など、取り返しのつかない害が本人にありえますか。",
            "Could a leak do the person harm that cannot be undone: to life, body, property, or by discrimination?",
            heavy=True,
        ),
    }
)
QUESTIONS = tuple(concern for concern, row in CONCERNS.items() if row.asks)


@dataclass(frozen=True)
class Answer:
    """What the drafter says to one question: yes with a sentence about it, or no."""

    concern: Concern
    yes: bool
    words: str = ""


@dataclass(frozen=True)
class Measure:
    """What is done about one concern."""

    concern: Concern
    words: str


@dataclass(frozen=True)
class Impact:
    """The questionnaire of one version, whole or half."""

    answers: tuple[Answer, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def unanswered(self) -> tuple[Concern, ...]:
        said = {answer.concern for answer in self.answers}
        return tuple(concern for concern in QUESTIONS if concern not in said)

    @property
    def said_yes(self) -> frozenset[Answer]:
        return frozenset(answer for answer in self.answers if answer.yes)

    def words_about(self, concern: Concern) -> str:
        return next((each.words for each in self.answers if each.concern is concern and each.yes), "")

    def measure_against(self, concern: Concern) -> str:
        return next((each.words for each in self.measures if each.concern is concern), "")


NOT_ASSESSED = Impact()
