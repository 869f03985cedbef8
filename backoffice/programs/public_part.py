"""What of a program in force may everybody read? Never what it asks of the office, its examples, or who wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from backoffice.programs.models import ProgramVersion
from backoffice.programs.sheets import Values, definition, rule_kept, values_of
from forms.field_types import Value
from workflows.rules.sentences import Language, Names, sentence

SpokenLanguage = Literal["ja", "easy", "en"]

PUBLISHED = frozenset(
    {
        *("name_ja", "name_easy", "name_en", "summary_ja", "summary_easy", "summary_en"),
        *("legal_basis", "purpose", "category", "starts", "ends", "amount", "url", "counter", "telephone", "documents"),
        *("event_birth", "event_raising", "event_school", "event_work", "event_moving", "event_illness"),
        *("event_care", "event_old_age", "by_online", "by_counter", "by_post", "by_phone"),
    }
)
WITHHELD = frozenset({"body_class", "expected_applications", "expected_calls", "staff_hours", "system_changes"})
"""What the office keeps to itself; a question added to the sheet has to be put on one of the two lists."""


@dataclass(frozen=True)
class Text:
    """The same words for those who read Japanese, plain Japanese or English; "" where they were not written."""

    ja: str
    easy: str = ""
    en: str = ""

    def in_language(self, wanted: SpokenLanguage) -> tuple[SpokenLanguage, str]:
        """Give the words and their language: the one wanted, else Japanese."""
        words: str = {"ja": self.ja, "easy": self.easy, "en": self.en}[wanted]
        return (wanted, words) if words else ("ja", self.ja)

    @property
    def written(self) -> dict[SpokenLanguage, str]:
        every: dict[SpokenLanguage, str] = {"ja": self.ja, "easy": self.easy, "en": self.en}
        return {language: words for language, words in every.items() if words}


@dataclass(frozen=True)
class Coded:
    """A choice from a list of ours: its code and what it is called."""

    code: str
    name: Text


@dataclass(frozen=True)
class Organisation:
    """A 局, 部 or 課, or the city itself."""

    id: int
    name: str


@dataclass(frozen=True)
class PublicProgram:
    number: str
    predecessor: str
    """The number of the program of the year before; "" for a new one."""
    version: int
    effective_from: date
    owner: Sequence[Organisation]
    """From the city down to the 課."""
    name: Text
    summary: Text
    purpose: str
    legal_basis: str
    category: Coded
    life_events: Sequence[Coded]
    audience: Text | None
    """The rule as a sentence; None where its reason is shown after sign-in only."""
    starts: date
    ends: date | None
    amount: str
    ways: Sequence[Coded]
    """How one may apply."""
    url: str
    counter: str
    telephone: str
    documents: Sequence[str]

    @property
    def languages(self) -> list[SpokenLanguage]:
        """In which languages both its name and its summary are written."""
        return [each for each in self.name.written if each in self.summary.written]


WAYS = {
    "by_online": Coded("online", Text("オンライン", en="Online")),
    "by_counter": Coded("counter", Text("窓口", en="At the counter")),
    "by_post": Coded("post", Text("郵送", en="By post")),
    "by_phone": Coded("phone", Text("電話", en="By telephone")),
}
EVENTS = {
    field.key: Coded(
        field.key.removeprefix("event_"),
        Text(field.label.partition(":")[2], en=field.label_en.partition(": ")[2]),
    )
    for field in definition().fields
    if field.key.startswith("event_")
}
CATEGORIES = {
    option.code: Coded(option.code, Text(option.label, en=option.label_en))
    for option in definition().field("category").options
}


def public_part(version: ProgramVersion, owner: Sequence[Organisation], names: Names) -> PublicProgram:
    """Give of a version in force what everybody may read; `names` knows programs by what they are called in public."""
    values = values_of(version)
    predecessor = version.program.predecessor
    return PublicProgram(
        number=version.program.number,
        predecessor="" if predecessor is None else predecessor.number,
        version=version.number,
        effective_from=version.effective_from or _day(values["starts"]),
        owner=owner,
        name=_in_three(values, "name"),
        summary=_in_three(values, "summary"),
        purpose=_words(values["purpose"]),
        legal_basis=_words(values["legal_basis"]),
        category=CATEGORIES[_words(values["category"])],
        life_events=[event for key, event in EVENTS.items() if values[key]],
        audience=_audience(version, values, names),
        starts=_day(values["starts"]),
        ends=None if values["ends"] is None else _day(values["ends"]),
        amount=_words(values["amount"]),
        ways=[way for key, way in WAYS.items() if values[key]],
        url=_words(values["url"]),
        counter=_words(values["counter"]),
        telephone=_words(values["telephone"]),
        documents=[line for line in _words(values["documents"]).splitlines() if line],
    )


def is_open_to_applicants(program: PublicProgram, day: date) -> bool:
    """Say whether there is still something to apply for, today or later."""
    return program.ends is None or day <= program.ends


def _audience(version: ProgramVersion, values: Values, names: Names) -> Text | None:
    rule = rule_kept(version)
    if rule is None or values["body_class"] != "open":
        return None
    return Text(sentence(rule, names), en=sentence(rule, names, Language.EN))


def _in_three(values: Values, key: str) -> Text:
    return Text(*(_words(values[f"{key}_{language}"]) for language in ("ja", "easy", "en")))


def _words(value: Value) -> str:
    return "" if value is None else str(value)


def _day(value: Value) -> date:
    return date.fromisoformat(str(value))
