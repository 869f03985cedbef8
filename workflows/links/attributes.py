"""What can a link hand over at all? A closed list: what is not here never flows, whatever an agreement says.

Claims come before facts: who needs to know that somebody is over 65 is told so, not the date of birth. Of tax and
disability there are claims alone. Codes are stored in agreements, consents and the use log: an attribute is added,
never renamed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from workflows.rules.facts import CITY_FACTS
from workflows.rules.vocabulary import ConsentClass, Fact

Claim = bool | int | str
"""What is handed over of one person; a date as ISO text."""

AGES = (15, 18, 20, 60, 65, 70, 75)


class Source(StrEnum):
    SNAPSHOT = "snapshot"
    """Derived from what the city's registers say."""
    PORTAL = "portal"
    """Handed over by the portal with the request; this office holds none of it."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing that may be said of a person. `says` is a sentence for residents, `says_en` for a partner's people."""

    code: str
    ja: str
    en: str
    says: str
    says_en: str
    source: Source
    facts: tuple[Fact, ...] = ()
    """Behind it, of a snapshot; none where the portal hands it over."""
    is_claim: bool = False
    """It answers one question; otherwise it stands as a register or the person has it."""
    tells: frozenset[str] = field(default=frozenset())
    """What whoever knows this one knows, too, on the same day. All of it: what those tell again stands here as well."""

    @property
    def is_sensitive(self) -> bool:
        return any(fact.sensitive for fact in self.facts)

    @property
    def consents(self) -> frozenset[ConsentClass]:
        """The classes of consent that open the facts behind it."""
        return frozenset(fact.consent for fact in self.facts if fact.consent is not None)

    @property
    def household_consents(self) -> frozenset[ConsentClass]:
        """Of these, the ones that every member of the household must have given."""
        return frozenset(fact.consent for fact in self.facts if fact.consent and fact.of_whole_household)


def _of_portal(code: str, ja: str, en: str, says: str, says_en: str, tells: Iterable[str] = ()) -> Attribute:
    return Attribute(code, ja, en, says, says_en, Source.PORTAL, tells=frozenset(tells))


def _fact(code: str, tells: Iterable[str] = ()) -> Attribute:
    """Give a fact of the register as it stands."""
    fact = CITY_FACTS.facts[code]
    says_en = f"The {fact.en} in the city's registers."
    return Attribute(code, fact.ja, fact.en, fact.meaning, says_en, Source.SNAPSHOT, (fact,), tells=frozenset(tells))


def _claim(
    code: str, names: tuple[str, str], says: tuple[str, str], facts: str, tells: Iterable[str] = ()
) -> Attribute:
    behind = tuple(CITY_FACTS.facts[fact] for fact in facts.split())
    return Attribute(code, *names, *says, Source.SNAPSHOT, behind, is_claim=True, tells=frozenset(tells))


def age_over(age: int) -> str:
    return f"age_over_{age}"


def _over(age: int) -> Attribute:
    says = (f"{age}歳に達しているかどうか。", f"Whether the age of {age} has been attained.")
    return _claim(age_over(age), (f"{age}歳以上", f"aged {age} or over"), says, "birth_date")


OF_AGE = (*map(age_over, AGES), "compulsory_school_age")
_FROM_BIRTH = ("age", "birth_year", *OF_AGE)
_FROM_ADDRESS = ("ward", "city_resident")

_EVERY = (
    _of_portal("full_name", "氏名", "full name", "漢字などで書いた氏名。", "The person's full name."),
    _of_portal("name_kana", "氏名のふりがな", "name in kana", "氏名の読み方。", "How the name is read."),
    _of_portal(
        "address",
        "住所",
        "address",
        "郵便番号を除く、今の住所。",
        "Where the person lives.",
        ("postal_code", *_FROM_ADDRESS),
    ),
    _of_portal(
        "postal_code",
        "郵便番号",
        "postal code",
        "今の住所の郵便番号。",
        "The postal code of the address.",
        _FROM_ADDRESS,
    ),
    _of_portal("telephone", "電話番号", "telephone number", "連絡がつく電話番号。", "A number for calling the person."),
    _of_portal("mail", "メールアドレス", "mail address", "連絡がつくメールアドレス。", "An address for writing mail."),
    _fact("birth_date", _FROM_BIRTH),
    _fact("sex"),
    _fact("ward", ("city_resident",)),
    _fact("resident_since", ("city_resident",)),
    _fact("household_size"),
    _claim("age", ("年齢", "age"), ("達している年齢。", "The age attained."), "birth_date", map(age_over, AGES)),
    _claim("birth_year", ("生まれた年", "year of birth"), ("生まれた年。", "The year of birth."), "birth_date"),
    *map(_over, AGES),
    _claim(
        "compulsory_school_age",
        ("小・中学生の年齢", "of compulsory school age"),
        (
            "小学校か中学校に通う学年の年齢かどうか。",
            "Whether the age is one at which elementary or junior high school is attended.",
        ),
        "birth_date",
    ),
    _claim(
        "city_resident",
        ("福岡市民", "resident of the city"),
        ("福岡市に住民票があること。", "That the person is registered as living in the city."),
        "ward",
    ),
    _claim(
        "disability_discount",
        ("障がい者割引の対象", "disability discount"),
        ("障がい者割引を受けられるかどうか。", "Whether the person has the discount for people with disabilities."),
        "disability_physical disability_intellectual disability_mental",
    ),
    _claim(
        "disability_discount_class",
        ("割引の区分", "class of discount"),
        (
            "割引の区分(Aは介助の人も、Bは本人だけ、Nはなし)。",
            "The class of discount: A for the person and somebody who assists, B for the person alone, N for none.",
        ),
        "disability_physical disability_intellectual disability_mental",
        ("disability_discount",),
    ),
    _claim(
        "tax_exempt_household",
        ("市民税非課税の世帯", "household exempt from municipal tax"),
        ("世帯の全員に市民税がかからないかどうか。", "Whether nobody of the household pays municipal tax."),
        "municipal_tax",
    ),
)

ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType({each.code: each for each in _EVERY})


def attribute(code: str) -> Attribute:
    """Give the attribute of this code. Raises LookupError."""
    return ATTRIBUTES[code]


def told_by(codes: Iterable[str]) -> frozenset[str]:
    """Give all that is known to whoever knows these attributes, themselves included; each alone, not put together."""
    known: set[str] = set()
    for code in codes:
        known.add(code)
        if code in ATTRIBUTES:
            known |= ATTRIBUTES[code].tells
    return frozenset(known)
