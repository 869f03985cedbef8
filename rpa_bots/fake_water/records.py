"""Who moves in? Seeded, invented move-ins as a spreadsheet of the waterworks would hold them, for tests and benches."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from rpa_bots.fake_base.ledger import Registration, Value
from rpa_bots.fake_base.people import FAMILIES, GIVEN
from rpa_bots.fake_water.fields import TOWNS

REFERENCE: Final = "受付番号"
COLUMNS: Final = (
    REFERENCE,
    "開栓年",
    "開栓月",
    "開栓日",
    "フリガナ",
    "使用者氏名",
    "郵便番号",
    "番地",
    "建物・部屋",
    "電話番号",
    "水栓番号",
    "口径",
    "使用人数",
    "備考",
)
BUILDINGS: Final = ("コーポ桜丘", "第①ハイツ", "メゾン浜", "㈱南社宅")
REMARKS: Final = ("犬がいます", "午前中に立会を希望", "前の使用者の名義が残る", "鍵は管理会社が持つ")


def generate(count: int, seed: int, today: date) -> list[dict[str, str]]:
    """Invent `count` move-ins of the 60 days after `today`, none of which two have the same 水栓番号.

    Every value is as it is keyed: days in three parts, the code of a 口径, a 郵便番号 without its hyphen.
    """
    chance = random.Random(seed)  # noqa: S311 - invented people, not secrets
    return [_move_in(chance, number, today) for number in range(1, count + 1)]


def stored(row: Mapping[str, str]) -> dict[str, Value]:
    """Tell what the system holds when a row was keyed unchanged, of the boxes that the row's columns fill."""
    day = date(*(int(row[part]) for part in ("開栓年", "開栓月", "開栓日")))
    return {
        "hiduke": day.isoformat(),
        "kana": row["フリガナ"],
        "shimei": row["使用者氏名"],
        "yubin": row["郵便番号"],
        "jusho": TOWNS[row["郵便番号"]],
        "banchi": row["番地"],
        "tatemono": row["建物・部屋"],
        "denwa": row["電話番号"],
        "suisen": row["水栓番号"],
        "kokei": row["口径"],
        "ninzu": row["使用人数"],
        "biko": row["備考"],
    }


def is_of(registration: Registration, row: Mapping[str, str]) -> bool:
    """Tell whether a registration came of this row, even where some of its values were altered on the way."""
    meant = stored(row)
    same = sum(registration.values.get(key) == value for key, value in meant.items())
    return registration.values.get("suisen") == meant["suisen"] or same > len(meant) * 2 / 3


def _move_in(chance: random.Random, number: int, today: date) -> dict[str, str]:
    (family, family_kana), (given, given_kana) = chance.choice(FAMILIES), chance.choice(GIVEN)
    day = today + timedelta(days=chance.randint(1, 60))
    return {
        REFERENCE: f"水-R8-{number:05d}",
        "開栓年": str(day.year),
        "開栓月": str(day.month),
        "開栓日": str(day.day),
        "フリガナ": f"{family_kana} {given_kana}",
        "使用者氏名": f"{family} {given}",
        "郵便番号": chance.choice(tuple(TOWNS)),
        "番地": f"{chance.randint(1, 9)}-{chance.randint(1, 30)}-{chance.randint(1, 20)}",
        "建物・部屋": f"{chance.choice(BUILDINGS)}{chance.randint(1, 9)}0{chance.randint(1, 9)}",
        "電話番号": f"090-0{chance.randrange(1000):03d}-{chance.randrange(10_000):04d}",
        "水栓番号": f"{chance.randrange(10**5):05d}{number:05d}",
        "口径": chance.choice(("13", "20", "25")),
        "使用人数": str(chance.randint(1, 7)),
        "備考": chance.choice(REMARKS),
    }
