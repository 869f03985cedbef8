"""What happens to letters, one sentence each."""

from dataclasses import dataclass
from typing import ClassVar

from backoffice.audit import Event
from backoffice.web.translations import _


@dataclass(frozen=True)
class LetterCame(Event):
    kind: ClassVar[str] = "letter_came"
    sentence: ClassVar[str] = _("メール %(letter_id)s が届きました(添付%(files)s件、うち受け取れない%(refused)s件)。")
    letter_id: int
    files: int
    refused: int


@dataclass(frozen=True)
class LetterSorted(Event):
    """By a rule, or by a person; 0 where no rule was about it."""

    kind: ClassVar[str] = "letter_sorted"
    sentence: ClassVar[str] = _("メール %(letter_id)s を仕分けました(ルール %(rule_id)s、処理%(acts)s件)。")
    letter_id: int
    rule_id: int
    acts: int


@dataclass(frozen=True)
class LetterActDone(Event):
    kind: ClassVar[str] = "letter_act_done"
    sentence: ClassVar[str] = _("メール %(letter_id)s の処理 %(act_id)s が %(state)s になりました。")
    letter_id: int
    act_id: int
    state: str


@dataclass(frozen=True)
class LetterOpened(Event):
    """Also the record that personal data was shown."""

    kind: ClassVar[str] = "letter_opened"
    sentence: ClassVar[str] = _("メール %(letter_id)s を開きました。")
    letter_id: int


@dataclass(frozen=True)
class LettersListed(Event):
    kind: ClassVar[str] = "letters_listed"
    sentence: ClassVar[str] = _("メール%(count)s件を一覧で見ました。")
    count: int


@dataclass(frozen=True)
class EnclosureSeen(Event):
    kind: ClassVar[str] = "enclosure_seen"
    sentence: ClassVar[str] = _("メール %(letter_id)s の添付 %(enclosure_id)s を開きました。")
    letter_id: int
    enclosure_id: int


@dataclass(frozen=True)
class LetterHandedOver(Event):
    kind: ClassVar[str] = "letter_handed_over"
    sentence: ClassVar[str] = _("メール %(letter_id)s を部署 %(department_id)s に回しました。")
    letter_id: int
    department_id: int


@dataclass(frozen=True)
class LetterLookedAt(Event):
    kind: ClassVar[str] = "letter_looked_at"
    sentence: ClassVar[str] = _("メール %(letter_id)s の要確認を確かめました。")
    letter_id: int


@dataclass(frozen=True)
class LettersPrinted(Event):
    kind: ClassVar[str] = "letters_printed"
    sentence: ClassVar[str] = _("メールの添付%(count)s件を印刷済みにしました。")
    count: int


@dataclass(frozen=True)
class LetterErased(Event):
    kind: ClassVar[str] = "letter_erased"
    sentence: ClassVar[str] = _("保存期間が過ぎたメール %(letter_id)s の内容を消去しました(添付%(files)s件)。")
    letter_id: int
    files: int


@dataclass(frozen=True)
class MailRuleKept(Event):
    kind: ClassVar[str] = "mail_rule_kept"
    sentence: ClassVar[str] = _("メールの仕分けルール %(rule_id)s を書きました。")
    rule_id: int


@dataclass(frozen=True)
class MailRuleSwitched(Event):
    kind: ClassVar[str] = "mail_rule_switched"
    sentence: ClassVar[str] = _("メールの仕分けルール %(rule_id)s を切り替えました(使う: %(active)s)。")
    rule_id: int
    active: int


@dataclass(frozen=True)
class MailRuleMoved(Event):
    kind: ClassVar[str] = "mail_rule_moved"
    sentence: ClassVar[str] = _("メールの仕分けルール %(rule_id)s の順番を変えました。")
    rule_id: int


@dataclass(frozen=True)
class MailAddressSet(Event):
    kind: ClassVar[str] = "mail_address_set"
    sentence: ClassVar[str] = _("受付アドレス %(address_id)s を部署 %(department_id)s のものにしました。")
    address_id: int
    department_id: int


@dataclass(frozen=True)
class MailAddressTakenAway(Event):
    kind: ClassVar[str] = "mail_address_taken_away"
    sentence: ClassVar[str] = _("受付アドレス %(address_id)s を外しました。")
    address_id: int
