"""What happens to agreements on data links, one sentence each: ids and counts only."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class LinkBegun(Event):
    kind: ClassVar[str] = "link_begun"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s を起こし、第1版の下書き %(version_id)s を作りました。")
    link_id: int
    version_id: int


@dataclass(frozen=True)
class LinkDrafted(Event):
    kind: ClassVar[str] = "link_drafted"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s の次の版の下書き %(version_id)s を作りました。")
    link_id: int
    version_id: int


@dataclass(frozen=True)
class TermsWritten(Event):
    kind: ClassVar[str] = "link_terms_written"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s の内容を書きました。")
    version_id: int


@dataclass(frozen=True)
class LinkDiscarded(Event):
    kind: ClassVar[str] = "link_discarded"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s の下書きを破棄しました。")
    version_id: int


@dataclass(frozen=True)
class LinkSubmitted(Event):
    kind: ClassVar[str] = "link_submitted"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s を回議に付しました(案件 %(case_id)s)。")
    version_id: int
    case_id: int


@dataclass(frozen=True)
class LinkApproved(Event):
    kind: ClassVar[str] = "link_approved"
    sentence: ClassVar[str] = _(
        "データ連携の版 %(version_id)s が案件 %(case_id)s で承認され、有効になりました(同意の範囲 %(scope)s)。"
    )
    version_id: int
    case_id: int
    scope: int


@dataclass(frozen=True)
class LinkSigned(Event):
    kind: ClassVar[str] = "link_signed"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s の影響評価に署名しました(案件 %(case_id)s)。")
    version_id: int
    case_id: int


@dataclass(frozen=True)
class LinkReminded(Event):
    kind: ClassVar[str] = "link_reminded"
    sentence: ClassVar[str] = _(
        "データ連携 %(link_id)s の日(%(why)s)が%(days_before)s日以内に近づいたことを知らせました。"
    )
    link_id: int
    why: str
    days_before: int


@dataclass(frozen=True)
class LinkReviewBegun(Event):
    kind: ClassVar[str] = "link_review_begun"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s の見直しを始めました(案件 %(case_id)s)。")
    link_id: int
    case_id: int


@dataclass(frozen=True)
class LinkReviewed(Event):
    kind: ClassVar[str] = "link_reviewed"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s の見直しが終わりました(案件 %(case_id)s、結果 %(outcome)s)。")
    link_id: int
    case_id: int
    outcome: str


@dataclass(frozen=True)
class LinkReturned(Event):
    kind: ClassVar[str] = "link_returned"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s は案件 %(case_id)s で承認されず、下書きに戻りました。")
    version_id: int
    case_id: int


@dataclass(frozen=True)
class LinkNarrowed(Event):
    kind: ClassVar[str] = "link_narrowed"
    sentence: ClassVar[str] = _("データ連携の版 %(version_id)s は狭める変更だけなので、すぐ有効にしました。")
    version_id: int


@dataclass(frozen=True)
class LinkShut(Event):
    kind: ClassVar[str] = "link_shut"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s を止めました(同意していた人 %(people)s人)。")
    link_id: int
    people: int


@dataclass(frozen=True)
class LinkDrilled(Event):
    kind: ClassVar[str] = "link_drilled"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s を止める訓練をしました(同意していた人 %(people)s人)。")
    link_id: int
    people: int


@dataclass(frozen=True)
class LinkConsented(Event):
    kind: ClassVar[str] = "link_consented"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s への同意 %(consent_id)s を受け付けました。")
    link_id: int
    consent_id: int


@dataclass(frozen=True)
class LinkWithdrawn(Event):
    kind: ClassVar[str] = "link_withdrawn"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s への同意 %(consent_id)s が取り消されました。")
    link_id: int
    consent_id: int


@dataclass(frozen=True)
class LinkConsentExpired(Event):
    kind: ClassVar[str] = "link_consent_expired"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s への同意 %(consent_id)s は、期限で終わりました。")
    link_id: int
    consent_id: int


@dataclass(frozen=True)
class LinkRequested(Event):
    kind: ClassVar[str] = "link_requested"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s を使う申込み %(request_id)s を受け付けました。")
    link_id: int
    request_id: int


@dataclass(frozen=True)
class LinkAnswered(Event):
    kind: ClassVar[str] = "link_answered"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s の申込み %(request_id)s に、相手のシステムが答えました。")
    link_id: int
    request_id: int


@dataclass(frozen=True)
class LinkDeletionAsked(Event):
    kind: ClassVar[str] = "link_deletion_asked"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s の相手に、渡した情報の削除を頼みました(依頼 %(deletion_id)s)。")
    link_id: int
    deletion_id: int


@dataclass(frozen=True)
class LinkDeletionDone(Event):
    kind: ClassVar[str] = "link_deletion_done"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s の相手が、削除を終えたと知らせました(依頼 %(deletion_id)s)。")
    link_id: int
    deletion_id: int


@dataclass(frozen=True)
class LinkDeletionNoted(Event):
    kind: ClassVar[str] = "link_deletion_noted"
    sentence: ClassVar[str] = _(
        "データ連携 %(link_id)s の相手が削除を終えたと、職員が記しました(依頼 %(deletion_id)s)。"
    )
    link_id: int
    deletion_id: int


@dataclass(frozen=True)
class LinkMachineProposed(Event):
    kind: ClassVar[str] = "link_machine_proposed"
    sentence: ClassVar[str] = _(
        "データ連携 %(link_id)s を使う外部システムとして %(client_id)s を選びました。別の職員が確かめます。"
    )
    link_id: int
    client_id: int


@dataclass(frozen=True)
class LinkConnected(Event):
    kind: ClassVar[str] = "link_connected"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s を使える外部システムを %(client_id)s に決めました。")
    link_id: int
    client_id: int


@dataclass(frozen=True)
class LinkAffectedListed(Event):
    kind: ClassVar[str] = "link_affected_listed"
    sentence: ClassVar[str] = _("データ連携 %(link_id)s で情報が渡った人の一覧(%(people)s人)を見ました。")
    link_id: int
    people: int


@dataclass(frozen=True)
class LinkUsesRetired(Event):
    kind: ClassVar[str] = "link_uses_retired"
    sentence: ClassVar[str] = _("%(fiscal_year)s年度までのデータ連携の利用記録%(uses)s件を廃棄しました。")
    fiscal_year: int
    uses: int
