"""What happens to recorded bots, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class RecordingBrought(Event):
    kind: ClassVar[str] = "recording_brought"
    sentence: ClassVar[str] = _("録画を取り込みました(版 %(bot_version_id)s、%(steps)s手順)。")
    bot_version_id: int
    steps: int


@dataclass(frozen=True)
class RecordingMended(Event):
    kind: ClassVar[str] = "recording_mended"
    sentence: ClassVar[str] = _("録画(版 %(bot_version_id)s)を直しました。")
    bot_version_id: int


@dataclass(frozen=True)
class NextWorkChosen(Event):
    """`recorded_bot_id` 0: nothing follows."""

    kind: ClassVar[str] = "next_work_chosen"
    sentence: ClassVar[str] = _("録画(版 %(bot_version_id)s)の次の仕事を、ロボット %(recorded_bot_id)s にしました。")
    bot_version_id: int
    recorded_bot_id: int


@dataclass(frozen=True)
class TakingOverSet(Event):
    """`allowed`: 1, or 0 for no longer."""

    kind: ClassVar[str] = "taking_over_set"
    sentence: ClassVar[str] = _(
        "ロボット %(recorded_bot_id)s がほかの部署の仕事を受け継ぐかどうかを変えました(%(allowed)s)。"
    )
    recorded_bot_id: int
    allowed: int


@dataclass(frozen=True)
class BotSubmitted(Event):
    kind: ClassVar[str] = "bot_submitted"
    sentence: ClassVar[str] = _("ロボット(版 %(bot_version_id)s)の公開を起案しました(案件 %(case_id)s)。")
    bot_version_id: int
    case_id: int


@dataclass(frozen=True)
class BotReleased(Event):
    kind: ClassVar[str] = "bot_released"
    sentence: ClassVar[str] = _("ロボット(版 %(bot_version_id)s)が公開されました(案件 %(case_id)s)。")
    bot_version_id: int
    case_id: int


@dataclass(frozen=True)
class BotReturned(Event):
    kind: ClassVar[str] = "bot_returned"
    sentence: ClassVar[str] = _("ロボット(版 %(bot_version_id)s)は公開されず、下書きに戻りました(案件 %(case_id)s)。")
    bot_version_id: int
    case_id: int


@dataclass(frozen=True)
class BotDiscarded(Event):
    kind: ClassVar[str] = "bot_discarded"
    sentence: ClassVar[str] = _("ロボットの下書き(版 %(bot_version_id)s)を取りやめました。")
    bot_version_id: int


@dataclass(frozen=True)
class ProposalsTakenIn(Event):
    kind: ClassVar[str] = "proposals_taken_in"
    sentence: ClassVar[str] = _("録画(版 %(bot_version_id)s)に提案 %(count)s件を取り入れました。")
    bot_version_id: int
    count: int


@dataclass(frozen=True)
class ProposalsDismissed(Event):
    kind: ClassVar[str] = "proposals_dismissed"
    sentence: ClassVar[str] = _("録画(版 %(bot_version_id)s)への提案 %(count)s件を見送りました。")
    bot_version_id: int
    count: int


@dataclass(frozen=True)
class ProposalWantedAgain(Event):
    kind: ClassVar[str] = "proposal_wanted_again"
    sentence: ClassVar[str] = _(
        "録画(版 %(bot_version_id)s)への見送った提案 %(bot_proposal_id)s を、提案に戻しました。"
    )
    bot_version_id: int
    bot_proposal_id: int


@dataclass(frozen=True)
class ProposalPutBack(Event):
    kind: ClassVar[str] = "proposal_put_back"
    sentence: ClassVar[str] = _("録画(版 %(bot_version_id)s)に取り入れた提案 %(bot_proposal_id)s を元に戻しました。")
    bot_version_id: int
    bot_proposal_id: int
