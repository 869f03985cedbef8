"""Who lives in the demonstration city? Invented people: seeded names, addresses, telephones."""

import random
from dataclasses import dataclass
from typing import Final

FAMILIES: Final = (
    ("佐藤", "サトウ"),
    ("髙橋", "タカハシ"),
    ("山﨑", "ヤマザキ"),
    ("渡邉", "ワタナベ"),
    ("五十嵐", "イガラシ"),
    ("辻", "ツジ"),
    ("福元", "フクモト"),
)
GIVEN: Final = (("恵", "メグミ"), ("健一", "ケンイチ"), ("由美子", "ユミコ"), ("大輔", "ダイスケ"), ("蓮", "レン"))
STREETS: Final = (
    ("8100001", "福岡市中央区天神"),
    ("8120011", "福岡市博多区博多駅前"),
    ("8140002", "福岡市早良区西新"),
    ("8150032", "福岡市南区塩原"),
)


@dataclass(frozen=True)
class Person:
    name: str
    kana: str
    postal_code: str
    address: str
    phone: str


def somebody(chance: random.Random) -> Person:
    (family, family_kana), (given, given_kana) = chance.choice(FAMILIES), chance.choice(GIVEN)
    postal_code, street = chance.choice(STREETS)
    return Person(
        f"{family} {given}",
        f"{family_kana} {given_kana}",
        postal_code,
        f"{street}{chance.randint(1, 9)}-{chance.randint(1, 30)}",
        f"090-0{chance.randrange(1000):03d}-{chance.randrange(10_000):04d}",
    )
