"""Which invented families apply? Seeded applications for demonstrations, tests and benchmarks."""

import random
from datetime import date, timedelta
from typing import Final

from rpa_bots.fake_base.ledger import Value

FAMILIES: Final = (
    ("佐藤", "サトウ"), ("髙橋", "タカハシ"), ("山﨑", "ヤマザキ"), ("渡邉", "ワタナベ"), ("齋藤", "サイトウ"),
    ("五十嵐", "イガラシ"), ("小笠原", "オガサワラ"), ("辻", "ツジ"), ("栁田", "ヤナギダ"), ("福元", "フクモト"),
)  # fmt: skip
PARENTS: Final = (
    ("香織", "カオリ"),
    ("健一", "ケンイチ"),
    ("由美子", "ユミコ"),
    ("大輔", "ダイスケ"),
    ("恵", "メグミ"),
)
CHILDREN: Final = (("拓真", "タクマ"), ("陽菜", "ヒナ"), ("蓮", "レン"), ("結衣", "ユイ"), ("さくら", "サクラ"))
TOWNS: Final = (
    ("810-0001", "福岡市中央区天神"),
    ("812-0011", "福岡市博多区博多駅前"),
    ("814-0002", "福岡市早良区西新"),
)
SCHOOLS: Final = ("市立桜丘小学校", "市立南ヶ丘小学校", "市立舞鶴中学校", "市立第①小学校分校")
BANKS: Final = (("福岡銀行", "天神支店"), ("西日本シティ銀行", "西新支店"), ("ゆうちょ銀行", "七四八"))
NOT_IN_SHIFT_JIS: Final = ("𠮷田", "ヨシダ")


def generate(count: int, seed: int, *, unencodable_every: int = 0) -> list[dict[str, Value]]:
    """Invent `count` applications in normal form (ISO dates, ints, bools), each with its own `reference`.

    All can be written in Shift_JIS, but for every `unencodable_every`-th when that is not 0.
    """
    chance = random.Random(seed)  # noqa: S311 - invented families, not secrets
    return [
        _application(chance, number, plain=not (unencodable_every and number % unencodable_every == 0))
        for number in range(1, count + 1)
    ]


def _application(chance: random.Random, number: int, *, plain: bool) -> dict[str, Value]:
    family, family_kana = chance.choice(FAMILIES) if plain else NOT_IN_SHIFT_JIS
    return {
        "reference": f"就援-R8-{number:05d}",
        "apply_date": (date(2026, 4, 6) + timedelta(days=chance.randrange(60))).isoformat(),
        **_parent(chance, family, family_kana),
        **_child(chance, family, family_kana),
        "children": chance.randint(1, 4),
        "household": chance.randint(2, 7),
        "income": chance.randrange(800_000, 4_200_000),
        **{f"cb{number}": chance.random() < 1 / 3 for number in range(8)},
    }


def _parent(chance: random.Random, family: str, kana: str) -> dict[str, Value]:
    given, given_kana = chance.choice(PARENTS)
    postal, town = chance.choice(TOWNS)
    bank, branch = chance.choice(BANKS)
    return {
        "kana": f"{kana} {given_kana}",
        "name": f"{family} {given}",
        "birth": (date(1966, 1, 1) + timedelta(days=chance.randrange(11_000))).isoformat(),
        "postal": postal,
        "address": f"{town}{chance.randint(1, 9)}-{chance.randint(1, 30)}-{chance.randint(1, 20)}",
        "phone": f"090-{chance.randrange(10_000):04d}-{chance.randrange(10_000):04d}",
        "insured": f"{chance.randrange(10**8):08d}",
        "bank": bank,
        "branch": branch,
        "account": f"{chance.randrange(10**7):07d}",
        "holder": f"{kana} {given_kana}",
    }


def _child(chance: random.Random, family: str, kana: str) -> dict[str, Value]:
    given, given_kana = chance.choice(CHILDREN)
    return {
        "child_kana": f"{kana} {given_kana}",
        "child_name": f"{family} {given}",
        "child_birth": (date(2011, 4, 2) + timedelta(days=chance.randrange(3_000))).isoformat(),
        "school": chance.choice(SCHOOLS),
        "grade": f"{chance.randint(1, 6)}年{chance.randint(1, 4)}組",
    }
