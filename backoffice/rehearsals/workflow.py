"""Which states does a rehearsal go through, and why does it end?"""

from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _


class RehearsalState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    """Somebody stopped it: the step at hand is its last, and then its account is free."""
    ENDED = "ended"


class WhyEnded(StrEnum):
    FINISHED = "finished"
    STOPPED = "stopped"
    BROKEN_OFF = "broken_off"
    NIGHT = "night"
    LEASED = "leased"
    PAUSED = "paused"
    NO_CREDENTIAL = "no_credential"
    LOCKED = "locked"
    SIGN_IN_REFUSED = "sign_in_refused"
    NO_BOT = "no_bot"
    FAULT = "fault"


STATE_CHIPS = {
    RehearsalState.WAITING: Chip("plain", "…", _("待機中")),
    RehearsalState.RUNNING: Chip("info", "▶", _("練習中")),
    RehearsalState.STOPPING: Chip("doubt", "■", _("停止中")),
    RehearsalState.ENDED: Chip("plain", "●", _("終了")),
}
WHY_NAMES = {
    WhyEnded.FINISHED: _("選んだ記録をすべて試しました"),
    WhyEnded.STOPPED: _("職員が止めました"),
    WhyEnded.BROKEN_OFF: _("担当機が止まったため、途中で打ち切りました"),
    WhyEnded.NIGHT: _("夜間の入力がこの対象システムを使っているため、始めませんでした"),
    WhyEnded.LEASED: _("同じアカウントをほかの担当機が使っているため、始めませんでした"),
    WhyEnded.PAUSED: _("復元のあとの休止中のため、始めませんでした"),
    WhyEnded.NO_CREDENTIAL: _("アカウントとパスワードが登録されていません"),
    WhyEnded.LOCKED: _("パスワードの入れ直しを待っています"),
    WhyEnded.SIGN_IN_REFUSED: _("対象システムがサインインを断りました"),
    WhyEnded.NO_BOT: _("録画が様式に合わなくなりました"),
    WhyEnded.FAULT: _("ブラウザーを動かせませんでした"),
}
OUTCOME_CHIPS = {
    "": Chip("plain", "…", _("これから")),
    "done": Chip("good", "●", _("登録の手前まで進みました")),
    "refused": Chip("doubt", "▲", _("この記録は入りません")),
    "failed": Chip("bad", "✕", _("途中で止まりました")),
    "unknown": Chip("bad", "？", _("送信の結果が分かりません")),
}
NOT_TRIED = Chip("plain", "—", _("終わりまで試していません"))
"""Of a record whose rehearsal ended before."""
VERDICT_CHIPS = {
    "ok": Chip("good", "●", _("できた")),
    "proposed": Chip("doubt", "▲", _("提案あり")),
    "held": Chip("info", "■", _("押さずに止めた")),
    "stopped": Chip("bad", "✕", _("ここで止まった")),
}
ROWS_AT_MOST = 5
