"""Was it registered? Only what the system shows afterwards tells, and where that is not clear, nobody knows.

Old systems answer errors with status 200, under the title of every other page: a title proves something only where it
is another than before, and words of trouble outweigh it. What cannot be judged here, a waiting step of the recording
proves (that the 登録番号 is there, for instance).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rpa_bots.recording.page.carrying import Answer
from rpa_bots.recording.page.endings import Ending
from rpa_bots.recording.page.seeing import Shown
from rpa_bots.recording.tape.steps import Navigation

TROUBLE: Final = re.compile(
    r"エラー|失敗|できません|できなかった|ていません|ませんでした|正しくありません|誤り|不備|未入力|異常|不正な|メンテナンス|停止中|無効"
    r"|タイムアウト|時間切れ|時間外|やり直し|最初から|登録済み?の(ため|為)|(入力|選択|修正|訂正|直|確かめ)(し)?て(ください|下さい)"
    r"|error|fail|invalid|incomplete|denied|forbidden|maintenance|expired|unavailable|timed? ?out"
    r"|not (been )?(registered|saved|stored|accepted|complete)",
    re.IGNORECASE,
)
DOUBLE: Final = re.compile(
    r"重複エラー|重複してい|二重(登録|受付)です|(既に|すでに).{0,12}(登録|受け?付け?|存在|使用).{0,4}(済|されてい|してい|です)"
    r"|already (registered|exists|in use)|duplicate",
    re.IGNORECASE,
)
SUCCESS: Final = re.compile(
    r"完了|(登録|受け?付け?|送信|保存|更新|申請|申込|処理|確定|追加).{0,6}(しました|いたしました|されました|済)"
    r"|受け付けました|(登録|受付|受理|整理)番号[^0-9A-Za-z]{0,6}[0-9A-Za-z]{3}|ありがとう"
    r"|success|complete|thank you|registered|saved|stored|accepted|received|created|submitted|recorded|\bOK\b",
    re.IGNORECASE,
)
NUMBERED: Final = re.compile(r"(\w*番号)[^0-9A-Za-z]{0,6}([0-9A-Za-z][0-9A-Za-z-]{2,30})")
OF_A_REGISTRATION: Final = re.compile(r"(登録|受付|受理|整理|申請|申込|支払|伝票|利用者|管理)番号$")
FIRST_FAULT: Final = 500
NOT_PROVEN: Final = "登録できたか確かめられません。登録の後に、完了を確かめる手順(要素を待つ)を録画に足してください"


@dataclass(frozen=True)
class After:
    """What happened when the registering step was done."""

    before: Shown
    after: Shown
    asserted: Sequence[Navigation]
    answers: Sequence[Answer]
    form_is_back: bool
    values: Sequence[str] = ()
    """What was put into fields."""


def judge(seen: After) -> tuple[Ending, str] | None:
    """Give how it ended, or None where nothing speaks for or against it yet."""
    if any(answer.status is None for answer in seen.answers):
        return Ending.UNKNOWN, "送信しましたが、対象システムから応答がありません"
    # A page may also tell its own counter something: what became of that says nothing of the registration.
    told = [answer for answer in seen.answers if answer.is_page] or seen.answers
    worst = max((answer.status or 0 for answer in told), default=0)
    if worst >= FIRST_FAULT:
        return Ending.UNKNOWN, f"送信しましたが、対象システムがエラー({worst})を返しました"
    if any(answer.is_error for answer in told):
        return Ending.REFUSED, f"対象システムが受け付けませんでした({worst})"
    if seen.after.asks_password and not seen.before.asks_password:
        return Ending.UNKNOWN, "登録の後にサインインの画面が出ました"
    return _by_what_is_shown(seen)


def receipt_in(text: str, known_before: Sequence[str] = (), before: str = "") -> str:
    """Find the number that a page of an old system gives a registration; "" where there is none.

    What was known before is no receipt: pages show it again, often above the number that they gave; nor is the number
    of whoever is signed in or looked up, which stood on the page `before` too.
    """
    numbers_before = (number for _name, number in NUMBERED.findall(unicodedata.normalize("NFKC", before)))
    known = {_letters(value) for value in (*known_before, *numbers_before)}
    found = NUMBERED.findall(unicodedata.normalize("NFKC", text))
    given = (number for name, number in found if OF_A_REGISTRATION.search(name) and _letters(number) not in known)
    return next(given, "")


def _letters(text: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text))


def _by_what_is_shown(seen: After) -> tuple[Ending, str] | None:
    if seen.form_is_back:
        return Ending.REFUSED, "入力の画面がもう一度表示されました。対象システムが受け付けなかったようです"
    news = _news(seen)
    if against := _speaks_against(seen, news):
        return Ending.UNKNOWN, against
    if _title_tells(seen) or SUCCESS.search(news):
        return Ending.DONE, "登録しました"
    return None


def _speaks_against(seen: After, news: str) -> str:
    """Say what makes it doubtful, "" where nothing does. What seems refused may have been stored all the same."""
    if DOUBLE.search(news):
        return "すでに登録されていると表示されました"
    if TROUBLE.search(news):
        return "登録の後にエラーのような画面が出ました"
    if not _title_is_as_recorded(seen):
        return "登録の後の画面が、録画のときと違います"
    if cut := _cut_short(seen):
        return f"登録の後の画面で、値が{cut}文字で切れています"
    return ""


def _cut_short(seen: After) -> int:
    """Give how long a value is that the page shows cut off, 0 where none is: some systems store so, without a word."""
    text = "".join(seen.after.text.split())
    missing = [value for value in ("".join(each.split()) for each in seen.values) if value not in text]
    cells = {"".join(cell.split()) for cell in re.split(r"[\t\n:：]", _news(seen))}
    return max(
        (len(cell) for cell in cells for value in missing if len(cell) > 1 and value.startswith(cell)), default=0
    )


def _news(seen: After) -> str:
    """What the page says that the one before did not: notes that stand on every page speak for nothing."""
    before = {line.strip() for line in seen.before.text.splitlines()}
    lines = [line.strip() for line in seen.after.text.splitlines()]
    return "\n".join([seen.after.title, *(line for line in lines if line not in before)])


def _titles(seen: After) -> list[str]:
    return [_bare(event.title) for event in seen.asserted if event.title]


def _title_is_as_recorded(seen: After) -> bool:
    return not _titles(seen) or _bare(seen.after.title) in _titles(seen)


def _title_tells(seen: After) -> bool:
    shown = _bare(seen.after.title)
    return shown in _titles(seen) and shown != _bare(seen.before.title)


def _bare(text: str) -> str:
    """A title without its numbers: 受付番号 is another each time."""
    return re.sub(r"\d+", "0", unicodedata.normalize("NFKC", text)).strip()
