"""What are the classes of consent called?"""

from collections.abc import Mapping

from backoffice.web.translations import _
from workflows.rules.vocabulary import ConsentClass

CONSENTS: Mapping[ConsentClass, str] = {
    ConsentClass.CORE: _("基本の情報"),
    ConsentClass.HOUSEHOLD: _("世帯"),
    ConsentClass.TAX: _("税(ほかと分けた同意)"),
    ConsentClass.INSURANCE: _("医療保険"),
    ConsentClass.WELFARE: _("手当・生活保護"),
    ConsentClass.CARE: _("介護・障がい"),
    ConsentClass.HEALTH: _("健康"),
    ConsentClass.SCHOOL: _("学校"),
}
