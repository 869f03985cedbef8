"""Which bank and which branch does a name mean? By the list of the Japanese Bankers' Association, offline.

The names there have no 銀行 and no 支店 behind them; people write both, or neither.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from forms.widths import plain, without_spaces

_KINDS = (
    ("信用金庫", "信金"),
    ("信用組合", "信組"),
    ("労働金庫", "労金"),
    ("農業協同組合", "農協"),
    ("漁業協同組合", "漁協"),
    ("中央金庫", "中金"),
)
_BANK_END = re.compile("銀行$")
_BRANCH_END = re.compile("(支店|営業部|出張所)$")


@dataclass(frozen=True, slots=True)
class Listed:
    """A bank (four digits) or a branch (three), as the list names it."""

    code: str
    name: str
    kana: str


def banks_named(name: str) -> tuple[Listed, ...]:
    """Return the banks that `name` can mean, or whose code it is; none for a name that the list has not."""
    return _every_bank().get(_bank_name(name), ())


def branches_named(bank: str, name: str) -> tuple[Listed, ...]:
    """Return the branches of the bank named `bank` that `name` can mean, or whose code it is.

    Where the list has not the bank, none of its branches is known.
    """
    return tuple(branch for one in banks_named(bank) for branch in _branches_of(one.code).get(_branch_name(name), ()))


def every_bank() -> tuple[Listed, ...]:
    """Return all banks by their code."""
    return tuple(sorted({one for found in _every_bank().values() for one in found}, key=lambda one: one.code))


def branches_of(code: str) -> tuple[Listed, ...]:
    """Return the branches of the bank with this `code` by theirs; none for a code that no bank has."""
    return tuple(sorted({one for found in _branches_of(code).values() for one in found}, key=lambda one: one.code))


@lru_cache(maxsize=1)
def _every_bank() -> Mapping[str, tuple[Listed, ...]]:
    return _by_name(_data() / "banks.json", _bank_name)


@lru_cache(maxsize=64)
def _branches_of(code: str) -> Mapping[str, tuple[Listed, ...]]:
    if not re.fullmatch("[0-9]{4}", code):
        return {}
    return _by_name(_data() / "branches" / f"{code}.json", _branch_name)


def _by_name(path: Path, spelled: Callable[[str], str]) -> Mapping[str, tuple[Listed, ...]]:
    if not path.is_file():
        return {}
    found: dict[str, tuple[Listed, ...]] = {}
    for row in json.loads(path.read_text("utf-8")).values():
        one = Listed(row["code"], plain(row["name"]), plain(row["kana"]))
        for name in {spelled(one.name), one.code}:
            found[name] = (*found.get(name, ()), one)
    return found


@lru_cache(maxsize=1)
def _data() -> Path:
    # Found, not imported: the package reads all 30,000 branches as soon as it is.
    spec = find_spec("zengin_code")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise ModuleNotFoundError("zengin_code")
    return Path(places[0]) / "source-data" / "data"


def _bank_name(name: str) -> str:
    short = without_spaces(plain(name))
    for long, abbreviated in _KINDS:
        short = short.replace(long, abbreviated)
    return _BANK_END.sub("", short)


def _branch_name(name: str) -> str:
    return _BRANCH_END.sub("", without_spaces(plain(name)))
