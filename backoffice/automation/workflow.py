"""Which states does a work item pass through, and where does each outcome of the bot lead? Pure, on plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backoffice.web.translations import _
from rpa_bots.outcomes import (
    Absent,
    AlreadyThere,
    BusinessRefusal,
    Cause,
    Doubled,
    Found,
    Keyed,
    Looked,
    Outcome,
    Reconciled,
    Record,
    TargetFailure,
    Unknown,
    Value,
    differences,
)

TRIES = 3
"""How often a record is tried before a person is asked; what the target refuses as data is never tried again."""
FAILURES_IN_A_ROW = 3
"""So many failures of different records one after another are the target's: the night ends and says so."""
REFERENCE = "reference"
HANDED_OVER = "handed_over"
NOTHING_THERE = "nothing_there"


class ItemState(StrEnum):
    WAITING = "waiting"
    SUBMITTING = "submitting"
    """Committed before the click. Who finds it after a crash does not know whether the click was made: UNKNOWN."""
    DONE = "done"
    ALREADY_THERE = "already_there"
    EXCEPTION = "exception"
    """The data is refused: a person looks; never tried again by itself."""
    FAILED = "failed"
    """The target failed as often as TRIES allows."""
    UNKNOWN = "unknown"
    """結果不明: only a read-only look-up or a person settles it."""
    CANCELLED = "cancelled"


class RunKind(StrEnum):
    """Which records does a run take? All kinds go the same way, with the same proof."""

    NIGHT = "night"
    """Whatever waits, in its turn."""
    BY_DAY = "by_day"
    """What a clerk has chosen, at the pace that the system allows by day."""
    TRIAL = "trial"
    """What an operator has chosen to try a version that is not released yet; a person confirms each."""


class NightState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    """The record at hand is finished; the account is kept, and nothing is begun until a person says so."""
    STOPPING = "stopping"
    """A person asked for a safe stop: the record at hand is finished, no further one begun."""
    ENDED = "ended"


class WhyEnded(StrEnum):
    FINISHED = "finished"
    STOPPED = "stopped"
    CLOSING = "closing"
    OUT_OF_SERVICE = "out_of_service"
    PAUSED = "paused"
    LEASED = "leased"
    NO_CREDENTIAL = "no_credential"
    LOCKED = "locked"
    SIGN_IN_REFUSED = "sign_in_refused"
    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 -- the name of a trouble, not a password
    TARGET_DOWN = "target_down"
    NO_BROWSER = "no_browser"
    NO_BOT = "no_bot"
    MENDED = "mended"
    FAULT = "fault"


KIND_NAMES = {
    RunKind.NIGHT: _("夜間"),
    RunKind.BY_DAY: _("昼"),
    RunKind.TRIAL: _("公開前の試し"),
}
STATE_NAMES = {
    ItemState.WAITING: _("入力待ち"),
    ItemState.SUBMITTING: _("登録中"),
    ItemState.DONE: _("登録済"),
    ItemState.ALREADY_THERE: _("登録済(入力前から)"),
    ItemState.EXCEPTION: _("要対応"),
    ItemState.FAILED: _("失敗"),
    ItemState.UNKNOWN: _("結果不明"),
    ItemState.CANCELLED: _("取消"),
}
NIGHT_NAMES = {
    NightState.RUNNING: _("実行中"),
    NightState.PAUSED: _("一時停止中"),
    NightState.STOPPING: _("停止中"),
    NightState.ENDED: _("終了"),
}
WHY_NAMES = {
    WhyEnded.FINISHED: _("すべて終わりました"),
    WhyEnded.STOPPED: _("職員が止めました"),
    WhyEnded.CLOSING: _("稼働時間が終わりました"),
    WhyEnded.OUT_OF_SERVICE: _("対象システムの停止日になりました"),
    WhyEnded.PAUSED: _("復元のあと、再開されていません"),
    WhyEnded.LEASED: _("同じアカウントをほかの担当機が使っています"),
    WhyEnded.NO_CREDENTIAL: _("アカウントとパスワードが登録されていません"),
    WhyEnded.LOCKED: _("パスワードの入れ直しを待っています"),
    WhyEnded.SIGN_IN_REFUSED: _("対象システムがサインインを断りました"),
    WhyEnded.PASSWORD_EXPIRED: _("対象システムのパスワードの期限が切れています"),
    WhyEnded.TARGET_DOWN: _("対象システムが続けて応答しませんでした"),
    WhyEnded.NO_BROWSER: _("ブラウザーを起動できませんでした"),
    WhyEnded.NO_BOT: _("公開されているロボットがありません"),
    WhyEnded.MENDED: _("試しを頼んだあとに、ロボットが直されました"),
    WhyEnded.FAULT: _("システムの不具合で終わりました"),
}
OUTCOME_NAMES = {
    "queued": _("入力待ちに加えました"),
    "submitting": _("登録ボタンを押します"),
    "keyed": _("登録し、登録内容の一致を確かめました"),
    "shown": _("登録し、完了の画面を確かめました"),
    "looked_up": _("照会し、読み取りました"),
    NOTHING_THERE: _("照会し、該当がないことを確かめました"),
    "already_there": _("同じ内容で登録されていました"),
    "refused": _("データが受け付けられませんでした"),
    "unknown": _("登録の結果を確かめられませんでした"),
    "crashed": _("登録の途中で担当機が止まりました"),
    "found": _("あとから照会し、登録済と確かめました"),
    "found_other": _("あとから照会し、異なる内容を見つけました"),
    "doubled": _("あとから照会し、二重の登録を見つけました"),
    "absent": _("あとから照会し、登録がないことを確かめました"),
    "by_hand": _("職員が登録済と確かめました"),
    "put_back": _("職員が入力待ちに戻しました"),
    "cancelled": _("職員が取り消しました"),
    "undone": _("職員がまとめての変更を元に戻しました"),
    HANDED_OVER: _("登録の前に職員が引き取りました"),
    "handed_on": _("次の仕事に渡しました"),
    "not_handed_on": _("次の仕事に渡せず、待っています"),
    "reopened": _("用紙の確定が取り消されました"),
    "restored": _("バックアップからの復元により不明"),
    "target_unreachable": _("対象システムが応答しませんでした"),
    "target_maintenance": _("対象システムはメンテナンス中でした"),
    "target_sign_in_refused": _("対象システムがサインインを断りました"),
    "target_session_lost": _("対象システムのセッションが切れました"),
    "target_password_expired": _("対象システムのパスワードの期限が切れています"),
    "target_unknown_dialog": _("見慣れない確認が出たため止めました"),
    "target_unknown_screen": _("見慣れない画面が出たため止めました"),
}

_NEXT: Mapping[ItemState, frozenset[ItemState]] = {
    ItemState.WAITING: frozenset(
        {
            ItemState.SUBMITTING,
            ItemState.DONE,  # a recording that only looks registers nothing
            ItemState.ALREADY_THERE,
            ItemState.EXCEPTION,
            ItemState.FAILED,
            ItemState.CANCELLED,
            ItemState.UNKNOWN,  # after a restore: the record may have been keyed since the backup
        }
    ),
    ItemState.SUBMITTING: frozenset({ItemState.DONE, ItemState.EXCEPTION, ItemState.UNKNOWN}),
    ItemState.UNKNOWN: frozenset({ItemState.DONE, ItemState.EXCEPTION, ItemState.WAITING, ItemState.FAILED}),
    ItemState.EXCEPTION: frozenset({ItemState.WAITING, ItemState.DONE, ItemState.CANCELLED}),
    ItemState.FAILED: frozenset({ItemState.WAITING, ItemState.DONE, ItemState.CANCELLED}),
    ItemState.CANCELLED: frozenset({ItemState.WAITING, ItemState.EXCEPTION, ItemState.FAILED}),  # or it is undone
    ItemState.DONE: frozenset(),
    ItemState.ALREADY_THERE: frozenset(),
}
FINISHED = frozenset({ItemState.DONE, ItemState.ALREADY_THERE})
FOR_PEOPLE = frozenset({ItemState.EXCEPTION, ItemState.FAILED, ItemState.UNKNOWN})
OPEN = frozenset(ItemState) - FINISHED - {ItemState.CANCELLED}
UNSETTLED = frozenset({ItemState.SUBMITTING, ItemState.UNKNOWN})
"""Nobody knows whether these stand in the target: nothing is run again over them."""
SIGN_IN_TROUBLE = frozenset({Cause.SIGN_IN_REFUSED, Cause.PASSWORD_EXPIRED})
"""One more try could lock the account for everyone: nobody uses it again until a person has set a new password."""


def may_become(now: ItemState, then: ItemState) -> bool:
    return then in _NEXT[now]


@dataclass(frozen=True)
class Ending:
    """Where an outcome leads. `code` is stable (docs/nights.md); `reason` is in the office's words."""

    state: ItemState
    code: str
    reason: str = ""
    receipt: str | None = None
    read_back: Record | None = None
    counts: bool = False
    """Whether this was one of the record's TRIES."""


def ending_of(  # noqa: PLR0911 -- one line an outcome
    outcome: Outcome, *, submitted: bool, tries: int
) -> Ending:
    """Say where keying leads a record that was tried `tries` times before.

    `submitted`: SUBMITTING stands committed. A failure after that is unknown, whatever the bot calls it.
    """
    match outcome:
        case Keyed():
            code = "keyed" if outcome.read_back else "shown"
            return Ending(ItemState.DONE, code, receipt=outcome.receipt, read_back=outcome.read_back)
        case Looked():
            return Ending(ItemState.DONE, NOTHING_THERE if outcome.nothing else "looked_up")
        case AlreadyThere():
            return Ending(ItemState.ALREADY_THERE, "already_there", "", outcome.receipt, outcome.read_back)
        case BusinessRefusal():
            return Ending(ItemState.EXCEPTION, "refused", outcome.reason, outcome.receipt)
        case Unknown():
            return Ending(ItemState.UNKNOWN, "unknown", outcome.reason, outcome.receipt)
        case TargetFailure() if submitted:
            return Ending(ItemState.UNKNOWN, f"target_{outcome.cause}", outcome.reason)
        case TargetFailure():
            if outcome.cause in SIGN_IN_TROUBLE:  # the account's trouble, not the record's
                return Ending(ItemState.WAITING, f"target_{outcome.cause}", outcome.reason)
            return _again(f"target_{outcome.cause}", outcome.reason, tries)


def settling_of(looked_up: Reconciled, meant: Record, tries: int) -> Ending | None:
    """Say where a look-up after the late-commit time leads an UNKNOWN record; None leaves it unknown."""
    match looked_up:
        case Found():
            there = looked_up.values
            wrong = other_values(meant if looked_up.whole else {key: meant.get(key) for key in there}, there)
            if wrong:
                reason = _("対象システムに異なる内容で登録されています。")
                return Ending(ItemState.EXCEPTION, "found_other", reason, looked_up.receipt, looked_up.values)
            return Ending(ItemState.DONE, "found", "", looked_up.receipt, looked_up.values)
        case Doubled():
            return Ending(
                ItemState.EXCEPTION, "doubled", _("対象システムに二重に登録されています。"), looked_up.receipts[0]
            )
        case Absent():
            return _again("absent", _("対象システムに登録がないことを確かめました。"), tries)
        case TargetFailure():
            return None


def other_values(meant: Mapping[str, Value], stored: Mapping[str, Value]) -> tuple[str, ...]:
    """Name the fields that stand otherwise in the target; a field that one side lacks is a blank there."""
    values = {key: value for key, value in meant.items() if key != REFERENCE}
    read = {key: value for key, value in stored.items() if key != REFERENCE}
    return tuple(dict.fromkeys((*differences(values, read), *differences(read, values))))


def _again(code: str, reason: str, tries: int) -> Ending:
    state = ItemState.WAITING if tries + 1 < TRIES else ItemState.FAILED
    return Ending(state, code, reason, counts=True)
