"""What are states and causes of digital IDs called?"""

from collections.abc import Mapping

from backoffice.digital_id.workflow import Cause
from backoffice.web.translations import _

CAUSES: Mapping[Cause, str] = {
    Cause.ASKED: _("本人の申出"),
    Cause.LOST: _("紛失・盗難"),
    Cause.MISUSED: _("不正な使用"),
    Cause.WRONG: _("内容の誤り"),
    Cause.CONSENT_WITHDRAWN: _("同意の取消"),
    Cause.CONSENT_EXPIRED: _("同意の期限"),
    Cause.REPLACED: _("新しい発行"),
    Cause.REGISTER: _("台帳の変化"),
}
