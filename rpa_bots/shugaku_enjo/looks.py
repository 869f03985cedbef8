"""Which screen is this, and what does it say? Pure: a `Look` taken from the page goes in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from rpa_bots.outcomes import Cause, TargetTroubleError


class Screen(Enum):
    SIGN_IN = auto()
    FRAMES = auto()
    SEARCH = auto()
    ENTRY = auto()
    RECEIPT = auto()
    DETAIL = auto()
    DUPLICATE = auto()
    MAINTENANCE = auto()
    PASSWORD_EXPIRED = auto()
    UNKNOWN = auto()


TITLES: Final = {
    "就学援助システム ログイン": Screen.SIGN_IN,
    "就学援助システム": Screen.FRAMES,
    "申請検索": Screen.SEARCH,
    "就学援助申請入力": Screen.ENTRY,
    "登録完了": Screen.RECEIPT,
    "申請照会": Screen.DETAIL,
    "重複エラー": Screen.DUPLICATE,
    "メンテナンス中": Screen.MAINTENANCE,
    "パスワード変更": Screen.PASSWORD_EXPIRED,
}
# The only dialogs of this system that may be answered with OK.
ALLOWED_DIALOGS: Final = (re.compile(r"登録します。よろしいですか？"), re.compile(r"登録しました。"))
RECEIPT_NUMBER: Final = re.compile(r"E[0-9]{7}")
# Everything that says who applied, and why they are in need; 申請日 and the two numbers may stay readable.
MASKED_BOXES: Final = (
    "form[name=entry] input:not([name=reference], [name^=apply_date], [type=submit]), "
    "form[name=entry] select:not([name^=apply_date]), .error"
)
MASKED_ROWS: Final = "table.values td"

LOOK: Final = """() => ({
  title: document.title,
  errors: [...document.querySelectorAll('.error')].map(each => each.innerText),
  cells: [...document.querySelectorAll('th')]
    .filter(each => each.nextElementSibling && each.nextElementSibling.tagName === 'TD')
    .map(each => [each.textContent, each.nextElementSibling.textContent]),
  numbers: [...document.querySelectorAll('a.number')].map(each => each.textContent),
  searched: document.querySelector('form[name=search] [name=reference]')?.value ?? '',
  nothing: !!document.querySelector('form[name=new]'),
})"""


@dataclass(frozen=True)
class Look:
    title: str = ""
    errors: tuple[str, ...] = ()
    cells: Mapping[str, str] | None = None
    numbers: tuple[str, ...] = ()
    searched: str = ""
    nothing: bool = False


def look(seen: Mapping[str, Any]) -> Look:
    """Shape what the page answered to `LOOK`."""
    return Look(
        seen["title"],
        tuple(seen["errors"]),
        dict(seen["cells"]),
        tuple(seen["numbers"]),
        seen["searched"],
        seen["nothing"],
    )


def screen_of(seen: Look) -> Screen:
    return TITLES.get(seen.title, Screen.UNKNOWN)


def search_result(seen: Look, reference: str) -> tuple[str, ...] | None:
    """Give the receipts found under the reference, none when the screen says so, None when it answers neither.

    An empty list alone proves nothing: an answer to another question, or a half-drawn page, looks the same.
    """
    if screen_of(seen) is not Screen.SEARCH or seen.searched != reference:
        return None
    return seen.numbers if seen.numbers or seen.nothing else None


def receipt_number(seen: Look) -> str | None:
    """Read the receipt of a finished registration, or None when this is not one."""
    number = (seen.cells or {}).get("登録番号", "")
    return number if screen_of(seen) is Screen.RECEIPT and RECEIPT_NUMBER.fullmatch(number) else None


def refused_with(seen: Look) -> str | None:
    """Read the sentences with which the entry screen refused the data (status 200), or None when it did not."""
    return " ".join(seen.errors) if screen_of(seen) is Screen.ENTRY and seen.errors else None


def wanted(seen: Look, screen: Screen) -> Look:
    """Pass the look on when it shows the wanted screen; raises TargetTroubleError that names what came instead."""
    actual = screen_of(seen)
    if actual is screen:
        return seen
    cause, reason = {
        Screen.SIGN_IN: (Cause.SESSION_LOST, "セッションが切れました"),
        Screen.MAINTENANCE: (Cause.MAINTENANCE, "対象システムはメンテナンス中です"),
        Screen.PASSWORD_EXPIRED: (Cause.PASSWORD_EXPIRED, "対象システムのパスワードの有効期限が切れています"),
    }.get(actual, (Cause.UNKNOWN_SCREEN, "想定外の画面が表示されました"))
    raise TargetTroubleError(cause, reason)
