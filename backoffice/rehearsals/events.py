"""What happens to rehearsals, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class RehearsalAsked(Event):
    kind: ClassVar[str] = "rehearsal_asked"
    sentence: ClassVar[str] = _("ロボット(版 %(bot_version_id)s)の練習 %(rehearsal_id)s を頼みました(%(count)s件)。")
    rehearsal_id: int
    bot_version_id: int
    count: int


@dataclass(frozen=True)
class RehearsalBegan(Event):
    kind: ClassVar[str] = "rehearsal_began"
    sentence: ClassVar[str] = _("練習 %(rehearsal_id)s が対象システム %(target_id)s のアカウントを使い始めました。")
    rehearsal_id: int
    target_id: int


@dataclass(frozen=True)
class RehearsalEnded(Event):
    kind: ClassVar[str] = "rehearsal_ended"
    sentence: ClassVar[str] = _("練習 %(rehearsal_id)s が終わりました(%(why)s)。")
    rehearsal_id: int
    why: str


@dataclass(frozen=True)
class RehearsalSeen(Event):
    kind: ClassVar[str] = "rehearsal_seen"
    sentence: ClassVar[str] = _("練習 %(rehearsal_id)s の結果を見ました。")
    rehearsal_id: int


@dataclass(frozen=True)
class RehearsalPictureSeen(Event):
    kind: ClassVar[str] = "rehearsal_picture_seen"
    sentence: ClassVar[str] = _("練習 %(rehearsal_id)s の画像 %(rehearsed_step_id)s を見ました。")
    rehearsal_id: int
    rehearsed_step_id: int


@dataclass(frozen=True)
class RehearsalErased(Event):
    kind: ClassVar[str] = "rehearsal_erased"
    sentence: ClassVar[str] = _("練習 %(rehearsal_id)s の結果と画像 %(pictures)s枚を消しました。")
    rehearsal_id: int
    pictures: int


@dataclass(frozen=True)
class QueueChecked(Event):
    """Of which records something does not fit was shown, with letters of them."""

    kind: ClassVar[str] = "queue_checked"
    sentence: ClassVar[str] = _(
        "ロボット(版 %(bot_version_id)s)に入らない記録を確かめました(%(count)s件のうち%(found)s件)。"
    )
    bot_version_id: int
    count: int
    found: int
