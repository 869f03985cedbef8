"""What waits to be keyed into these systems? Seeded, invented papers, each value as it is keyed, by the box's label."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from rpa_bots.fake_base.people import Person, somebody
from rpa_bots.fake_base.recorded import Row
from rpa_bots.fake_offices.office import OldOffice

Invented = Mapping[str, str]
CLINICS: Final = ("架空内科医院", "演習クリニック", "見本整形外科")
WORKS: Final = ("家庭教育学級", "人権講座", "通学路見守り講習")
WISHES: Final = (
    ("街灯の増設", "公園の北側の道が暗い。街灯を2つ増やしてほしい。"),
    ("水飲み場の修理", "中央公園の水飲み場が壊れている。\n子どもが使えるように直してほしい。"),
    ("歩道の段差", "駅前の歩道に段差がある。車いすで通れるようにしてほしい。"),
)
COMPANIES: Final = ("架空ソフト株式会社", "見本デザイン株式会社", "演習データ株式会社", "仮名クラウド合同会社")
LEASE: Final = "shomei.pdf"
FIRST_BIRTH: Final = date(1930, 1, 8)
AGES: Final = 12_000
"""Days of births: 1930 to 1962, all of 昭和."""
NUMBERED: Final = "{}-R8-{:05d}"


def rows(office: OldOffice, count: int, seed: int, today: date) -> list[Row]:
    """Invent `count` papers for a system, the same for the same seed and day."""
    chance = random.Random(f"{office.key}/{seed}")  # noqa: S311 - invented people, not secrets
    labels = office.labels
    return [
        {office.reference.label: NUMBERED.format(office.letter, number)}
        | {labels[key]: text for key, text in INVENTED[office.key](chance, somebody(chance), today).items()}
        for number in range(1, count + 1)
    ]


def _library(chance: random.Random, one: Person, _today: date) -> Invented:
    born = FIRST_BIRTH + timedelta(days=chance.randrange(AGES))
    return {
        "shimei": one.name,
        "kana": one.kana,
        "umare": f"{born:%Y/%m/%d}",
        "yubin": one.postal_code,
        "jusho": one.address,
        "denwa": one.phone,
        "kan": chance.choice(("02", "03", "04")),
        "kubun": "1",
    }


def _care(chance: random.Random, one: Person, _today: date) -> Invented:
    born = FIRST_BIRTH + timedelta(days=chance.randrange(AGES))
    return {
        "hihokensha": f"{chance.randrange(10**10):010d}",
        "kana": one.kana,
        "shimei": one.name,
        "gengo": "昭和",
        "nen": str(born.year - 1925),
        "tsuki": str(born.month),
        "hi": str(born.day),
        "yubin": one.postal_code,
        "jusho": one.address,
        "shurui": chance.choice(("1", "2", "3")),
        "iin": chance.choice(CLINICS),
        "biko": "耳が遠いので、大きな声で話す。",
    }


def _rewards(chance: random.Random, one: Person, today: date) -> Invented:
    done = today - timedelta(days=chance.randint(1, 30))
    return {
        "kana": one.kana,
        "shimei": one.name,
        "jusho": one.address,
        "jigyo": chance.choice(WORKS),
        "jisshi": f"{done:%Y/%m/%d}",
        "kingaku": str(chance.randint(5, 40) * 1000),
        "kamoku": chance.choice(("11", "12")),
    }


def _residents(chance: random.Random, one: Person, today: date) -> Invented:
    status = chance.choice(("1", "2", "3"))
    return {
        "kana": one.kana,
        "shimei": one.name,
        "umare": f"{FIRST_BIRTH + timedelta(days=chance.randrange(AGES)):%Y/%m/%d}",
        "jusho": one.address,
        "kubun": status,
        "kubunbi": f"{today - timedelta(days=chance.randint(200, 8000)):%Y/%m/%d}" if status != "1" else "",
        "fuyo": str(chance.randint(0, 3)),
    }


def _arrears(chance: random.Random, one: Person, _today: date) -> Invented:
    return {
        "kana": one.kana,
        "shimei": one.name,
        "yubin": one.postal_code,
        "jusho": one.address,
        "nendo": "令和8",
        "ki": str(chance.randint(1, 6)),
        "mino": str(chance.randint(20, 300) * 100),
    }


def _petitions(chance: random.Random, one: Person, today: date) -> Invented:
    title, wish = chance.choice(WISHES)
    return {
        "hi": f"{today - timedelta(days=chance.randint(0, 5)):%Y/%m/%d}",
        "dare": one.name,
        "kenmei": title,
        "yoshi": wish,
        "kyoku": chance.choice(("01", "02", "03")),
        "kaito": "1",
    }


def _grants(chance: random.Random, one: Person, today: date) -> Invented:
    rent, hired = chance.randint(10, 120) * 10_000, chance.randint(0, 12)
    return {
        "hojin": chance.choice(COMPANIES),
        "daihyo": one.name,
        "jimusho": one.address,
        "kaishi": f"{today - timedelta(days=chance.randint(40, 300)):%Y/%m/%d}",
        "chinryo": str(rent),
        "koyo": str(hired),
        "kofu": str(grant_of(rent, hired)),
        "shomei": LEASE,
    }


def grant_of(rent: int, hired: int) -> int:
    """Give the invented grant in yen: half of a year's rent, 6,000,000 at most, and 300,000 for each person hired."""
    return min(rent * 6, 6_000_000) + hired * 300_000


INVENTED: Final[Mapping[str, Callable[[random.Random, Person, date], Invented]]] = {
    "library": _library,
    "care": _care,
    "rewards": _rewards,
    "petitions": _petitions,
    "residents": _residents,
    "arrears": _arrears,
    "grants": _grants,
}
